import { isJsonText } from '../../json/is-json-text.ts';
import type { HeaderField } from '../../contract/common.ts';
import { parseJsonWithRepeats } from '../../json-repeats.ts';
import { isCgiName, readCgiVariables } from '../cgi-names.ts';
import type { PasteFormat } from '../format.ts';
import { withinHeaderLimit } from '../header-limit.ts';
import { printedLimitBytes } from '../limits.ts';
import { firstVisible, type PasteSource } from '../paste-source.ts';
import { noRequest, type Pasted, type PastedProblem, type PastedRequest } from '../pasted.ts';
import { readRequestRecord, requestRecordOf } from '../request-record.ts';
import { addressOf } from '../request-lines.ts';
import { bytesOfBinary, readableText, utf8TextOrNull } from '../../text/text-codec.ts';
import { readFlatMap } from './flat-maps.ts';
import { readPrintedValue } from './parse-value.ts';
import { readPrintR, readVarDump } from './php-dump.ts';
import { missingBody } from '../body-gap.ts';
import { rebuiltBody, type RebuiltBody } from './rebuilt-body.ts';
import { cutsIn, scalarText, type PrintedEntry, type PrintedValue, type ReadValue } from './value.ts';
import { writeJson } from './write-json.ts';

/** Objects as Node, Python, Ruby, PHP, Go, Java, Spring and Elixir print them: headers, perhaps with a body behind, or a whole request. */
export const printedFormat: PasteFormat = {
  recognises: (source) =>
    source.binary.length <= printedLimitBytes && opening.test(source.binary.slice(firstVisible(source)).slice(0, 400)),
  read: readPrinted,
};

