import type { PasteFormat, ReadInner } from './format.ts';
import { derivedSource, firstVisible, type PasteSource } from './paste-source.ts';
import type { Pasted } from './pasted.ts';

/** What `curl -v` prints: the head of the request on lines that begin with `> `, among those of the connection and the answer. */
export const curlOutputFormat: PasteFormat = {
  recognises: (source) => requestMark.test(source.binary.slice(firstVisible(source), firstVisible(source) + 65_536)),
  read: readCurlOutput,
};

const requestMark = /(?:^|\n)> [A-Z]{1,20} \S+ HTTP\/\d(?:\.\d)?\r?\n/;

function readCurlOutput(source: PasteSource, inner: ReadInner): Pasted | null {
  const lines = source.binary.split('\n');
  const start = lines.findIndex((line) => /^\s*> [A-Z]{1,20} \S+ HTTP\//.test(line));
  const head: number[] = [];
  let at = start;
  for (; at < lines.length && /^\s*(?:>|\* )/.test(lines[at] ?? ''); at += 1) if (/^\s*>/.test(lines[at] ?? '')) head.push(at);
  // In a quoted mail the body is quoted, too.
  const empty = head.findIndex((index) => /^\s*>\s*$/.test(lines[index] ?? ''));
  if (empty !== -1 && empty < head.length - 1) return null;
  const isHeadWhole = /^\s*>\s*$/.test(lines[head.at(-1) ?? -1] ?? '');
  const body: number[] = [];
  // The body is not printed by curl itself; where it was sent on the terminal, or added, it stands right behind the head.
  for (; at < lines.length && !/^(?:[*<{}] |[*<]\s*$)/.test(lines[at] ?? ''); at += 1) body.push(at);
  const answer = lines.slice(at).some((line) => line.startsWith('< '));
  const headText = head.map((index) => (lines[index] ?? '').replace(/^\s*> ?/, '')).join('\n');
  const bodyText = isHeadWhole ? sized(body.map((index) => lines[index] ?? '').join('\n'), headText) : { text: '', note: null };
  const isBody = bodyText.text.trim() !== '';
  const notes = [
    'The request was read from the lines that curl marked with >.',
    ...(answer ? ['The lines of the connection and the answer were left out.'] : []),
    ...(bodyText.note === null ? [] : [bodyText.note]),
  ];
  const text = isBody ? `${headText.replace(/\s+$/, '')}\n\n${bodyText.text}` : `${headText.replace(/\s+$/, '')}\n`;
  const read = inner(derivedSource(source, text, notes, [...head, ...body]));
  return read === null ? null : { ...read, kind: 'curl_output', body: isBody ? read.body : null };
}

/** The text without the line break that a terminal puts behind it, where Content-Length has no room for it. */
function sized(text: string, head: string): { readonly text: string; readonly note: string | null } {
  const announced = Number(/^content-length:[ \t]*(\d{1,9})[ \t]*\r?$/im.exec(head)?.[1] ?? Number.NaN);
  const ending = /\r?\n$/.exec(text.slice(-2))?.[0] ?? '';
  if (ending === '' || text.length - ending.length !== announced) return { text, note: null };
  return {
    text: text.slice(0, text.length - ending.length),
    note: `The line break at the end of the body was left out, since Content-Length says ${announced} bytes.`,
  };
}
