import { Buffer } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { exactHead, type ExactHead } from '#shared/stream-form.ts';

/** A capture as another Hookyard tells it, byte for byte. */
export type ExactRead =
  | { readonly kind: 'capture'; readonly head: ExactHead; readonly body: Uint8Array; readonly isCut: boolean }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Lines of base64 that are read before other work gets a turn: about 3 MiB. */
const linesInTurn = 64;

/** Reads the lines of an event: what is said of the capture, then its body in lines of base64, of which `limitBytes` are kept. */
export async function readExactEvent(lines: readonly Buffer[], limitBytes: number): Promise<ExactRead> {
  const [first, ...rest] = lines;
  const head = headOf(first);
  if (head === null)
    return { kind: 'unreadable', why: 'It says of the capture what this version cannot read: update the older of both Hookyards.' };
  const body = Buffer.alloc(Math.min(head.bodyBytes, limitBytes));
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

function headOf(line: Buffer | undefined): ExactHead | null {
  try {
    return exactHead.parse(JSON.parse((line ?? Buffer.alloc(0)).toString('utf8')));
  } catch {
    return null;
  }
}
