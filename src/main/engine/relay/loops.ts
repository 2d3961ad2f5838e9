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

const loopback = /^(localhost|127(\.\d+){3}|\[::1\]|0\.0\.0\.0)$/i;

/** The slug that a URL names at the capture listener; null for a URL of anything else. */
export function slugAt(url: string, listenerUrl: string | null): string | null {
  const [given, own] = [URL.parse(url), listenerUrl === null ? null : URL.parse(listenerUrl)];
  if (given === null || own === null || given.port !== own.port || !loopback.test(given.hostname)) return null;
  return given.pathname.split('/')[1] ?? null;
}
