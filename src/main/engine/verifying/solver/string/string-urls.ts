import { Buffer } from 'node:buffer';
import type { Cause } from '../cause.ts';
import type { StringPart } from '../signed-parts.ts';
import { stringCause, type RequestFacts, type StringStep } from './string-steps.ts';
import { urlChanges, type UrlChange } from './url-changes.ts';

const behindProxy = 'a proxy changed the URL on the way';
const useSentUrl = 'Verify with the URL that the sender was given, not with one put together from the request.';

/** Other URLs than the one given that the sender may have used, by one change or by two. */
export function urlSteps(facts: RequestFacts): (parts: readonly StringPart[]) => readonly StringStep[] {
  return (parts) => {
    const given = parts.find((part) => part.name === 'url')?.bytes;
    if (given == null) return [];
    return urlChanges(facts).map(({ id, cost, change, of }): StringStep => ({
      cause: urlCause({ id, cost, change }),
      family: 'url',
      apply: (some) => withUrl(some, of),
    }));
  };
}

/** Two changes of the URL at once, as many proxies make. */
export function urlPairs(
  facts: RequestFacts,
  parts: readonly StringPart[],
): readonly { readonly parts: readonly StringPart[]; readonly causes: readonly Cause[] }[] {
  if (!parts.some(({ name, bytes }) => name === 'url' && bytes !== null)) return [];
  return pairsOf(urlChanges(facts)).flatMap(([first, second]) => {
    const once = withUrl(parts, first.of);
    const twice = once === null ? null : withUrl(once, second.of);
    return twice === null ? [] : [{ parts: twice, causes: [urlCause(first), urlCause(second)] }];
  });
}

/** A complete URL that the sender may have used. */
export interface OtherUrl {
  readonly url: string;
  readonly causes: readonly Cause[];
}

/** URLs in every changed form, for schemes that can only give verdicts. */
export function otherUrls(text: string, facts: RequestFacts): readonly OtherUrl[] {
  return urlChanges(facts).flatMap((change) => {
    const url = changedUrl(text, change);
    return url === null ? [] : [{ url, causes: [urlCause(change)] }];
  });
}

/** URLs with two changes at once, likewise. */
export function otherUrlPairs(text: string, facts: RequestFacts): readonly OtherUrl[] {
  return pairsOf(urlChanges(facts)).flatMap(([first, second]) => {
    const once = changedUrl(text, first);
    const url = once === null ? null : changedUrl(once, second);
    return url === null ? [] : [{ url, causes: [urlCause(first), urlCause(second)] }];
  });
}

function changedUrl(text: string, { of }: UrlChange): string | null {
  const url = parsed(text);
  const changed = url === null ? null : of(url, text);
  return changed === null || changed === text || !URL.canParse(changed) ? null : changed;
}

/** Pairs of changes to different parts that can be applied one after the other; the order of parts keeps each pair unique. */
function pairsOf(changes: readonly UrlChange[]): readonly (readonly [UrlChange, UrlChange])[] {
  const usual = changes.filter(({ part, cost }) => part !== 'whole' && cost <= 1.2);
  return usual.flatMap((first, at) =>
    usual.slice(at + 1).flatMap((second) => (first.part === second.part ? [] : [[first, second] as const])),
  );
}

function urlCause({ id, cost, change }: Pick<UrlChange, 'id' | 'cost' | 'change'>): Cause {
  return stringCause('url', `url-${id}`, cost, change, behindProxy, useSentUrl);
}

function withUrl(parts: readonly StringPart[], change: UrlChange['of']): readonly StringPart[] | null {
  const at = parts.findIndex(({ name }) => name === 'url');
  const bytes = parts[at]?.bytes;
  if (bytes == null) return null;
  const text = Buffer.from(bytes).toString('utf8');
  const url = parsed(text) ?? parsed(`https://host.invalid${text}`);
  const changed = url === null ? null : change(url, text);
  return changed === null || changed === text ? null : parts.with(at, { name: 'url', bytes: Buffer.from(changed) });
}

function parsed(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
