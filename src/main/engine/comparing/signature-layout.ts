import { Buffer } from 'node:buffer';
import { dateForm } from './date-form.ts';

/** How a signature is written: its labels and marks as they stand, and in place of values what they are. */
export interface SignatureLayout {
  /** Equal for two signatures that are written alike, however many stand in a list. */
  readonly form: string;
  /** For people. */
  readonly text: string;
  /** Whether a value in a known form stands in it: of a signature, or a time or a value sent once, as in `Signature-Input`. */
  readonly hasValue: boolean;
}

/** Private characters around what stands for a value, and for the spaces in it, which no header has. */
const [open, close, space] = ['\ue000', '\ue001', '\ue002'];

/** The longest header that is looked at; servers take no longer ones. */
const headerCharacters = 65_536;

/**
 * What is looked for, in this order: a name of a key, which is no noise; a value that is sent once; a time; the value of a signature; a
 * number.
 */
const piece =
  /(?<key>\bkey-?_?id=(?:"[^"]*"|[^\s,;]*))|(?<=\bnonce=)(?<nonce>"[^"]*"|[^\s,;"]+)|(?<time>\b\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)|(?<data>(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{16,}={0,2}(?![A-Za-z0-9+/_=-]))|(?<number>\b\d{10}(?:\d{3})?\b)/gi;

/** How the value of a header with a signature is written. */
export function signatureLayout(value: string): SignatureLayout {
  if (value.length > headerCharacters || /[\ue000-\ue002]/.test(value)) return { form: value, text: value, hasValue: false };
  const token = tokenLayout(value);
  if (token !== null) return token;
  const marked = withoutRepeats(value.replaceAll(piece, (text, ...rest) => wordOf(text, rest.at(-1) as Groups)));
  const text = marked.replaceAll(open, '<').replaceAll(close, '>').replaceAll(space, ' ');
  return { form: marked, text, hasValue: marked.includes(open) };
}

/** Whether two signatures are written alike: the same parts, labels and marks in the same order, with values of the same encoding and length. */
export function areSignaturesAlike(before: string, after: string): boolean {
  const [one, other] = [signatureLayout(before), signatureLayout(after)];
  if (!one.hasValue || !other.hasValue) return false;
  // A value of base64 may happen to have none of the characters that tell the two alphabets apart.
  const alphabets = new Set(`${one.form}${other.form}`.match(alphabet));
  return alphabets.size < 2 && one.form.replaceAll(alphabet, '') === other.form.replaceAll(alphabet, '');
}

/** What tells in a form which alphabet of base64 its values have. */
const alphabet = /(?<=base64)(?:url|\ue002with\ue002\+\ue002or\ue002\/)(?=\ue001)/g;

type Groups = Readonly<Record<'key' | 'nonce' | 'time' | 'data' | 'number', string | undefined>>;

/** What stands for a piece of a signature; the piece itself where it is no value. */
function wordOf(text: string, { nonce, time, data, number }: Groups): string {
  const word =
    nonce !== undefined
      ? onceWord(nonce)
      : data !== undefined
        ? dataWord(data)
        : time !== undefined || number !== undefined
          ? dateForm(text)
          : null;
  return word === null ? text : `${open}${word.replaceAll(' ', space)}${close}`;
}

function onceWord(nonce: string): string | null {
  return /\d/.test(nonce) ? `${nonce.length} characters that are sent once` : null;
}

/** What the value of a signature is, in words; null for a word, a name, or a placeholder such as zeros. */
function dataWord(text: string): string | null {
  if (/^(.)\1*$/.test(text) || isName(text)) return null;
  if (/^[0-9a-f]+$/.test(text)) return `${text.length} hex digits`;
  if (/^[0-9A-F]+$/.test(text)) return `${text.length} HEX digits`;
  // Of a value in base64 that was put in small letters not all of these are there.
  if (![/[a-z]/, /[A-Z]/, /\d/].every((letters) => letters.test(text)) || (/[+/]/.test(text) && /[_-]/.test(text))) return null;
  const of = `base64${/[_-]/.test(text) ? 'url' : /[+/]/.test(text) ? ' with + or /' : ''}`;
  return isEcdsa(text) ? `an ECDSA signature in ${of}` : `${text.length} characters of ${of}`;
}

/** Whether a text is a name of several words, such as `HMAC-SHA256-Signature`. */
function isName(text: string): boolean {
  const words = text.split(/[-_/]/);
  return text.length < 32 && words.length > 1 && words.every((word) => /^[A-Za-z]+\d{0,4}$/.test(word));
}

/** Whether base64 holds two numbers in DER, whose length varies by some bytes. */
function isEcdsa(text: string): boolean {
  const bytes = Buffer.from(text, 'base64');
  return bytes[0] === 0x30 && bytes[1] === bytes.length - 2 && bytes[2] === 0x02 && bytes.length > 60;
}

/** Signatures of several secrets stand in a list; of those that are written alike one is left. */
function withoutRepeats(marked: string): string {
  return [/(\s+)/, /(\s*[,;]\s*)/].reduce((text, mark) => {
    const parts = text.split(mark);
    return parts.filter((_, index) => !isRepeat(parts, index) && !isRepeat(parts, index + 1)).join('');
  }, marked);
}

/** Whether a part, not a mark, is as the one before it. */
function isRepeat(parts: readonly string[], index: number): boolean {
  return index >= 2 && index % 2 === 0 && parts[index] === parts[index - 2] && parts[index]?.includes(open) === true;
}

/** The layout of a JSON Web Token: its header, which tells algorithm and key, and the names in it. Null for what is none. */
function tokenLayout(value: string): SignatureLayout | null {
  const [, header = '', claims = '', signature = ''] = /^(eyJ[\w-]+)\.([\w-]*)\.([\w-]+)$/.exec(value) ?? [];
  const [head, body] = [objectOf(header), claims === '' ? {} : objectOf(claims)];
  if (head === null || body === null) return null;
  const names = Object.entries(body).map(([name, of]) => `${name}: ${typeof of}`);
  const text = `a JWT with the header ${JSON.stringify(head)}, the claims ${names.join(', ')}, and a signature of ${signature.length} characters`;
  return { form: `${open}${text}${close}`, text, hasValue: true };
}

function objectOf(base64: string): object | null {
  try {
    const value = JSON.parse(Buffer.from(base64, 'base64url').toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}
