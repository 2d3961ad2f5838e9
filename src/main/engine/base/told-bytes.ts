import { Buffer } from 'node:buffer';
import { JsonText } from '#shared/contract/json.ts';
import { ToldText } from '#shared/contract/told-text.ts';

/** Bytes from which on no text is made of them to tell them. */
const toldAsBytesFrom = 65_536;

/**
 * Bytes that are told as a text, in base64 or as the UTF-8 that they are. They belong to the answer: whoever writes it may give
 * their memory away.
 */
export class ToldBytes extends ToldText {
  /** What the text is made of, one after the other. */
  readonly pieces: readonly Uint8Array[];
  readonly coding: 'base64' | 'utf8';

  constructor(pieces: readonly Uint8Array[], coding: ToldBytes['coding']) {
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

/** The base64 of bytes, one piece after the other, to be told: the text itself where it is small. */
export function toldBase64(...pieces: readonly Uint8Array[]): string {
  return told(new ToldBytes(pieces, 'base64'));
}

/** Text in UTF-8, to be told: the text itself where it is small. */
export function toldUtf8(bytes: Uint8Array): string {
  return told(new ToldBytes([bytes], 'utf8'));
}

/** An answer with its texts made, for who reads it in this process. */
export function withTextsMade<T>(answer: T): T {
  return made(answer) as T;
}

function made(value: unknown): unknown {
  if (value instanceof ToldText) return value.toJSON();
  if (value instanceof JsonText) return JSON.parse(value.text);
  if (Array.isArray(value)) return value.map(made);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, made(each)]));
}

function told(bytes: ToldBytes): string {
  // It is a text by the time that anybody reads it who is not in this process.
  return sizeOf(bytes.pieces) < toldAsBytesFrom ? bytes.toJSON() : (bytes as unknown as string);
}

function sizeOf(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((size, { byteLength }) => size + byteLength, 0);
}
