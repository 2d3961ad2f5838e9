import { lookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Whether an IP address is one of loopback, which no packet leaves the machine for; IPv4 inside IPv6 counts as what it is. */
export function isLoopbackAddress(address: string): boolean {
  const version = isIP(address);
  return version !== 0 && loopback.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

/** Names that always mean this machine (RFC 6761, section 6.3); many resolvers do not know them. */
export function isLocalhost(host: string): boolean {
  return /(?:^|\.)localhost\.?$/i.test(host);
}

/** Whether a host, a name or an address without brackets, is this machine. */
export function isLoopback(host: string): boolean {
  return isLocalhost(host) || isLoopbackAddress(host);
}

/** The code of {@link BeyondLoopbackError}. */
export const beyondLoopbackCode = 'BEYOND_LOOPBACK';

/** A connection that was to stay on loopback would have left it; none was opened. */
export class BeyondLoopbackError extends Error {
  override readonly name = 'BeyondLoopbackError';
  readonly code = beyondLoopbackCode;
  /** Where it would have gone. */
  readonly address: string;

  constructor(address: string) {
    super(`${address} is beyond loopback`);
    this.address = address;
  }
}

/** Looks names up by `resolve` and keeps their loopback addresses; where one has none, its lookup fails with a {@link BeyondLoopbackError}. */
export function withinLoopback(resolve: LookupAll): LookupFunction {
  return (host, options, callback) =>
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, []);
      const kept = found.filter(({ address }) => isLoopbackAddress(address));
      const [first] = kept;
      if (first === undefined) return callback(new BeyondLoopbackError(found[0]?.address ?? host), []);
      if (options.all === true) return callback(null, kept);
      return callback(null, first.address, first.family);
    });
}

/** A lookup of all addresses of a name. */
export type LookupAll = (
  host: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

export const lookupWithinLoopback = withinLoopback(lookup);

/**
 * Where a URL leads beyond loopback, as far as is known before it is connected to: an address, or null where it stays, or where the name
 * cannot be looked up now.
 */
export async function addressBeyondLoopback(url: string): Promise<string | null> {
  const host = (URL.parse(url)?.hostname ?? '').replace(/^\[(.*)\]$/, '$1');
  if (host === '' || isLoopback(host)) return null;
  if (isIP(host) !== 0) return host;
  return await new Promise((resolve) => {
    lookup(host, { all: true }, (error, found) => {
      const isLocal = error !== null || found.some(({ address }) => isLoopbackAddress(address));
      resolve(isLocal ? null : (found[0]?.address ?? null));
    });
  });
}
