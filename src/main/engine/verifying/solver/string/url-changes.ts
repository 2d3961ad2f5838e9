import { readHeader } from '../../../signing/header-values.ts';
import type { RequestFacts } from './string-steps.ts';

/** Which part of a URL a change touches; two changes of the same part exclude each other. */
export type UrlPart = 'whole' | 'scheme' | 'host' | 'port' | 'path' | 'slash' | 'query' | 'writing';

/** One difference between the URL that was received and the one that was signed. */
export interface UrlChange {
  readonly id: string;
  readonly cost: number;
  readonly change: string;
  readonly part: UrlPart;
  /** Null where the URL has nothing to change. */
  readonly of: (url: URL, text: string) => string | null;
}

const originPattern = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)/i;

const schemes: readonly UrlChange[] = [
  {
    id: 'https',
    cost: 1,
    change: 'the URL begins with https and not http',
    part: 'scheme',
    of: (url, text) => (url.protocol === 'http:' ? text.replace(/^http:/i, 'https:') : null),
  },
  {
    id: 'http',
    cost: 1.1,
    change: 'the URL begins with http and not https',
    part: 'scheme',
    of: (url, text) => (url.protocol === 'https:' ? text.replace(/^https:/i, 'http:') : null),
  },
];

const paths: readonly UrlChange[] = [
  {
    id: 'slash-added',
    cost: 1,
    change: 'the path of the URL ends with a slash',
    part: 'slash',
    of: (url, text) => (url.pathname.endsWith('/') && text.replace(/[?#].*$/, '').endsWith('/') ? null : text.replace(/^([^?#]*)/, '$1/')),
  },
  {
    id: 'slash-removed',
    cost: 1,
    change: 'the path of the URL does not end with a slash',
    part: 'slash',
    of: (_, text) => (/^[^?#]*\/(?=$|[?#])/.test(text) ? text.replace(/^([^?#]*)\/(?=$|[?#])/, '$1') : null),
  },
  {
    id: 'no-port',
    cost: 1,
    change: 'the URL has no port',
    part: 'port',
    of: (_, text) => text.replace(/^([a-z]+:\/\/[^/?#]*):\d+/i, '$1'),
  },
  {
    id: 'port',
    cost: 1.1,
    change: 'the URL has the port that its protocol stands for',
    part: 'port',
    of: (url, text) =>
      /^[a-z]+:\/\/[^/?#]*:\d+/i.test(text) ? null : text.replace(originPattern, `$1:${url.protocol === 'http:' ? 80 : 443}`),
  },
  { id: 'path-only', cost: 1.1, change: 'the path and query alone are signed', part: 'whole', of: (url) => `${url.pathname}${url.search}` },
  { id: 'path-without-query', cost: 1.2, change: 'the path alone is signed', part: 'whole', of: (url) => url.pathname },
  { id: 'no-www', cost: 1.3, change: 'the host has no www', part: 'host', of: (_, text) => text.replace(/^(https?:\/\/)www\./i, '$1') },
  {
    id: 'www',
    cost: 1.4,
    change: 'the host begins with www',
    part: 'host',
    of: (_, text) => text.replace(/^(https?:\/\/)(?!www\.)/i, '$1www.'),
  },
  { id: 'lower-case', cost: 1.3, change: 'the URL is in lower case', part: 'writing', of: (_, text) => text.toLowerCase() },
  { id: 'normalised', cost: 1.2, change: 'the URL is normalised', part: 'writing', of: (url) => url.href },
  { id: 'decoded', cost: 1.2, change: 'the URL is percent-decoded', part: 'writing', of: (_, text) => decoded(text) },
  { id: 'no-fragment', cost: 1.2, change: 'the URL has no fragment', part: 'writing', of: (_, text) => text.split('#')[0] ?? null },
  {
    id: 'first-segment-removed',
    cost: 1.4,
    change: 'the path of the URL has no first segment',
    part: 'path',
    of: (_, text) => text.replace(/^([a-z]+:\/\/[^/?#]*)\/[^/?#]+(?=\/)/i, '$1'),
  },
];

const queries: readonly UrlChange[] = [
  {
    id: 'no-query',
    cost: 1,
    change: 'the URL has no query',
    part: 'query',
    of: (url, text) => (url.search === '' ? null : (text.split('?')[0] ?? null)),
  },
  queryChange('query-plus', 1, 'spaces in the query are + and not %20', (query) => query.replaceAll('%20', '+')),
  queryChange('query-percent-20', 1, 'spaces in the query are %20 and not +', (query) => query.replaceAll('+', '%20')),
  queryChange('query-spaces', 1.2, 'spaces in the query are not encoded', (query) => query.replace(/\+|%20/g, ' ')),
  queryChange('query-decoded', 1.2, 'the query is percent-decoded', (query) => decoded(query)),
  queryChange('query-sorted', 1.1, 'the parameters of the query are in alphabetical order', (query) =>
    query.split('&').toSorted().join('&'),
  ),
  queryChange('query-reversed', 1.2, 'the parameters of the query are in reverse order', (query) =>
    query.split('&').toReversed().join('&'),
  ),
  queryChange('query-lower', 1.2, 'percent escapes in the query are in lower case', (query) => recased(query, (hex) => hex.toLowerCase())),
  queryChange('query-upper', 1.2, 'percent escapes in the query are in upper case', (query) => recased(query, (hex) => hex.toUpperCase())),
  queryChange('query-encoded', 1.2, 'the values of the query are percent-encoded', (query) =>
    query
      .split('&')
      .map((pair) => pair.replace(/=(.*)$/s, (_, value: string) => `=${encodeURIComponent(decoded(value) ?? value)}`))
      .join('&'),
  ),
  queryChange('query-encoded-twice', 1.3, 'the query is percent-encoded once more', (query) => query.replaceAll('%', '%25')),
];

/** How many parameters are tried in every order, or left out one at a time. */
const permutedParameters = 5;
const droppedParameters = 12;

/** Every other URL than the one given that the sender may have used, each by one change. */
export function urlChanges(facts: RequestFacts): readonly UrlChange[] {
  return [...schemes, ...queries, ...paths, ...parameterChanges(facts.url), ...forwardedChanges(facts)];
}

function queryChange(id: string, cost: number, change: string, of: (query: string) => string | null): UrlChange {
  return {
    id,
    cost,
    change,
    part: 'query',
    of: (_, text) => {
      const split = /^([^?#]*\?)([^#]*)(.*)$/s.exec(text);
      const changed = split === null ? null : of(split[2] ?? '');
      return changed === null ? null : `${split?.[1] ?? ''}${changed}${split?.[3] ?? ''}`;
    },
  };
}

function recased(query: string, change: (hex: string) => string): string {
  return query.replace(/%[0-9A-Fa-f]{2}/g, change);
}

function parameterChanges(url: string | null): readonly UrlChange[] {
  const pairs = url?.replace(/#.*$/s, '').split('?')[1]?.split('&') ?? [];
  if (pairs.length < 2) return [];
  const orders = pairs.length > permutedParameters ? [] : permutations(pairs);
  return [
    ...orders.map((order) =>
      queryChange('query-order', 1.3, `the parameters of the query stand in the order ${order.map(nameOf).join(', ')}`, () =>
        order.join('&'),
      ),
    ),
    ...pairs.slice(0, droppedParameters).map((pair) =>
      queryChange('query-without', 1.4, `the query has no ${nameOf(pair)}`, (query) =>
        query
          .split('&')
          .filter((other) => other !== pair)
          .join('&'),
      ),
    ),
  ];
}

function nameOf(pair: string): string {
  const name = pair.split('=')[0] ?? '';
  return /^[\w.[\]-]{1,40}$/.test(name) ? name : 'another parameter';
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

const hostPattern = /^[A-Za-z0-9.:[\]-]{1,255}$/;

/** What the headers of a proxy say about the URL before it. */
function forwardedChanges({ headers }: RequestFacts): readonly UrlChange[] {
  const valueOf = (name: string) => readHeader(headers, name)?.text.split(',')[0]?.trim() ?? null;
  const forwarded = readForwarded(valueOf('Forwarded'));
  const hosts = [
    ...['X-Forwarded-Host', 'X-Original-Host', 'X-Forwarded-Server', 'Host'].map((name) => ({ name, host: valueOf(name) })),
    { name: 'Forwarded', host: forwarded.host },
  ].filter((each): each is { name: string; host: string } => each.host !== null && hostPattern.test(each.host));
  const scheme = forwarded.proto ?? valueOf('X-Forwarded-Proto') ?? valueOf('X-Forwarded-Scheme') ?? valueOf('X-Url-Scheme');
  const port = valueOf('X-Forwarded-Port');
  const prefixes = ['X-Forwarded-Prefix', 'X-Script-Name', 'X-Forwarded-Path'].map((name) => ({ name, prefix: valueOf(name) }));
  const wholes = ['X-Original-URL', 'X-Original-URI', 'X-Rewrite-URL', 'X-Envoy-Original-Path', 'X-Forwarded-Uri'].map((name) => ({
    name,
    path: valueOf(name),
  }));
  const usable = scheme !== null && /^https?$/i.test(scheme) ? scheme.toLowerCase() : null;
  return [
    ...hosts.flatMap(({ name, host }) => hostChanges(name, host, usable)),
    ...prefixes.flatMap(({ name, prefix }) =>
      prefix === null || !/^\/?[\w./~-]{1,200}$/.test(prefix) ? [] : prefixChanges(name, prefix, hosts[0]?.host ?? null, usable),
    ),
    ...wholes.flatMap(({ name, path }) => (path === null || !/^\/[^\s#]{0,2000}$/.test(path) ? [] : [pathChange(name, path)])),
    ...(port !== null && /^\d{1,5}$/.test(port)
      ? [
          {
            id: 'forwarded-port',
            cost: 1.1,
            change: 'the URL has the port of X-Forwarded-Port',
            part: 'port' as const,
            of: (_: URL, text: string) => withPort(text, port),
          },
        ]
      : []),
  ];
}

interface Forwarded {
  readonly host: string | null;
  readonly proto: string | null;
}

/** `host` and `proto` of the first entry of a `Forwarded` header (RFC 7239). */
function readForwarded(value: string | null): Forwarded {
  const pairs = new Map(
    (value ?? '')
      .split(';')
      .map((pair) => /^\s*(\w+)\s*=\s*"?([^"]*?)"?\s*$/.exec(pair))
      .flatMap((match): readonly (readonly [string, string])[] =>
        match === null ? [] : [[(match[1] ?? '').toLowerCase(), match[2] ?? '']],
      ),
  );
  return { host: pairs.get('host') ?? null, proto: pairs.get('proto') ?? null };
}

function hostChanges(name: string, host: string, scheme: string | null): readonly UrlChange[] {
  const change = (id: string, cost: number, words: string, part: UrlPart, origin: string): UrlChange => ({
    id,
    cost,
    change: words,
    part,
    of: (_, text) => text.replace(originPattern, origin.replaceAll('$', '$$$$')),
  });
  return [
    {
      id: 'host',
      cost: 1,
      change: `the URL has the host of ${name}`,
      part: 'host',
      of: (_, text) => text.replace(/^([a-z]+:\/\/)[^/?#]*/i, `$1${host}`),
    },
    change('https-host', 1.2, `the URL has the host of ${name} and https`, 'host', `https://${host}`),
    ...(scheme === 'http' ? [change('http-host', 1.2, `the URL has the host of ${name} and http`, 'host', `http://${host}`)] : []),
  ];
}

/** A removed prefix, alone and together with the proxy's other headers. */
function prefixChanges(name: string, prefix: string, host: string | null, scheme: string | null): readonly UrlChange[] {
  const clean = `/${prefix.replace(/^\/+|\/+$/g, '')}`;
  const prefixed = (text: string) => text.replace(originPattern, (origin) => `${origin}${clean}`);
  const alone: UrlChange = {
    id: 'prefix',
    cost: 1,
    change: `the path of the URL has ${name} before it`,
    part: 'path',
    of: (_, text) => prefixed(text),
  };
  if (host === null && scheme === null) return [alone];
  return [
    alone,
    {
      id: 'forwarded',
      cost: 1.1,
      change: `the URL is the one that ${name} and the other headers of the proxy give`,
      part: 'whole',
      of: (url, text) => prefixed(text.replace(originPattern, () => `${scheme ?? url.protocol.slice(0, -1)}://${host ?? url.host}`)),
    },
  ];
}

function pathChange(name: string, path: string): UrlChange {
  return {
    id: 'original-path',
    cost: 1,
    change: `the URL has the path of ${name}`,
    part: 'path',
    of: (_, text) => {
      const origin = originPattern.exec(text)?.[1];
      const query = path.includes('?') ? '' : (/\?[^#]*/.exec(text)?.[0] ?? '');
      return origin === undefined ? null : `${origin}${path}${query}`;
    },
  };
}

function withPort(text: string, port: string): string {
  return text.replace(/^([a-z]+:\/\/[^/?#:]*)(?::\d+)?/i, `$1:${port}`);
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
