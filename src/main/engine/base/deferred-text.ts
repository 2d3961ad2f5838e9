import { Buffer } from 'node:buffer';
import { JsonText } from '#shared/contract/json.ts';
import { DeferredText } from '#shared/contract/deferred-text.ts';

/** From this many bytes on they are sent as bytes, without making a text first. */
const deferredFromBytes = 65_536;

/**
 * Bytes that an answer contains as text, in base64 or as UTF-8. They belong to the answer: whoever writes it may transfer
 * their memory to a thread.
 */
export class BytesAsText extends DeferredText {
  /** The pieces of the text, in order. */
  readonly pieces: readonly Uint8Array[];
  readonly coding: 'base64' | 'utf8';

  constructor(pieces: readonly Uint8Array[], coding: BytesAsText['coding']) {
    super();
    this.pieces = pieces;
    this.coding = coding;
  }

  /** The size of the text, or nearly. */
  get length(): number {
    const bytes = sizeOf(this.pieces);
    return this.coding === 'base64' ? Math.ceil(bytes / 3) * 4 : bytes;
  }

  override toJSON(): string {
    return Buffer.concat(this.pieces).toString(this.coding);
  }
}

/** The base64 of pieces of bytes, for an answer: a plain text when it is small. */
export function base64ForAnswer(...pieces: readonly Uint8Array[]): string {
  return textIfSmall(new BytesAsText(pieces, 'base64'));
}

/** Text in UTF-8, for an answer: a plain text when it is small. */
export function utf8ForAnswer(bytes: Uint8Array): string {
  return textIfSmall(new BytesAsText([bytes], 'utf8'));
}

/** An answer with its bytes turned into texts, for a reader in this process; empty ones where they would be longer than it takes. */
export function withTextsMade<T>(answer: T, limitCharacters = Number.POSITIVE_INFINITY): T {
  return made(answer, limitCharacters) as T;
}

function made(value: unknown, limit: number): unknown {
  if (value instanceof DeferredText) return value instanceof BytesAsText && value.length > limit ? '' : value.toJSON();
  if (value instanceof JsonText) return value.text.length > limit ? null : JSON.parse(value.text);
  if (Array.isArray(value)) return value.map((each) => made(each, limit));
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, made(each, limit)]));
}

function textIfSmall(bytes: BytesAsText): string {
  // Every reader outside this process gets it as a text.
  return sizeOf(bytes.pieces) < deferredFromBytes ? bytes.toJSON() : (bytes as unknown as string);
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((size, { byteLength }) => size + byteLength, 0);
}
