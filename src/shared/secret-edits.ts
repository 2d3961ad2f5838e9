import { htmlEscape, jsonEscape } from './text/escapes.ts';
import type { KeyForm, SecretEdit, SecretEditName } from './contract/solver-fix.ts';
import { hexText } from './text/bytes.ts';
import { base64Bytes, base64Text } from './text/declared-body.ts';
import { utf8Bytes, utf8TextOrNull } from './text/text-codec.ts';

type Edit = (text: string) => string | null;

/** A secret with edits made in their order; null where one of them does not apply to it. */
export function editedSecret(text: string, edits: readonly SecretEdit[]): string | null {
  return edits.reduce<string | null>((edited, edit) => {
    if (edited === null) return null;
    return typeof edit === 'string' ? editSecret(edited, edit) : rewrittenSecret(edited, edit.from, edit.to);
  }, text);
}

/** A secret with one edit made; null where it does not apply. */
export function editSecret(text: string, name: SecretEditName): string | null {
  return edits[name](text);
}

/** The texts that stand in one, as settings for a rotation hold several secrets. */
export function partsOfSecret(text: string): readonly string[] {
  return text
    .split(/[|\s;]+|,(?=\S{8})/)
    .map((piece) => unquoted(piece.trim()))
    .filter((piece) => piece !== '' && !/^v\d[a-z]?,?$/i.test(piece))
    .map((piece) => piece.replace(/^v\d[a-z]?,/i, ''));
}

const part =
  (number: number): Edit =>
  (text) =>
    partsOfSecret(text)[number - 1] ?? null;

const first =
  (characters: number): Edit =>
  (text) =>
    text.length > characters ? text.slice(0, characters) : null;

const hexCase =
  (change: (text: string) => string): Edit =>
  (text) =>
    /^[0-9a-f]{16,}$/i.test(text) ? change(text) : null;

