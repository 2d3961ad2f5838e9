import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import type { HeaderField } from '#shared/contract/common.ts';

/** A body with the headers that say how it is packed. */
export interface PackedBody {
  readonly bytes: Uint8Array;
  readonly headers: readonly HeaderField[];
}

/** Compressors by the content coding that says so; `deflate` is meant in two ways. */
export const packers: readonly (readonly [name: string, coding: string, pack: (bytes: Uint8Array) => Uint8Array])[] = [
  ['gzip', 'gzip', (bytes) => gzipSync(bytes)],
  ['x-gzip', 'x-gzip', (bytes) => gzipSync(bytes)],
  ['deflate with the frame of zlib', 'deflate', (bytes) => deflateSync(bytes)],
  ['deflate without it', 'deflate', (bytes) => deflateRawSync(bytes)],
  ['br', 'br', (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } })],
  ['zstd', 'zstd', (bytes) => zstdCompressSync(bytes)],
];

/** A text as a body of JSON in a charset, packed. */
export function packed(text: string | Uint8Array, coding: string): PackedBody {
  const pack = packers.find(([, other]) => other === coding)?.[2];
  if (pack === undefined) throw new Error(`There is no packer for ${coding}.`);
  return {
    bytes: pack(typeof text === 'string' ? Buffer.from(text, 'utf8') : text),
    headers: [
      ['Content-Type', 'application/json'],
      ['Content-Encoding', coding],
    ],
  };
}

/** `text` in each charset that Node can write, or that is written by hand here. */
export function inCharsets(text: string): readonly (readonly [charset: string, bytes: Uint8Array])[] {
  const wide = Buffer.from(text, 'utf16le');
  return [
    ['utf-8', Buffer.from(text, 'utf8')],
    ['iso-8859-1', Buffer.from(text, 'latin1')],
    ['windows-1252', Buffer.from(text, 'latin1')],
    ['utf-16le', wide],
    ['utf-16be', Buffer.from(wide).swap16()],
    ['utf-16', Buffer.concat([Buffer.from([0xff, 0xfe]), wide])],
  ];
}
