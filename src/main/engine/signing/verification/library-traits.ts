import { headerNameTest } from '#shared/text/headers.ts';
import { Buffer, isUtf8 } from 'node:buffer';
import { isJsonDeeper } from '#shared/json-depth.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import type { LibraryTraits } from '#shared/providers/shapes/library.ts';
import { encodeBytes } from '../encoding.ts';
import { listed } from '../header-values.ts';
import { isObject } from '../json-body.ts';
import { durationInWords } from '../timestamp.ts';

export type { LibraryTraits };

const jsonWords = {
  any: { lack: 'no JSON', why: 'it parses the body, which is no JSON' },
  'not null': { lack: 'no JSON, or null', why: 'it wants JSON other than null in the body' },
  event: { lack: 'no JSON with an event', why: 'it wants JSON with an event in the body' },
  'event text': { lack: 'no JSON with the name of an event', why: 'it wants JSON with the name of an event in the body' },
} as const satisfies Record<NonNullable<LibraryTraits['wantsJson']>, unknown>;

/** What a library does differently, in a sentence; null when nothing is known. */
export function describeLibrary(library: LibraryTraits | null, hasTimestamp: boolean): string | null {
  if (library === null) return null;
  const clauses = [
    ...(hasTimestamp && library.time === 'past' ? ['accepts any timestamp in the future'] : []),
    ...(hasTimestamp && library.time === 'none' ? ['checks no timestamp'] : []),
    ...(library.body === 'bytes' ? [] : ['reads the body as UTF-8 text, and refuses a body that is not UTF-8']),
    ...(library.body === 'text-without-mark' ? ['drops a byte order mark and refuses the body then'] : []),
    ...(library.refusesEmptyBody ? ['refuses an empty body'] : []),
    ...(library.wantsJson === undefined ? [] : [`throws where the body is ${jsonWords[library.wantsJson].lack}`]),
    ...(library.rewritesJson ? ['signs the JSON written again without spaces instead of the bytes received'] : []),
    ...(library.wantsLowerCase ? ['refuses upper-case hex'] : []),
    ...(library.readsAnyBase64 ? ['accepts base64url and base64 without padding'] : []),
    ...(library.readsLastOnly ? ['looks at the last of several signatures only'] : []),
    ...(library.parsesTimestamp ? ['signs the timestamp as a number, not as the text received'] : []),
    ...(library.also === undefined ? [] : [library.also]),
  ];
  return clauses.length === 0 ? null : `The library ${library.name} ${listed(clauses)}.`;
}

/** Standard base64 of text that a lax reader accepts: base64url, or without padding. */
export function strictBase64(text: string): string {
  return encodeBytes(Buffer.from(text, 'base64'), 'base64');
}

/** Headers, with standard base64 in the named ones. */
export function strictHeaders(headers: readonly HeaderField[], names: readonly string[]): readonly HeaderField[] {
  const isWanted = headerNameTest(names);
  return headers.map(([name, value]): HeaderField => [name, isWanted(name) ? strictBase64(value) : value]);
}

/** The note that a library accepts a request, and why, as a clause. */
export function acceptanceNote({ name }: Pick<LibraryTraits, 'name'>, why: string): string {
  return `The library ${name} would accept this request: ${why}.`;
}

/** Why a library accepts non-standard base64. */
export const anyBase64Clause = 'it also reads base64url and base64 without padding';

/** The part of a verification's result that a library could judge differently. */
export interface LibraryFacts {
  readonly verdict: Pick<Verification, 'verdict' | 'reason' | 'matchedSignature' | 'timestampAgeSeconds' | 'receivedSignatures'>;
  readonly body: Uint8Array;
  readonly timestampText: string | null;
  /** Indexes of the signatures that the scheme itself reads. */
  readonly ownSignatures: readonly number[];
  /** MACs of the usable secrets. */
  readonly expected: readonly Uint8Array[];
  /** What else it would refuse the request for, as clauses. */
  readonly alsoRefuses?: readonly string[];
}

/** A sentence when the library would judge this request differently; null when it would judge the same. */
export function libraryNoteOf(library: LibraryTraits | null, facts: LibraryFacts): string | null {
  if (library === null) return null;
  if (facts.verdict.verdict === 'valid') {
    const reasons = refusals(library, facts);
    return reasons.length === 0 ? null : `The library ${library.name} would refuse this request: ${listed(reasons)}.`;
  }
  const reason = acceptance(library, facts);
  // A late request may also fail for one of the other reasons, and then library and bytes agree.
  if (reason === null || refusals(library, facts).length > 0) return null;
  return acceptanceNote(library, reason);
}

