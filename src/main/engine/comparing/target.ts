import type { PastedKind, PastedRequest } from '#shared/import/pasted.ts';

/** Path and query of a URL as they go into a request. By hand, since a URL from the log may hold masked pieces that no parser takes. */
export function targetOf(url: string): string {
  return sentTarget(url.replace(/#.*$/s, ''));
}

/** The target of a request in a text; null where it is not told. A text of what went over the wire may have a fragment, which no URL sends. */
export function targetIn({ url, records = [] }: Pick<PastedRequest, 'url' | 'records'>, kind: PastedKind): string | null {
  if (url === null) return null;
  const isOfWire = kind === 'raw_request' || records.some(({ target }) => typeof target === 'string' && target.includes('#'));
  return isOfWire ? sentTarget(url) : targetOf(url);
}

function sentTarget(url: string): string {
  const rest = url.replace(/^https?:\/\/[^/?#]*/i, '');
  return rest.startsWith('/') ? rest : `/${rest}`;
}
