import { isJsonText } from '#shared/json/is-json-text.ts';
import { Buffer } from 'node:buffer';
import { hash } from 'node:crypto';
import { codingOf, hasUtf16Mark } from '#shared/body-coding.ts';
import type { BodyComparison, BodyRewrite, ComparedResult } from '#shared/contract/comparing.ts';
import type { DecodedBody } from '#shared/contract/bodies.ts';
import { isJsonDeeper } from '#shared/json-depth.ts';
import { hexText } from '#shared/text/bytes.ts';
import { headerValue } from '#shared/text/headers.ts';
import { decodeWithTrouble } from '../bodies/decode-body.ts';
import { unpack } from '../bodies/unpack.ts';
import type { ComparedBody } from './compared-body.types.ts';
import { jsonDifference, leftOutCount } from './json-difference.ts';
import type { Ignored, LeftOut } from './json-findings.ts';
import { damageRewrite, isDamage, packingRewrite } from './packing-rewrites.ts';
import { asPair, type SideWords } from './side-words.ts';
import { formRewrite, textRewrites } from './text-rewrites.ts';

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
  const { isDamagedOtherwise, ...contents } = await compareContents(before, after, words, ignore);
  const compared = { ...plain, firstDifference, ...contents, leftOutCount: leftOutCount(contents.leftOut) };
  // One of them can be read whole, and the other not, whatever is to be left out.
  if (isDamagedOtherwise) return { ...compared, result: 'different' };
  return { ...compared, result: isSameBut(compared) ? 'same' : resultOf(contents.content, ignore) };
}

/** Whether two bodies are the same but for what was left out. */
export function isSameBut({
  isSame,
  content,
  rewrites,
  changeCount,
  leftOutCount: leftOut,
}: Pick<BodyComparison, 'isSame' | 'content' | 'rewrites' | 'changeCount' | 'leftOutCount'>): boolean {
  return isSame || (content !== 'unknown' && rewrites.length === 0 && changeCount === 0 && leftOut > 0);
}

/** Whether two answers have the same body; one without any, as to HEAD, may have digests of what was not sent. */
export function isSameSent({ isSame, beforeBytes }: Pick<BodyComparison, 'isSame' | 'beforeBytes'>): boolean {
  return isSame && beforeBytes !== 0;
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
  /** The compression of only one of them is damaged. */
  readonly isDamagedOtherwise: boolean;
};

const none: Contents = {
  content: 'unknown',
  rewrites: [],
  changes: [],
  changeCount: 0,
  notes: [],
  leftOut: noneLeftOut,
  isDamagedOtherwise: false,
};

async function compareContents(before: ComparedBody, after: ComparedBody, words: SideWords, ignore: Ignored): Promise<Contents> {
  if ((before.bytes?.byteLength ?? 0) > contentLimitBytes || (after.bytes?.byteLength ?? 0) > contentLimitBytes)
    return { ...none, notes: [`Bodies over ${count(contentLimitBytes)} bytes are compared by their bytes only.`] };
  const [ofSent, ofArrived] = [await read(before), await read(after)];
  const [sent, arrived] = [ofSent.decoded, ofArrived.decoded];
  const problems = [...sent.problems, ...arrived.problems];
  const damaged = damageRewrite(ofSent.trouble, ofArrived.trouble, words);
  const packed = [
    ...packingRewrite(sent, arrived, before, after, words, damaged.length > 0),
    ...damaged,
    ...(await markRewrite(before, after, words)),
  ];
  const isDamagedOtherwise = isDamage(ofSent.trouble) !== isDamage(ofArrived.trouble);
  if (sent.isCut || arrived.isCut)
    return {
      ...none,
      isDamagedOtherwise,
      rewrites: packed,
      notes: [...problems, 'Once unpacked the content is too large to be compared.'],
    };
  const [one, other] = [Buffer.from(sent.bodyBase64, 'base64'), Buffer.from(arrived.bodyBase64, 'base64')];
  const isWhole = problems.length === 0 && !hasGap(sent, one) && !hasGap(arrived, other);
  if (one.equals(other))
    return {
      ...none,
      isDamagedOtherwise,
      content: isWhole ? 'same' : 'unknown',
      rewrites: [...packed, ...charsetRewrite(sent, arrived, words)],
      notes: problems,
    };
  if (sent.charset === null || arrived.charset === null)
    return { ...none, isDamagedOtherwise, content: 'other', rewrites: packed, notes: problems };
  const text = compareTexts(one, other, words, ignore, isForm(before) && isForm(after));
  return {
    ...text,
    isDamagedOtherwise,
    // Of what could not be read, nobody knows whether it is the same.
    content: isWhole || text.changeCount > 0 ? text.content : 'unknown',
    rewrites: [...packed, ...charsetRewrite(sent, arrived, words), ...text.rewrites],
    notes: [...problems, ...text.notes],
  };
}

/** Whether a text may hold a sign for bytes that it has no letter for. UTF-8 that has none of these is told as a problem. */
function hasGap({ charset }: DecodedBody, text: Buffer): boolean {
  return charset !== null && charset !== 'utf-8' && text.includes('\ufffd');
}

async function read({ bytes, headers }: ComparedBody): ReturnType<typeof decodeWithTrouble> {
  return await decodeWithTrouble({ bytes: bytes ?? new Uint8Array(), headers, isTruncated: false }, contentLimitBytes);
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
  const form = areForms ? formRewrite(before, after) : null;
  if (form !== null) return { ...none, content: 'same', rewrites: [form] };
  return { ...none, content: 'other', rewrites: [...textRewrites(textBefore, textAfter, words)] };
}

/** Whether a byte order mark was taken away or added. It is no part of the text that is compared. */
async function markRewrite(before: ComparedBody, after: ComparedBody, words: SideWords): Promise<readonly BodyRewrite[]> {
  const [isBefore, isAfter] = [await hasMark(before), await hasMark(after)];
  if (isBefore === isAfter) return [];
  const sentence = words.isSameRequest
    ? `A byte order mark was ${isBefore ? 'taken from' : 'put before'} the text.`
    : `Only the ${isBefore ? words.before : words.after} begins with a byte order mark.`;
  return [{ kind: 'byte order mark', sentence }];
}

async function hasMark({ bytes, headers }: ComparedBody): Promise<boolean> {
  const { bytes: start } = await unpack(bytes ?? new Uint8Array(), codingOf(headers, bytes ?? new Uint8Array()), markBytes);
  return hasUtf16Mark(start) || (start[0] === 0xef && start[1] === 0xbb && start[2] === 0xbf);
}

/** As much of a body as is unpacked to see its mark: enough of a coding around another to undo that one too. */
const markBytes = 4096;

function isJson(bytes: Uint8Array, text: string): boolean {
  return !isJsonDeeper(bytes) && isJsonText(text);
}

function isForm({ headers }: ComparedBody): boolean {
  return /^\s*application\/x-www-form-urlencoded\b/i.test(headerValue(headers, 'content-type') ?? '');
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
