import { Buffer } from 'node:buffer';
import { bodyCause, type BodyStep } from './body-steps.ts';
import type { BodyDoc } from './body-doc.ts';

const why = 'the text was turned into bytes in a character set that cannot hold it before it was hashed';
const remedy = 'Hash the bytes of the body as they are sent, in UTF-8, and not a text that was decoded and encoded again.';

/** What a program may have hashed in place of letters outside ASCII. */
export const charsetSteps: readonly BodyStep[] = [
  charsetStep('question-marks', 1.35, 'each letter outside ASCII is hashed as a question mark', (text) =>
    Buffer.from(text.replace(/[\u0080-\uffff]/g, '?'), 'latin1'),
  ),
  charsetStep('question-mark-each', 1.4, 'each character outside ASCII, emoji too, is hashed as one question mark', (text) =>
    Buffer.from(text.replace(/[^\0-\x7f]/gu, '?'), 'latin1'),
  ),
  charsetStep('question-mark-bytes', 1.4, 'each byte outside ASCII is hashed as a question mark', (text) =>
    Buffer.from(Buffer.from(text, 'utf8').map((byte) => (byte < 0x80 ? byte : 0x3f))),
  ),
  charsetStep('latin-1-question-marks', 1.4, 'letters that Latin-1 lacks are hashed as question marks, the others as one byte', (text) =>
    /[^\0-\xff]/.test(text) ? Buffer.from(text.replace(/[^\0-\xff]/gu, '?'), 'latin1') : null,
  ),
  charsetStep('letters-dropped', 1.35, 'letters outside ASCII are left out before hashing', (text) =>
    Buffer.from(text.replace(/[\u0080-\uffff]/g, ''), 'latin1'),
  ),
  charsetStep('low-bytes', 1.4, 'of each letter outside Latin-1 only the low byte is hashed', (text) =>
    /[^\0-\xff]/.test(text) ? Buffer.from(text, 'latin1') : null,
  ),
  charsetStep('replaced-bytes', 1.4, 'each byte outside ASCII is hashed as the replacement character (U+FFFD)', (text) =>
    Buffer.from([...Buffer.from(text, 'utf8').toString('latin1')].map((sign) => (sign < '\u0080' ? sign : '\ufffd')).join(''), 'utf8'),
  ),
  {
    cause: bodyCause(
      'replacement-characters',
      1,
      'bytes that are no UTF-8 are hashed as replacement characters (U+FFFD)',
      'the body was decoded as UTF-8 with replacement before hashing',
      'Hash the bytes of the body before they are decoded.',
    ),
    stage: 5,
    family: 'charset',
    apply: (doc) => (doc.utf8() === null ? Buffer.from(withReplacement(doc), 'utf8') : null),
  },
  {
    cause: bodyCause(
      'invalid-dropped',
      1.3,
      'bytes that are no UTF-8 are left out',
      'the body was decoded as UTF-8, and what is none was dropped, before hashing',
      'Hash the bytes of the body before they are decoded.',
    ),
    stage: 5,
    family: 'charset',
    apply: (doc) => (doc.utf8() === null ? Buffer.from(withReplacement(doc).replaceAll('\ufffd', ''), 'utf8') : null),
  },
  ...(
    [
      ['utf-16le', 1.2, 'UTF-16 (little endian)', false, ''],
      ['utf-16be', 1.3, 'UTF-16 (big endian)', true, ''],
      ['utf-16le-bom', 1.4, 'UTF-16 (little endian) with a byte order mark', false, '\ufeff'],
      ['utf-16be-bom', 1.4, 'UTF-16 (big endian) with a byte order mark', true, '\ufeff'],
    ] as const
  ).map(([id, cost, words, isBigEndian, mark]): BodyStep => ({
    cause: bodyCause(
      id,
      cost,
      `the body is hashed as ${words}`,
      'the text was turned into bytes as UTF-16 before it was hashed',
      'Hash the bytes of the body as they are sent; in .NET use Encoding.UTF8 and not Encoding.Unicode.',
    ),
    stage: 5,
    family: 'charset',
    isAlone: true,
    apply: (doc) => {
      const text = doc.utf8();
      if (text === null) return null;
      const bytes = Buffer.from(mark + text, 'utf16le');
      return isBigEndian ? bytes.swap16() : bytes;
    },
  })),
];

function charsetStep(id: string, cost: number, change: string, encode: (text: string) => Uint8Array | null): BodyStep {
  return {
    cause: bodyCause(id, cost, change, why, remedy),
    stage: 5,
    family: 'charset',
    apply: (doc) => {
      const text = doc.utf8();
      return text === null || /^[\0-\x7f]*$/.test(text) ? null : encode(text);
    },
  };
}

function withReplacement({ bytes }: BodyDoc): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
