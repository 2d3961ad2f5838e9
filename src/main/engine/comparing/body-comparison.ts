import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import { codingOf } from '#shared/body-coding.ts';
import type { BodyComparison, BodyRewrite, ComparedResult } from '#shared/contract/comparing.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { DecodedBody } from '#shared/contract/bodies.ts';
import { isJsonDeeper } from '#shared/json-depth.ts';
import { hexText } from '#shared/text/bytes.ts';
import { headerValue } from '#shared/text/headers.ts';
import { decodeBody } from '../bodies/decode-body.ts';
import { asPair, jsonDifference, leftOutCount, type Ignored, type LeftOut, type SideWords } from './json-difference.ts';

/** A body with the headers that it came with. */
export interface ComparedBody {
  /** Null where it is not known. */
  readonly bytes: Uint8Array | null;
  /** Why it is not, as a clause that follows `The first body`; by default that it is not kept any more. */
  readonly why?: string;
  /** Its true size; null where it is not known. */
  readonly size: number | null;
  readonly headers: readonly HeaderField[];
  /** Only its beginning was received. */
  readonly isCut: boolean;
  /** Why the bytes are not sure to be those that were sent, while what they hold is; a clause that follows `The first body`. */
  readonly rebuilt?: string;
}

/** Content above this size is compared by its bytes only. */
const contentLimitBytes = 16 * 1024 * 1024;

const noneLeftOut: LeftOut = { dates: 0, ids: 0, paths: 0 };

/** How many bytes are shown before the first difference, and from there on. */
const [bytesBefore, bytesFrom] = [12, 20];

type Compared = BodyComparison & { readonly leftOut: LeftOut };

/** Compares two bodies: bytes, then what they hold once unpacked and read as text. */
export async function compareBodies(before: ComparedBody, after: ComparedBody, words: SideWords, ignore: Ignored): Promise<Compared> {
  const compared = await compareBytes(before, after, words, ignore);
  const [side, { rebuilt }] = before.rebuilt === undefined ? [words.after, after] : [words.before, before];
  if (rebuilt === undefined || compared.result === 'not compared' || isOtherContent(compared, before, after)) return compared;
  // The bytes are not known, and what they hold is the same, so how they are written says nothing.
  const why = `The ${side} body ${rebuilt}, so its exact bytes were not compared`;
  const held = compared.content === 'same' ? '; what they hold is the same.' : '.';
  return { ...compared, isSame: false, result: 'not compared', firstDifference: null, rewrites: [], notes: [`${why}${held}`] };
}

/** Whether it is known that two bodies hold other values, however they are written. */
function isOtherContent({ content, changeCount }: Compared, before: ComparedBody, after: ComparedBody): boolean {
  return content === 'other' && (changeCount > 0 || (isForm(before) && isForm(after)));
}

async function compareBytes(before: ComparedBody, after: ComparedBody, words: SideWords, ignore: Ignored): Promise<Compared> {
  const plain = {
    isSame: false,
    result: 'not compared' as ComparedResult,
    beforeBytes: before.size,
    afterBytes: after.size,
    beforeSha256: digestOf(before),
    afterSha256: digestOf(after),
    firstDifference: null,
    content: 'unknown' as const,
    rewrites: [],
    changes: [],
    changeCount: 0,
    leftOutCount: 0,
    leftOut: noneLeftOut,
  };
  if (before.bytes === null || after.bytes === null) {
    const [side, { why = 'is not kept any more' }] = before.bytes === null ? [words.before, before] : [words.after, after];
    const isOther = areOfOtherSizes(before, after);
    return {
      ...plain,
      result: isOther ? 'different' : 'not compared',
      notes: [`The ${side} body ${why}, so ${isOther ? 'only the sizes were compared, which differ' : 'it was not compared'}.`],
    };
  }
  const offset = firstDifferent(before.bytes, after.bytes);
  const isCut = before.isCut || after.isCut;
  if (offset === -1) {
    const notes = isCut ? ['Only the beginning of the body was received, so the rest was not compared.'] : [];
    return { ...plain, isSame: !isCut, result: isCut ? 'not compared' : 'same', content: isCut ? 'unknown' : 'same', notes };
  }
  const isBehindCut = isCut && offset >= Math.min(before.bytes.length, after.bytes.length);
  if (isBehindCut)
    return { ...plain, notes: [`The same up to byte ${count(offset)}, where what was received ends; the rest was not compared.`] };
  const firstDifference = { offset, before: around(before.bytes, offset), after: around(after.bytes, offset) };
  if (isCut) {
    const notes = ['Only the beginning of the body was received, so its content was not compared.'];
    return { ...plain, result: resultOf('unknown', ignore), firstDifference, notes };
  }
  const contents = await compareContents(before, after, words, ignore);
  const compared = { ...plain, firstDifference, ...contents, leftOutCount: leftOutCount(contents.leftOut) };
  return { ...compared, result: isSameBut(compared) ? 'same' : resultOf(contents.content, ignore) };
}

