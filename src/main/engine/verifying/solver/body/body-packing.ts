import { Buffer } from 'node:buffer';
import { brotliDecompressSync, gunzipSync, inflateRawSync, inflateSync, zstdDecompressSync } from 'node:zlib';
import type { HeaderField } from '#shared/contract/common.ts';
import { readHeader } from '../../../signing/header-values.ts';
import { bodyCause, byteTextStep, textStep, useRawBody, type BodyStep } from './body-steps.ts';
import { isForm } from './form-fields.ts';

/** The limit for unpacked data. */
const unpackedLimitBytes = 8_388_608;

const limits = { maxOutputLength: unpackedLimitBytes } as const;

const unpacked = 'the sender signs the body before it is compressed';
const formed = 'something took the form apart before verification';
const cut = 'the body was cut at a limit where it was signed';

/** Sizes at which servers and programs are known to cut. */
const usualSizes = [
  1000, 1024, 2000, 2048, 4000, 4096, 8000, 8192, 10_000, 10_240, 16_384, 32_768, 65_535, 65_536, 100_000, 102_400, 131_072, 262_144,
  524_288, 1_000_000, 1_048_576,
];

/** Changes of how the body is packed: compression, base64, forms, percent encoding, JSON in a JSON string, and what was lost. */
export function packingSteps(headers: readonly HeaderField[], bodyBytes: number): readonly BodyStep[] {
  return [...compressionSteps, ...textPackingSteps, ...lostSteps, ...cutSteps(headers, bodyBytes)];
}

const compressionSteps: readonly BodyStep[] = [
  unzipStep('gunzipped', 1, 'the body is unpacked (gzip)', (bytes) =>
    bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes, limits) : null,
  ),
  unzipStep('inflated', 1.1, 'the body is unpacked (deflate)', (bytes) => ((bytes[0] ?? 0) === 0x78 ? inflateSync(bytes, limits) : null)),
  unzipStep('inflated-raw', 1.4, 'the body is unpacked (raw deflate)', (bytes) =>
    isPlainText(bytes) ? null : inflateRawSync(bytes, limits),
  ),
  unzipStep('brotli', 1.2, 'the body is unpacked (Brotli)', (bytes) => (isPlainText(bytes) ? null : brotliDecompressSync(bytes, limits))),
  unzipStep('zstd', 1.1, 'the body is unpacked (Zstandard)', (bytes) =>
    bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd ? zstdDecompressSync(bytes, limits) : null,
  ),
];

function unzipStep(id: string, cost: number, change: string, unzip: (bytes: Uint8Array) => Uint8Array | null): BodyStep {
  return {
    cause: bodyCause(id, cost, change, unpacked, 'Verify the bytes as they are after decompression.'),
    stage: 1,
    family: 'compression',
    apply: (doc) => {
      try {
        return doc.bytes.byteLength === 0 || doc.bytes.byteLength > unpackedLimitBytes ? null : unzip(doc.bytes);
      } catch {
        // Not compressed in this way, or larger than the limit when unpacked.
        return null;
      }
    },
  };
}

/** First bytes of plain text, which show that the body is not compressed. */
function isPlainText(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 64).every((byte) => byte >= 0x20 || byte === 9 || byte === 10 || byte === 13);
}

