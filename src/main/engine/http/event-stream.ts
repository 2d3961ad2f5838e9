import { Buffer } from 'node:buffer';

/** One event of a stream (HTML, section 9.2). */
export interface ServerEvent {
  /** `message` where the stream names none. */
  readonly type: string;
  /** The id by which the stream can be gone on with after this event; null before there was one. */
  readonly lastId: string | null;
  /** The lines of its data. Empty for one that is too long. */
  readonly lines: readonly Buffer[];
  /** Whether its data is longer than what is read. */
  readonly isTooLong: boolean;
}

/** Reads events out of the bytes of an answer, whichever way they are cut. */
export interface EventReader {
  /** The events that these bytes complete. */
  readonly read: (chunk: Buffer) => readonly ServerEvent[];
}

const lf = 0x0a;
const cr = 0x0d;
const bom = Buffer.from([0xef, 0xbb, 0xbf]);
/** A field other than data is a word or an id. */
const otherFieldBytes = 4096;

/** `limitBytes` limits the data of one event; of a longer one nothing is kept. */
export function createEventReader(limitBytes: number, lastId: string | null): EventReader {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let isFirst = true;
  let skipsLf = false;
  let event = newEvent();
  let id = lastId;
  const done: ServerEvent[] = [];

  const dispatch = () => {
    const { type, lines, isTooLong, hasData } = event;
    if (hasData) done.push({ type: type === '' ? 'message' : type, lastId: id, lines: isTooLong ? [] : lines, isTooLong });
    event = newEvent();
  };
  const field = (name: string, value: Buffer) => {
    if (name === 'data') {
      event.hasData = true;
      event.bytes += value.byteLength + 1;
      if (event.bytes > limitBytes) event.isTooLong = true;
      if (event.isTooLong) event.lines = [];
      else event.lines.push(value);
    } else if (value.byteLength > otherFieldBytes) return;
    else if (name === 'event') event.type = value.toString('utf8');
    else if (name === 'id' && !value.includes(0)) id = value.toString('utf8');
  };
  const line = (bytes: Buffer) => {
    if (bytes.byteLength === 0) return dispatch();
    const colon = bytes.indexOf(0x3a);
    // A comment.
    if (colon === 0) return undefined;
    if (colon === -1) return field(bytes.toString('utf8', 0, otherFieldBytes), Buffer.alloc(0));
    const from = bytes[colon + 1] === 0x20 ? colon + 2 : colon + 1;
    return field(bytes.toString('utf8', 0, Math.min(colon, otherFieldBytes)), bytes.subarray(from));
  };
  const keep = (piece: Buffer) => {
    if (piece.byteLength === 0) return;
    restBytes += piece.byteLength;
    // A line that is over the limit is not kept either; its beginning says which field it is.
    if (restBytes - piece.byteLength <= limitBytes + otherFieldBytes) rest.push(piece);
  };
  const takeLine = (end: Buffer) => {
    keep(end);
    const whole = rest.length === 1 ? (rest[0] ?? end) : Buffer.concat(rest);
    rest = [];
    restBytes = 0;
    if (isFirst && whole.subarray(0, 3).equals(bom)) line(whole.subarray(3));
    else line(whole);
    isFirst = false;
  };

  return {
    read: (chunk) => {
      let from = 0;
      if (skipsLf && chunk[0] === lf) from = 1;
      if (chunk.byteLength > 0) skipsLf = false;
      while (from < chunk.byteLength) {
        const at = endOfLine(chunk, from);
        if (at === -1) {
          // The bytes belong to the connection, which uses their memory again.
          keep(Buffer.from(chunk.subarray(from)));
          break;
        }
        takeLine(Buffer.from(chunk.subarray(from, at)));
        const isCr = chunk[at] === cr;
        skipsLf = isCr && at + 1 === chunk.byteLength;
        from = isCr && chunk[at + 1] === lf ? at + 2 : at + 1;
      }
      return done.splice(0);
    },
  };
}

function newEvent() {
  return { type: '', lines: [] as Buffer[], bytes: 0, isTooLong: false, hasData: false };
}

function endOfLine(chunk: Buffer, from: number): number {
  const [lfAt, crAt] = [chunk.indexOf(lf, from), chunk.indexOf(cr, from)];
  if (lfAt === -1 || crAt === -1) return Math.max(lfAt, crAt);
  return Math.min(lfAt, crAt);
}
