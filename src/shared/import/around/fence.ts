import type { PasteFormat, ReadInner } from '../format.ts';
import { printedLimitBytes } from '../limits.ts';
import { derivedSource, type PasteSource } from '../paste-source.ts';
import type { Pasted } from '../pasted.ts';
import { bytesOfBinary } from '../../text/text-codec.ts';

const fenceLine = /^[ \t>]{0,12}(?:```|~~~)[^`\r\n]{0,60}$/;

/** Text with blocks between fences (```), as issues and chats keep commands and bodies. */
export const fenceFormat: PasteFormat = {
  recognises: ({ binary }) => binary.length <= printedLimitBytes && /(?:^|\n)[ \t>]{0,12}(?:```|~~~)/.test(binary),
  read: readFenced,
};

interface Block {
  readonly lines: number[];
  readonly isFenced: boolean;
}

function readFenced(source: PasteSource, inner: ReadInner): Pasted | null {
  const lines = source.binary.split('\n').map((line) => line.replace(/\r$/, ''));
  const blocks: Block[] = [{ lines: [], isFenced: false }];
  lines.forEach((line, index) => {
    const last = blocks.at(-1);
    // A fence that stands at the end of a line closes the block, too.
    if (fenceLine.test(line)) blocks.push({ lines: [], isFenced: last?.isFenced !== true });
    else last?.lines.push(index);
  });
  const fenced = blocks.filter(({ isFenced, lines: held }) => isFenced && held.length > 0);
  const textOf = (block: Block) => block.lines.map((index) => lines[index] ?? '').join('\n');
  const derived = (block: Block, note: string) => derivedSource(source, textOf(block), [note], block.lines);
  const taken = 'Only the text between the fences (```) was read.';
  for (const block of fenced) {
    const read = inner(derived(block, taken));
    if (read === null) continue;
    const body =
      read.body === null && read.headers.length > 0
        ? fenced.find((other) => other !== block && other.lines[0] !== undefined && other.lines[0] > (block.lines[0] ?? 0))
        : undefined;
    return body === undefined ? read : withBody(read, textOf(body));
  }
  // Headers before the block, and the body in it.
  const [body] = fenced;
  const before =
    body === undefined
      ? undefined
      : blocks.findLast((block) => !block.isFenced && (block.lines[0] ?? Infinity) < (body.lines[0] ?? 0) && textOf(block).trim() !== '');
  if (body === undefined || before === undefined) return null;
  const head: Block = {
    lines: before.lines.filter((index) => (lines[index] ?? '').trim() !== '' && !/^\W*(?:body|payload|data)\W*$/i.test(lines[index] ?? '')),
    isFenced: false,
  };
  const read = inner(derived(head, 'The headers were taken from the text before the fences (```), and the body from between them.'));
  return read === null || read.headers.length === 0 ? null : withBody(read, textOf(body));
}

function withBody(read: Pasted, text: string): Pasted {
  return { ...read, kind: read.kind === 'headers' ? 'headers_and_body' : read.kind, body: bytesOfBinary(text) };
}
