import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import type { MatchedBy } from '#shared/contract/comparing.ts';
import { isJsonDeeper } from '#shared/json-depth.ts';
import { readExact } from '#shared/json/exact.ts';
import { capturePlace, type ArrivedCapture } from '../capture/arrived.ts';
import { attemptsEnded, attemptsWithIds, type SentAttempt } from '../log/sent-attempts.ts';
import { signatureFields } from '../request/signature-record.ts';
import { readBody } from '../store/bodies.ts';
import type { Reader } from '../store/database.ts';
import { arrivalFacts, couldHaveSent, fitsWithoutMarks, lateMs } from './could-have-sent.ts';
import { contentKey } from './json-content.ts';

/** What was received, to be matched with what was sent: a capture, or a request that somebody pasted. */
export type Arrived =
  | ArrivedCapture
  | (Pick<ArrivedCapture, 'headersJson' | 'bodyBytes' | 'isBodyTruncated' | 'deliveryId' | 'receivedAtMs'> & { readonly body: Uint8Array });

/** An attempt that made what was received, and by what it is known. */
export interface FoundAttempt {
  readonly attempt: SentAttempt;
  readonly matchedBy: MatchedBy;
  /** How many other attempts match as well. */
  readonly alsoMatching: number;
}

/** How long an attempt may wait for its answer, after which it becomes a row. */
const answeredMs = 600_000;

/** Attempts that are looked at around a time. */
const [lookedAfter, lookedBefore, lookedWithIds] = [2000, 1000, 200];

/** Values of headers that may be ids, by their length: a shorter one would be found by chance. */
const idLength = [8, 128] as const;
const lookedHeaders = 200;

/** The surest first. */
const ranks: readonly MatchedBy[] = ['signature', 'delivery header', 'message id', 'connection', 'body', 'content'];

/** The attempt that made what was received: the surest match, of equals the last that began before. Null without any. */
export function findSent(reader: Reader, arrived: Arrived): FoundAttempt | null {
  const facts = createFacts(reader, arrived);
  const { receivedAtMs } = arrived;
  const known = new Map<string, SentAttempt>();
  const take = (attempts: readonly SentAttempt[]) => {
    for (const attempt of attempts) known.set(attempt.id, attempt);
  };
  take(attemptsWithIds(reader, facts.possibleIds, lookedWithIds));
  take(attemptsEnded(reader, { fromMs: receivedAtMs, toMs: receivedAtMs + answeredMs }, { limit: lookedAfter, order: 'ASC' }));
  take(attemptsEnded(reader, { fromMs: receivedAtMs - lateMs, toMs: receivedAtMs }, { limit: lookedBefore, order: 'DESC' }));
  return best(known, facts);
}

/** By what a capture is known to be of an attempt; null when it is not. */
export function matchOf(reader: Reader, attempt: SentAttempt, arrived: Arrived): MatchedBy | null {
  return createFacts(reader, arrived).matchOf(attempt);
}

function best(attempts: ReadonlyMap<string, SentAttempt>, facts: Facts): FoundAttempt | null {
  const known: { readonly attempt: SentAttempt; readonly matchedBy: MatchedBy }[] = [];
  for (const attempt of attempts.values()) {
    const matchedBy = facts.matchOf(attempt);
    if (matchedBy !== null) known.push({ attempt, matchedBy });
  }
  const signed = known.find(({ matchedBy }) => matchedBy === 'signature');
  const signature = signed === undefined ? [] : signatureOf(signed.attempt);
  // A replay carries the signature of another attempt, which it has not made itself.
  const found = known.map((one) =>
    signature.length > 0 && facts.hasSent(one.attempt, signature) ? { ...one, matchedBy: 'signature' as const } : one,
  );
  const rankOf = ({ matchedBy }: { readonly matchedBy: MatchedBy }) => ranks.indexOf(matchedBy);
  const [first] = found.toSorted(
    (one, other) =>
      rankOf(one) - rankOf(other) || other.attempt.startedAtMs - one.attempt.startedAtMs || other.attempt.seq - one.attempt.seq,
  );
  if (first === undefined) return null;
  return { ...first, alsoMatching: found.filter(({ matchedBy }) => matchedBy === first.matchedBy).length - 1 };
}

type Facts = ReturnType<typeof createFacts>;

