import { Transform } from 'node:stream';
import { messageProblem } from './message-problem.ts';

/** A line may have so many bytes. */
export const mostLineBytes = 10_485_760;

/** Bytes of the beginning and of the end of a long line in which its id is looked for. */
const keptBytes = 4096;

const lineEnd = 10;

/** The id of a request, as JSON-RPC has it. */
export type MessageId = string | number;

/**
 * Passes on lines with messages, each whole, and none that is too long or would hold others: `refuse` is called for these with their id,
 * undefined where they have none that is found, and a sentence. Keeps one line at most.
 */
export function createMessageLines(refuse: (id: MessageId | undefined, message: string) => void): Transform {
  let line: Buffer[] = [];
  let bytes = 0;
  /** What is kept of a line that is too long already. */
  let long: { readonly head: string; tail: Buffer } | null = null;

  const add = (part: Buffer) => {
    bytes += part.byteLength;
    if (long === null && bytes <= mostLineBytes) {
      line.push(part);
      return;
    }
    if (long === null) {
      const before = Buffer.concat(line);
      line = [];
      // A copy, so that the rest is not kept with it.
      long = { head: before.toString('utf8', 0, keptBytes), tail: Buffer.from(before.subarray(-keptBytes)) };
    }
    long.tail = Buffer.concat([long.tail.subarray(-keptBytes), part.subarray(-keptBytes)]);
  };
  /** The line that has ended, if it is passed on. */
  const take = (): Buffer | null => {
    const whole = Buffer.concat(line);
    const wasLong = long;
    [line, bytes, long] = [[], 0, null];
    if (wasLong !== null) {
      const limit = mostLineBytes.toLocaleString('en');
      refuse(
        idIn(wasLong.head, wasLong.tail.toString('utf8')),
        `A message may have ${limit} bytes, and this one has more: send less at once.`,
      );
      return null;
    }
    const text = whole.toString('utf8');
    const problem = messageProblem(text);
    if (problem === null) return whole;
    refuse(idIn(text.slice(0, keptBytes), text.slice(-keptBytes)), problem.message);
    return null;
  };
  return new Transform({
    transform: function (chunk: Buffer, _encoding, done) {
      let from = 0;
      for (let end = chunk.indexOf(lineEnd); end !== -1; end = chunk.indexOf(lineEnd, from)) {
        add(chunk.subarray(from, end + 1));
        from = end + 1;
        const whole = take();
        if (whole !== null) this.push(whole);
      }
      if (from < chunk.byteLength) add(chunk.subarray(from));
      done();
    },
  });
}

const idText = String.raw`"id"\s*:\s*(-?\d{1,15}|"(?:[^"\\]|\\.){0,200}")`;
const idAtStart = new RegExp(String.raw`^\s*\{\s*(?:"(?:jsonrpc|method)"\s*:\s*"[^"\\]*"\s*,\s*)*${idText}\s*[,}]`);
const idAtEnd = new RegExp(String.raw`,\s*${idText}\s*(?:,\s*"jsonrpc"\s*:\s*"2.0"\s*)?\}\s*$`);

/** The id of a message where clients write it: before what is large in it, or at the end. */
function idIn(head: string, tail: string): MessageId | undefined {
  const found = idAtStart.exec(head)?.[1] ?? idAtEnd.exec(tail)?.[1];
  if (found === undefined) return undefined;
  try {
    return JSON.parse(found) as MessageId;
  } catch {
    return undefined;
  }
}
