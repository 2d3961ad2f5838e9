import { Buffer } from 'node:buffer';
import { bodyCause, byteTextStep, copyAsFile, textStep, useRawBody, type BodyStep } from './body-steps.ts';

const lineEnds = 'something changed the line ends on the way';
const lastLine = 'copying, or an editor, changed the end of the body';
const chat = 'a chat or mail program replaced characters as the text was copied';
const charset = 'something read the bytes in the wrong character set';
const readAsUtf8 = 'Read and write the body as bytes, or as UTF-8 throughout.';

/** Byte order mark as UTF-8, one character per byte. */
const mark = '\xef\xbb\xbf';

/** Changes of line ends, of both ends of the text, and of characters. */
export const textSteps: readonly BodyStep[] = [
  byteTextStep(bodyCause('lf', 1, 'line ends are LF instead of CRLF', lineEnds, copyAsFile), 4, 'line-ends', (text) =>
    text.includes('\r') ? text.replace(/\r\n?/g, '\n') : null,
  ),
  byteTextStep(bodyCause('crlf', 1, 'line ends are CRLF instead of LF', lineEnds, copyAsFile), 4, 'line-ends', (text) =>
    text.includes('\n') ? text.replace(/\r?\n/g, '\r\n') : null,
  ),
  byteTextStep(bodyCause('newline-added', 1, 'the body ends with a newline (LF)', lastLine, copyAsFile), 5, 'end', (text) => `${text}\n`),
  byteTextStep(
    bodyCause('crlf-added', 1.1, 'the body ends with a newline (CRLF)', lastLine, copyAsFile),
    5,
    'end',
    (text) => `${text}\r\n`,
  ),
  byteTextStep(bodyCause('newline-removed', 1, 'the last newline of the body is removed', lastLine, copyAsFile), 2, 'end', (text) =>
    text.endsWith('\n') ? text.replace(/\r?\n$/, '') : null,
  ),
  byteTextStep(bodyCause('trimmed', 1, 'white space around the body is removed', lastLine, copyAsFile), 2, 'end', (text) => trimmed(text)),
  byteTextStep(
    bodyCause(
      'bom-removed',
      1,
      'the byte order mark at the start of the body is removed',
      'an editor saved the body with a byte order mark',
      copyAsFile,
    ),
    1,
    'bom',
    (text) => (text.startsWith(mark) ? text.slice(mark.length) : null),
  ),
  byteTextStep(
    bodyCause(
      'bom-added',
      1.2,
      'the body starts with a byte order mark',
      'something dropped the byte order mark when it decoded the body',
      useRawBody,
    ),
    5,
    'bom',
    (text) => (text.startsWith(mark) ? null : mark + text),
  ),
  textStep(
    bodyCause('chat-characters', 1.1, 'curly quotes and no-break spaces are plain ones', chat, copyAsFile),
    2,
    'chat',
    plainCharacters,
  ),
  textStep(bodyCause('chat-spaces', 1, 'no-break and zero-width spaces are plain ones or gone', chat, copyAsFile), 2, 'chat', plainSpaces),
  textStep(bodyCause('chat-quotes', 1, 'curly quotes are straight ones', chat, copyAsFile), 2, 'chat', plainQuotes),
  {
    cause: bodyCause('mojibake-repaired', 1, 'characters such as Ã© are turned back to the one they were (é)', charset, readAsUtf8),
    stage: 2,
    family: 'charset',
    apply: (doc) => {
      const text = doc.utf8();
      const bytes = text === null ? null : singleBytes(text);
      return bytes !== null && isMultiByte(bytes) ? bytes : null;
    },
  },
  {
    cause: bodyCause('to-latin-1', 1.1, 'letters outside ASCII are one byte each (Latin-1) and not UTF-8', charset, readAsUtf8),
    stage: 5,
    family: 'charset',
    apply: (doc) => {
      const text = doc.utf8();
      const bytes = text === null ? null : singleBytes(text);
      return bytes === null || isMultiByte(bytes) ? null : bytes;
    },
  },
  {
    cause: bodyCause('to-utf-8', 1, 'the Latin-1 letters of the body are UTF-8', charset, readAsUtf8),
    stage: 2,
    family: 'charset',
    apply: (doc) => (doc.utf8() === null ? doubled(doc.latin1()) : null),
  },
  {
    cause: bodyCause(
      'mojibake-signed',
      1.1,
      'the UTF-8 letters of the body are encoded as UTF-8 once more (é as Ã©)',
      'the sender signs text that was decoded in the wrong character set',
      readAsUtf8,
    ),
    stage: 5,
    family: 'charset',
    apply: (doc) => (doc.utf8() === null ? null : doubled(doc.latin1())),
  },
  textStep(
    bodyCause('composed', 1.4, 'accented letters are single characters (NFC)', 'something normalised the text', useRawBody),
    2,
    'charset',
    (text) => (isAscii(text) ? null : text.normalize('NFC')),
  ),
  textStep(
    bodyCause('decomposed', 1.5, 'accented letters are letter and accent apart (NFD)', 'something normalised the text', useRawBody),
    2,
    'charset',
    (text) => (isAscii(text) ? null : text.normalize('NFD')),
  ),
];

/** Trims JSON white space; not with a regular expression, which would be slow for a body of only spaces. */
function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && ' \t\r\n'.includes(text.charAt(start))) start += 1;
  while (end > start && ' \t\r\n'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isAscii(text: string): boolean {
  return /^[\0-\x7f]*$/.test(text);
}

function plainQuotes(text: string): string {
  return text.replace(/[\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb]/g, '"').replace(/[\u2018\u2019\u201a\u201b\u2032]/g, "'");
}

function plainSpaces(text: string): string {
  return text.replace(/[\u00a0\u2007\u202f]/g, ' ').replace(/[\u200b-\u200d\u2060\ufeff]/g, '');
}

function plainCharacters(text: string): string {
  return plainSpaces(plainQuotes(text)).replaceAll('\u2026', '...').replaceAll('\u2013', '--').replaceAll('\u2014', '--');
}

/** The characters of Windows-1252 in place of Latin-1 control codes, by byte. */
const windows1252 = new Map(
  [
    ...'\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178',
  ].map(
    (sign, index) =>
      [
        sign,
        [
          128, 130, 131, 132, 133, 134, 135, 136, 137, 138, 139, 140, 142, 145, 146, 147, 148, 149, 150, 151, 152, 153, 154, 155, 156, 158,
          159,
        ][index] ?? 63,
      ] as const,
  ),
);

/** Each character as one byte of Latin-1 or Windows-1252; null when one has no such byte, or all are ASCII. */
function singleBytes(text: string): Uint8Array | null {
  if (isAscii(text)) return null;
  const bytes = Buffer.alloc(text.length);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const byte = code < 256 ? code : windows1252.get(text.charAt(index));
    if (byte === undefined) return null;
    bytes[index] = byte;
  }
  return bytes;
}

/** Whether bytes are UTF-8 with letters of more than one byte among them. */
function isMultiByte(bytes: Uint8Array): boolean {
  try {
    return !isAscii(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return false;
  }
}

/** One-byte characters as UTF-8; null when all are ASCII. */
function doubled(latin1: string): Uint8Array | null {
  return isAscii(latin1) ? null : Buffer.from(latin1, 'utf8');
}
