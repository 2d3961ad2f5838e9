import { randomUUID } from 'node:crypto';
import {
  backgroundThread,
  createBackground,
  inputOf,
  largeJsonBytes,
  readInput,
  readInputTask,
  TaskEnded,
  writeLargeAnswerTask,
  type LargeAnswer,
} from '#engine/index.ts';
import { JsonText } from '#shared/contract/json.ts';
import { DoorError } from './refusal-answer.ts';

/** Reads the JSON of a call; null for an empty text. Rejects with a DoorError. */
export type ReadJson = (bytes: Buffer) => Promise<unknown>;

/** Writes an answer that is large; null where it is not, which is quickly written by whoever sends it. */
export type WriteJson = (answer: unknown) => Promise<Uint8Array | null>;

/** Reads and writes JSON for a door: what is small at once, what is large in a thread, where nobody waits for it. */
export interface LargeJson {
  readonly read: ReadJson;
  readonly write: WriteJson;
  readonly close: () => Promise<void>;
}

/** Reading is linear, so that only a machine with much else to do takes long; its callers have waited for it already. */
const readLimitMs = 30_000;

export function createLargeJson(): LargeJson {
  const background = createBackground({ threadCode: backgroundThread, limitMs: readLimitMs });
  return {
    read: async (bytes) => {
      const given = ownMemory(bytes);
      const read =
        bytes.byteLength <= largeJsonBytes
          ? readInput(bytes)
          : await background.run('texts', readInputTask, bytes, given === null ? [] : [given]).catch(asDoorError);
      if (read.kind === 'read') return inputOf(read);
      throw read.kind === 'not JSON'
        ? new DoorError(400, 'JSON_INVALID', read.message)
        : new DoorError(422, 'INPUT_INVALID', read.message, { issues: [{ path: '', message: read.message }] });
    },
    write: async (answer) => {
      const large = largeAnswerOf(answer);
      // Where the thread fails, it is written as any other.
      return large === null ? null : background.run('texts', writeLargeAnswerTask, large).catch(() => null);
    },
    close: background.close,
  };
}

/** The memory of bytes that are all of it, and so can be given away. */
function ownMemory({ buffer, byteLength }: Buffer): ArrayBuffer | null {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? buffer : null;
}

function asDoorError(error: unknown): never {
  if (!(error instanceof TaskEnded)) throw error;
  if (error.why === 'closed') throw new DoorError(503, 'STOPPING', 'Hookyard is stopping: send this again once it has started.');
  const why = error.why === 'late' ? `takes more than ${readLimitMs / 1000} seconds to read` : 'takes too much memory to read';
  throw new DoorError(413, 'BODY_TOO_LARGE', `The request ${why}: send less at once.`);
}

/** Characters from which on an answer counts as large. */
const largeCharacters = 262_144;

/** Values of an answer that are looked at; one of more small values takes as long to hand over as to write. */
const lookedAt = 20_000;

/** An answer with large texts as a thread takes it; null for any other. */
function largeAnswerOf(answer: unknown): LargeAnswer | null {
  if (!isLarge(answer)) return null;
  const texts: { mark: string; text: string }[] = [];
  const copied = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(copied);
    if (!(value instanceof JsonText)) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copied(each)]));
    const mark = randomUUID();
    texts.push({ mark, text: value.text });
    return mark;
  };
  return { value: copied(answer), texts };
}

/** Whether plain data has many characters in few values. */
function isLarge(answer: unknown): boolean {
  const left = [answer];
  let characters = 0;
  let values = 0;
  for (let next = left.pop(); left.length > 0 || next !== undefined; next = left.pop()) {
    values += 1;
    if (typeof next === 'string') characters += next.length;
    else if (next instanceof JsonText) characters += next.text.length;
    else if (Array.isArray(next)) left.push(...(next as readonly unknown[]).slice(0, lookedAt));
    else if (typeof next === 'object' && next !== null) {
      // A stream, or anything else that is no data.
      if (Object.getPrototypeOf(next) !== Object.prototype) return false;
      left.push(...Object.values(next).slice(0, lookedAt));
    }
    if (values + left.length > lookedAt) return false;
  }
  return characters > largeCharacters;
}
