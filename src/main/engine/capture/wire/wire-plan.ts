import { Buffer } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import { longestHoldMs, type WireFault, type WireFaultKind } from '#shared/contract/wire-fault.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { Reply } from '../answer.ts';

/** What goes out of one answer, how fast, and what becomes of the connection then. */
export interface WirePlan {
  readonly bytes: Uint8Array;
  /** Sent again and again behind `bytes`, until this many bytes of it went out; null for nothing. */
  readonly repeated: { readonly unit: Uint8Array; readonly maxBytes: number } | null;
  /** Null for as fast as the sender reads. */
  readonly bytesPerSecond: number | null;
  /** How long the connection is kept open behind the last byte. */
  readonly holdMs: number;
  /** Ends it wherever it is. */
  readonly limitMs: number;
  readonly end: 'close' | 'reset';
}

/** Faults that are given by how the request is read, or by the answer of Node's server; they have no plan. */
export type OrderlyFault = Extract<WireFault, { readonly kind: 'slow-read' | 'early-answer' | 'close' }>;
/** Faults whose bytes are written past Node's server. */
export type PlannedFault = Exclude<WireFault, OrderlyFault>;

const orderly: ReadonlySet<WireFaultKind> = new Set(['slow-read', 'early-answer', 'close']);

export function isPlanned(fault: WireFault): fault is PlannedFault {
  return !orderly.has(fault.kind);
}

const endlessMs = 600_000;
const none: Uint8Array = new Uint8Array();
/** For an endless body of a bin that has none. */
const filler = Buffer.from(`${'.'.repeat(1023)}\n`);
/** Repeated bodies are sent in chunks of about this size. */
const unitBytes = 16_384;

const usual = { repeated: null, bytesPerSecond: null, holdMs: 0, limitMs: longestHoldMs, end: 'close' } as const;

/** The bytes of an HTTP/1.1 answer with a fault; the connection ends with each of them. */
export function planOf(reply: Reply, fault: PlannedFault): WirePlan {
  const head = headOf(reply);
  switch (fault.kind) {
    case 'no-answer':
      return { ...usual, bytes: none, holdMs: fault.holdMs };
    case 'reset':
      return { ...usual, bytes: Buffer.concat([head, reply.body]).subarray(0, fault.afterBytes), end: 'reset' };
    case 'half-answer':
      return { ...usual, bytes: halfOf(head, reply.body) };
    case 'wrong-length':
      return { ...usual, bytes: Buffer.concat([headOf(withLength(reply, fault.byBytes)), reply.body]) };
    case 'slow-answer':
      return { ...usual, bytes: Buffer.concat([head, reply.body]), bytesPerSecond: fault.bytesPerSecond };
    case 'bad-chunk':
      return { ...usual, bytes: Buffer.concat([headOf(chunkedReply(reply)), badChunks(reply.body)]) };
    case 'endless-body': {
      const repeated = { unit: chunk(unitOf(reply.body)), maxBytes: fault.maxBytes };
      return { ...usual, bytes: headOf(chunkedReply(reply)), repeated, bytesPerSecond: fault.bytesPerSecond, limitMs: endlessMs };
    }
    case 'http-1.0':
      return { ...usual, bytes: Buffer.concat([headOf(withoutLength(reply), '1.0'), reply.body]) };
  }
}

/** Half of a body with its head, or half of the head. */
function halfOf(head: Uint8Array, body: Uint8Array): Uint8Array {
  if (body.byteLength < 2) return head.subarray(0, Math.floor(head.byteLength / 2));
  return Buffer.concat([head, body.subarray(0, Math.floor(body.byteLength / 2))]);
}

/** A body at least once, and so often that its pieces are not small. */
export function unitOf(body: Uint8Array): Uint8Array {
  const part = body.byteLength === 0 ? filler : body;
  return part.byteLength >= unitBytes ? part : Buffer.concat(Array<Uint8Array>(Math.floor(unitBytes / part.byteLength)).fill(part));
}

/** An answer whose Content-Length is wrong by some bytes. */
function withLength(reply: Reply, byBytes: number): Reply {
  const length = String(Math.max(0, reply.body.byteLength + byBytes));
  return { ...reply, headers: reply.headers.map(([name, value]) => [name, isLength(name) ? length : value] as const) };
}

/** An answer without a Content-Length. */
export function withoutLength(reply: Reply): Reply {
  return { ...reply, headers: reply.headers.filter(([name]) => !isLength(name)) };
}

function chunkedReply(reply: Reply): Reply {
  const { headers } = withoutLength(reply);
  return { ...reply, headers: [...headers, ['Transfer-Encoding', 'chunked']] };
}

function isLength(name: string): boolean {
  return name.toLowerCase() === 'content-length';
}

function chunk(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from(`${bytes.byteLength.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

/** A chunk with half of the body, and one whose size is not a number. */
function badChunks(body: Uint8Array): Uint8Array {
  const half = Math.floor(body.byteLength / 2);
  const good = half === 0 ? none : chunk(body.subarray(0, half));
  return Buffer.concat([good, Buffer.from('ZZ\r\n'), body.subarray(half), Buffer.from('\r\n')]);
}

/** The head of an answer that ends its connection, as Node would write it. */
/** The head of an HTTP/1.1 answer after which the connection is closed. */
export function headOf({ status, headers }: Pick<Reply, 'status' | 'headers'>, version = '1.1'): Uint8Array {
  const all: readonly HeaderField[] = [...headers, ['Connection', 'close']];
  const lines = [`HTTP/${version} ${status} ${STATUS_CODES[status] ?? 'unknown'}`, ...all.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
