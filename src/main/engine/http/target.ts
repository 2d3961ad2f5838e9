import type { HeaderField } from '#shared/contract/common.ts';

/** A URL, parsed once for all attempts to it. */
export interface Target {
  readonly url: URL;
  /** Host and port for sentences, as {@link targetOf} gives them. */
  readonly name: string;
  /** Path and query, as in the request line. */
  readonly path: string;
  readonly hostField: HeaderField;
  /** The keys of its connections, by whether they verify TLS. */
  readonly keys: { readonly verified: string; readonly unverified: string };
}

/** Host and port of an http or https URL, the port also where it is the default: `example.com:443`, `[::1]:80`. */
export function targetOf(url: URL): string {
  return `${url.hostname}:${url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : url.port}`;
}

/** How many URLs are cached; a scheme that signs in the URL makes a new one for every attempt. */
const rememberedUrls = 1000;

/** Parses URLs, each once; null when it is not an http or https URL. */
export function createTargets(): (url: string) => Target | null {
  const known = new Map<string, Target | null>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (known.size >= rememberedUrls) known.clear();
    const target = parseTarget(text);
    known.set(text, target);
    return target;
  };
}

function parseTarget(text: string): Target | null {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null;
  return {
    url,
    name: targetOf(url),
    path: `${url.pathname}${url.search}`,
    hostField: ['host', url.host],
    keys: { verified: `${url.origin} verified`, unverified: `${url.origin} unverified` },
  };
}
