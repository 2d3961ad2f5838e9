import { createVariableFiller } from './fill-variables.ts';
import { missingBody } from './body-gap.ts';
import { fromChoices } from './choices.ts';
import type { PasteFormat } from './format.ts';
import { choiceLimit } from './limits.ts';
import { derivedSource, firstVisible, type PasteSource } from './paste-source.ts';
import { refusedPaste, type Pasted, type PastedRequest } from './pasted.ts';
import { readRequestLines } from './request-lines.ts';
import { readableText } from '../text/text-codec.ts';

/** A .http or .rest file as editors keep requests: several with ### between them, with comments and variables. */
export const httpFileFormat: PasteFormat = {
  recognises: (source) => {
    const lines = source.binary.slice(firstVisible(source), firstVisible(source) + 65_536).split('\n');
    const isAround = (line: string) => /^(?:#|\/\/|@)/.test(line) || line.trim() === '';
    return isAround(lines[0] ?? '') && requestLine.test((lines.find((line) => !isAround(line)) ?? '').slice(0, 10_000));
  },
  read: readHttpFile,
};

const requestLine =
  /^(?:(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)[ \t]+)?(https?:\/\/\S+|\/\S*|\{\{\S+)(?:[ \t]+HTTP\/\d(?:\.\d)?)?[ \t]*\r?$/;
const commentLine = /^\s*(?:#|\/\/)/;

/** Reads a .http file. */
function readHttpFile(source: PasteSource): Pasted | null {
  const variables = new Map<string, string>();
  const blocks: string[][] = [[]];
  for (const line of source.binary.split('\n')) {
    if (line.startsWith('###')) blocks.push([]);
    else blocks.at(-1)?.push(line);
  }
  for (const line of blocks.flat()) {
    const [, name, value] = /^@([\w.-]{1,100})[ \t]*=[ \t]*([^\r\n]*?)[ \t]*\r?$/.exec(line.slice(0, 10_000)) ?? [];
    if (name !== undefined && value !== undefined) variables.set(name, value);
  }
  const requests = blocks.map((lines) => readBlock(source, lines, variables)).filter((request) => request !== null);
  if (requests.length === 0) return null;
  const read = fromChoices('http_file', 'certain', requests.slice(0, choiceLimit), requests.length);
  return { ...read, notes: [...source.notes, ...read.notes] };
}

function readBlock(source: PasteSource, lines: readonly string[], variables: ReadonlyMap<string, string>): PastedRequest | null {
  const first = lines.findIndex((line) => requestLine.test(line.slice(0, 10_000)));
  if (first === -1 || lines.slice(0, first).some((line) => line.trim() !== '' && !commentLine.test(line) && !/^(?:@|<|\?)/.test(line)))
    return null;
  const { fill, used, missing } = createVariableFiller(variables);
  const end = lines.findIndex((line, at) => at > first && line.trim() === '');
  // A query may go on over several lines, and comments may stand among the headers.
  const head = lines.slice(first, end === -1 ? lines.length : end).filter((line, at) => at === 0 || !commentLine.test(line));
  const query = head.slice(1).filter((line) => /^[ \t]+[?&]/.test(line));
  const headers = head.slice(1).filter((line) => !/^[ \t]+[?&]/.test(line));
  const target = (head[0] ?? '').replace(/\r$/, '');
  const startLine = /^(?:https?:|\/|\{)/.test(target) ? `GET ${target}` : target;
  const withQuery = startLine.replace(/([ \t]+HTTP\/\d\S*)?[ \t]*$/, (version) => query.map((line) => line.trim()).join('') + version);
  const body = bodyOf(end === -1 ? [] : lines.slice(end + 1));
  const text = fill([withQuery, ...headers.map((line) => line.replace(/\r$/, '')), '', ''].join('\n'));
  const read = readRequestLines(
    derivedSource({ ...source, notes: [] }, text + (body.text === null ? '' : fill(body.text)), []),
    'raw_request',
    'certain',
  );
  const shown = (names: ReadonlySet<string>) => [...names].slice(0, 5).map(readableText);
  return {
    method: read.method,
    url: read.url,
    headers: read.headers,
    body: body.text === null ? null : read.body,
    problems: [...read.problems, ...(body.problem === null ? [] : [{ message: body.problem }])],
    notes: [
      ...body.notes,
      ...(used.size === 0 ? [] : [`Variables of the file were filled in: ${shown(used).join(', ')}.`]),
      ...(missing.size === 0
        ? []
        : [
            `{{${shown(missing).join('}}, {{')}}} is filled in by the editor; the paste does not contain its value, so it was left as it is.`,
          ]),
      ...read.notes.filter((note) => !/body/i.test(note)),
    ],
    ...(body.problem === null ? {} : { bodyGap: missingBody('is in a file, which cannot be read from here') }),
    ...(body.text !== null && [...missing].some((name) => body.text?.includes(`{{${name}`))
      ? { bodyGap: missingBody('holds variables whose values are not in the text') }
      : {}),
  };
}

/** The body: up to a script that handles the answer, and without the empty lines before the next request. */
function bodyOf(lines: readonly string[]): {
  readonly text: string | null;
  readonly problem: string | null;
  readonly notes: readonly string[];
} {
  const script = lines.findIndex((line) => /^(?:>|<>) /.test(line));
  const own = script === -1 ? lines : lines.slice(0, script);
  let end = own.length;
  while (end > 0 && (own[end - 1] ?? '').trim() === '') end -= 1;
  if (end === 0) return { text: null, problem: null, notes: [] };
  const [first = ''] = own;
  const file = /^<@?\S*[ \t]+(\S+)/.exec(first)?.[1];
  if (file !== undefined && end === 1)
    return {
      text: null,
      problem: `The body is in the file ${readableText(file)}, which cannot be read from here; add its bytes as the body.`,
      notes: [],
    };
  const left = own.length - end + (lines.length - own.length);
  const text = own.slice(0, end).join('\n').replace(/\r$/, '');
  return { text, problem: null, notes: left === 0 ? [] : ['The empty lines after the body were left out.'] };
}

/** Reads a text that was said to be a .http file. */
export function readHttpFileOrRefuse(source: PasteSource): Pasted {
  return (
    readHttpFile(source) ??
    refusedPaste(
      'http_file',
      'The file contains no request: a request in a .http file begins with a line such as POST https://a.example/hook.',
    )
  );
}