/** Whether two bodies are the same but for what was left out. */
export function isSameBut({
  isSame,
  rewrites,
  changeCount,
  leftOutCount: leftOut,
}: Pick<BodyComparison, 'isSame' | 'rewrites' | 'changeCount' | 'leftOutCount'>): boolean {
  return isSame || (rewrites.length === 0 && changeCount === 0 && leftOut > 0);
}

/** What other bytes mean: of content that could not be read, nobody knows whether it differs only in what was to be left out. */
function resultOf(content: BodyComparison['content'], { noise }: Ignored): ComparedResult {
  return content === 'unknown' && noise.length > 0 ? 'not compared' : 'different';
}

/** Whether the true sizes of two bodies are known and differ. */
function areOfOtherSizes(before: ComparedBody, after: ComparedBody): boolean {
  return before.size !== null && after.size !== null && before.size !== after.size && !before.isCut && !after.isCut;
}

type Contents = Pick<BodyComparison, 'content' | 'rewrites' | 'changes' | 'changeCount' | 'notes'> & {
  readonly leftOut: LeftOut;
};

const none: Contents = { content: 'unknown', rewrites: [], changes: [], changeCount: 0, notes: [], leftOut: noneLeftOut };

async function compareContents(before: ComparedBody, after: ComparedBody, words: SideWords, ignore: Ignored): Promise<Contents> {
  if ((before.bytes?.byteLength ?? 0) > contentLimitBytes || (after.bytes?.byteLength ?? 0) > contentLimitBytes)
    return { ...none, notes: [`Bodies over ${count(contentLimitBytes)} bytes are compared by their bytes only.`] };
  const [sent, arrived] = [await read(before), await read(after)];
  const problems = [...sent.problems, ...arrived.problems];
  const packed = [...packingRewrite(sent, arrived, before, after, words), ...markRewrite(sent, arrived, before, after, words)];
  if (sent.isCut || arrived.isCut)
    return { ...none, rewrites: packed, notes: [...problems, 'Once unpacked the content is too large to be compared.'] };
  const [one, other] = [Buffer.from(sent.bodyBase64, 'base64'), Buffer.from(arrived.bodyBase64, 'base64')];
  if (one.equals(other))
    return {
      ...none,
      content: problems.length === 0 ? 'same' : 'unknown',
      rewrites: [...packed, ...charsetRewrite(sent, arrived, words)],
      notes: problems,
    };
  if (sent.charset === null || arrived.charset === null) return { ...none, content: 'other', rewrites: packed, notes: problems };
  const text = compareTexts(one, other, words, ignore, isForm(before) && isForm(after));
  return { ...text, rewrites: [...packed, ...charsetRewrite(sent, arrived, words), ...text.rewrites], notes: [...problems, ...text.notes] };
}

async function read({ bytes, headers }: ComparedBody): Promise<DecodedBody> {
  return await decodeBody({ bytes: bytes ?? new Uint8Array(), headers, isTruncated: false }, contentLimitBytes);
}

/** Whether compression was undone, made or changed on the way. */
function packingRewrite(
  sent: DecodedBody,
  arrived: DecodedBody,
  before: ComparedBody,
  after: ComparedBody,
  words: SideWords,
): readonly BodyRewrite[] {
  const codings = (headers: readonly HeaderField[], bytes: Uint8Array | null) =>
    codingOf(headers, bytes ?? new Uint8Array()).contentCodings;
  const [one, other] = [sent.undone.join(', '), arrived.undone.join(', ')];
  if (one === other) {
    if (one === '') return [];
    // The same coding made anew: a proxy unpacked and packed it.
    return Buffer.from(sent.bodyBase64, 'base64').equals(Buffer.from(arrived.bodyBase64, 'base64'))
      ? [
          {
            kind: 'compression',
            sentence: words.isSameRequest
              ? `It was compressed again with ${one}: the content is the same, its bytes differ.`
              : `Both are compressed with ${one}, and to other bytes: the content is the same.`,
          },
        ]
      : [];
  }
  const word = (undone: string, headers: readonly HeaderField[], bytes: Uint8Array | null) =>
    undone !== ''
      ? `packed with ${undone}`
      : codings(headers, bytes).length > 0
        ? 'packed in a way that could not be undone'
        : 'not packed';
  return [
    {
      kind: 'compression',
      sentence: words.isSameRequest
        ? `Its compression changed: ${words.before} ${word(one, before.headers, before.bytes)}, ${words.after} ${word(other, after.headers, after.bytes)}.`
        : `The compression differs: the ${words.before} is ${word(one, before.headers, before.bytes)}, the ${words.after} ${word(other, after.headers, after.bytes)}.`,
    },
  ];
}

