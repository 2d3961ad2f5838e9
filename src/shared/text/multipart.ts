import { binaryText, utf8Bytes, utf8TextOrNull } from './text-codec.ts';

/** One part of a multipart body; a part with a file name is a file to its receiver. */
export interface FormPart {
  readonly name: string;
  readonly content: Uint8Array;
  /** Null for a field without a file. */
  readonly fileName: string | null;
  /** Null sends none; receivers then take text. */
  readonly contentType: string | null;
}

/** Bytes of a multipart/form-data body (RFC 7578), or a sentence on why there are none. */
export type MultipartBody = { readonly bytes: Uint8Array<ArrayBuffer> } | { readonly problem: string };

const boundaryPattern = /^[0-9A-Za-z'()+_,\-./:=?]{1,70}$/;

/**
 * Writes the parts as browsers do: names and file names in UTF-8, with `"` and line breaks in them as %22, %0D and %0A. The content of a part is
 * kept byte for byte.
 */
export function multipartBody(parts: readonly FormPart[], boundary: string): MultipartBody {
  if (!boundaryPattern.test(boundary))
    return { problem: 'The boundary has 1 to 70 letters, digits and simple marks. Change it in the content type.' };
  if (parts.length === 0) return { problem: 'Add at least one part.' };
  const unnamed = parts.findIndex(({ name }) => name === '');
  if (unnamed !== -1) return { problem: `Give part ${unnamed + 1} a name.` };
  const mark = utf8Bytes(`--${boundary}`);
  const clashing = parts.find(({ content }) => indexOf(content, mark) !== -1);
  if (clashing !== undefined)
    return {
      problem: `The part ${clashing.name} contains the boundary ${boundary}: choose another one, or its receiver would cut it there.`,
    };
  const pieces = parts.flatMap((part) => [utf8Bytes(headOf(part, boundary)), part.content, lineBreak]);
  return { bytes: joined([...pieces, utf8Bytes(`--${boundary}--\r\n`)]) };
}

const lineBreak = utf8Bytes('\r\n');

function headOf({ name, fileName, contentType }: FormPart, boundary: string): string {
  const file = fileName === null ? '' : `; filename="${escaped(fileName)}"`;
  const type = contentType === null || contentType === '' ? '' : `Content-Type: ${contentType.replace(/[\r\n]+/g, ' ')}\r\n`;
  return `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(name)}"${file}\r\n${type}\r\n`;
}

function escaped(text: string): string {
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}

function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}

/** Where bytes begin in others; -1 where they do not. Goes on at the first byte, which is native and quick. */
function indexOf(bytes: Uint8Array, wanted: Uint8Array): number {
  const first = wanted[0] ?? 0;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1))
    if (wanted.every((byte, offset) => bytes[at + offset] === byte)) return at;
  return -1;
}

/** Most parts that are read, and longest value that counts as a field. */
const readParts = 1000;
const fieldLimit = 10_000;

/**
 * The fields of a multipart/form-data body by their names, the first of each; null for another body. Files, long values, and what is not
 * UTF-8 are left out. The boundary is that of the first line, so that no header is needed.
 */
export function multipartFields(body: Uint8Array): Readonly<Record<string, string>> | null {
  if (body[0] !== 0x2d || body[1] !== 0x2d) return null;
  const text = binaryText(body);
  const boundary = /^--([0-9A-Za-z'()+_,\-./:=? ]{1,70})\r\n/.exec(text)?.[1];
  if (boundary === undefined || !/^Content-Disposition: *form-data/im.test(text.slice(0, 2000))) return null;
  const fields = new Map<string, string>();
  let at = boundary.length + 4;
  let blank = -1;
  for (let count = 0; count < readParts; count += 1) {
    const end = text.indexOf(`\r\n--${boundary}`, at);
    // One that lies behind the next parts is not looked for again: a body without any would be read as often as it has parts.
    if (blank < at) blank = text.indexOf('\r\n\r\n', at);
    if (end === -1 || blank === -1) break;
    const head = text.slice(at, Math.min(blank, at + 2000));
    const name = /;\s*name="([^"]*)"/i.exec(head)?.[1];
    const isField = name !== undefined && !/;\s*filename\*?=/i.test(head) && blank < end && end - blank - 4 <= fieldLimit;
    const value = isField ? utf8TextOrNull(body.subarray(blank + 4, end)) : null;
    if (name !== undefined && value !== null && !fields.has(name)) fields.set(name, value);
    at = end + boundary.length + 6;
  }
  return Object.fromEntries(fields);
}

/** A boundary that no content has by chance; `random` are 12 random bytes or more. */
export function freshBoundary(random: Uint8Array): string {
  return `hookyard-${Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** The usual media types by the end of a file name; application/octet-stream for any other. */
export function mediaTypeOf(fileName: string): string {
  const end = /\.([0-9a-z]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? '';
  return Object.hasOwn(mediaTypes, end) ? (mediaTypes[end] ?? unknownType) : unknownType;
}

const unknownType = 'application/octet-stream';

const mediaTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  gif: 'image/gif',
  htm: 'text/html',
  html: 'text/html',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  json: 'application/json',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  txt: 'text/plain',
  webp: 'image/webp',
  xml: 'application/xml',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  zip: 'application/zip',
};
