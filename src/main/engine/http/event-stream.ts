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
  /** Lines read so far: each costs time, however short it is. */
  readonly lineCount: () => number;
}

const lf = 0x0a;
const cr = 0x0d;
const colonByte = 0x3a;
const bom = Buffer.from([0xef, 0xbb, 0xbf]);
const noBytes = Buffer.alloc(0);
/** A field other than data is a word or an id. */
const otherFieldBytes = 4096;
/** Of one event: an empty line takes memory too. */
export const eventLineLimit = 65_536;

/** `limitBytes` limits the data of one event; of a longer one, or one of more than {@link eventLineLimit} lines, nothing is kept. */
export function createEventReader(limitBytes: number, lastId: string | null): EventReader {
  const rest = createRest(limitBytes + otherFieldBytes);
  let isFirst = true;
  let skipsLf = false;
  let event = newEvent();
  let id = lastId;
  let lineCount = 0;
  const done: ServerEvent[] = [];

  const dispatch = () => {
    const { type, lines, isTooLong, hasData } = event;
    if (hasData) done.push({ type: type === '' ? 'message' : type, lastId: id, lines: isTooLong ? [] : lines, isTooLong });
    if (hasData || type !== '') event = newEvent();
  };
  const field = (name: string, value: Buffer) => {
    if (name === 'data') {
      event.hasData = true;
      event.bytes += value.byteLength + 1;
      if (event.bytes > limitBytes || event.lines.length === eventLineLimit) event.isTooLong = true;
      // The bytes belong to the connection, which uses their memory again.
      if (event.isTooLong) event.lines = [];
      else event.lines.push(value.byteLength === 0 ? noBytes : Buffer.from(value));
    } else if (value.byteLength > otherFieldBytes) return;
    else if (name === 'event') event.type = value.toString('utf8');
    else if (name === 'id' && !value.includes(0)) id = value.toString('utf8');
  };
  const line = (bytes: Buffer) => {
    if (bytes.byteLength === 0) return dispatch();
    const colon = bytes.indexOf(colonByte);
    // A comment.
    if (colon === 0) return undefined;
    if (colon === -1) return field(bytes.toString('utf8', 0, otherFieldBytes), noBytes);
    const from = bytes[colon + 1] === 0x20 ? colon + 2 : colon + 1;
    return field(bytes.toString('utf8', 0, Math.min(colon, otherFieldBytes)), bytes.subarray(from));
  };
  const takeLine = (end: Buffer) => {
    const whole = rest.takeWith(end);
    if (isFirst && whole.subarray(0, 3).equals(bom)) line(whole.subarray(3));
    else line(whole);
    isFirst = false;
    lineCount += 1;
  };

  return {
    read: (chunk) => {
      const lineEnds = createLineEnds(chunk);
      let from = 0;
      if (skipsLf && chunk[0] === lf) from = 1;
      if (chunk.byteLength > 0) skipsLf = false;
      while (from < chunk.byteLength) {
        const at = lineEnds.after(from);
        if (at === -1) {
          rest.keep(chunk.subarray(from));
          break;
        }
        takeLine(at === from ? noBytes : chunk.subarray(from, at));
        const isCr = chunk[at] === cr;
        skipsLf = isCr && at + 1 === chunk.byteLength;
        from = isCr && chunk[at + 1] === lf ? at + 2 : at + 1;
      }
      return done.splice(0);
    },
    lineCount: () => lineCount,
  };
}

function newEvent() {
  return { type: '', lines: [] as Buffer[], bytes: 0, isTooLong: false, hasData: false };
}

/** The beginning of a line whose end has not come, in one piece of memory: it may come byte by byte. */
function createRest(limitBytes: number) {
  let room = noBytes;
  let size = 0;
  const keep = (piece: Buffer) => {
    // Of a line that is over the limit no more is kept; its beginning says which field it is.
    if (piece.byteLength === 0 || size > limitBytes) return;
    if (size + piece.byteLength > room.byteLength) {
      const larger = Buffer.allocUnsafe(Math.max(1024, 2 * (size + piece.byteLength)));
      room.copy(larger, 0, 0, size);
      room = larger;
    }
    size += piece.copy(room, size);
  };
  return {
    keep,
    /** The whole line, whose memory is used again by the next. */
    takeWith: (end: Buffer): Buffer => {
      if (size === 0) return end;
      keep(end);
      const whole = room.subarray(0, size);
      if (room.byteLength > keptRoomBytes) room = noBytes;
      size = 0;
      return whole;
    },
  };
}

/** A larger piece of memory is given back after its line. */
const keptRoomBytes = 65_536;

/** Where lines end in a chunk, asked for from its beginning on. Each byte is looked at once for each kind of line end. */
function createLineEnds(chunk: Buffer) {
  let lfAt = chunk.indexOf(lf);
  let crAt = chunk.indexOf(cr);
  return {
    /** The first line end from here on; -1 where there is none. */
    after: (from: number): number => {
      // Empty lines, one after the other, need no search.
      if (chunk[from] === lf || chunk[from] === cr) return from;
      if (lfAt !== -1 && lfAt < from) lfAt = chunk.indexOf(lf, from);
      if (crAt !== -1 && crAt < from) crAt = chunk.indexOf(cr, from);
      return lfAt === -1 || crAt === -1 ? Math.max(lfAt, crAt) : Math.min(lfAt, crAt);
    },
  };
}
