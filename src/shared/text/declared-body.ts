import { binaryText, utf8Bytes } from './text-codec.ts';

/** How the text of a body encodes its bytes. */
export const bodyEncodings = ['text', 'base64', 'hex'] as const;
export type BodyEncoding = (typeof bodyEncodings)[number];

/** The bytes with notes on doubts, or a sentence about why the text cannot be read. */
export type DecodedBody =
  | { readonly ok: true; readonly bytes: Uint8Array<ArrayBuffer>; readonly notes: readonly string[] }
  | { readonly ok: false; readonly message: string };

const symbols = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const symbolValues = new Int8Array(128).fill(-1);
for (let value = 0; value < symbols.length; value += 1) symbolValues[symbols.charCodeAt(value)] = value;
symbolValues['-'.charCodeAt(0)] = 62;
symbolValues['_'.charCodeAt(0)] = 63;

/**
 * Turns a text that is declared to be a body into its bytes: as UTF-8, or strictly from base64 (of the URL kind too) or
 * hex. Line breaks, missing padding and separators are ignored with a note; any other foreign character is an error.
 */
export function decodeDeclaredBody(text: string, encoding: BodyEncoding): DecodedBody {
  switch (encoding) {
    case 'text':
      return { ok: true, bytes: utf8Bytes(text), notes: [] };
    case 'base64':
      return decodeBase64(text);
    case 'hex':
      return decodeHex(text);
  }
}

function fail(message: string): DecodedBody {
  return { ok: false, message };
}

function decodeHex(text: string): DecodedBody {
  const digits = text.replace(/^\s*0x/i, '').replace(/[\s:]/g, '');
  const wrong = /[^0-9a-f]/i.exec(digits)?.[0];
  if (wrong !== undefined) return fail(`"${wrong}" is not a hex digit; use 0-9 and a-f, with spaces or colons if you like.`);
  if (digits.length % 2 !== 0) return fail('There is an odd number of hex digits; each byte takes two.');
  const bytes = new Uint8Array(digits.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = hexValue(digits, at * 2) * 16 + hexValue(digits, at * 2 + 1);
  return { ok: true, bytes, notes: digits.length === text.length ? [] : ['Separators between the hex digits were ignored.'] };
}

function hexValue(digits: string, at: number): number {
  const code = digits.charCodeAt(at);
  return code < 58 ? code - 48 : (code | 32) - 87;
}

function decodeBase64(text: string): DecodedBody {
  const compact = text.replace(/\s/g, '');
  const body = compact.replace(/={1,2}$/, '');
  const wrong = /[^A-Za-z0-9+/_-]/.exec(body)?.[0];
  if (wrong === '=') return fail('There is padding (=) inside the base64, so it was cut or joined from pieces.');
  if (wrong !== undefined) return fail(`"${wrong}" is not a base64 character.`);
  if (body.length % 4 === 1) return fail('A character is missing: Base64 never ends after one character of a group of four.');
  const padding = compact.length - body.length;
  if (padding > 0 && compact.length % 4 !== 0)
    return fail('The padding (=) of the base64 does not fit its length, so something is missing or was added.');
  if (/[-_]/.test(body) && /[+/]/.test(body)) return fail('The base64 mixes its two alphabets (+/ and -_); use the one it was made with.');
  const spare = (body.length * 6) % 8;
  const last = symbolValues[body.charCodeAt(body.length - 1)] ?? 0;
  if (spare > 0 && (last & ((1 << spare) - 1)) !== 0)
    return fail('The last character of the base64 has bits left over, so its end was cut or changed.');
  const notes = [
    ...(compact.length === text.length ? [] : ['Spaces and line breaks in the base64 were ignored.']),
    ...(/[-_]/.test(body) ? ['The base64 is of the URL kind.'] : []),
    ...(body.length % 4 !== 0 && padding === 0 ? ['The base64 has no padding.'] : []),
  ];
  return { ok: true, bytes: base64Bytes(body), notes };
}

/** Bytes of base64 text without padding, of either alphabet, that was checked. */
export function base64Bytes(body: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(Math.floor((body.length * 3) / 4));
  let buffer = 0;
  let bits = 0;
  let to = 0;
  for (let at = 0; at < body.length; at += 1) {
    buffer = ((buffer << 6) | (symbolValues[body.charCodeAt(at)] ?? 0)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[to] = (buffer >> bits) & 0xff;
    to += 1;
  }
  return bytes;
}

const symbolCodes = Uint8Array.from(symbols, (symbol) => symbol.charCodeAt(0));
const paddingCode = '='.charCodeAt(0);

/** Standard base64 of bytes, with padding. */
export function base64Text(bytes: Uint8Array & { readonly toBase64?: () => string }): string {
  if (bytes.toBase64 !== undefined) return bytes.toBase64();
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4).fill(paddingCode);
  const codeOf = (value: number) => symbolCodes[value & 63] ?? 0;
  for (let at = 0, to = 0; at < bytes.length; at += 3, to += 4) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    codes[to] = codeOf(group >> 18);
    codes[to + 1] = codeOf(group >> 12);
    if (at + 1 < bytes.length) codes[to + 2] = codeOf(group >> 6);
    if (at + 2 < bytes.length) codes[to + 3] = codeOf(group);
  }
  return binaryText(codes);
}
