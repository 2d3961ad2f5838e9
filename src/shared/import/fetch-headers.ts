import type { HeaderField } from '../contract/common.ts';
import { isHeaderName } from '../text/headers.ts';
import { readableText } from '../text/text-codec.ts';
import type { PastedProblem } from './pasted.ts';
import { madeByCode, refused } from './fetch-words.ts';
import { sentText } from './printed/script-halves.ts';
import { isNothing, scriptText } from './printed/script-text.ts';
import { codeEntry } from './printed/script-value.ts';
import { hasCuts, type PrintedEntry, type PrintedValue } from './printed/value.ts';

/** Most headers made by code that are named. */
const namedLimit = 5;

/** What the option `headers` of fetch says. */
export interface ReadHeaders {
  readonly fields: readonly HeaderField[];
  readonly problems: readonly PastedProblem[];
  /** What fetch refuses of them. */
  readonly notes: readonly string[];
  /** Whether the request had others, or others of their values. */
  readonly isLacking: boolean;
}

/** Reads the option `headers`: an object, a list of pairs, or what was given to `new Headers`. */
export function fetchHeaders(given: PrintedValue | null): ReadHeaders {
  if (given === null) return { fields: [], problems: [], notes: [], isLacking: false };
  if (given.kind !== 'object' && given.kind !== 'list' && !hasCuts(given)) {
    const what = isNothing(given) ? 'null' : 'neither an object nor a list';
    return { fields: [], problems: [], notes: [refused(`The option headers is ${what}`)], isLacking: false };
  }
  const pairs = given.kind === 'object' ? given.entries : given.kind === 'list' ? given.items.map(pairOf) : [codePair];
  const fields: HeaderField[] = [];
  const code: string[] = [];
  const notes: string[] =
    given.kind === 'list' && given.items.some(isNoPair) ? [refused('A header of the list is no pair of a name and a value')] : [];
  for (const [name, value] of pairs) {
    const text = scriptText(value);
    if (text !== null && name !== codeEntry) {
      const field: HeaderField = [readableText(sentText(name)), readableText(sentText(withoutSpaces(text)))];
      fields.push(field);
      if (!hasCuts(value) && notes.length < namedLimit) notes.push(...refusedField(field));
    }
    if (hasCuts(value)) code.push(name === codeEntry ? 'A header' : `The value of the header ${readableText(name)}`);
  }
  const problems = [...new Set(code)].slice(0, namedLimit).map(madeByCode);
  return { fields, problems, notes, isLacking: code.length > 0 };
}

/** A value as it is sent: spaces and line breaks around it are left out. */
function withoutSpaces(text: string): string {
  const isSpace = (at: number) => /[\t\n\r ]/.test(text[at] ?? '');
  let [from, to] = [0, text.length];
  while (isSpace(from)) from += 1;
  while (to > from && isSpace(to - 1)) to -= 1;
  return text.slice(from, to);
}

function refusedField([name, value]: HeaderField): readonly string[] {
  if (!isHeaderName(name)) return [refused(`${JSON.stringify(name.slice(0, 60))} is no name of a header`)];
  return /[\0\n\r]|[^\0-\xff]/.test(value)
    ? [refused(`The value of the header ${name.slice(0, 60)} has characters that no header may have`)]
    : [];
}

const codePair: PrintedEntry = [codeEntry, { kind: 'cut', text: codeEntry }];
const nothing: PrintedValue = { kind: 'literal', text: 'undefined' };

/** Whether an item of the list is plainly no pair, which fetch refuses. */
function isNoPair(item: PrintedValue): boolean {
  return !hasCuts(item) && (item.kind !== 'list' || item.items.length !== 2);
}

function pairOf(item: PrintedValue): PrintedEntry {
  const [name, value = nothing] = item.kind === 'list' ? item.items : [];
  if (name === undefined || hasCuts(name) || (hasCuts(item) && item.kind === 'list' && item.items.length !== 2)) return codePair;
  return [scriptText(name) ?? '', value];
}
