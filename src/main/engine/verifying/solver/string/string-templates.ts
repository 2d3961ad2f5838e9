import { Buffer } from 'node:buffer';
import type { StringPart } from '../signed-parts.ts';
import { stringCause, type RequestFacts, type StringStep } from './string-steps.ts';
import { timesInHeaders } from './times-in-headers.ts';

/** How providers build signed strings, the usual ones first; `path` is path and query. */
const templates = [
  '{timestamp}.{body}',
  '{id}.{timestamp}.{body}',
  '{timestamp}{body}',
  '{timestamp}:{body}',
  'v0:{timestamp}:{body}',
  '{body}{timestamp}',
  '{body}.{timestamp}',
  '{id}{timestamp}{body}',
  '{id}.{body}',
  '{id}{body}',
  '{timestamp}\n{body}',
  '{timestamp}|{body}',
  '{timestamp},{body}',
  '{id}:{timestamp}:{body}',
  '{timestamp}.{id}.{body}',
  '{timestamp}-{body}',
  '{url}{body}',
  '{body}{url}',
  '{url}.{body}',
  '{method}{url}{body}',
  '{method}{url}{body}{timestamp}',
  '{url}',
  '{timestamp}{method}{path}{body}',
  '{timestamp}.{method}.{path}.{body}',
  '{method}\n{path}\n{body}',
  '{method}\n{path}\n{timestamp}\n{body}',
  '{path}{body}',
  '{timestamp}.{path}.{body}',
  '{timestamp}{url}{body}',
  'v1:{timestamp}:{body}',
] as const;

/** How many values of one kind in a request are tried. */
const valueLimit = 3;

/** Signed strings of other schemes and home-made ones, filled from this request. */
export function templateSteps(parts: readonly StringPart[], missing: ReadonlySet<string>, facts: RequestFacts): readonly StringStep[] {
  const values = valuesOf(
    parts.filter(({ name }) => !missing.has(name)),
    facts,
  );
  return templates.flatMap((template, index) => {
    const names = [...template.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').filter((name) => name !== 'body');
    return choices(names, values).map((chosen): StringStep => {
      const shown = template.replaceAll('\n', '\\n');
      return {
        cause: stringCause('template', 'other-content', 1.3 + index / 100, `what is signed is ${shown}`),
        family: 'template',
        apply: () => fill(template, chosen),
      };
    });
  });
}

type Values = Readonly<Record<string, readonly string[]>>;

function valuesOf(parts: readonly StringPart[], { headers, method, url }: RequestFacts): Values {
  const own = (name: string) =>
    parts.flatMap((part) => (part.name === name && part.bytes !== null ? [Buffer.from(part.bytes).toString('latin1')] : []));
  const named = (pattern: RegExp, value: RegExp) =>
    headers.flatMap(([name, text]) => (pattern.test(name) && value.test(text.trim()) ? [text.trim()] : []));
  const address = url !== null && URL.canParse(url) ? new URL(url) : null;
  const distinct = (texts: readonly string[]) => [...new Set(texts)].slice(0, valueLimit);
  return {
    timestamp: distinct([
      ...own('timestamp'),
      ...named(/time|date|-ts$/i, /^(?:\d{9,14}|\d{4}-\d\d-\d\dT\S{5,40})$/),
      ...timesInHeaders(headers).map(({ value }) => value),
    ]),
    id: distinct([...own('id'), ...named(/(?:^|-)(?:id|delivery|uuid|key)$/i, /^[\x21-\x7e]{4,100}$/)]),
    method: method === null ? [] : [method.toUpperCase()],
    url: url === null ? [] : [url],
    path: address === null ? [] : [`${address.pathname}${address.search}`],
  };
}

/** Every combination of one value for each name; none when a name has no value. */
function choices(names: readonly string[], values: Values): readonly ReadonlyMap<string, string>[] {
  return names.reduce<readonly ReadonlyMap<string, string>[]>(
    (chosen, name) => chosen.flatMap((map) => (values[name] ?? []).map((value) => new Map([...map, [name, value]]))),
    [new Map()],
  );
}

function fill(template: string, chosen: ReadonlyMap<string, string>): readonly StringPart[] {
  return template
    .split(/\{(\w+)\}/)
    .map((text, index): StringPart => {
      if (index % 2 === 0) return { name: /[A-Za-z0-9]/.test(text) ? 'literal' : 'separator', bytes: Buffer.from(text) };
      return text === 'body' ? { name: 'body', bytes: null } : { name: text, bytes: Buffer.from(chosen.get(text) ?? '', 'latin1') };
    })
    .filter(({ bytes }) => bytes === null || bytes.byteLength > 0);
}