function charsetRewrite({ charset: one }: DecodedBody, { charset: other }: DecodedBody, words: SideWords): readonly BodyRewrite[] {
  return one === null || other === null || one === other
    ? []
    : [{ kind: 'charset', sentence: `The text is written in another charset: ${asPair(words, one, other)}.` }];
}

function compareTexts(before: Buffer, after: Buffer, words: SideWords, ignore: Ignored, areForms: boolean): Contents {
  const [textBefore, textAfter] = [before.toString('utf8'), after.toString('utf8')];
  if (isJson(before, textBefore) && isJson(after, textAfter)) {
    const { isSameValue, rewrites, ...rest } = jsonDifference(textBefore, textAfter, words, ignore);
    return { ...none, ...rest, changes: [...rest.changes], content: isSameValue ? 'same' : 'other', rewrites: [...rewrites] };
  }
  if (areForms && sameForm(before, after))
    return {
      ...none,
      content: 'same',
      rewrites: [{ kind: 'form', sentence: 'The fields of the form are the same in the same order, with other percent escapes.' }],
    };
  return { ...none, content: 'other', rewrites: [...textRewrite(textBefore, textAfter, words)] };
}

/** A text with other line ends or another end is not the same text, but it is worth to say that nothing else is other. */
function textRewrite(before: string, after: string, words: SideWords): readonly BodyRewrite[] {
  if (before === after) return [];
  if (before.replaceAll('\r\n', '\n') === after.replaceAll('\r\n', '\n')) {
    const [one, other] = after.length > before.length ? (['LF', 'CRLF'] as const) : (['CRLF', 'LF'] as const);
    return [{ kind: 'line ends', sentence: `Only the line ends differ: ${asPair(words, one, other)}.` }];
  }
  return before.trimEnd() === after.trimEnd() ? [{ kind: 'end', sentence: 'Only the space at the end of the text differs.' }] : [];
}

/** Whether a byte order mark was taken away or added; of bytes that were packed it is not looked for. */
function markRewrite(
  sent: DecodedBody,
  arrived: DecodedBody,
  before: ComparedBody,
  after: ComparedBody,
  words: SideWords,
): readonly BodyRewrite[] {
  const hasMark = ({ bytes }: ComparedBody) => bytes?.[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  if (sent.undone.length + arrived.undone.length > 0 || hasMark(before) === hasMark(after)) return [];
  const sentence = words.isSameRequest
    ? `A byte order mark was ${hasMark(before) ? 'taken from' : 'put before'} the text.`
    : `Only the ${hasMark(before) ? words.before : words.after} begins with a byte order mark.`;
  return [{ kind: 'byte order mark', sentence }];
}

function isJson(bytes: Uint8Array, text: string): boolean {
  if (isJsonDeeper(bytes)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isForm({ headers }: ComparedBody): boolean {
  return /^\s*application\/x-www-form-urlencoded\b/i.test(headerValue(headers, 'content-type') ?? '');
}

function sameForm(before: Buffer, after: Buffer): boolean {
  return formFields(before) === formFields(after);
}

/** The fields of a form by their bytes, since an escape may stand for a byte that is no UTF-8, which is not another one of those. */
function formFields(bytes: Buffer): string {
  const unescaped = (text: string) =>
    text.replaceAll('+', ' ').replaceAll(/%([0-9a-f]{2})/gi, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const fields = bytes.toString('latin1').split('&');
  return JSON.stringify(
    fields
      .filter((field) => field !== '')
      .map((field) => {
        const at = field.indexOf('=');
        return at === -1 ? [unescaped(field), ''] : [unescaped(field.slice(0, at)), unescaped(field.slice(at + 1))];
      }),
  );
}

/** The offset of the first byte that differs, -1 for equal bytes. Halves are compared at once, since that is far faster than byte by byte. */
export function firstDifferent(one: Uint8Array, other: Uint8Array): number {
  const [left, right] = [asBuffer(one), asBuffer(other)];
  const shared = Math.min(left.length, right.length);
  if (left.subarray(0, shared).equals(right.subarray(0, shared))) return left.length === right.length ? -1 : shared;
  let [from, to] = [0, shared];
  while (to - from > 1) {
    const middle = (from + to) >>> 1;
    if (left.subarray(from, middle).equals(right.subarray(from, middle))) from = middle;
    else to = middle;
  }
  return from;
}

function around(bytes: Uint8Array, offset: number): { fromByte: number; hex: string; text: string } {
  const fromByte = Math.max(0, offset - bytesBefore);
  const piece = bytes.subarray(fromByte, offset + bytesFrom);
  const text = Buffer.from(piece)
    .toString('latin1')
    .replaceAll(/[^\x20-\x7e]/g, '·');
  return { fromByte, hex: hexText(piece, ' '), text };
}

function digestOf({ bytes, isCut }: ComparedBody): string | null {
  return bytes === null || isCut ? null : hash('sha256', bytes, 'hex');
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function count(value: number): string {
  return value.toLocaleString('en-GB');
}
