import { withoutBlanks } from './text/headers.ts';
import type { HeaderField } from './contract/common.ts';
import { entriesOf, parseJsonWithRepeats } from './json-repeats.ts';

/** Something in a text of headers that was left out or looks wrong. */
export interface HeaderTextProblem {
  /** 1-based line, or null where the text is JSON. */
  readonly line: number | null;
  readonly message: string;
}

/** What a text of headers holds. Headers stand in their order and case; what is not usable is reported in `problems`. */
export interface HeaderText {
  /** From a request line or from `:method` and `:path`, or null. */
  readonly method: string | null;
  readonly target: string | null;
  readonly headers: readonly HeaderField[];
  readonly problems: readonly HeaderTextProblem[];
}

const namePattern = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const requestLinePattern = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+)[ \t]+(\S+)(?:[ \t]+HTTP\/\d(?:\.\d)?)?[ \t]*$/;
const statusLinePattern = /^HTTP\/\d(?:\.\d)?[ \t]+\d{3}\b/;
// HTTP/2 and 3 have these in place of a request line, and browsers show them among the headers.
const pseudoPattern = /^:(method|path|authority|scheme):(.*)$/;
// The tab is the one control character that a value may hold.
const controlPattern = /[^\t\x20-\x7e\x80-\uffff]/;

/**
 * Reads headers as people have them: `Name: value` lines with an optional request line before them and folded lines
 * among them, a JSON object (values are strings or lists of them), or a JSON list of `[name, value]` or
 * `{"name", "value"}`. Never throws.
 */
export function parseHeaderText(text: string): HeaderText {
  const withoutMark = text.replace(/^\ufeff/, '');
  return /^\s*[[{]/.test(withoutMark) ? parseJson(withoutMark) : parseLines(withoutMark);
}

/** Writes headers as `Name: value` lines with LF between them; {@link parseHeaderText} reads them back. */
export function formatHeaderText(headers: readonly HeaderField[]): string {
  return headers.map(([name, value]) => `${name}: ${value}`).join('\n');
}

function parseLines(text: string): HeaderText {
  const lines = text.split(/\r\n|\n|\r/);
  const first = lines.findIndex((line) => line.trim() !== '');
  const headers: HeaderField[] = [];
  const problems: HeaderTextProblem[] = [];
  const start = readStartLine(lines[first] ?? '');
  let method = start?.method ?? null;
  let target = start?.target ?? null;
  if (start?.problem) problems.push({ line: first + 1, message: start.problem });
  for (let index = start === null ? Math.max(first, 0) : first + 1; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line.trim() === '') {
      const after = lines.findIndex((rest, at) => at > index && rest.trim() !== '');
      if (after !== -1)
        problems.push({
          line: after + 1,
          message: 'Headers end at an empty line, so the text from here on was ignored; put a body in its own field.',
        });
      break;
    }
    const last = headers.at(-1);
    if (/^[ \t]/.test(line) && last !== undefined) {
      const folded = [last[1], line.trim()];
      while (/^[ \t]+\S/.test(lines[index + 1] ?? '')) folded.push((lines[(index += 1)] ?? '').trim());
      headers[headers.length - 1] = [last[0], folded.join(' ').trim()];
      continue;
    }
    const pseudo = pseudoPattern.exec(line);
    if (pseudo !== null) {
      const value = withoutBlanks(pseudo[2] ?? '');
      if (pseudo[1] === 'method') method = value;
      if (pseudo[1] === 'path') target = value;
      continue;
    }
    const read = readLine(line);
    if ('problem' in read) problems.push({ line: index + 1, message: read.problem });
    else headers.push(read.header);
  }
  return { method, target, headers, problems };
}

interface StartLine {
  readonly method: string | null;
  readonly target: string | null;
  readonly problem: string | null;
}

/** The request line, or null when the first line is a header already. */
function readStartLine(line: string): StartLine | null {
  if (statusLinePattern.test(line))
    return { method: null, target: null, problem: 'This is the first line of a response; paste the headers of the request.' };
  const match = requestLinePattern.exec(line);
  return match === null ? null : { method: match[1] ?? null, target: match[2] ?? null, problem: null };
}

type ReadHeader = { readonly header: HeaderField } | { readonly problem: string };

function readLine(line: string): ReadHeader {
  const colon = line.indexOf(':');
  if (colon === -1) return { problem: 'There is no colon in this line; write each header as Name: value.' };
  const name = line.slice(0, colon);
  if (name.trim() !== name && namePattern.test(name.trim()))
    return { problem: `Remove the space around the name ${name.trim()}; it is not allowed there.` };
  return readField(name, withoutBlanks(line.slice(colon + 1)));
}

function readField(name: string, value: string): ReadHeader {
  if (name === '') return { problem: 'A header has no name; write each as Name: value.' };
  if (!namePattern.test(name)) return { problem: `${JSON.stringify(name)} cannot be a header's name: use letters, digits and hyphens.` };
  if (controlPattern.test(value)) return { problem: `The value of ${name} has a line break or another control character in it.` };
  return { header: [name, value] };
}

function parseJson(text: string): HeaderText {
  const parsed = parseJsonText(text);
  if ('problem' in parsed) return { method: null, target: null, headers: [], problems: [{ line: null, message: parsed.problem }] };
  return { method: null, target: null, ...readHeaderJson(parsed.value) };
}

/** Reads headers from JSON that was parsed: an object, or a list of `[name, value]`, `{"name", "value"}` or `{"key", "value"}`. */
export function readHeaderJson(value: unknown): Pick<HeaderText, 'headers' | 'problems'> {
  const headers: HeaderField[] = [];
  const problems: HeaderTextProblem[] = [];
  const add = (read: ReadHeader): void => {
    if ('problem' in read) problems.push({ line: null, message: read.problem });
    else headers.push(read.header);
  };
  if (Array.isArray(value)) value.forEach((item: unknown, index) => readItem(item, index).forEach(add));
  else if (isRecord(value)) for (const [name, one] of entriesOf(value)) readValues(name, one).forEach(add);
  return { headers, problems };
}

function parseJsonText(text: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: parseJsonWithRepeats(text) };
  } catch (error) {
    const detail = error instanceof Error ? ` (${error.message})` : '';
    return { problem: `The text begins like JSON but is not${detail}. Paste the whole of it, or Name: value lines.` };
  }
}

/** One entry of a list: `[name, value]` or `{"name": ..., "value": ...}`. */
function readItem(item: unknown, index: number): readonly ReadHeader[] {
  if (Array.isArray(item) && item.length === 2 && typeof item[0] === 'string') return readValues(item[0], item[1] as unknown);
  if (isRecord(item) && 'value' in item) {
    const name = item['name'] ?? item['key'];
    if (typeof name === 'string') return readValues(name, item['value']);
  }
  return [{ problem: `Entry ${index + 1} of the list is neither [name, value] nor {"name", "value"}.` }];
}

/** One header of JSON; a list of values makes one header for each. Numbers are read as the text they are written as. */
function readValues(name: string, value: unknown): readonly ReadHeader[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => (Array.isArray(one) ? [wrongValue(name)] : readValues(name, one)));
  if (typeof value === 'string') return [readField(name, withoutBlanks(value))];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return [readField(name, String(value))];
  return [wrongValue(name)];
}

function wrongValue(name: string): ReadHeader {
  return {
    problem: `The value of ${JSON.stringify(name)} is neither text nor a list of texts; paste the object that holds the headers themselves.`,
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