const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

function refusals(library: LibraryTraits, facts: LibraryFacts): readonly string[] {
  const { body, verdict, timestampText } = facts;
  const isText = isUtf8(body);
  const hasMark = body.byteLength >= 3 && byteOrderMark.equals(body.subarray(0, 3));
  const matched = verdict.matchedSignature === null ? undefined : verdict.receivedSignatures[verdict.matchedSignature];
  const age = verdict.timestampAgeSeconds;
  const limit = library.toleranceSeconds;
  const isOutside = age !== null && limit !== null && (age > limit || (library.time === 'both' && -age > limit));
  const isRewritten = timestampText !== null && /^\d+$/.test(timestampText) && String(Number(timestampText)) !== timestampText;
  return [
    ...(library.time !== 'none' && isOutside ? [`its own limit for timestamps is ${durationInWords(limit ?? 0)}`] : []),
    ...(library.body !== 'bytes' && !isText ? ['it reads the body as UTF-8 text, and this body is none'] : []),
    ...(library.body === 'text-without-mark' && hasMark ? ['it drops the byte order mark of the body before it signs'] : []),
    ...(library.refusesEmptyBody && body.byteLength === 0 ? ['it refuses an empty body'] : []),
    ...(library.wantsJson !== undefined && body.byteLength > 0 && isText && !isWantedJson(body, library.wantsJson)
      ? [jsonWords[library.wantsJson].why]
      : []),
    ...(library.rewritesJson && isRewrittenJson(body) ? ['it signs the JSON written again, which differs from these bytes'] : []),
    ...(library.wantsLowerCase && matched !== undefined && /[A-F]/.test(matched.slice(-40)) ? ['it compares lower-case hex as text'] : []),
    ...(library.readsLastOnly && matched !== undefined && verdict.matchedSignature !== facts.ownSignatures.at(-1)
      ? ['it looks at the last signature only, and another one matches']
      : []),
    ...(library.parsesTimestamp && isRewritten ? ['it signs the timestamp without its leading zeros'] : []),
    ...(facts.alsoRefuses ?? []),
  ];
}

function acceptance(library: LibraryTraits, facts: LibraryFacts): string | null {
  const { reason, receivedSignatures } = facts.verdict;
  if (reason === 'timestamp_future' && library.time === 'past') return 'it refuses old timestamps only, not those in the future';
  if ((reason === 'timestamp_future' || reason === 'timestamp_stale') && library.time === 'none') return 'it checks no timestamp';
  if (reason !== 'header_malformed' || !library.readsAnyBase64) return null;
  const isMade = receivedSignatures.some((text) => facts.expected.some((mac) => Buffer.from(text, 'base64').equals(mac)));
  return isMade ? anyBase64Clause : null;
}

/** A larger or too deeply nested body is not parsed, and nothing is noted about its JSON, so that it does not delay the verdict. */
const parsedBytesLimit = 8 * 1024 * 1024;

function isParsed(body: Uint8Array): boolean {
  return body.byteLength <= parsedBytesLimit && !isJsonDeeper(body);
}

function isWantedJson(body: Uint8Array, wanted: NonNullable<LibraryTraits['wantsJson']>): boolean {
  if (!isParsed(body)) return true;
  let value: unknown;
  try {
    value = JSON.parse(textOf(body));
  } catch {
    return false;
  }
  const event: unknown = isObject(value) ? value['event'] : undefined;
  switch (wanted) {
    case 'any':
      return true;
    case 'not null':
      return value !== null;
    case 'event':
      return Boolean(event);
    case 'event text':
      return typeof event === 'string';
  }
}

function isRewrittenJson(body: Uint8Array): boolean {
  if (body.byteLength > parsedBytesLimit) return false;
  // The library would fail where it writes JSON that is nested thousands of levels deep.
  if (isJsonDeeper(body)) return true;
  try {
    return JSON.stringify(JSON.parse(textOf(body))) !== textOf(body);
  } catch {
    return true;
  }
}

function textOf(body: Uint8Array): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
}
