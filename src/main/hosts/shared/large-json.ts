import { randomUUID } from 'node:crypto';
import {
  backgroundThread,
  createBackground,
  inputOf,
  largeJsonBytes,
  memoryIn,
  readFrameTask,
  readInput,
  readInputTask,
  Refusal,
  TaskEnded,
  BytesAsText,
  writeLargeAnswer,
  writeLargeAnswerTask,
  type AnswerPart,
  type LargeAnswer,
  type UnreadInput,
} from '#engine/index.ts';
import { JsonText } from '#shared/contract/json.ts';
import { DoorError } from './door-error.ts';

/** Reads the JSON of a call; null for an empty text. Rejects with a DoorError. */
export type ReadJson = (bytes: Buffer) => Promise<unknown>;

/** Room for one answer, from before it is written until its reader has it. */
export interface AnswerRoom {
  /** Asks for so many bytes; false when unread answers take up all there is. */
  readonly growTo: (bytes: number) => boolean;
}

/**
 * Writes an answer that is large, or holds JSON as text; null where any writer does as well. Rejects with a DoorError, also when
 * `room` has none for it.
 */
export type WriteJson = (answer: unknown, room?: AnswerRoom) => Promise<Uint8Array | null>;

/** A large frame of a connection that was read: its message, or the call that is refused. */
export type LargeFrame =
  | { readonly kind: 'read'; readonly message: unknown }
  | { readonly kind: 'refused'; readonly call: string; readonly why: DoorError };

/** Reads and writes JSON for a door: small texts at once, large ones in a thread, where they block nothing else. */
export interface LargeJson {
  readonly read: ReadJson;
  /** Reads a frame with a call, which may come in pieces. Rejects with a SyntaxError when it is not one. */
  readonly readFrame: (frame: Uint8Array | string | readonly Uint8Array<ArrayBuffer>[]) => Promise<LargeFrame>;
  readonly write: WriteJson;
  readonly close: () => Promise<void>;
}

/** Reading is linear, so only a busy machine takes long, and its callers have already waited. */
const limitMs = 30_000;

export function createLargeJson(): LargeJson {
  const background = createBackground({ threadCode: backgroundThread, limitMs });
  return {
    read: async (bytes) => {
      const read =
        bytes.byteLength <= largeJsonBytes
          ? readInput(bytes)
          : await background.run('texts', readInputTask, bytes, ownMemory(bytes)).catch((error: unknown) => asDoorError(error, 'read'));
      if (read.kind === 'read') return inputOf(read);
      throw refusalOf(read);
    },
    readFrame: async (frame) => {
      const pieces: readonly Uint8Array[] = typeof frame === 'string' ? [Buffer.from(frame, 'utf8')] : isPiece(frame) ? [frame] : frame;
      const read = await background
        .run('texts', readFrameTask, pieces, pieces.flatMap(ownMemory))
        .catch((error: unknown) => asDoorError(error, 'read'));
      if (read.kind === 'read') return { kind: 'read', message: inputOf(read) };
      if (read.call === null) throw new SyntaxError(read.message);
      return { kind: 'refused', call: read.call, why: refusalOf(read) };
    },
    write: async (answer, room) => {
      const { kind, characters } = looksOf(answer);
      if (room?.growTo(characters) === false) throw noRoom();
      if (kind === 'plain') return null;
      const large = markedAnswer(answer);
      if (kind === 'exact') return writeLargeAnswer(large);
      return background
        .run('texts', writeLargeAnswerTask, large, memoryOf(large.parts))
        .catch((error: unknown) => asDoorError(error, 'write'));
    },
    close: background.close,
  };
}

function isPiece(frame: Uint8Array | readonly Uint8Array[]): frame is Uint8Array {
  return frame instanceof Uint8Array;
}

/** The ArrayBuffer of bytes that fill all of it, so that it can be transferred. */
function ownMemory({ buffer, byteLength }: Uint8Array): readonly ArrayBuffer[] {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
}

