import { Buffer } from 'node:buffer';
import { isUtf8 } from 'node:buffer';
import { knownLayouts, minified, writeJson, type JsonLayout } from './json-style.ts';
import { readJson, type JsonNode } from './json-tree.ts';

/** Bodies above this are not read as UTF-8 or JSON: their ends, line ends, size and packing are tried all the same. */
const textLimitBytes = 1_048_576;

/** A body with its parsed forms, each parsed once and only when needed. */
export interface BodyDoc {
  readonly bytes: Uint8Array;
  /** One character per byte. */
  readonly latin1: () => string;
  /** Null when the bytes are not UTF-8, or too many. */
  readonly utf8: () => string | null;
  readonly json: () => JsonNode | null;
  /** The known layout of this JSON; the minified one when it has none. */
  readonly layout: () => JsonLayout;
}

/** Wraps bytes; nothing is parsed yet. */
export function createBodyDoc(bytes: Uint8Array): BodyDoc {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isSmall = bytes.byteLength <= textLimitBytes;
  const latin1 = once(() => buffer.toString('latin1'));
  const json = once(() => {
    if (!isSmall) return null;
    const text = latin1();
    return /^\s*[[{]/.test(text) ? readJson(text) : null;
  });
  return {
    bytes,
    latin1,
    utf8: once(() => (isSmall && isUtf8(buffer) ? buffer.toString('utf8') : null)),
    json,
    layout: once(() => {
      const node = json();
      const text = latin1().trim().replaceAll('\r\n', '\n');
      if (node === null) return minified;
      return Object.values(knownLayouts).find((layout) => writeJson(node, { layout }) === text) ?? minified;
    }),
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
