import type { HeaderField } from '#shared/contract/common.ts';
import { addressOf } from '#shared/import/request-lines.ts';

/**
 * The slug a request target names: its first path segment, compared as received. Null when it names none (`/`, `*`,
 * `host:port`). The absolute form that proxies get is read from its path.
 */
export function slugOf(target: string): string | null {
  const path = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(target) === null ? target : target.replace(/^[^/]*\/\/[^/?#]*/, '');
  const match = /^\/([^/?#]+)/.exec(path);
  return match?.[1] ?? null;
}

/** What came behind the bin's own path: the path, `/` without one, and the query without its question mark. */
export interface PathBehindBin {
  readonly path: string;
  readonly query: string;
}

/**
 * Splits a request target, whose first segment names the bin unless its host does. What begins with no slash is no path (`*`): behind
 * the host of a target it would become a part of that host's name.
 */
export function pathBehindBin(target: string, by: 'path' | 'host'): PathBehindBin {
  const origin = target.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  if (by === 'host') {
    const [, path = '', query = ''] = /^(\/[^?#]*)?(?:\?([^#]*))?/.exec(origin) ?? [];
    return { path: path === '' ? '/' : path, query };
  }
  const [, path = '', query = ''] = /^\/[^/?#]*([^?#]*)(?:\?([^#]*))?/.exec(origin) ?? [];
  return { path: path === '' ? '/' : path, query };
}

/**
 * The URL as the sender called it, as far as the request tells: the absolute form as it is, else of Host, target and what a proxy
 * says of the protocol; the target alone without a Host. Whoever judges the capture later puts it together by the same function.
 */
export function urlOf(target: string, headers: readonly HeaderField[]): string {
  return addressOf(target, headers, null).url ?? target;
}

/** Node's flat list of names and values as fields, or a part of it: order, case and repeats as received. */
export function fieldsOf(raw: readonly string[], { from, to }: { readonly from: number; readonly to: number } = whole): HeaderField[] {
  const fields: HeaderField[] = [];
  for (let at = from; at + 1 < raw.length && at < to; at += 2) fields.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return fields;
}

const whole = { from: 0, to: Number.POSITIVE_INFINITY };
