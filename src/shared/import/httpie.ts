import type { HeaderField } from '../contract/common.ts';
import { fromChoices } from './choices.ts';
import { missingBody } from './body-gap.ts';
import { callsOf, commandFinder, withUnfilled, type Call } from './command-lines.ts';
import type { PasteFormat } from './format.ts';
import { withinHeaderLimit } from './header-limit.ts';
import { choiceLimit, commandLimitBytes } from './limits.ts';
import type { PasteSource } from './paste-source.ts';
import { noRequest, refusedPaste, type Pasted, type PastedProblem, type PastedRequest } from './pasted.ts';
import { readPrintedValue } from './printed/parse-value.ts';
import { formEncoded } from './printed/rebuilt-body.ts';
import type { PrintedEntry } from './printed/value.ts';
import { pythonStyle, writeJson } from './printed/write-json.ts';
import { readPosixWords } from './shell-words.ts';
import { bytesOfBinary, readableText } from '../text/text-codec.ts';

const findHttpie = commandFinder('https?|xhs?');

/** A call of HTTPie (`http`, `https`) or of xh, which takes the same words. */
export const httpieFormat: PasteFormat = {
  recognises: ({ binary }) => findHttpie(binary) !== null,
  read: (source) => (readCalls(source).length === 0 ? null : readHttpie(source)),
};

const isName = (word: string) => /^(?:.*\/)?(?:https?|xhs?)$/.test(word);

function readCalls({ binary }: PasteSource): readonly Call[] {
  if (binary.length > commandLimitBytes) return [];
  const { calls } = callsOf(readPosixWords(findHttpie(binary)?.lines ?? binary), isName);
  // "http" is a word of English, too: a call has an address.
  return calls.filter(({ words }) => words.some((word) => /^(?:https?:\/\/|:\d|:?\/|[a-z0-9-]+(?:\.[a-z0-9-]+)*[:./])/i.test(word)));
}

/** Reads calls of HTTPie as a shell and HTTPie would. */
export function readHttpie(source: PasteSource): Pasted {
  const calls = readCalls(source);
  if (calls.length === 0) return refusedPaste('httpie', 'The paste contains no HTTPie command.');
  const found = findHttpie(source.binary) ?? { lines: source.binary, notes: [] };
  const reading = readPosixWords(found.lines);
  const read = fromChoices(
    'httpie',
    'certain',
    calls.slice(0, choiceLimit).map((call) => withUnfilled(requestOf(call), reading.unfilled)),
    calls.length,
  );
  const problems: readonly PastedProblem[] = reading.problem === null ? [] : [{ message: reading.problem }];
  return {
    ...read,
    problems: [...problems, ...read.problems],
    notes: [...source.notes, ...found.notes, ...reading.notes, ...callsOf(reading, isName).notes, ...read.notes],
  };
}

/** An item of a request: the name up to the first separator that no backslash stands before. */
const itemPattern = /^((?:[^\\:=@]|\\[\s\S])+?)(:=@?|==|=@?|@|:|;)([\s\S]*)$/;
const valued = /^(?:-[aAopbsv]|--(?:auth|auth-type|raw|output|print|style|timeout|session|verify|proxy|boundary|cert|cert-key))$/;

function requestOf({ words, stdin, isStdinUnknown }: Call): PastedRequest {
  const headers: HeaderField[] = [];
  const problems: PastedProblem[] = [];
  const fields: PrintedEntry[] = [];
  const query: string[] = [];
  const plain: string[] = [];
  let raw: string | null = stdin;
  let isIncomplete = isStdinUnknown;
  let isForm = false;
  let areOptionsOver = false;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--' && !areOptionsOver) {
      areOptionsOver = true;
      continue;
    }
    const [, named, joined] = /^(--[a-z-]+)=([\s\S]*)$/.exec(word) ?? [];
    const name = named ?? word;
    if (!areOptionsOver && name.startsWith('-') && name !== '-') {
      const value = joined ?? (valued.test(name) ? (words[(at += 1)] ?? '') : '');
      if (name === '--raw') raw = value;
      // The boundary between the parts is made anew by each call.
      if (name === '--multipart') isIncomplete = true;
      if (name === '--form' || name === '-f') isForm = true;
      continue;
    }
    // Method and URL come first.
    const item = plain.length === 0 || (plain.length === 1 && /^[A-Za-z]+$/.test(plain[0] ?? '')) ? null : itemPattern.exec(word);
    if (item === null) plain.push(word);
    else {
      const problem = addItem(item, headers, fields, query);
      if (problem !== null) {
        problems.push({ message: problem });
        isIncomplete = true;
      }
    }
  }
  const isMethod = plain.length > 1 && /^[A-Za-z]+$/.test(plain[0] ?? '');
  const address = plain[isMethod ? 1 : 0] ?? null;
  const body = raw ?? (fields.length === 0 ? null : isForm ? formOf(fields) : writeJson({ kind: 'object', entries: fields }, pythonStyle));
  return {
    ...noRequest,
    method: isMethod ? readableText(plain[0] ?? '').toUpperCase() : body === null && !isIncomplete ? 'GET' : 'POST',
    url: address === null ? null : urlOf(readableText(address), query),
    body: body === null ? null : bytesOfBinary(body),
    ...withinHeaderLimit(headers, problems),
    notes:
      raw === null && body !== null
        ? [`The body was put together from the items of the command, as HTTPie ${isForm ? 'writes a form' : 'writes JSON'}.`]
        : [],
    ...(isIncomplete ? { bodyGap: missingBody('is made of what is not in the command') } : {}),
  };
}

/** Adds an item; returns what is wrong with it, or null. */
function addItem(
  [, escaped = '', separator, value = '']: RegExpExecArray,
  headers: HeaderField[],
  fields: PrintedEntry[],
  query: string[],
): string | null {
  const name = escaped.replace(/\\([\s\S])/g, '$1');
  switch (separator) {
    case ':':
      if (value !== '') headers.push([readableText(name), readableText(value)]);
      return null;
    case ';':
      headers.push([readableText(name), '']);
      return null;
    case '==':
      query.push(`${formEncoded(name)}=${formEncoded(value)}`);
      return null;
    case '=':
      fields.push([name, { kind: 'string', binary: value }]);
      return null;
    case ':=': {
      const read = readPrintedValue(value, 0);
      if (read === null || read.end < value.length) return `The value of ${readableText(name)} is not JSON.`;
      fields.push([name, read.value]);
      return null;
    }
    default:
      return `The body is in the file ${readableText(value)}, which cannot be read from here; add its bytes as the body.`;
  }
}

function formOf(fields: readonly PrintedEntry[]): string {
  return fields
    .map(([name, value]) => `${formEncoded(name)}=${formEncoded(value.kind === 'string' ? value.binary : writeJson(value))}`)
    .join('&');
}

/** `:3000/x` and `:/x` are of localhost, and http is what is meant without a scheme. */
function urlOf(address: string, query: readonly string[]): string {
  const short = /^:(\d*)(\/[\s\S]*)?$/.exec(address);
  const full =
    short !== null
      ? `http://localhost${short[1] === '' ? '' : `:${short[1] ?? ''}`}${short[2] ?? ''}`
      : /^[a-z][a-z0-9+.-]*:\/\//i.test(address)
        ? address
        : `http://${address}`;
  return query.length === 0 ? full : `${full}${full.includes('?') ? '&' : '?'}${query.join('&')}`;
}