/** What is asked of one received request again and again. */
function createFacts(reader: Reader, arrived: Arrived) {
  const headers = JSON.parse(arrived.headersJson) as readonly HeaderField[];
  const keys = new Set(headers.map(keyOf));
  let body: Uint8Array | null = null;
  const bytes = () => (body ??= 'body' in arrived ? arrived.body : readBody(reader, arrived.bodyHash));
  let content: string | null | undefined;
  const key = () => (content === undefined ? (content = contentOf(bytes())) : content);
  const isComplete = arrived.isBodyTruncated === 0 && arrived.bodyBytes > 0;
  const seq = 'body' in arrived ? null : arrived.seq;
  // Of a pasted request nobody knows where it arrived.
  const arrival = 'body' in arrived ? null : arrivalFacts(arrived);
  const isSameBody = ({ bodyHash, bodyBytes }: SentAttempt) =>
    isComplete && bodyHash !== null && bodyBytes === arrived.bodyBytes && asBuffer(readBody(reader, bodyHash)).equals(bytes());
  const isSameContent = ({ bodyHash, bodyBytes }: SentAttempt) => {
    if (!isComplete || bodyHash === null || bodyBytes === 0 || bodyBytes > contentBytes || arrived.bodyBytes > contentBytes) return false;
    // Other layouts make JSON some times as long.
    if (bodyBytes > arrived.bodyBytes * layoutFactor || arrived.bodyBytes > bodyBytes * layoutFactor) return false;
    return key() !== null && contentOf(readBody(reader, bodyHash)) === key();
  };
  return {
    possibleIds: [
      ...new Set([
        ...(arrived.deliveryId === null ? [] : [arrived.deliveryId]),
        ...headers
          .slice(0, lookedHeaders)
          .map(([, value]) => value)
          .filter(({ length }) => length >= idLength[0] && length <= idLength[1]),
      ]),
    ],
    /** Whether an attempt sent these fields, whoever made them. */
    hasSent: (attempt: SentAttempt, fields: readonly HeaderField[]) => {
      const sent = new Set(sentHeaders(attempt).map(keyOf));
      return fields.every((field) => sent.has(keyOf(field)));
    },
    matchOf: (attempt: SentAttempt): MatchedBy | null => {
      const source = attempt.sourceCaptureId === null ? undefined : capturePlace(reader, attempt.sourceCaptureId);
      if (!couldHaveSent({ ...attempt, source }, { receivedAtMs: arrived.receivedAtMs, seq })) return null;
      const sent = sentHeaders(attempt);
      const signature = signatureOf(attempt);
      if (signature.length > 0 && signature.every((field) => keys.has(keyOf(field)))) return 'signature';
      const hasCarried = (id: string) => id.length >= idLength[0] && sent.some((field) => field[1] === id && keys.has(keyOf(field)));
      if (hasCarried(attempt.deliveryId)) return 'delivery header';
      if (hasCarried(attempt.messageId)) return 'message id';
      if (attempt.deliveryId === arrived.deliveryId) return 'connection';
      if (arrival === null || !fitsWithoutMarks({ ...attempt, source }, arrival)) return null;
      if (isSameBody(attempt)) return 'body';
      return isSameContent(attempt) ? 'content' : null;
    },
  };
}

function sentHeaders({ headersJson }: SentAttempt): readonly HeaderField[] {
  return JSON.parse(headersJson) as readonly HeaderField[];
}

/** The fields of the signature that an attempt made over its content. */
function signatureOf(attempt: SentAttempt): readonly HeaderField[] {
  if (attempt.signatureJson === null) return [];
  return signatureFields(JSON.parse(attempt.signatureJson) as Parameters<typeof signatureFields>[0], sentHeaders(attempt));
}

/** Bodies above this size are not read for the value of their JSON: this may be done for many of them. */
const contentBytes = 262_144;
const layoutFactor = 8;

/** The value of JSON as a text; null for what is not JSON with something in it. */
function contentOf(bytes: Uint8Array): string | null {
  if (isJsonDeeper(bytes)) return null;
  const text = asBuffer(bytes).toString('utf8');
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return null;
  } catch {
    return null;
  }
  return contentKey(readExact(text));
}

function keyOf([name, value]: HeaderField): string {
  return `${name.toLowerCase()}:${value}`;
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