function memoryOf(parts: readonly AnswerPart[]): readonly ArrayBuffer[] {
  return [
    ...new Set(
      parts.flatMap((part) => (part.kind === 'json' || part.kind === 'again' ? [] : part.pieces.flatMap((piece) => memoryIn(piece)))),
    ),
  ];
}

function refusalOf({ kind, message }: UnreadInput): DoorError {
  return kind === 'not JSON'
    ? new DoorError(400, 'JSON_INVALID', message)
    : new DoorError(422, 'INPUT_INVALID', message, { issues: [{ path: '', message }] });
}

function asDoorError(error: unknown, act: 'read' | 'write'): never {
  // The threads refuse only once Hookyard is being closed.
  if (error instanceof Refusal) throw new DoorError(503, error.code, error.message, error.data);
  if (!(error instanceof TaskEnded)) throw error;
  const why = error.why === 'late' ? `takes more than ${limitMs / 1000} seconds to ${act}` : `takes too much memory to ${act}`;
  if (act === 'read') throw new DoorError(413, 'BODY_TOO_LARGE', `The request ${why}: send less at once.`);
  throw new DoorError(503, 'ANSWER_TOO_LARGE', `The answer ${why}: ask for less at once, or again when the machine has less to do.`);
}

/** An answer with this many characters is large. */
const largeCharacters = 262_144;

/** How many values of an answer are checked; passing on one with more small values takes as long as writing it. */
const lookedAt = 20_000;

/** An answer with its texts apart, as a thread takes it. */
function markedAnswer(answer: unknown): LargeAnswer {
  const parts: AnswerPart[] = [];
  /** Which part an object is. An event type has its first sample twice, and to hand over a long text takes long. */
  const known = new Map<object, number>();
  const marked = (object: object, part: (mark: string) => AnswerPart) => {
    const mark = randomUUID();
    const before = known.get(object);
    if (before === undefined) known.set(object, parts.length);
    parts.push(before === undefined ? part(mark) : { mark, kind: 'again', part: before });
    return mark;
  };
  const copied = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(copied);
    if (value instanceof JsonText) return marked(value, (mark) => ({ mark, kind: 'json', text: value.text }));
    if (value instanceof BytesAsText) return marked(value, (mark) => ({ mark, kind: value.coding, pieces: value.pieces }));
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copied(each)]));
  };
  return { value: copied(answer), parts };
}

/**
 * How an answer is written: `large` where plain data has many characters in few values, `exact` where JSON in it is text, and must
 * not become a value on its way. And how many characters it has, as far as it is looked at.
 */
function looksOf(answer: unknown): { readonly kind: 'plain' | 'exact' | 'large'; readonly characters: number } {
  const left = [answer];
  let kind: 'plain' | 'exact' = 'plain';
  let characters = 0;
  let values = 0;
  for (let next = left.pop(); left.length > 0 || next !== undefined; next = left.pop()) {
    values += 1;
    if (typeof next === 'string' || next instanceof BytesAsText) characters += next.length;
    else if (next instanceof JsonText) {
      kind = 'exact';
      characters += next.text.length;
    } else if (Array.isArray(next)) left.push(...(next as readonly unknown[]).slice(0, lookedAt));
    else if (typeof next === 'object' && next !== null) {
      // A stream; what is within an answer is data, whatever its prototype is.
      if (next === answer && Object.getPrototypeOf(next) !== Object.prototype) return { kind: 'plain', characters: 0 };
      left.push(...Object.values(next).slice(0, lookedAt));
    }
    if (values + left.length > lookedAt) return { kind, characters };
  }
  return { kind: characters > largeCharacters ? 'large' : kind, characters };
}

function noRoom(): DoorError {
  return new DoorError(
    503,
    'TOO_MANY_ANSWERS',
    'Answers that nobody has read yet take up all the room there is for them: read the answers to earlier calls, then make this one again.',
    undefined,
    { retryAfterSeconds: 1 },
  );
}