const label =
  /(?:[A-Za-z_$][\w$.()[\]'"-]{0,60}[ \t]?){1,4}(?::|=>|=|->)[ \t]*(?:\r?\n[ \t]*)?|(?:request )?(?:headers|body|env)[ \t]*\r?\n[ \t]*/iy;
const requestWords = /(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)[ \t]+((?:https?:\/)?\/\S{0,4000})[ \t]+(?=[{[])/y;
const opening =
  /^(?:(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)[ \t]+\S{1,300}[ \t]+)?(?:(?:[A-Za-z_$][\w$.()[\]'"-]{0,60}[ \t]?){1,4}(?::|=>|=|->)?\s*)?(?:[{[(<%&]|array ?\(|Array\s*\(|map\[|[A-Za-z][\w.$]{0,60} ?[({])/;

/** A value with the word before it, such as `body:`. */
interface Part {
  readonly label: string;
  readonly value: PrintedValue;
  readonly start: number;
  readonly end: number;
}

function readPrinted(source: PasteSource): Pasted | null {
  const { binary } = source;
  const start = firstVisible(source);
  requestWords.lastIndex = start;
  const words = requestWords.exec(binary);
  const first = readPart(binary, words === null ? start : requestWords.lastIndex);
  if (first === null || (first.value.kind !== 'object' && first.value.kind !== 'list')) return null;
  const request = requestOf(first, source) ?? recordOf(first.value);
  if (request === null) return null;
  const { confidence, ...read } = request;
  const named = words === null ? {} : { method: words[1] ?? null, url: addressOf(words[2] ?? null, read.headers, null).url };
  return { kind: 'printed', confidence, ...read, ...named, notes: [...source.notes, ...read.notes] };
}

function readPart(binary: string, at: number): Part | null {
  const space = /[\s,;]*/y;
  space.lastIndex = at;
  space.exec(binary);
  const from = space.lastIndex;
  const bare = readAnyValue(binary, from);
  if (bare !== null) return { label: '', start: from, ...bare };
  label.lastIndex = from;
  const named = label.exec(binary);
  const value = named === null ? null : readAnyValue(binary, label.lastIndex);
  return named === null || value === null ? null : { label: named[0].toLowerCase(), start: label.lastIndex, ...value };
}

function readAnyValue(binary: string, at: number): ReadValue | null {
  return readVarDump(binary, at) ?? readPrintR(binary, at) ?? readFlatMap(binary, at) ?? readPrintedValue(binary, at);
}

type ReadRequest = PastedRequest & { readonly confidence: 'certain' | 'likely' };

/** Headers, with what stands behind them as the body. */
function requestOf(part: Part, source: PasteSource): ReadRequest | null {
  const fields = headerFields(part.value);
  if (fields === null) return null;
  const cgi = fields.headers.some(([name]) => isCgiName(name)) ? readCgiVariables(fields.headers) : null;
  const headers = cgi?.headers ?? fields.headers;
  const body = bodyBehind(source, part.end, headers);
  return {
    ...noRequest,
    confidence: fields.isSure ? 'certain' : 'likely',
    method: cgi?.method ?? null,
    url: cgi?.url ?? null,
    body: body.bytes,
    ...withinHeaderLimit(headers, [...fields.problems, ...body.problems]),
    notes: [...fields.notes, ...(cgi?.notes ?? []), ...body.notes],
    ...(body.bodyGap === undefined ? {} : { bodyGap: body.bodyGap }),
  };
}

/** A whole request as an object with its headers and body in it. */
function recordOf(value: PrintedValue): ReadRequest | null {
  if (value.kind !== 'object') return null;
  const json = utf8TextOrNull(bytesOfBinary(writeJson(value)));
  const found = json === null ? null : requestRecordOf(parseJsonWithRepeats(json));
  if (found === null) return null;
  const request = readRequestRecord(found.record, found.extras);
  const cuts = cutsIn(value).filter(({ path }) => /(?:^|\.)(?:raw_?)?body\b/i.test(path));
  const problems = cuts.map(({ path, text }): PastedProblem => ({
    message: `The body is cut: it has ${text} at ${path} instead of what was sent. Ask for the whole body as it came, before it was parsed.`,
  }));
  return {
    ...request,
    confidence: 'certain',
    ...(cuts.length === 0 ? {} : { body: null, problems: [...request.problems, ...problems], bodyGap: missingBody('is cut in the text') }),
  };
}

const wellKnown = /^(?:accept|authorization|connection|cookie|date|digest|host|referer|signature|via)$/i;
const headerName = /^:?[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Values that are printed as the headers of a request: named texts of which one at least can only be a header. */
function headerFields(value: PrintedValue) {
  const entries = entriesOf(value);
  if (entries === null || entries.length === 0 || !entries.every(([name]) => headerName.test(name))) return null;
  const typical = entries.filter(
    ([name]) => wellKnown.test(name) || isCgiName(name) || /^[A-Za-z][A-Za-z0-9]*(?:-[A-Za-z0-9]+)+$/.test(name),
  );
  if (typical.length === 0) return null;
  const headers: HeaderField[] = [];
  const left: string[] = [];
  const problems: PastedProblem[] = [];
  for (const [name, one] of entries) {
    if (one.kind === 'cut')
      problems.push({ message: `The value of ${name} is cut: it is replaced by ${one.text}. Ask for the whole header.` });
    const texts = one.kind === 'list' ? one.items.map(scalarText) : [scalarText(one)];
    if (texts.includes(null) || name.startsWith(':')) {
      if (one.kind !== 'cut') left.push(name);
    } else for (const text of texts) headers.push([name, readableText(text ?? '').trim()]);
  }
  if (headers.length === 0 || left.length > headers.length * 4) return null;
  const shown = left.slice(0, 3).join(', ');
  const more = left.length > 3 ? ` and ${left.length - 3} more` : '';
  const notes =
    left.length === 0 || entries.some(([name]) => isCgiName(name)) ? [] : [`Entries that are not text were left out: ${shown}${more}.`];
  return { headers, problems, notes, isSure: typical.length * 2 >= entries.length };
}

/** Names and values of an object, or of a list of pairs. */
function entriesOf(value: PrintedValue): readonly PrintedEntry[] | null {
  if (value.kind === 'object') return value.entries;
  if (value.kind !== 'list') return null;
  const entries = value.items.map((item): PrintedEntry | null => {
    if (item.kind !== 'list' || item.items.length !== 2) return null;
    const [name, one] = item.items;
    return name?.kind === 'string' && one !== undefined ? [name.binary, one] : null;
  });
  return entries.includes(null) ? null : entries.filter((entry) => entry !== null);
}

/** The text after the headers: JSON or another text as it is, a string that was printed, or a value to be written again. */
function bodyBehind(source: PasteSource, at: number, headers: readonly HeaderField[]): RebuiltBody {
  const { binary } = source;
  let from = skipSpace(binary, at);
  label.lastIndex = from;
  const word = label.exec(binary)?.[0] ?? '';
  if (/quer|param|cookie/i.test(word)) {
    const other = readAnyValue(binary, label.lastIndex);
    if (other !== null) return bodyBehind(source, other.end, headers);
  }
  if (word !== '') from += word.length;
  const rest = binary.slice(from).trimEnd();
  if (rest === '') return { bytes: null, problems: [], notes: [] };
  if (/^[{[]/.test(rest) && isJsonText(rest)) return { bytes: bytesOfBinary(rest), problems: [], notes: [] };
  const printed = readAnyValue(rest, 0);
  const behind = printed === null ? '' : rest.slice(printed.end).trim();
  if (printed === null || (behind !== '' && printed.value.kind !== 'object'))
    return { bytes: bytesOfBinary(rest), problems: [], notes: ['The text after the headers was read as the body, unchanged.'] };
  const body = rebuiltBody(printed.value, headers, 'a printed value');
  return {
    ...body,
    notes: [
      ...(printed.value.kind === 'string' ? ['The body is quoted; its quotes and escapes were removed.'] : body.notes),
      ...(behind === '' ? [] : [`The text after the body was left out: ${readableText(behind.slice(0, 40))}`]),
    ],
  };
}

function skipSpace(binary: string, at: number): number {
  const space = /[\s,;]*/y;
  space.lastIndex = at;
  space.exec(binary);
  return space.lastIndex;
}