const textPackingSteps: readonly BodyStep[] = [
  {
    cause: bodyCause(
      'base64-decoded',
      1.1,
      'the body is decoded from base64',
      'a gateway handed the body over as base64',
      'Decode the body before it is verified.',
    ),
    stage: 1,
    family: 'base64',
    apply: (doc) => {
      const text = doc.latin1().replace(/[\r\n]+/g, '');
      return /^[A-Za-z0-9+/]{8,}={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
    },
  },
  textStep(
    bodyCause('json-string-decoded', 1.2, 'the JSON string that the body is in is decoded', 'something encoded the JSON twice', useRawBody),
    1,
    'json-string',
    (text) => (/^\s*"/.test(text) ? parsedString(text) : null),
  ),
  textStep(
    bodyCause(
      'backslashes-removed',
      1.2,
      'the backslashes before quotes are removed',
      'the body was copied out of a log or a program text',
      'Take the body from a capture, not from a log.',
    ),
    1,
    'json-string',
    (text) => (text.includes('\\"') ? parsedString(`"${text}"`) : null),
  ),
  textStep(
    bodyCause(
      'json-string-encoded',
      1.5,
      'the body is written as a JSON string',
      'the sender encodes the JSON twice before it signs',
      useRawBody,
    ),
    5,
    'json-string',
    (text) => JSON.stringify(text),
  ),
  textStep(bodyCause('form-unwrapped', 1, 'only the value of payload= is taken, decoded', formed, useRawBody), 1, 'form', unwrapped),
  textStep(
    bodyCause('form-wrapped', 1, 'the body is put back into a form as payload=', formed, useRawBody),
    5,
    'form',
    (text) => `payload=${plusEncoded(text)}`,
  ),
  textStep(
    bodyCause('form-wrapped-percent', 1.1, 'the body is put back into a form as payload=, with %20 for spaces', formed, useRawBody),
    5,
    'form',
    (text) => `payload=${percentEncoded(text)}`,
  ),
  textStep(
    bodyCause('form-wrapped-plain', 1.3, 'payload= stands before the body', formed, useRawBody),
    5,
    'form',
    (text) => `payload=${text}`,
  ),
  textStep(
    bodyCause('percent-decoded', 1.1, 'the body is percent-decoded', 'the sender signs the text before it is percent-encoded', useRawBody),
    1,
    'percent',
    (text) => decoded(text.replaceAll('+', ' ')),
  ),
  textStep(
    bodyCause(
      'percent-decoded-plus',
      1.2,
      'the body is percent-decoded, with + kept',
      'the sender signs the text before it is percent-encoded',
      useRawBody,
    ),
    1,
    'percent',
    decoded,
  ),
  textStep(
    bodyCause('percent-encoded', 1.2, 'the body is percent-encoded', 'something decoded the body before verification', useRawBody),
    5,
    'percent',
    percentEncoded,
  ),
  textStep(
    bodyCause(
      'form-encoded',
      1.1,
      'the values of the form are percent-encoded',
      'something decoded the form before verification',
      useRawBody,
    ),
    5,
    'percent',
    (text) => fieldsEncoded(text, plusEncoded),
  ),
  textStep(
    bodyCause(
      'form-encoded-percent',
      1.2,
      'the values of the form are percent-encoded, with %20 for spaces',
      'something decoded the form before verification',
      useRawBody,
    ),
    5,
    'percent',
    (text) => fieldsEncoded(text, percentEncoded),
  ),
  byteTextStep(
    bodyCause('plus-to-percent', 1, 'spaces are %20 and not +', 'something encoded the form anew', useRawBody),
    5,
    'percent',
    (text) => (isForm(text) ? text.replaceAll('+', '%20') : null),
  ),
  byteTextStep(
    bodyCause('percent-to-plus', 1, 'spaces are + and not %20', 'something encoded the form anew', useRawBody),
    5,
    'percent',
    (text) => (isForm(text) ? text.replaceAll('%20', '+') : null),
  ),
  byteTextStep(
    bodyCause('percent-lower', 1.1, 'percent escapes are in lower case', 'something encoded the form anew', useRawBody),
    5,
    'percent-case',
    (text) => text.replace(/%[0-9A-Fa-f]{2}/g, (escape) => escape.toLowerCase()),
  ),
  byteTextStep(
    bodyCause('percent-upper', 1.1, 'percent escapes are in upper case', 'something encoded the form anew', useRawBody),
    5,
    'percent-case',
    (text) => text.replace(/%[0-9A-Fa-f]{2}/g, (escape) => escape.toUpperCase()),
  ),
  byteTextStep(
    bodyCause('form-sorted', 1.3, 'the fields of the form are in alphabetical order', 'something encoded the form anew', useRawBody),
    3,
    'form-order',
    (text) => (isForm(text) && text.includes('&') ? text.split('&').toSorted().join('&') : null),
  ),
];

function parsedString(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function decoded(text: string): string | null {
  if (!text.includes('%')) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function unwrapped(text: string): string | null {
  const match = /^(?:payload|data|body)=/.exec(text);
  if (match === null) return null;
  const value = text.slice(match[0].length).split('&')[0] ?? '';
  return decoded(value.replaceAll('+', ' ')) ?? value;
}

/** A lone half of a surrogate pair has no percent encoding. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function plusEncoded(text: string): string {
  return percentEncoded(text).replaceAll('%20', '+').replaceAll('%2A', '*');
}

/** Encodes fields whose values are not encoded; values that contain & or = are ambiguous. */
function fieldsEncoded(text: string, encode: (value: string) => string): string | null {
  if (!/^[\w.[\]-]+=/.test(text)) return null;
  return text
    .split('&')
    .map((field) => {
      const split = field.indexOf('=');
      return split === -1 ? encode(field) : `${encode(field.slice(0, split))}=${encode(field.slice(split + 1))}`;
    })
    .join('&');
}

const consumed = 'the body was read or parsed before the signature was made or checked';
const lostSteps: readonly BodyStep[] = [
  ['empty', 1.5, '', 'the body is empty'],
  ['empty-object', 1.7, '{}', 'the body is {}'],
  ['undefined', 1.8, 'undefined', 'the body is the word undefined'],
  ['null', 1.8, 'null', 'the body is the word null'],
  ['object-object', 1.7, '[object Object]', 'the body is [object Object]'],
].map(([id, cost, text, change]) => ({
  cause: bodyCause(
    `lost-${id as string}`,
    cost as number,
    change as string,
    consumed,
    'Sign and verify the raw body, read once and before any parser.',
  ),
  stage: 6 as const,
  family: 'lost',
  apply: () => Buffer.from(text as string),
}));

/** Cuts at the size that a header gives, at the number of characters instead of bytes, and at usual limits. */
function cutSteps(headers: readonly HeaderField[], bodyBytes: number): readonly BodyStep[] {
  const announced = Number(readHeader(headers, 'content-length')?.text ?? Number.NaN);
  const atAnnounced = Number.isSafeInteger(announced) && announced >= 0 && announced < bodyBytes ? [announced] : [];
  const sizes = [...new Set([...atAnnounced, ...usualSizes.filter((size) => size < bodyBytes)])];
  return [
    ...sizes.map((size): BodyStep => {
      const id = size === announced ? 'cut-at-content-length' : 'cut';
      const place = size === announced ? `${size} bytes, as Content-Length says` : `${size.toLocaleString('en-US')} bytes`;
      return {
        cause: bodyCause(
          id,
          size === announced ? 1 : 1.4,
          `the body is cut at ${place}`,
          cut,
          'Raise the limit, and sign and verify the whole body.',
        ),
        stage: 6,
        family: 'cut',
        apply: (doc) => (doc.bytes.byteLength > size ? doc.bytes.subarray(0, size) : null),
      };
    }),
    {
      cause: bodyCause(
        'cut-at-characters',
        1.2,
        'the body is cut at as many bytes as it has characters',
        'a program counted characters where bytes were meant',
        'Count the bytes of the encoded body, not its characters.',
      ),
      stage: 6,
      family: 'cut',
      apply: (doc) => {
        const text = doc.utf8();
        return text !== null && text.length < doc.bytes.byteLength ? doc.bytes.subarray(0, text.length) : null;
      },
    },
  ];
}
