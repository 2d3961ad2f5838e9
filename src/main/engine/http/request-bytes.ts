import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** How much of a request's beginning is kept. */
export const firstBytesKept = 4096;

/** The beginning of one request as it came over the wire, filled as it arrives. */
export interface RequestTrail {
  /** Up to {@link firstBytesKept} bytes. */
  readonly first: () => Uint8Array;
  /** Bytes received so far, head and framing included. */
  readonly receivedBytes: () => number;
}

/** How the body behind a head is framed. */
export type Framing = { readonly kind: 'length'; readonly bytes: number } | { readonly kind: 'chunked' };

/** A head that could not be parsed, or is incomplete. */
export interface OpenHead {
  readonly trail: RequestTrail;
  /** How many of its bytes the parser has received. */
  readonly parsedBytes: number;
  /** Whether other requests came on this connection before. */
  readonly isFollowing: boolean;
}

/**
 * Follows the bytes of one connection beside Node's parser, which hands out parsed requests only: it knows where each request
 * began, so that the first bytes of one that is refused are its own, also behind others on the same connection.
 */
export interface RequestBytes {
  /** A piece arrived and goes to the parser next. */
  readonly arrive: (piece: Uint8Array) => void;
  /** The parser has read the piece that arrived. */
  readonly pass: () => void;
  /** The parser has accepted a head in the current piece. */
  readonly accept: (framing: Framing) => RequestTrail;
  /** The unfinished head, with the bytes behind the piece that the parser reads; null within a body. */
  readonly openHead: (behind: Uint8Array) => OpenHead | null;
  /** Bytes of the unfinished head; 0 within a body and between requests. */
  readonly openHeadBytes: () => number;
  /** How much of the bytes behind the last piece to read at once: one request at most, unless chunks end within it. */
  readonly next: (waiting: Uint8Array) => Slice;
  /** Whether a new request would begin next. */
  readonly isBetween: () => boolean;
}

/** A piece for the parser, and its cost. */
export interface Slice {
  readonly bytes: number;
  /** In units of a typical request without a body. */
  readonly cost: number;
}

/** A request in one piece of up to this size is parsed at once. */
const smallBytes = 16_384;
/** Chunks may be of one byte, and their framing is read byte by byte. */
const chunksBytes = 4096;
/** This many bytes cost as much as a typical request. */
const costly = { headBytes: 2048, chunksBytes: 512, bodyBytes: 8192 };

type Part =
  | { readonly kind: 'head' }
  | { readonly kind: 'data'; left: number; readonly next: 'message' | 'size' }
  | { readonly kind: 'size'; value: number; isExtension: boolean }
  | { readonly kind: 'trailer'; lineBytes: number };

const [lf, cr] = [0x0a, 0x0d];
const headEnd = Buffer.from('\r\n\r\n');
const nothing = Buffer.alloc(0);

export function createRequestBytes(): RequestBytes {
  let trail = createTrail();
  let part: Part = { kind: 'head' };
  let accepted = 0;
  let piece: Uint8Array = nothing;
  let at = 0;
  /** The last bytes of a head that continues in the next piece. */
  let headTail = nothing;

  const take = (end: number) => {
    trail.add(piece, at, end);
    at = end;
  };
  /** Skips through a body, up to its end or the end of the piece. */
  const passBody = () => {
    if (part.kind === 'head') return;
    const walked = walk(part, piece, at, piece.length);
    take(walked.at);
    part = walked.part;
    if (part.kind !== 'head') return;
    trail = createTrail();
    headTail = nothing;
  };
  /** Empty lines before a request belong to none. */
  const skipEmptyLines = () => {
    while (trail.receivedBytes() === 0 && at < piece.length && (piece[at] === cr || piece[at] === lf)) at += 1;
  };

  return {
    arrive: (arrived) => {
      piece = arrived;
      at = 0;
    },
    pass: () => {
      passBody();
      if (part.kind === 'head' && at < piece.length) {
        skipEmptyLines();
        headTail = Buffer.concat([headTail, piece.subarray(Math.max(at, piece.length - 3))]).subarray(-3);
        take(piece.length);
      }
      piece = nothing;
      at = 0;
    },
    accept: (framing) => {
      passBody();
      skipEmptyLines();
      take(endOfHead(headTail, piece, at));
      accepted += 1;
      part = framing.kind === 'chunked' ? newSize() : { kind: 'data', left: framing.bytes, next: 'message' };
      return trail;
    },
    openHead: (behind) => {
      passBody();
      if (part.kind !== 'head') return null;
      skipEmptyLines();
      take(piece.length);
      const parsedBytes = trail.receivedBytes();
      trail.add(behind, 0, behind.length);
      return { trail, parsedBytes, isFollowing: accepted > 0 };
    },
    openHeadBytes: () => (part.kind === 'head' ? trail.receivedBytes() : 0),
    isBetween: () => part.kind === 'head' && trail.receivedBytes() === 0,
    next: (waiting) => {
      if (part.kind === 'data') {
        const bytes = Math.min(part.left, waiting.length);
        if (part.next === 'message' || bytes >= chunksBytes) return { bytes, cost: costOf(bytes, costly.bodyBytes) };
      }
      if (part.kind === 'head') {
        const bytes = sliceOfHead(headTail, waiting, trail.receivedBytes() === 0);
        // A head costs most when it ends, in proportion to its size.
        return { bytes, cost: costOf(trail.receivedBytes() + bytes, costly.headBytes) };
      }
      // What comes behind the end of a message that offered an upgrade is dropped by Node where it comes in the same piece.
      const bytes = walk(part, waiting, 0, Math.min(waiting.length, chunksBytes)).at;
      return { bytes, cost: costOf(bytes, costly.chunksBytes) };
    },
  };
}

