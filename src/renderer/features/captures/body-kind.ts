import { looksLikeJson, type Rows } from '../../ui/body-rows.ts';
import type { DecodedBody } from '../../ui/decoded-body.ts';

/** One field of a form, in the order it came; of a long value the beginning. */
export interface FormField {
  readonly name: string;
  readonly value: string;
  /** Whether name or value went on. */
  readonly isCut: boolean;
}

/** One part of a multipart body; `bytes` is its content without the line break before the boundary. */
export interface BodyPart {
  readonly name: string | null;
  readonly fileName: string | null;
  readonly contentType: string | null;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The best view of a body for people. */
export type BodyView =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json' }
  | { readonly kind: 'form'; readonly text: string }
  | { readonly kind: 'multipart'; readonly boundary: string }
  | { readonly kind: 'markup' }
  | { readonly kind: 'text' }
  | { readonly kind: 'binary' };

/** Chooses the view of a body by its media type, or by the bytes themselves if the type does not fit. */
export function viewBody({ bytes, text }: DecodedBody, contentType: string | null): BodyView {
  if (bytes.length === 0) return { kind: 'empty' };
  const type = (contentType ?? '').toLowerCase();
  if (type.startsWith('multipart/')) {
    const boundary = boundaryOf(bytes, contentType ?? '');
    if (boundary !== null) return { kind: 'multipart', boundary };
  }
  if (text === null) return { kind: 'binary' };
  if (type.startsWith('application/x-www-form-urlencoded')) return { kind: 'form', text };
  if (/[/+]xml\b/.test(type) || type.startsWith('text/html')) return { kind: 'markup' };
  return looksLikeJson(text) ? { kind: 'json' } : { kind: 'text' };
}

const shownChars = 2000;
/** Each character that is shown takes at most so many in a form: a percent sign and two digits for each of four bytes. */
const encodedChars = shownChars * 12;

/** Fields of `application/x-www-form-urlencoded` text in their order, repeated names included. */
export function* formFields(text: string): Rows<FormField> {
  for (let at = 0, seen = 1; at < text.length; seen += 1) {
    const next = text.indexOf('&', at);
    const end = next === -1 ? text.length : next;
    if (end > at) yield formField(text, at, end);
    else if (seen % 10_000 === 0) yield null;
    at = end + 1;
  }
}

function formField(text: string, from: number, to: number): FormField {
  const sign = text.slice(from, Math.min(to, from + encodedChars)).indexOf('=');
  const nameEnd = sign === -1 ? to : from + sign;
  const name = decoded(text, from, nameEnd);
  const value = decoded(text, Math.min(to, nameEnd + 1), to);
  return { name: name.text, value: value.text, isCut: name.isCut || value.isCut };
}

function decoded(text: string, from: number, to: number): { readonly text: string; readonly isCut: boolean } {
  const isLong = to - from > encodedChars;
  // A percent sign at the very end may have lost its digits.
  const raw = text.slice(from, isLong ? from + encodedChars : to).replace(isLong ? /%[0-9a-f]?$/i : /$^/, '');
  const whole = raw === '' ? '' : (new URLSearchParams(`x=${raw}`).get('x') ?? '');
  return { text: whole.slice(0, shownChars), isCut: isLong || whole.length > shownChars };
}

/** The boundary of a `multipart/*` body; null when the bytes do not begin and end as it says. */
export function boundaryOf(bytes: Uint8Array, contentType: string): string | null {
  const match = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  // RFC 2046 allows 70 characters.
  if (boundary === undefined || boundary.length > 70) return null;
  const around = new TextDecoder('latin1');
  const begins = around.decode(bytes.subarray(0, edgeBytes)).includes(`--${boundary}\r\n`);
  const ends = around.decode(bytes.subarray(Math.max(0, bytes.length - edgeBytes))).includes(`--${boundary}--`);
  return begins && ends ? boundary : null;
}

/** How far to look for the first boundary, for text after the last, and for the end of a part's headers. */
const edgeBytes = 8192;

/** Parts of a `multipart/*` body. */
export function* multipartParts(bytes: Uint8Array<ArrayBuffer>, boundary: string): Rows<BodyPart> {
  const mark = new TextEncoder().encode(`--${boundary}`);
  let at = yield* markFrom(bytes, mark, 0);
  while (at !== -1) {
    const start = at + mark.length;
    if (bytes[start] === 0x2d && bytes[start + 1] === 0x2d) return;
    const next = yield* markFrom(bytes, mark, start);
    yield readPart(bytes.subarray(start + 2, next === -1 ? bytes.length : Math.max(start + 2, next - 2)));
    at = next;
  }
}

/** Where the next mark begins, or -1. */
function* markFrom(bytes: Uint8Array, mark: Uint8Array, from: number): Generator<null, number, void> {
  let tries = 0;
  for (let at = bytes.indexOf(0x2d, from); at !== -1; at = bytes.indexOf(0x2d, at + 1)) {
    if (beginsWith(bytes, mark, at)) return at;
    tries += 1;
    if (tries % 10_000 === 0) yield null;
  }
  return -1;
}

function beginsWith(bytes: Uint8Array, wanted: Uint8Array, from: number): boolean {
  for (let at = 0; at < wanted.length; at += 1) if (bytes[from + at] !== wanted[at]) return false;
  return true;
}

/** A part without an empty line is all content. */
function readPart(bytes: Uint8Array<ArrayBuffer>): BodyPart {
  const beginning = new TextDecoder('latin1').decode(bytes.subarray(0, edgeBytes));
  const gap = beginning.indexOf('\r\n\r\n');
  const head = gap === -1 ? '' : new TextDecoder().decode(bytes.subarray(0, gap));
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? '';
  const parameter = (name: string) => new RegExp(`[;\\s]${name}="([^"]*)"`, 'i').exec(disposition)?.[1]?.slice(0, 200) ?? null;
  return {
    name: parameter('name'),
    fileName: parameter('filename'),
    contentType: /^content-type:\s*(.*)$/im.exec(head)?.[1]?.trim().slice(0, 200) ?? null,
    bytes: gap === -1 ? bytes : bytes.subarray(gap + 4),
  };
}
