import { liquidFilters, liquidTags } from './liquid-words.ts';
import type { JsonValue, TemplateScope } from './sample-values.ts';
import { describeType, isArray, parsePath, pathStep, shortValue, valueAt } from './sample-values.ts';

/** What is at an offset of a template, as far as completion needs to know. */
export type LiquidPlace =
  | { readonly kind: 'text' }
  /** The name of a tag; `from` is where the name begins. */
  | { readonly kind: 'tagName'; readonly from: number; readonly prefix: string }
  | { readonly kind: 'filter'; readonly from: number; readonly prefix: string }
  /** A path being typed: `parent` is what comes before the last dot, empty for a first name. */
  | { readonly kind: 'path'; readonly from: number; readonly parent: string; readonly prefix: string }
  | { readonly kind: 'string' };

/** One proposal; `from` is the offset at which the text to replace begins. */
export interface LiquidProposal {
  readonly kind: 'variable' | 'field' | 'filter' | 'tag';
  readonly label: string;
  readonly insertText: string;
  readonly from: number;
  /** Type of a value, or what the word does. */
  readonly detail: string;
  /** Sample value or example, as one line of code. */
  readonly sample: string;
}

/** What is under the pointer, with its place in the template. */
export interface LiquidHover {
  readonly from: number;
  readonly to: number;
  readonly title: string;
  readonly detail: string;
  readonly sample: string;
}

interface OpenExpression {
  readonly kind: 'output' | 'tag';
  readonly text: string;
  readonly start: number;
}

function openExpressionAt(template: string, offset: number): OpenExpression | null {
  const before = template.slice(0, offset);
  const open = /\{\{-?|\{%-?|-?\}\}|-?%\}/g;
  let found: OpenExpression | null = null;
  for (let match = open.exec(before); match !== null; match = open.exec(before)) {
    const mark = match[0];
    if (found === null && mark.startsWith('{')) found = { kind: mark.startsWith('{{') ? 'output' : 'tag', text: '', start: open.lastIndex };
    else if (found !== null && mark.endsWith(found.kind === 'output' ? '}}' : '%}')) found = null;
  }
  return found === null ? null : { ...found, text: before.slice(found.start) };
}

function isInsideQuotes(text: string): boolean {
  let quote = '';
  for (const character of text) {
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
  }
  return quote !== '';
}

/** Finds what is being typed at an offset of a template. */
export function liquidPlaceAt(template: string, offset: number): LiquidPlace {
  const open = openExpressionAt(template, offset);
  if (open === null) return { kind: 'text' };
  if (isInsideQuotes(open.text)) return { kind: 'string' };
  const tagName = open.kind === 'tag' ? /^\s*(\w*)$/.exec(open.text) : null;
  if (tagName !== null) return { kind: 'tagName', from: offset - (tagName[1] ?? '').length, prefix: tagName[1] ?? '' };
  const filter = /\|\s*(\w*)$/.exec(open.text);
  if (filter !== null) return { kind: 'filter', from: offset - (filter[1] ?? '').length, prefix: filter[1] ?? '' };
  const path = /((?:[A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\]|\["[^"\]]*"\])*)\.)?([A-Za-z_][\w-]*)?$/.exec(open.text);
  const parent = path?.[1]?.slice(0, -1) ?? '';
  const prefix = path?.[2] ?? '';
  return { kind: 'path', from: offset - prefix.length, parent, prefix };
}

/** Names that `for` and `assign` tags before an offset add to the scope, with the sample values they would have. */
export function scopeAt(template: string, offset: number, scope: TemplateScope): TemplateScope {
  const extended: Record<string, JsonValue> = { ...scope };
  const definition = /\{%-?\s*(?:for\s+(\w+)\s+in|assign\s+(\w+)\s*=)\s*([\w.[\]"-]+)/g;
  for (const match of template.slice(0, offset).matchAll(definition)) {
    const keys = parsePath(match[3] ?? '');
    const value = keys === null ? undefined : valueAt(extended, keys);
    if (match[1] !== undefined) extended[match[1]] = isArray(value) ? (value[0] ?? null) : null;
    else if (match[2] !== undefined) extended[match[2]] = value ?? null;
  }
  return extended;
}

function fieldProposals(place: LiquidPlace & { kind: 'path' }, scope: TemplateScope): readonly LiquidProposal[] {
  const keys = place.parent === '' ? [] : parsePath(place.parent);
  if (keys === null) return [];
  const value = valueAt(scope, keys);
  const kind = keys.length === 0 ? 'variable' : 'field';
  const propose = (label: string, insertText: string, from: number, item: JsonValue): LiquidProposal => ({
    kind,
    label,
    insertText,
    from,
    detail: describeType(item),
    sample: shortValue(item),
  });
  if (isArray(value)) {
    const first = value[0];
    const shared = [propose('size', 'size', place.from, value.length)];
    return first === undefined
      ? shared
      : [...shared, propose('first', 'first', place.from, first), propose('last', 'last', place.from, value.at(-1) ?? null)];
  }
  if (value === null || value === undefined || typeof value !== 'object') return [];
  return Object.entries(value).map(([key, item]) => {
    const step = pathStep(key);
    // A key that cannot be written after a dot replaces the dot as well.
    return step.startsWith('.') || keys.length === 0 ? propose(key, key, place.from, item) : propose(key, step, place.from - 1, item);
  });
}

/** Completions at an offset of a template; names come from the scope of the sample event. */
export function proposalsAt(template: string, offset: number, scope: TemplateScope): readonly LiquidProposal[] {
  const place = liquidPlaceAt(template, offset);
  switch (place.kind) {
    case 'text':
    case 'string':
      return [];
    case 'tagName':
      return liquidTags.map((word) => ({
        kind: 'tag',
        label: word.name,
        insertText: word.name,
        from: place.from,
        detail: word.help,
        sample: word.example,
      }));
    case 'filter':
      return liquidFilters.map((word) => ({
        kind: 'filter',
        label: word.name,
        insertText: word.name,
        from: place.from,
        detail: word.help,
        sample: word.example,
      }));
    case 'path':
      return fieldProposals(place, scopeAt(template, offset, scope));
  }
}

/** What is at an offset of a template: a value of the sample event, a filter or a tag. Null elsewhere. */
export function hoverAt(template: string, offset: number, scope: TemplateScope): LiquidHover | null {
  const word = /[\w-]/;
  let end = offset;
  while (end < template.length && word.test(template[end] ?? '')) end += 1;
  const place = liquidPlaceAt(template, end);
  if (place.kind === 'filter' || place.kind === 'tagName') {
    const known = (place.kind === 'filter' ? liquidFilters : liquidTags).find((entry) => entry.name === place.prefix);
    return known === undefined ? null : { from: place.from, to: end, title: known.name, detail: known.help, sample: known.example };
  }
  if (place.kind !== 'path' || place.prefix === '') return null;
  const path = place.parent === '' ? place.prefix : `${place.parent}.${place.prefix}`;
  const keys = parsePath(path);
  const value = keys === null ? undefined : valueAt(scopeAt(template, offset, scope), keys);
  const from = end - path.length;
  if (value !== undefined) return { from, to: end, title: path, detail: describeType(value), sample: shortValue(value, 400) };
  if (place.parent === '' && !Object.hasOwn(scope, place.prefix)) return null;
  return { from, to: end, title: path, detail: 'not in the sample event', sample: '' };
}
