import { Buffer } from 'node:buffer';
import { codingOf } from '#shared/body-coding.ts';
import type { DecodedBody } from '#shared/contract/bodies.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { charsetName, chooseCharset, misfitAt, textBy, type CharsetChoice } from './charset.ts';
import { unpack, type Trouble, type Unpacked } from './unpack.ts';

/** At most this much of a body is decoded for display. */
const decodedLimitBytes = 4 * 1024 * 1024;

/** A body from the log, with the headers that it came with. */
export interface CodedBody {
  readonly bytes: Uint8Array;
  readonly headers: readonly HeaderField[];
  /** Its end did not arrive, or was not kept. */
  readonly isTruncated: boolean;
}

/** Undoes content codings and charset of a body, up to a limit. Never rejects: what cannot be read becomes a note. */
export async function decodeBody(body: CodedBody, limitBytes = decodedLimitBytes): Promise<DecodedBody> {
  return (await decodeWithTrouble(body, limitBytes)).decoded;
}

/** The same, with what is wrong with its content codings. */
export async function decodeWithTrouble(
  { bytes, headers, isTruncated }: CodedBody,
  limitBytes: number,
): Promise<{ readonly decoded: DecodedBody; readonly trouble: Trouble | null }> {
  const coding = codingOf(headers, bytes);
  const unpacked = await unpack(bytes, coding, limitBytes);
  const shown = unpacked.bytes.subarray(0, limitBytes);
  const isCut = unpacked.isCut || shown.byteLength < unpacked.bytes.byteLength;
  const choice = chooseCharset(shown, coding.charset, coding.isTextType);
  const hasEnd = !isCut && !isTruncated && unpacked.trouble === null;
  const text = choice === null ? null : textBy(choice.charset, shown, !hasEnd);
  const decoded = {
    undone: [...unpacked.undone],
    charset: choice?.charset ?? null,
    rawBytes: bytes.byteLength,
    unpackedBytes: unpacked.bytes.byteLength,
    bodyBase64: (text === null ? Buffer.from(shown) : Buffer.from(text, 'utf8')).toString('base64'),
    isCut,
    summary: summaryOf(unpacked, bytes.byteLength, { choice, declared: coding.charset, isByFirstBytes: coding.isByFirstBytes }),
    problems: [
      ...(unpacked.trouble === null ? [] : [troubleText(unpacked.trouble, unpacked, { rawBytes: bytes.byteLength, isTruncated })]),
      ...charsetProblems(choice, coding.charset, shown, hasEnd),
    ],
  };
  return { decoded, trouble: unpacked.trouble };
}

interface CharsetFacts {
  readonly choice: CharsetChoice | null;
  readonly declared: string | null;
  readonly isByFirstBytes: boolean;
}

function summaryOf(unpacked: Unpacked, rawBytes: number, { choice, declared, isByFirstBytes }: CharsetFacts): string {
  const codings = unpacked.undone.join(', then ');
  const told = isByFirstBytes ? ' (by its first bytes; no header says so)' : '';
  const size = unpacked.isCut ? `more than ${count(unpacked.bytes.byteLength)}` : count(unpacked.bytes.byteLength);
  const packing = codings === '' ? [] : [`${codings}${told}, ${count(rawBytes)} \u2192 ${size}`];
  return [...packing, charsetText(choice, declared)].join('; ');
}

function charsetText(choice: CharsetChoice | null, declared: string | null): string {
  if (choice === null) return 'not text';
  const name = charsetTitle(choice.charset);
  switch (choice.by) {
    case 'header':
      return declared !== null && charsetTitle(declared) !== name ? `${name} (charset=${declared})` : name;
    case 'mark':
      return `${name}, by its byte order mark`;
    case 'bytes':
      return choice.charset === 'utf-8' ? name : `${name}, by its zero bytes`;
    case 'guess':
      return `${name}, a guess: no charset is named and the bytes are not UTF-8`;
  }
}

/** A charset as people write it. */
function charsetTitle(charset: string): string {
  return charset
    .replace(/^(utf|iso|koi8|euc)/i, (start) => start.toUpperCase())
    .replace(/^windows/i, 'Windows')
    .replace(/^shift_jis$/i, 'Shift_JIS');
}

function troubleText(
  trouble: Trouble,
  { bytes, undone }: Unpacked,
  { rawBytes, isTruncated }: { readonly rawBytes: number; readonly isTruncated: boolean },
): string {
  // For a second coding the offset would be one in bytes that nobody sees.
  const upTo = (place: number) =>
    undone.length === 1 ? `only to byte ${place.toLocaleString('en-GB')} of ${rawBytes.toLocaleString('en-GB')}` : 'in part only';
  switch (trouble.kind) {
    case 'unknown':
      return `Content-Encoding says ${trouble.coding}, which Hookyard cannot undo; the bytes are shown as they came.`;
    case 'too-many':
      return `Content-Encoding names more codings than are undone (${trouble.coding}, and more); the bytes are shown as they came.`;
    case 'unlike':
      return `Content-Encoding says ${trouble.coding}, but the body does not begin as ${trouble.coding} does: something on its way may have unpacked it. The bytes are shown as they came.`;
    case 'ended':
      return `The ${trouble.coding} stream ends before its end${isTruncated ? ', since the body was not kept whole' : ''}; ${readText(bytes)}.`;
    case 'damaged':
      return `The ${trouble.coding} stream could be read ${upTo(trouble.atByte)}: ${readText(bytes)}${bytes.byteLength === 0 ? '' : ', and some of it may be wrong'}.`;
  }
}

function readText(bytes: Uint8Array): string {
  return bytes.byteLength === 0 ? 'nothing of it could be read' : `${count(bytes.byteLength)} could be read`;
}

function charsetProblems(choice: CharsetChoice | null, declared: string | null, bytes: Uint8Array, hasEnd: boolean): readonly string[] {
  const unknown =
    declared !== null && charsetName(declared) === null
      ? [`Content-Type says charset=${declared.slice(0, 40)}, which is not a charset that is known here.`]
      : [];
  if (choice?.by !== 'header' && choice?.by !== 'mark') return unknown;
  const misfit = misfitAt(choice.charset, bytes);
  // Half a character where the bytes were cut is not an error in them.
  if (misfit === null || (!hasEnd && misfit > bytes.byteLength - 4)) return unknown;
  return [
    ...unknown,
    `Not all bytes are ${charsetTitle(choice.charset)}, the first that is not at byte ${misfit.toLocaleString('en-GB')}; they are shown as \ufffd.`,
  ];
}

function count(bytes: number): string {
  return `${bytes.toLocaleString('en-GB')} ${bytes === 1 ? 'byte' : 'bytes'}`;
}
