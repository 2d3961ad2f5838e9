import type { HeaderField } from '#shared/contract/common.ts';

/**
 * The slug a request target names: its first path segment, compared as received. Null when it names none (`/`, `*`,
 * `host:port`). The absolute form that proxies get is read from its path.
 */
export function slugOf(target: string): string | null {
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(target) === null ? target : target.replace(/^[^/]*\/\/[^/?#]*/, '');
  const match = /^\/([^/?#]+)/.exec(path);
  return match?.[1] ?? null;
}

/** The full URL as the sender wrote it: the absolute form as it is, else `http://`, the Host header and the target. */
export function urlOf(target: string, headers: readonly HeaderField[], listenerUrl: string): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(target)) return target;
  const host = firstValue(headers, 'host');
  return host === null || host === '' ? `${listenerUrl}${target}` : `http://${host}${target}`;
}

/** The first value of a header, or null. */
export function firstValue(headers: readonly HeaderField[], name: string): string | null {
  return headers.find(([given]) => given.toLowerCase() === name)?.[1] ?? null;
}

/** Node's flat list of names and values as fields: order, case and repeats as received. */
export function fieldsOf(raw: readonly string[]): HeaderField[] {
  const fields: HeaderField[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) fields.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return fields;
}
