import { isLoopback } from '../http/loopback.ts';
import { readLocalName } from '../capture/tls/host-name.ts';
import type { RelayConfig } from './config.ts';

/** A relay with the bins of this workspace that its targets are. */
export interface RelayEdges {
  readonly relay: Pick<RelayConfig, 'id' | 'name' | 'binId'>;
  readonly toBins: readonly string[];
}

/** The names of the relays that lead from a bin back to itself, in their order, beginning with the given one; null when none do. */
export function loopOf(start: RelayEdges, others: readonly RelayEdges[]): readonly string[] | null {
  const seen = new Set<string>();
  const walk = (edges: RelayEdges, names: readonly string[]): readonly string[] | null => {
    for (const binId of edges.toBins) {
      if (binId === start.relay.binId) return names;
      if (seen.has(binId)) continue;
      seen.add(binId);
      for (const next of others.filter(({ relay }) => relay.binId === binId && relay.id !== start.relay.id)) {
        const found = walk(next, [...names, next.relay.name]);
        if (found !== null) return found;
      }
    }
    return null;
  };
  return walk(start, [start.relay.name]);
}

/** The slugs that a URL may name at the ports of the capture listener, by its host first and by its path; none for a URL of anything else. */
export function slugsAt(url: string, listenerUrls: readonly (string | null)[]): readonly string[] {
  const given = URL.parse(url);
  if (given === null) return [];
  const own = listenerUrls.flatMap((each) => (each === null ? [] : (URL.parse(each) ?? [])));
  const isOwn = own.some(({ port, hostname }) => port === given.port && (hostname === given.hostname || isThisMachine(given.hostname)));
  if (!isOwn) return [];
  return [readLocalName(given.hostname)?.slug, given.pathname.split('/')[1]].filter((slug) => slug !== undefined);
}

/** Addresses that reach this machine without being of it: unspecified, and those of IPv4 written as IPv6 (`::ffff:7f00:1`). */
const otherForms = /^(?:0\.0\.0\.0|::|::ffff:(?:7f[0-9a-f]{2}:[0-9a-f]{1,4}|0:0))$/;

/** Whether a host, as a URL parser writes it, is this machine, however it is called. */
function isThisMachine(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  return isLoopback(host) || otherForms.test(host);
}