/** The position in a body after more of its bytes, and how many of them belong to it; after its last byte a new head may begin. */
function walk(start: Part, bytes: Uint8Array, from: number, to: number): { readonly part: Part; readonly at: number } {
  let part = { ...start };
  let at = from;
  while (part.kind !== 'head') {
    if (part.kind === 'data' && part.left === 0) part = part.next === 'message' ? { kind: 'head' } : newSize();
    else if (at === to) break;
    else if (part.kind === 'data') {
      const taken = Math.min(part.left, to - at);
      part.left -= taken;
      at += taken;
    } else {
      part = afterLineByte(part, bytes[at] ?? lf);
      at += 1;
    }
  }
  return { part, at };
}

/** One byte of the framing of chunks. */
function afterLineByte(part: Extract<Part, { readonly kind: 'size' | 'trailer' }>, byte: number): Part {
  if (part.kind === 'trailer') {
    if (byte === lf && part.lineBytes === 0) return { kind: 'head' };
    if (byte === lf) part.lineBytes = 0;
    else if (byte !== cr) part.lineBytes += 1;
    return part;
  }
  if (byte === lf) return part.value === 0 ? { kind: 'trailer', lineBytes: 0 } : { kind: 'data', left: part.value + 2, next: 'size' };
  const digit = Number.parseInt(String.fromCharCode(byte), 16);
  if (part.isExtension || Number.isNaN(digit)) part.isExtension = true;
  else part.value = part.value * 16 + digit;
  return part;
}

function newSize(): Part {
  return { kind: 'size', value: 0, isExtension: false };
}

/** The framing of the body behind a head that the parser has accepted. */
export function framingOf({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): Framing {
  let bytes = 0;
  // Node would build an object of all headers, and there can be many.
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length === encodingName.length && name.toLowerCase() === encodingName) {
      if (/chunked/i.test(rawHeaders[at + 1] ?? '')) return { kind: 'chunked' };
    } else if (name.length === lengthName.length && name.toLowerCase() === lengthName) bytes = Number(rawHeaders[at + 1]);
  }
  return { kind: 'length', bytes: Number.isSafeInteger(bytes) ? bytes : 0 };
}

const [encodingName, lengthName] = ['transfer-encoding', 'content-length'];

function costOf(bytes: number, bytesForOne: number): number {
  return 1 + Math.floor(bytes / bytesForOne);
}

/**
 * Up to the end of the head, or all of it where no second request can end in it. Behind a head that may offer an upgrade nothing goes
 * along: Node drops what comes in one piece with the end of such a request, also where the upgrade is not taken.
 */
function sliceOfHead(tail: Uint8Array, waiting: Uint8Array, isNew: boolean): number {
  let from = 0;
  while (isNew && (waiting[from] === cr || waiting[from] === lf)) from += 1;
  const end = endOfHead(tail, waiting, from);
  if (end === waiting.length || waiting.length > smallBytes) return end;
  const mayBeWhole = asBuffer(waiting).indexOf(headEnd, end) === -1 && !/upgrade/i.test(asBuffer(waiting).toString('latin1', from, end));
  return mayBeWhole ? waiting.length : end;
}

/** The end, in a piece, of the head that the parser has accepted. */
function endOfHead(tail: Uint8Array, piece: Uint8Array, from: number): number {
  const across = tail.length === 0 ? -1 : Buffer.concat([tail, piece.subarray(from, from + 3)]).indexOf(headEnd);
  if (across !== -1) return from + across + headEnd.length - tail.length;
  const within = asBuffer(piece).indexOf(headEnd, from);
  return within === -1 ? piece.length : within + headEnd.length;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A trail within one piece refers to it; one over several is copied, since small slices would keep large buffers alive. */
function createTrail(): RequestTrail & { readonly add: (piece: Uint8Array, from: number, to: number) => void } {
  let kept: Uint8Array = nothing;
  let keptFrom = 0;
  let isCopy = false;
  let keptBytes = 0;
  let receivedBytes = 0;
  return {
    add: (piece, from, to) => {
      receivedBytes += to - from;
      const bytes = Math.min(to - from, firstBytesKept - keptBytes);
      if (bytes === 0) return;
      if (keptBytes === 0) {
        kept = piece;
        keptFrom = from;
      } else if (kept !== piece || keptFrom + keptBytes !== from) {
        if (!isCopy) {
          const copy = new Uint8Array(firstBytesKept);
          copy.set(kept.subarray(keptFrom, keptFrom + keptBytes));
          kept = copy;
          keptFrom = 0;
          isCopy = true;
        }
        kept.set(piece.subarray(from, from + bytes), keptBytes);
      }
      keptBytes += bytes;
    },
    first: () => Uint8Array.from(kept.subarray(keptFrom, keptFrom + keptBytes)),
    receivedBytes: () => receivedBytes,
  };
}
