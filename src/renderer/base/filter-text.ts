import { nearestName } from '#shared/names/nearest-name.ts';
import { parseTimeAgo } from '#shared/time-text.ts';

/** Why a value cannot be meant, and the ones that could. */
export interface WrongValue {
  readonly why: string;
  readonly known: readonly string[];
}

/** One key of a written filter. */
export interface FilterKey<Filter> {
  /** What a value narrows by, or why it is none. */
  readonly read: (value: string) => { readonly filter: Filter } | WrongValue;
  /** The same for what `-key:value` leaves out, where that can be said in a filter. */
  readonly readNot?: (value: string) => { readonly filter: Filter } | WrongValue;
  /** Values that are offered. */
  readonly values: readonly string[];
  /** Whether the key is offered while one types; links may have others. */
  readonly isOffered?: false;
}

/** The keys of a list. */
export type FilterKeys<Filter> = Readonly<Record<string, FilterKey<Filter>>>;

/** A filter with the text of the words that have no key. */
export type Written<Filter> = Filter & { readonly q?: string };

/** Splits at spaces outside double quotes: `status:failed endpoint:"Local receiver" timeout`. */
function words(text: string): readonly string[] {
  return text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? [];
}

const keyed = /^(-?)([a-z]+):(.+)$/s;

function readWord<Filter>(word: string, keys: FilterKeys<Filter>): ReturnType<FilterKey<Filter>['read']> | null {
  const [, not = '', name = '', quoted = ''] = keyed.exec(word) ?? [];
  const value = quoted.replaceAll('"', '');
  const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
  if (value === '' || key === undefined) return null;
  if (not === '') return key.read(value);
  return key.readNot?.(value) ?? { why: `What a filter of ${name} finds cannot be left out`, known: [] };
}

/** A text in quotes is meant without them, and is never a key. */
function unquoted(text: string): string {
  return /^"([^"]+)"$/.exec(text)?.[1] ?? text;
}

/** Reads a written filter. A word with a key narrows by it; all other words are searched for as text, which stays as it was written. */
export function parseFilter<Filter extends object>(text: string, keys: FilterKeys<Filter>): Written<Filter> {
  let filter = {} as Filter;
  const free: string[] = [];
  let isKeyed = false;
  for (const word of words(text)) {
    const read = readWord(word, keys);
    if (read !== null && 'filter' in read) {
      filter = { ...filter, ...read.filter };
      isKeyed = true;
    } else free.push(unquoted(word));
  }
  const q = isKeyed ? free.join(' ') : unquoted(text.trim());
  return q === '' ? filter : { ...filter, q };
}

/** Why a word that looks like a filter is searched for as text instead; null if there is none. */
export function filterDoubt<Filter>(text: string, keys: FilterKeys<Filter>): string | null {
  for (const word of words(text)) {
    const [, key = '', sign = '', quoted = ''] = /^([a-z]+)([:=])(.*)$/is.exec(word.replace(/^-/, '')) ?? [];
    if (key === '' || quoted.replaceAll('"', '') === '') continue;
    if (sign === '=') {
      const meantKey = Object.hasOwn(keys, key) ? key : nearestName(key, Object.keys(keys));
      if (meantKey !== null)
        return `A filter is written with a colon, so \u201c${word}\u201d was searched for as text. Did you mean ${meantKey}:${quoted}?`;
      continue;
    }
    const read = readWord(word, keys);
    if (read !== null && 'why' in read) return doubt(word, read.why, quoted.replaceAll('"', ''), read.known);
    const meant = read === null ? nearestName(key, Object.keys(keys)) : null;
    if (meant !== null && !Object.hasOwn(keys, key)) return doubt(word, `There is no filter ${key}`, key, [meant]);
  }
  return null;
}

function doubt(word: string, why: string, given: string, known: readonly string[]): string {
  const nearest = nearestName(given, known);
  const hint = nearest === null ? (known.length === 0 ? '' : ` Use ${known.join(', ')}.`) : ` Did you mean ${nearest}?`;
  return `${why}, so \u201c${word}\u201d was searched for as text.${hint}`;
}

const mostOffered = 12;

/** Completions of the word being typed, each as the whole text of the box. */
export function completions<Filter>(text: string, keys: FilterKeys<Filter>): readonly string[] {
  const isNewWord = text === '' || text.endsWith(' ');
  const all = words(text);
  const word = isNewWord ? '' : (all.at(-1) ?? '');
  const before = isNewWord ? text : text.slice(0, text.length - word.length);
  const [, key, typed = ''] = /^([a-z]+):(.*)$/s.exec(word) ?? [];
  if (key !== undefined && Object.hasOwn(keys, key)) {
    const wanted = typed.replaceAll('"', '').toLowerCase();
    return (keys[key]?.values ?? [])
      .filter((value) => value.toLowerCase().includes(wanted))
      .slice(0, mostOffered)
      .map((value) => `${before}${key}:${quotedValue(value)} `);
  }
  const used = new Set(all.map((other) => other.split(':')[0]));
  return Object.entries(keys)
    .filter(([name, { isOffered = true }]) => isOffered && name.startsWith(word) && !used.has(name))
    .map(([name]) => `${before}${name}:`);
}

function quotedValue(value: string): string {
  return /\s/.test(value) ? `"${value}"` : value;
}

/** Sets one key in a filter text, replacing its value. */
export function withKey(text: string, key: string, value: string): string {
  const others = words(text).filter((word) => !word.startsWith(`${key}:`));
  return [...others, `${key}:${quotedValue(value)}`].join(' ');
}

/** Removes one key from a filter text. */
export function withoutKey(text: string, key: string): string {
  return words(text)
    .filter((word) => !word.startsWith(`${key}:`))
    .join(' ');
}

/** A key whose values are a few words; `what` names one, such as `a status`. */
export function wordKey<Filter>(
  options: readonly string[],
  what: string,
  toFilter: (value: string) => Filter,
  { values = options }: { readonly values?: readonly string[] } = {},
): FilterKey<Filter> {
  return {
    values,
    read: (value) => (options.includes(value) ? { filter: toFilter(value) } : { why: `${value} is not ${what}`, known: options }),
  };
}

/** A key that is yes or no, also as true or false. */
export function yesNoKey<Filter>(name: string, toFilter: (isYes: boolean) => Filter): FilterKey<Filter> {
  const reader = (isNot: boolean) => (value: string) => {
    const isYes = ['yes', 'true'].includes(value);
    return isYes || ['no', 'false'].includes(value) ? { filter: toFilter(isYes !== isNot) } : { why: `${name} is yes or no`, known: [] };
  };
  return { values: ['yes', 'no'], read: reader(false), readNot: reader(true) };
}

/** A key whose value may be anything. */
export function textKey<Filter>(toFilter: (value: string) => Filter, others: Omit<FilterKey<Filter>, 'read'>): FilterKey<Filter> {
  return { ...others, read: (value) => ({ filter: toFilter(value) }) };
}

/** The keys of the time from which on and before which; how long ago counts from `nowMs`. */
export function timeKeys(nowMs: number): FilterKeys<{ readonly fromMs?: number; readonly toMs?: number }> {
  const key = (field: 'fromMs' | 'toMs'): FilterKey<{ readonly fromMs?: number; readonly toMs?: number }> => ({
    values: ['15m', '1h', '24h', '7d'],
    read: (value) => {
      const atMs = parseTimeAgo(value, nowMs);
      return atMs === null ? { why: `${value} is not a time such as 2h, 7d or 2026-08-20`, known: [] } : { filter: { [field]: atMs } };
    },
  });
  return { since: key('fromMs'), until: key('toMs') };
}
