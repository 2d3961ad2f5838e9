import { Buffer } from 'node:buffer';
import type { Transform } from 'node:stream';
import {
  brotliDecompressSync,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from 'node:zlib';

/** Bytes with a content coding undone, as far as that was possible. */
export interface Inflated {
  readonly bytes: Uint8Array;
  /** There is more data than the limit. */
  readonly isCut: boolean;
  /** Why it stopped early, or null. */
  readonly damage: Damage | null;
}

/** What is wrong with a compressed stream. */
export interface Damage {
  /** `ended`: the stream stops early. `unlike`: it does not begin as the coding does. */
  readonly kind: 'ended' | 'damaged' | 'unlike';
  /** Offset in the compressed bytes up to which they could be read. */
  readonly atByte: number;
}

interface Codec {
  readonly whole: (bytes: Uint8Array, options: { readonly maxOutputLength: number }) => Buffer;
  readonly stream: () => Transform;
  /** The bytes that every stream of the coding begins with. */
  readonly magic: readonly number[];
}

const codecs: Readonly<Record<string, Codec>> = {
  gzip: { whole: gunzipSync, stream: () => createGunzip(), magic: [0x1f, 0x8b] },
  zlib: { whole: inflateSync, stream: () => createInflate(), magic: [] },
  'raw deflate': { whole: inflateRawSync, stream: () => createInflateRaw(), magic: [] },
  br: { whole: brotliDecompressSync, stream: () => createBrotliDecompress(), magic: [] },
  zstd: { whole: zstdDecompressSync, stream: () => createZstdDecompress(), magic: [0x28, 0xb5, 0x2f, 0xfd] },
};

const aliases: Readonly<Record<string, string>> = { 'x-gzip': 'gzip' };

/** Whether a content coding is one that can be undone. */
export function isKnownCoding(coding: string): boolean {
  return coding === 'deflate' || Object.hasOwn(codecs, aliases[coding] ?? coding);
}

/** Undoes one content coding, up to a limit. Never rejects: for a damaged stream it returns what could be read and where it broke off. */
export async function inflate(coding: string, bytes: Uint8Array, limitBytes: number): Promise<Inflated> {
  const codec = codecOf(coding, bytes);
  if (codec === undefined) throw new Error(`The content coding ${coding} is unknown.`);
  if (codec.magic.some((byte, at) => at < bytes.length && bytes[at] !== byte))
    return { bytes: new Uint8Array(), isCut: false, damage: { kind: 'unlike', atByte: 0 } };
  try {
    return { bytes: codec.whole(bytes, { maxOutputLength: limitBytes }), isCut: false, damage: null };
  } catch {
    // Too large or damaged; reading it piece by piece finds out which, and how much can be read.
    return inflateInPieces(codec, bytes, limitBytes);
  }
}

/** Senders mean two things by `deflate`: with the frame of zlib, as the standard says, or without. */
function codecOf(coding: string, bytes: Uint8Array): Codec | undefined {
  if (coding !== 'deflate') return codecs[aliases[coding] ?? coding];
  const [first = 0, second = 0] = bytes;
  return codecs[(first & 0x0f) === 8 && ((first << 8) | second) % 31 === 0 ? 'zlib' : 'raw deflate'];
}

/** Small, because the output of the piece with the damage is lost. */
const pieceBytes = 1024;

async function inflateInPieces(codec: Codec, bytes: Uint8Array, limitBytes: number): Promise<Inflated> {
  const coarse = await feed(codec, bytes, limitBytes, Number.POSITIVE_INFINITY);
  if (coarse.damage?.kind !== 'damaged') return coarse;
  // Again, byte by byte around the damage, for the exact place and everything before it.
  return feed(codec, bytes, limitBytes, coarse.damage.atByte);
}

/** Feeds a stream piece by piece, and from `slowFrom` on byte by byte, until it ends, breaks or has given enough. */
async function feed(codec: Codec, bytes: Uint8Array, limitBytes: number, slowFrom: number): Promise<Inflated> {
  const stream = codec.stream();
  const chunks: Buffer[] = [];
  let size = 0;
  let isBroken = false;
  stream.on('error', () => {
    isBroken = true;
  });
  const closed = new Promise<void>((resolve) => stream.once('close', resolve));
  stream.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > limitBytes) stream.destroy();
  });
  let fed = 0;
  while (fed < bytes.byteLength && !stream.destroyed) {
    const to = Math.min(bytes.byteLength, fed + (fed >= slowFrom ? 1 : pieceBytes));
    await Promise.race([written(stream, bytes.subarray(fed, to)), closed]);
    if (isBroken) break;
    fed = to;
  }
  const brokeAtByte = isBroken ? fed : null;
  if (!stream.destroyed) stream.end();
  await closed;
  const isCut = size > limitBytes;
  const damage: Damage | null = isCut || !isBroken ? null : { kind: brokeAtByte === null ? 'ended' : 'damaged', atByte: fed };
  return { bytes: Buffer.concat(chunks).subarray(0, limitBytes), isCut, damage };
}

function written(stream: Transform, piece: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    stream.write(piece, () => resolve());
  });
}
