import { isDeepStrictEqual } from 'node:util';
import { extraHeaders, plainFieldsOf, type EndpointConfig } from '../endpoints/config.ts';
import { fingerprintOf } from '../signing/secret.ts';

/** A difference between what was to be sent and what is now, by the field that has it. */
export interface Difference {
  readonly path: string;
  readonly message: string;
}

/** Fields whose values are said: they are words and numbers that hold no secret. */
const spoken: ReadonlySet<string> = new Set(['method', 'contentType', 'retryPolicy', 'timeoutMs']);
/** Of the list of endpoints, not of what is sent; the rest is compared by itself. */
const leftOut: ReadonlySet<string> = new Set(['name', 'description', 'events', 'isActive', 'url', 'headers']);

/**
 * What is sent otherwise by one target than by another of the same URL. No value of a header or a secret is told. A secret is compared only
 * where one was given, since a fresh one is made otherwise.
 */
export function targetDifferences(was: EndpointConfig, is: EndpointConfig, hasGivenSecret: boolean): readonly Difference[] {
  return [...fieldDifferences(was, is), ...headerDifferences(was, is), ...(hasGivenSecret ? secretDifferences(was, is) : [])];
}

function fieldDifferences(was: EndpointConfig, is: EndpointConfig): readonly Difference[] {
  const before: Readonly<Record<string, unknown>> = { ...fieldsOf(was) };
  const now: Readonly<Record<string, unknown>> = { ...fieldsOf(is) };
  return Object.keys(now)
    .filter((name) => !leftOut.has(name) && !isDeepStrictEqual(before[name], now[name]))
    .map((name) => ({ path: `target.${name}`, message: sentence(name, before[name], now[name]) }));
}

function fieldsOf(config: EndpointConfig) {
  return { ...plainFieldsOf(config), template: config.template?.source ?? null, hasOwnSigning: config.hasOwnSigning === true };
}

function sentence(name: string, before: unknown, now: unknown): string {
  if (name === 'signing' || name === 'hasOwnSigning') return 'It was signed otherwise.';
  if (spoken.has(name) && typeof before === 'string' && typeof now === 'string') return `Its ${name} was ${before} and is ${now} now.`;
  return `Its ${name} was another.`;
}

/** By name, whatever its letter case: `X-A` is in both, in one or in the other. */
function headerDifferences(was: EndpointConfig, is: EndpointConfig): readonly Difference[] {
  const before = byName(was);
  const now = byName(is);
  return [...new Set([...before.keys(), ...now.keys()])]
    .filter((name) => before.get(name)?.value !== now.get(name)?.value)
    .map((name) => {
      const shown = (now.get(name) ?? before.get(name))?.name ?? name;
      const what = !before.has(name) ? 'was not there' : now.has(name) ? 'was another' : 'is missing now';
      return { path: 'target.headers', message: `Its header ${shown} ${what}.` };
    });
}

function byName(config: EndpointConfig): ReadonlyMap<string, { readonly name: string; readonly value: string }> {
  return new Map(extraHeaders(config).map(([name, value]) => [name.toLowerCase(), { name, value }]));
}

function secretDifferences(was: EndpointConfig, is: EndpointConfig): readonly Difference[] {
  const [before, now] = [was, is].map(({ secrets }) => secrets[0]?.secret ?? null);
  if (before === now || before === null || before === undefined || now === null || now === undefined) return [];
  return [{ path: 'target.secret', message: `Its secret had the fingerprint ${fingerprintOf(before)} and has ${fingerprintOf(now)} now.` }];
}