const edits: Readonly<Record<SecretEditName, Edit>> = {
  trimmed: (text) => text.trim(),
  unquoted: (text) => unquoted(text.trim()),
  'name-removed': (text) => afterName(text.trim()),
  'scheme-removed': (text) => text.trim().replace(/^(?:Bearer|Basic|Token|HMAC)\s+|^v\d[a-z]?,\s*/i, ''),
  'spaces-removed': (text) => text.replace(/[\s\u200b-\u200d\u2060\ufeff\u00a0]+/g, ''),
  quoted: (text) => `"${text}"`,
  'single-quoted': (text) => `'${text}'`,
  newline: (text) => `${text}\n`,
  crlf: (text) => `${text}\r\n`,
  'carriage-return': (text) => `${text}\r`,
  'space-after': (text) => `${text} `,
  'space-before': (text) => ` ${text}`,
  nul: (text) => `${text}\0`,
  bom: (text) => `\ufeff${text}`,
  'newline-text': (text) => `${text}\\n`,
  'prefix-added': (text) => (text.startsWith('whsec_') ? null : `whsec_${text}`),
  'lower-case': hexCase((text) => text.toLowerCase()),
  'upper-case': hexCase((text) => text.toUpperCase()),
  'hyphens-removed': (text) => (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.replaceAll('-', '') : null),
  'padding-removed': (text) => text.replace(/=+$/, ''),
  'padding-added': (text) => (/^[A-Za-z0-9+/_-]{6,}$/.test(text) && text.length % 4 > 1 ? text + '='.repeat(4 - (text.length % 4)) : null),
  'comment-cut': (text) => (text.includes('#') ? text.slice(0, text.indexOf('#')).trimEnd() : null),
  'variables-expanded': (text) => text.replace(/\$(?:\{\w*\}|\w+)/g, ''),
  'dollars-halved': (text) => text.replaceAll('$$', '$'),
  'backslashes-removed': (text) => text.replace(/\\(.)/g, '$1'),
  'first-32': first(32),
  'first-64': first(64),
  'first-72': first(72),
  'part-1': part(1),
  'part-2': part(2),
  'part-3': part(3),
  'part-4': part(4),
  'part-5': part(5),
  'part-6': part(6),
  'part-7': part(7),
  'part-8': part(8),
  'part-9': part(9),
  'part-10': part(10),
  'html-escaped': (text) => html(text, '&#039;'),
  'html-escaped-39': (text) => html(text, '&#39;'),
  'html-escaped-x27': (text) => html(text, '&#x27;'),
  'json-escaped': (text) => unicode(text, /[<>&=]/g, true),
  'json-escaped-lower': (text) => unicode(text, /[<>&='+]/g, false),
  'json-escaped-html': (text) => unicode(text, /[<>&]/g, false),
  'json-escaped-dotnet': (text) => unicode(text, /[<>&'+"`]/g, true),
  'slashes-escaped': (text) => text.replaceAll('/', '\\/'),
  'backslash-escaped': (text) => text.replace(/["'\\]/g, '\\$&'),
  'json-string': (text) => JSON.stringify(text).slice(1, -1),
  'percent-encoded': percent,
  'percent-encoded-plus': (text) => percent(text).replaceAll('%20', '+'),
  'percent-encoded-lower': (text) => percent(text).replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
  'plus-to-space': (text) => text.replaceAll('+', ' '),
  'space-to-plus': (text) => text.replaceAll(' ', '+'),
  'html-unescaped': unhtml,
  'json-unescaped': unjson,
  'percent-decoded': unpercent,
  'percent-decoded-plus': (text) => unpercent(text.replaceAll('+', ' ')),
};

function unquoted(text: string): string {
  return /^(["'`\u201c\u201d\u2018\u2019])(.+)(["'`\u201c\u201d\u2018\u2019])$/s.exec(text)?.[2] ?? text;
}

/** What follows `NAME=` or `name: `. */
function afterName(text: string): string {
  const rest = /^(?:export\s+)?[A-Za-z][A-Za-z0-9_]*\s*(?:=|:\s)\s*(\S.*)$/s.exec(text)?.[1];
  return rest === undefined || /^=*$/.test(rest) ? text : unquoted(rest);
}

function html(text: string, apostrophe: string): string {
  return htmlEscape(text).replaceAll('&#39;', apostrophe);
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
  '#039': "'",
  '#x27': "'",
};

function unhtml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|apos|#0?39|#x27);/gi, (whole, name: string) => entities[name.toLowerCase()] ?? whole);
}

function unicode(text: string, signs: RegExp, isUpper: boolean): string {
  return text.replace(signs, (sign) => jsonEscape(sign, isUpper ? 'upper' : 'lower'));
}

function unjson(text: string): string | null {
  if (!text.includes('\\')) return null;
  try {
    const value: unknown = JSON.parse(`"${text}"`);
    return typeof value === 'string' ? value : null;
  } catch {
    return null;
  }
}

function percent(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}

function unpercent(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** A prefix such as `whsec_` before a secret. */
export const secretPrefix = /^(?:[A-Za-z]{2,12}_){1,3}(?=.{8})/;

/** The key of a secret in a form; null where the text has no such form. A text without a prefix is whole after it. */
export function keyIn(text: string, form: KeyForm): Uint8Array<ArrayBuffer> | null {
  const rest = form.isAfterPrefix ? text.replace(secretPrefix, '') : text;
  switch (form.decoding) {
    case 'text':
      return utf8Bytes(rest);
    case 'base64':
      return /^[A-Za-z0-9+/]{2,}={0,2}$/.test(rest) ? bytesOf(rest) : null;
    case 'base64url':
      return /^[A-Za-z0-9_-]{2,}={0,2}$/.test(rest) && /[-_]/.test(rest) ? bytesOf(rest) : null;
    case 'hex':
      return /^(?:[0-9a-fA-F]{2})+$/.test(rest) ? Uint8Array.from(rest.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)) : null;
  }
}

/** Leftover bits at the end are ignored, as the libraries of providers do. */
function bytesOf(base64: string): Uint8Array<ArrayBuffer> | null {
  const digits = base64.replace(/=+$/, '');
  return digits.length % 4 === 1 ? null : base64Bytes(digits);
}

/** The same key written as another form of secret; null where the text has no such key, or the key no such form. */
function rewrittenSecret(text: string, from: KeyForm, to: KeyForm): string | null {
  const key = keyIn(text, from);
  return key === null ? null : secretOf(key, to);
}

/** A key as a secret in a form; null where it has none. */
export function secretOf(key: Uint8Array, { isAfterPrefix, decoding }: KeyForm): string | null {
  switch (decoding) {
    case 'text':
      return utf8TextOrNull(key);
    case 'base64':
      return `${isAfterPrefix ? 'whsec_' : ''}${base64Text(key)}`;
    case 'base64url':
      return base64Text(key).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
    case 'hex':
      return hexText(key);
  }
}
