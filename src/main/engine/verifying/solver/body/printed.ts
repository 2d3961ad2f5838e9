import { htmlUnescape } from '#shared/text/escapes.ts';
import { Buffer } from 'node:buffer';
import { bodyCause, byteTextStep, copyAsFile, textStep, type BodyStep } from './body-steps.ts';
import { writeJson } from './json-style.ts';
import { readJson } from './json-tree.ts';
import { readDump, unquoted } from './read-dump.ts';

const printed = 'the body was copied from what a program printed';
const mailed = 'the body was copied out of a mail';
const useCapture = 'Take the body from a file or a capture, not from what was printed.';

/** Bodies as programs, mails and pages show them, converted back to what was sent. */
export const printedSteps: readonly BodyStep[] = [
  textStep(
    bodyCause('dump-read', 1, 'the printed object is written as minified JSON', 'a parsed body was printed, and not the bytes', useCapture),
    1,
    'printed',
    (text) => {
      if (readJson(Buffer.from(text, 'utf8').toString('latin1')) !== null) return null;
      const node = readDump(text);
      return node === null ? null : Buffer.from(writeJson(node, {}), 'latin1').toString('utf8');
    },
  ),
  {
    cause: bodyCause('bytes-literal', 1, "the bytes are taken out of Python's b'...'", printed, useCapture),
    stage: 1,
    family: 'printed',
    apply: ({ utf8 }) => {
      const quoted = /^\s*b(?:'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*")\s*$/.exec(utf8() ?? '');
      return quoted === null ? null : Buffer.from(unquoted(quoted[0].trim().slice(1)), 'latin1');
    },
  },
  textStep(bodyCause('quotes-removed', 1.1, 'the quotes around the body are removed', printed, useCapture), 1, 'printed', (text) => {
    const inner = /^\s*('[^]*'|`[^]*`)\s*$/.exec(text)?.[1];
    return inner === undefined ? null : unquoted(inner);
  }),
  textStep(
    bodyCause('fence-removed', 1, 'the code fence (```) around the body is removed', 'the body was copied with its Markdown', useCapture),
    1,
    'printed',
    (text) => /^\s*(?:```|~~~)[\w-]*\r?\n([^]*?)\r?\n?(?:```|~~~)\s*$/.exec(text)?.[1] ?? null,
  ),
  textStep(
    bodyCause(
      'entities-decoded',
      1,
      'HTML entities such as &quot; are decoded',
      'the body was copied out of the source of a page',
      copyAsFile,
    ),
    1,
    'printed',
    (text) => (/&(?:quot|amp|lt|gt|apos|nbsp|#\d{1,5}|#x[0-9a-f]{1,5});/i.test(text) ? htmlUnescape(text) : null),
  ),
  byteTextStep(
    bodyCause(
      'quoted-printable',
      1,
      'the body is decoded from quoted-printable',
      'the body was copied out of the source of a mail',
      copyAsFile,
    ),
    1,
    'printed',
    (text) => (/=(?:\r?\n|[0-9A-F]{2})/.test(text) ? withoutQuotedPrintable(text) : null),
  ),
  byteTextStep(
    bodyCause('mail-quotes-removed', 1, 'the > at the start of each line is removed', mailed, copyAsFile),
    1,
    'printed',
    (text) => (/^> ?/.test(text.trimStart()) ? text.replace(/^[ \t]*> ?/gm, '') : null),
  ),
  byteTextStep(
    bodyCause(
      'hex-escapes-decoded',
      1.1,
      'escapes such as \\x22 are decoded',
      'the body was copied out of a log of a web server',
      useCapture,
    ),
    1,
    'printed',
    (text) =>
      /\\x[0-9a-fA-F]{2}/.test(text)
        ? text.replace(/\\x([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        : null,
  ),
  {
    cause: bodyCause('numbers-decoded', 1, 'the printed numbers or hex of the bytes are turned back into bytes', printed, useCapture),
    stage: 1,
    family: 'printed',
    apply: ({ latin1 }) => bytesOfNumbers(latin1()),
  },
  byteTextStep(
    bodyCause(
      'text-around-removed',
      1.2,
      'the text before and after the JSON is removed',
      'more than the body was copied',
      'Copy the body alone, whole and without anything around it.',
    ),
    1,
    'printed',
    withoutAround,
  ),
];

function withoutQuotedPrintable(text: string): string {
  return text.replace(/=[ \t]*\r?\n/g, '').replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** `<Buffer 7b 22>`, a Buffer as JSON, lists of numbers as Java, Go and JavaScript print them, and hex alone. */
function bytesOfNumbers(text: string): Uint8Array | null {
  const bare = text.trim();
  const buffer = /^<Buffer((?: [0-9a-f]{2})+)>$/.exec(bare)?.[1] ?? /^(?:0x|\\x)?((?:[0-9a-fA-F]{2}){4,})$/.exec(bare)?.[1];
  if (buffer !== undefined) return Buffer.from(buffer.replaceAll(' ', ''), 'hex');
  const list =
    /^\{\s*"type"\s*:\s*"Buffer"\s*,\s*"data"\s*:\s*\[([\d\s,]+)\]\s*\}$/.exec(bare)?.[1] ??
    /^(?:Uint8Array\(\d+\)\s*)?\[([-\d\s,]+)\]$/.exec(bare)?.[1];
  const numbers =
    list
      ?.split(/[\s,]+/)
      .filter((digits) => digits !== '')
      .map(Number) ?? [];
  return numbers.length < 2 || numbers.some((number) => !Number.isInteger(number) || number < -128 || number > 255)
    ? null
    : Buffer.from(numbers.map((number) => number & 0xff));
}

/** From the first bracket to the last; null when there is nothing around them. */
function withoutAround(text: string): string | null {
  const start = text.search(/[{[]/);
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
  if (start === -1 || end <= start) return null;
  return text.slice(0, start).trim() === '' && text.slice(end + 1).trim() === '' ? null : text.slice(start, end + 1);
}
