import { headerValue } from '../text/headers.ts';
import type { HeaderField } from '../contract/common.ts';
import { countBreaks } from './paste-source.ts';
import { binaryText, invalidUtf8At } from '../text/text-codec.ts';

/** Characters that tools put in place of plain ones, or add, with why they are doubted. */
const suspects = [
  { what: 'Smart quotes', why: 'chat tools and word processors replace straight ones with them' },
  { what: 'No-break spaces', why: 'web pages and chat tools replace plain ones with them' },
  { what: 'Zero-width characters', why: 'they cannot be seen, and copying from a page may have added them' },
  { what: 'Replacement characters (U+FFFD)', why: 'a tool could not read the original bytes, and they are lost' },
] as const;

/** Which of the suspects the UTF-8 bytes at a place are, or -1. */
function suspectAt(bytes: Uint8Array, at: number): number {
  const [first, second, third] = [bytes[at], bytes[at + 1], bytes[at + 2]];
  if (first === 0xc2) return second === 0xa0 ? 1 : -1;
  if (first === 0xef) return second === 0xbf && third === 0xbd ? 3 : -1;
  if (first !== 0xe2) return -1;
  if (second === 0x81) return third === 0xa0 ? 2 : -1;
  if (second !== 0x80) return -1;
  if (third === 0x98 || third === 0x99 || third === 0x9c || third === 0x9d) return 0;
  return third === 0xaf ? 1 : third === 0x8b ? 2 : -1;
}

/**
 * Notes on doubtful bytes of a body, each a sentence; `headers` are those it came with. `isEncoded` is for a body that stood in the text as
 * a string or in base64, where nothing that an editor adds at the end of the text becomes part of it.
 */
export function bodyNotes(body: Uint8Array, headers: readonly HeaderField[], isEncoded = false): readonly string[] {
  if (body.length === 0) return lengthNotes(body, '', headers);
  const binary = binaryText(body);
  return [
    ...lengthNotes(body, binary, headers),
    ...breakNotes(binary, isEncoded),
    ...(binary.startsWith('\u00ef\u00bb\u00bf') ? ['The body begins with a byte order mark (EF BB BF), which is part of it.'] : []),
    ...suspectNotes(body),
    ...encodingNotes(body, binary, headers),
  ];
}

function lengthNotes(body: Uint8Array, binary: string, headers: readonly HeaderField[]): readonly string[] {
  const announced = headerValue(headers, 'content-length')?.trim() ?? '';
  if (!/^\d{1,15}$/.test(announced) || Number(announced) === body.length) return [];
  const surplus = body.length - Number(announced);
  const ending = /(?:\r\n|\n|\r)$/.exec(binary.slice(-2))?.[0] ?? '';
  const unix = body.length - countBreaks(binary).crlf;
  const hint =
    ending !== '' && surplus === ending.length
      ? ' Without the line break at its end it has that size.'
      : unix === Number(announced) && unix !== body.length
        ? ' With LF in place of CRLF it has that size.'
        : surplus < 0
          ? ' Something is missing from the paste, or its line endings were changed.'
          : '';
  return [`Content-Length says ${announced} bytes, but the body has ${body.length}.${hint}`];
}

function breakNotes(binary: string, isEncoded: boolean): readonly string[] {
  const { crlf, cr, lf } = countBreaks(binary);
  const notes: string[] = [];
  if (crlf > 0 && lf > 0) notes.push(`The body's line endings are mixed: ${crlf} CRLF and ${lf} LF.`);
  else if (crlf > 0) notes.push(`The body's line endings are CRLF (${crlf}).`);
  if (cr > 0) notes.push(`The body holds ${cr} CR without LF.`);
  if (!isEncoded && /[\r\n]$/.test(binary.slice(-1)))
    notes.push('The body ends with a line break that an editor may have added; it is part of the body.');
  return notes;
}

function suspectNotes(body: Uint8Array): readonly string[] {
  const places = suspects.map(() => -1);
  let found = 0;
  for (let at = 0; at < body.length && found < suspects.length; at += 1) {
    if ((body[at] ?? 0) < 0xc2) continue;
    const suspect = suspectAt(body, at);
    if (suspect === -1 || places[suspect] !== -1) continue;
    places[suspect] = at;
    found += 1;
  }
  return suspects.flatMap(({ what, why }, index) =>
    places[index] === -1 ? [] : [`${what} found at byte ${places[index]} of the body; ${why}.`],
  );
}

function encodingNotes(body: Uint8Array, binary: string, headers: readonly HeaderField[]): readonly string[] {
  const coding = headerValue(headers, 'content-encoding')?.trim().toLowerCase() ?? 'identity';
  const isGzip = binary.startsWith('\u001f\u008b');
  if (isGzip) return ['The body is compressed with gzip; it is kept as it is.'];
  const notes: string[] = [];
  if (['gzip', 'x-gzip'].includes(coding))
    notes.push('Content-Encoding says gzip, but the body is not compressed: the signature may cover the compressed bytes.');
  else if (coding !== 'identity' && coding !== '')
    notes.push(`Content-Encoding says ${coding}: a tool may have decoded the body that was signed.`);
  if (/chunked/i.test(headerValue(headers, 'transfer-encoding') ?? '') && /^[0-9a-f]{1,8}\r?\n/i.test(binary.slice(0, 12)))
    notes.push('The body seems to contain chunk sizes; remove them, since they are not signed.');
  const invalidAt = invalidUtf8At(body);
  if (invalidAt !== null) notes.push(`The body is not UTF-8 from byte ${invalidAt} on; its bytes are kept as they are.`);
  return notes;
}
