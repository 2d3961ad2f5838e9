import type { CaptureArrival } from '#shared/contract/captures.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { headerValue } from '#shared/text/headers.ts';
import { pathBehindBin, slugOf, urlOf } from './request-target.ts';
import { readLocalName } from './tls/host-name.ts';
import type { SecureConnection } from './tls/tls-listener.ts';

/** What a bin says of the way to it. */
export interface BinAddress {
  /** The URL that senders use, in place of the bin's own; null for the bin's own. */
  readonly publicUrl: string | null;
  /** Whether a proxy in front of it is believed on the URL that was called. */
  readonly trustsProxy: boolean;
}

/** How a request came in. */
export interface Arrival {
  /** The slug that it names, or null. */
  readonly slug: string | null;
  readonly by: CaptureArrival['by'];
}

export type ArrivalTls = NonNullable<CaptureArrival['tls']>;

/** Finds the bin that a request names: by its host where that is the name of a bin, and by the first segment of its path otherwise. */
export function readArrival(target: string, headers: readonly HeaderField[], hasBin: (slug: string) => boolean): Arrival {
  const named = readLocalName(hostOf(target, headers) ?? '');
  if (named !== null && hasBin(named.slug)) return { slug: named.slug, by: 'host' };
  return { slug: slugOf(target), by: 'path' };
}

function hostOf(target: string, headers: readonly HeaderField[]): string | null {
  const absolute = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target)?.[1];
  return absolute ?? headerValue(headers, 'Host');
}

/** The facts of a TLS connection. */
export function arrivalTlsOf({ socket, fault }: Pick<SecureConnection, 'socket' | 'fault'>): ArrivalTls {
  const name: unknown = socket.servername;
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().name,
    serverName: typeof name === 'string' && name !== '' ? name : null,
    fault,
  };
}

/** The URL as its sender called it, and who says so. */
export type CalledUrl = Pick<CaptureArrival, 'url' | 'urlFrom'>;

interface CalledRequest {
  readonly target: string;
  readonly headers: readonly HeaderField[];
  readonly by: CaptureArrival['by'];
  readonly isTls: boolean;
}

/** The URL that a request is verified with. */
export function calledUrlOf({ target, headers, by, isTls }: CalledRequest, { publicUrl, trustsProxy }: BinAddress): CalledUrl {
  if (publicUrl !== null) return { url: belowPublic(publicUrl, target, by), urlFrom: 'public-url' };
  const called = trustsProxy ? proxyUrlOf(target, headers) : null;
  if (called !== null) return { url: called, urlFrom: 'proxy' };
  const url = urlOf(target, headers);
  return { url: isTls ? url.replace(/^http:/i, 'https:') : url, urlFrom: 'request' };
}

/** The public URL stands for the bin's own; the path behind that and the query are the sender's. */
function belowPublic(publicUrl: string, target: string, by: CaptureArrival['by']): string {
  const { path, query } = pathBehindBin(target, by);
  const behind = path === '/' && !hasSlashBehind(target, by) ? '' : path;
  return `${publicUrl}${behind}${query === '' ? '' : `?${query}`}`;
}

/** Whether the path goes on behind the bin's own, if only by a slash. */
function hasSlashBehind(target: string, by: CaptureArrival['by']): boolean {
  if (by === 'host') return false;
  return /^\/[^/?#]*\//.test(target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, ''));
}

/** What a proxy says of the protocol and host that it was called by: `Forwarded` (RFC 7239), or else the headers that came before it. */
function proxyUrlOf(target: string, headers: readonly HeaderField[]): string | null {
  const forwarded = firstOf(headerValue(headers, 'Forwarded'));
  const ofForwarded = (name: string) => new RegExp(`(?:^|;)\\s*${name}\\s*=\\s*(?:"([^"]*)"|([^;"\\s]+))`, 'i').exec(forwarded ?? '');
  const given = (name: string) => {
    const [, quoted, plain] = ofForwarded(name) ?? [];
    return quoted ?? plain ?? null;
  };
  const proto = (given('proto') ?? firstOf(headerValue(headers, 'X-Forwarded-Proto')))?.toLowerCase() ?? null;
  const host = given('host') ?? firstOf(headerValue(headers, 'X-Forwarded-Host'));
  const isUsable =
    (proto === null || /^https?$/.test(proto)) &&
    (host === null || /^[a-z0-9.-]+(?::\d{1,5})?$|^\[[0-9a-f:.]+\](?::\d{1,5})?$/i.test(host));
  if (!isUsable || (proto === null && host === null)) return null;
  const path = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  const own = host ?? headerValue(headers, 'Host');
  return own === null ? null : `${proto ?? 'https'}://${own}${path}`;
}

/** The first entry of a list: the proxy next to the sender wrote it. */
function firstOf(value: string | null): string | null {
  const first = value?.split(',')[0]?.trim() ?? '';
  return first === '' ? null : first;
}
