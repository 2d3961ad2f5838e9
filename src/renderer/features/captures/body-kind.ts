import { prettyJson, utf8OrNull } from '../../ui/body-format.ts';

/** One field of a form, in the order it came. */
export interface FormField {
  readonly name: string;
  readonly value: string;
}

/** One part of a multipart body; `bytes` is its content without the line break before the boundary. */
export interface BodyPart {
  readonly name: string | null;
  readonly fileName: string | null;
  readonly contentType: string | null;
  readonly bytes: Uint8Array;
  /** The content as text where it is UTF-8, else null. */
  readonly text: string | null;
}

/** How a body is best read by people. */
export type BodyView =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'form'; readonly fields: readonly FormField[] }
  | { readonly kind: 'multipart'; readonly parts: readonly BodyPart[] }
  | { readonly kind: 'markup'; readonly text: string; readonly language: 'xml' | 'html' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'binary' };

/** Chooses the view of a body by its media type, and where that does not fit by the bytes themselves. */
export function viewBody(bytes: Uint8Array, contentType: string | null): BodyView {
  if (bytes.length === 0) return { kind: 'empty' };
  const type = (contentType ?? '').toLowerCase();
  if (type.startsWith('multipart/')) {
    const parts = splitMultipart(bytes, contentType ?? '');
    if (parts !== null) return { kind: 'multipart', parts };
  }
  const text = utf8OrNull(bytes);
  if (text === null) return { kind: 'binary' };
  if (type.startsWith('application/x-www-form-urlencoded')) return { kind: 'form', fields: formFields(text) };
  if (/[/+]xml\b/.test(type)) return { kind: 'markup', text, language: 'xml' };
  if (type.startsWith('text/html')) return { kind: 'markup', text, language: 'html' };
  const pretty = prettyJson(text);
  return pretty === null ? { kind: 'text', text } : { kind: 'json', text: pretty };
}

/** Fields of `application/x-www-form-urlencoded` text in their order, repeated names included. */
export function formFields(text: string): readonly FormField[] {
  return [...new URLSearchParams(text)].map(([name, value]) => ({ name, value }));
}

function indexOfBytes(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  outer: for (let start = from; start <= bytes.length - wanted.length; start += 1) {
    for (let at = 0; at < wanted.length; at += 1) if (bytes[start + at] !== wanted[at]) continue outer;
    return start;
  }
  return -1;
}

function readPart(bytes: Uint8Array): BodyPart | null {
  const gap = indexOfBytes(bytes, new TextEncoder().encode('\r\n\r\n'), 0);
  if (gap < 0) return null;
  const head = new TextDecoder().decode(bytes.subarray(0, gap));
  const content = bytes.subarray(gap + 4);
  const disposition = /^content-disposition:(.*)$/im.exec(head)?.[1] ?? '';
  const parameter = (name: string) => new RegExp(`[;\\s]${name}="([^"]*)"`, 'i').exec(disposition)?.[1] ?? null;
  return {
    name: parameter('name'),
    fileName: parameter('filename'),
    contentType: /^content-type:\s*(.*)$/im.exec(head)?.[1]?.trim() ?? null,
    bytes: content,
    text: utf8OrNull(content),
  };
}

/** Parts of a `multipart/*` body, or null when the bytes do not follow the boundary of the content type. */
export function splitMultipart(bytes: Uint8Array, contentType: string): readonly BodyPart[] | null {
  const match = /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) return null;
  const mark = new TextEncoder().encode(`--${boundary}`);
  const parts: BodyPart[] = [];
  let at = indexOfBytes(bytes, mark, 0);
  if (at < 0) return null;
  for (;;) {
    const start = at + mark.length;
    if (bytes[start] === 0x2d && bytes[start + 1] === 0x2d) return parts;
    const next = indexOfBytes(bytes, mark, start);
    if (next < 0) return null;
    const part = readPart(bytes.subarray(start + 2, next - 2));
    if (part === null) return null;
    parts.push(part);
    at = next;
  }
}
