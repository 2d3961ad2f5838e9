import { Buffer } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { exactHead, headerLimitBytes, type ExactHead } from '#shared/stream-form.ts';
import { task, type Background } from '../background/background.ts';
import { ownBytes } from '../base/own-bytes.ts';

/** A capture as another Hookyard tells it, byte for byte. */
export type ExactRead =
  | { readonly kind: 'capture'; readonly head: ExactHead; readonly body: Uint8Array; readonly isCut: boolean }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Lines of base64 that are read before other work gets a turn: about 3 MiB. */
const linesInTurn = 64;

/** Headers, trailers and target as JSON, with its quotes and escapes. */
const headLimitBytes = 8 * headerLimitBytes;
/** A head of this size is read within some milliseconds. */
const smallHeadBytes = 65_536;

/** Reads the lines of an event: what is said of the capture, then its body in lines of base64, of which `limitBytes` are kept. */
export async function readExactEvent(
  background: Pick<Background, 'run'>,
  lines: readonly Buffer[],
  limitBytes: number,
): Promise<ExactRead> {
  const [first = Buffer.alloc(0), ...rest] = lines;
  const isSmall = first.byteLength <= smallHeadBytes;
  if (first.byteLength > headLimitBytes) return unreadableHead;
  const head = isSmall ? readExactHead(first) : await background.run('texts', exactHeadTask, ownBytes(first));
  if (head === null) return unreadableHead;
  // As much as came, not as much as is promised.
  const sentBytes = rest.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const body = Buffer.alloc(Math.min(head.bodyBytes, limitBytes, sentBytes));
  let bytes = 0;
  for (const [index, line] of rest.entries()) {
    const piece = Buffer.from(line.toString('latin1'), 'base64');
    if (bytes < body.byteLength) piece.copy(body, bytes);
    bytes += piece.byteLength;
    if (index % linesInTurn === linesInTurn - 1) await nextTurn();
  }
  if (bytes !== head.bodyBytes) return { kind: 'unreadable', why: `${bytes} bytes of its body came in place of ${head.bodyBytes}.` };
  return { kind: 'capture', head, body, isCut: body.byteLength < head.bodyBytes };
}

const unreadableHead: ExactRead = {
  kind: 'unreadable',
  why: 'It says of the capture what this version cannot read, or what no request over HTTP can have. Where the versions differ, update the older of both Hookyards.',
};

/** What is said of a capture; null where it is not what the form says. Slow for a large one. */
export function readExactHead(line: Uint8Array): ExactHead | null {
  try {
    return exactHead.parse(JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.byteLength).toString('utf8')));
  } catch {
    return null;
  }
}

export const exactHeadTask = task('readExactHead', readExactHead);
