import { Buffer } from 'node:buffer';
import { readHeader } from '../../../signing/header-values.ts';
import type { StringPart } from '../signed-parts.ts';
import { stringCause, type RequestFacts, type StringStep } from './string-steps.ts';

const behindProxy = 'a proxy changed the URL on the way';
const useSentUrl = 'Verify with the URL that the sender was given, not with one put together from the request.';

interface UrlChange {
  readonly id: string;
  readonly cost: number;
  readonly change: string;
  /** Null where the URL has nothing to change. */
  readonly of: (url: URL, text: string) => string | null;
}

const changes: readonly UrlChange[] = [
  {
    id: 'https',
    cost: 1,
    change: 'the URL begins with https and not http',
    of: (url, text) => (url.protocol === 'http:' ? text.replace(/^http:/i, 'https:') : null),
  },
  {
    id: 'http',
    cost: 1.1,
    change: 'the URL begins with http and not https',
    of: (url, text) => (url.protocol === 'https:' ? text.replace(/^https:/i, 'http:') : null),
  },
  { id: 'no-query', cost: 1, change: 'the URL has no query', of: (url, text) => (url.search === '' ? null : (text.split('?')[0] ?? null)) },
  {
    id: 'slash-added',
    cost: 1,
    change: 'the path of the URL ends with a slash',
    of: (url, text) => (url.pathname.endsWith('/') && text.replace(/[?#].*$/, '').endsWith('/') ? null : text.replace(/^([^?#]*)/, '$1/')),
  },
  {
    id: 'slash-removed',
    cost: 1,
    change: 'the path of the URL does not end with a slash',
    of: (_, text) => (/^[^?#]*\/(?=$|[?#])/.test(text) ? text.replace(/^([^?#]*)\/(?=$|[?#])/, '$1') : null),
  },
  { id: 'no-port', cost: 1, change: 'the URL has no port', of: (_, text) => text.replace(/^([a-z]+:\/\/[^/?#]*):\d+/i, '$1') },
  {
    id: 'port',
    cost: 1.1,
    change: 'the URL has the port that its protocol stands for',
    of: (url, text) =>
      /^[a-z]+:\/\/[^/?#]*:\d+/i.test(text) ? null : text.replace(/^([a-z]+:\/\/[^/?#]*)/i, `$1:${url.protocol === 'http:' ? 80 : 443}`),
  },
  { id: 'path-only', cost: 1.1, change: 'the path and query alone are signed', of: (url) => `${url.pathname}${url.search}` },
  { id: 'path-without-query', cost: 1.2, change: 'the path alone is signed', of: (url) => url.pathname },
  { id: 'normalised', cost: 1.2, change: 'the URL is normalised', of: (url) => url.href },
  { id: 'decoded', cost: 1.2, change: 'the URL is percent-decoded', of: (_, text) => decoded(text) },
  { id: 'no-www', cost: 1.3, change: 'the host has no www', of: (_, text) => text.replace(/^(https?:\/\/)www\./i, '$1') },
  { id: 'no-fragment', cost: 1.2, change: 'the URL has no fragment', of: (_, text) => text.split('#')[0] ?? null },
];

/** Other URLs than the one given that the sender may have used. */
export function urlSteps(facts: RequestFacts): (parts: readonly StringPart[]) => readonly StringStep[] {
  return (parts) => {
    const given = parts.find((part) => part.name === 'url')?.bytes;
    if (given == null) return [];
    return [...changes, ...hostChanges(facts)].map(({ id, cost, change, of }): StringStep => ({
      cause: stringCause(`url-${id}`, cost, change, behindProxy, useSentUrl),
      family: 'url',
      apply: (some) => withUrl(some, of),
    }));
  };
}

/** URLs in every changed form, for schemes that are only asked for a verdict. */
export function otherUrls(
  text: string,
  facts: RequestFacts,
): readonly { readonly url: string; readonly step: Pick<UrlChange, 'id' | 'cost' | 'change'> }[] {
  const url = parsed(text);
  if (url === null) return [];
  return [...changes, ...hostChanges(facts)].flatMap((step) => {
    const changed = step.of(url, text);
    return changed === null || changed === text || !URL.canParse(changed) ? [] : [{ url: changed, step }];
  });
}

/** The cause of a changed URL. */
export function urlCause({ id, cost, change }: Pick<UrlChange, 'id' | 'cost' | 'change'>) {
  return stringCause(`url-${id}`, cost, change, behindProxy, useSentUrl);
}

function hostChanges({ headers }: RequestFacts): readonly UrlChange[] {
  return ['X-Forwarded-Host', 'X-Original-Host', 'Host'].flatMap((name): readonly UrlChange[] => {
    const host = readHeader(headers, name)?.text.split(',')[0]?.trim();
    if (host === undefined || !/^[A-Za-z0-9.:[\]-]{1,255}$/.test(host)) return [];
    return [
      {
        id: 'host',
        cost: 1,
        change: `the URL has the host of ${name}`,
        of: (_, text) => text.replace(/^([a-z]+:\/\/)[^/?#]*/i, `$1${host}`),
      },
      {
        id: 'https-host',
        cost: 1.2,
        change: `the URL has the host of ${name} and https`,
        of: (_, text) => text.replace(/^[a-z]+:\/\/[^/?#]*/i, `https://${host}`),
      },
    ];
  });
}

function withUrl(parts: readonly StringPart[], change: UrlChange['of']): readonly StringPart[] | null {
  const at = parts.findIndex(({ name }) => name === 'url');
  const bytes = parts[at]?.bytes;
  if (bytes == null) return null;
  const text = Buffer.from(bytes).toString('utf8');
  const url = parsed(text) ?? parsed(`https://host.invalid${text}`);
  const changed = url === null ? null : change(url, text);
  return changed === null ? null : parts.with(at, { name: 'url', bytes: Buffer.from(changed) });
}

function parsed(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
