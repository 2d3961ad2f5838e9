import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import type { NoiseKind } from '#shared/contract/comparing.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import type { NearestMiss } from '#shared/contract/waits.ts';
import { namedCharacters, unnamedEvent } from '#shared/recognise/event-name.ts';
import { eventTypeIn, jsonAnswers, jsonFound } from '../capture/matching/capture-facts.ts';
import { readBodyBytes, smallBodyBytes } from '../capture/matching/match-all.ts';
import type { MatchedRequest, Unmet } from '../capture/matching/match.ts';
import { asksForJson, shownUnmet, unmetInWords } from '../capture/matching/unmet.ts';
import { pathBehindBin } from '../capture/request-target.ts';
import { capturesInRange, newestCaptureSeq, type SentCapture } from '../capture/sent-captures.ts';
import { arrivedBy } from '../capture/stored-arrival.ts';
import { resumeAfter, type StreamPosition } from '../capture/stream-page.ts';
import { compareBodies } from '../comparing/body-comparison.ts';
import { ignoring } from '../comparing/json-findings.ts';
import { readBody } from '../store/bodies.ts';
import type { Reader } from '../store/database.ts';
import { search } from '../store/searcher.ts';

/** What a capture has to be. */
export interface CaptureAsk {
  readonly binId: string | undefined;
  /** Received from this time on. */
  readonly fromMs: number | undefined;
  readonly match: RequestMatch | null;
  /** One after the other; empty where the order does not matter. */
  readonly inOrder: readonly RequestMatch[];
  /** Text of the JSON that its body has to be; null for any body. */
  readonly body: string | null;
  readonly ignore: readonly NoiseKind[];
}

/** One look at the captures that came after a position. */
export interface CaptureLook extends CaptureAsk {
  readonly after: StreamPosition;
  /** How many of the order came before. */
  readonly stepsDone: number;
  /** Captures and milliseconds after which it ends early. */
  readonly limit: number;
  readonly budgetMs: number;
  /** False for a capture whose body takes too long, or too much memory. */
  readonly readsBodies: boolean;
}

/** A capture that matches, with the id that its sender gave the event. */
export interface MatchedCapture {
  readonly id: string;
  readonly eventId: string | null;
}

/** A miss, with how far it is from a match. */
export interface Miss extends NearestMiss {
  /** Whether all that it lacks is about a body that was not read, or is not whole: then nobody can tell whether it matches. */
  readonly isUnread: boolean;
  /** The step of the order that it is no match for. */
  readonly step: number;
}

export interface CapturesSeen {
  readonly after: StreamPosition;
  readonly isEnd: boolean;
  readonly looked: number;
  readonly matched: readonly MatchedCapture[];
  /** The ids of those that nobody can tell of whether they match. */
  readonly unread: readonly string[];
  readonly nearest: Miss | null;
}

/** Captures read at once. */
const pageSize = 50;

/** Differences that are told. */
const toldDifferences = 50;

/** Holds captures against what a wait asks for; in a thread, since bodies can take long to read. */
export const captureWaitSearch = search('captureWait', async (reader: Reader, look: CaptureLook): Promise<CapturesSeen> => {
  const untilMs = performance.now() + look.budgetMs;
  const matched: MatchedCapture[] = [];
  const unread: string[] = [];
  let nearest: Miss | null = null;
  let after = look.after;
  let { afterSeq } = resumeAfter(reader, after);
  const uptoSeq = newestCaptureSeq(reader);
  const wanted = { binId: look.binId, seqs: null };
  let looked = 0;
  for (;;) {
    const limit = Math.min(pageSize, look.limit - looked);
    const captures = capturesInRange(reader, wanted, { afterSeq, uptoSeq, limit, inlineBytes: smallBodyBytes });
    for (const capture of captures) {
      afterSeq = capture.seq;
      after = { seq: capture.seq, id: capture.id };
      // What came slowly is stored behind what came later.
      if (capture.receivedAtMs < (look.fromMs ?? 0)) continue;
      const step = look.stepsDone + (look.inOrder.length > 0 ? matched.length : 0);
      const miss = await missOf(reader, look, step, capture);
      if (miss === null) matched.push({ id: capture.id, eventId: capture.messageId });
      else {
        nearest = nearerOf(nearest, miss);
        if (miss.isUnread) unread.push(capture.id);
      }
      looked += 1;
      const isComplete = look.inOrder.length > 0 && look.stepsDone + matched.length >= look.inOrder.length;
      if (isComplete || performance.now() > untilMs) return { after, isEnd: isComplete, looked, matched, unread, nearest };
    }
    if (captures.length < limit || looked >= look.limit) return { after, isEnd: captures.length < limit, looked, matched, unread, nearest };
  }
});

/** The nearer of two misses; a later step of the order comes first, and of equals the later one. */
export function nearerOf(one: Miss | null, other: Miss): Miss {
  if (one === null || other.step > one.step) return other;
  if (other.step < one.step) return one;
  if (other.unmet.length !== one.unmet.length) return other.unmet.length < one.unmet.length ? other : one;
  return other.differenceCount <= one.differenceCount ? other : one;
}

/** What a capture lacks; null for nothing. */
async function missOf(reader: Reader, look: CaptureLook, step: number, capture: SentCapture): Promise<Miss | null> {
  const filters = [look.match, ...(look.inOrder[step] === undefined ? [] : [look.inOrder[step]])];
  const headers = JSON.parse(capture.headersJson) as HeaderField[];
  const isReadable = look.readsBodies && capture.bodyBytes <= readBodyBytes;
  const read = () => capture.body ?? readBody(reader, capture.bodyHash);
  const body = isReadable && filters.some(asksForJson) ? read() : null;
  const request: MatchedRequest = {
    method: capture.method,
    ...pathBehindBin(capture.target, arrivedBy(capture.arrivalJson)),
    headers,
    eventType: eventTypeIn(headers, capture.body),
    verdict: capture.verdict,
    ...(body === null ? { hasJson: () => false } : { hasJson: jsonAnswers(body), jsonFound: jsonFound(body) }),
  };
  const lacking = filters.flatMap((filter) => shownUnmet(filter, request));
  const unmet = lacking.map((each) =>
    each.part.json !== undefined && body === null ? { ...unmetInWords(each), found: unreadText } : unmetInWords(each),
  );
  const isWhole = isReadable && capture.isBodyTruncated !== 1;
  // A long body is not read for the name of its event.
  const isNameless = request.eventType === unnamedEvent && (!isWhole || capture.body === null || capture.bodyBytes > namedCharacters);
  const isAboutUnread = ({ part }: Unmet) => (part.json !== undefined && !isWhole) || (part.eventTypes !== undefined && isNameless);
  const isUnread = lacking.length > 0 ? lacking.every(isAboutUnread) : !isWhole;
  const miss = {
    id: capture.id,
    isUnread,
    what: `${capture.method} ${capture.target}`.slice(0, 200),
    step,
    differences: [],
    differenceCount: 0,
  };
  if (unmet.length > 0) return { ...miss, unmet };
  if (look.body === null) return null;
  if (!isReadable) return { ...miss, unmet: [{ condition: bodyCondition, found: unreadText }] };
  return await bodyMiss(look, { ...miss, unmet: [] }, capture, { bytes: read(), headers });
}

const bodyCondition = 'body';
const unreadText = 'Its body was not read: it is too large, or took too long to read.';

const words = { before: 'expected', after: 'captured', isSameRequest: false } as const;

async function bodyMiss(
  { body, ignore }: CaptureLook,
  miss: Miss,
  capture: SentCapture,
  { bytes, headers }: { readonly bytes: Uint8Array; readonly headers: readonly HeaderField[] },
): Promise<Miss | null> {
  const expected = Buffer.from(body ?? '', 'utf8');
  const { isSame, content, changes, changeCount, leftOut, notes } = await compareBodies(
    { bytes: expected, size: expected.byteLength, headers: [], isCut: false },
    { bytes, size: capture.bodyBytes, headers, isCut: capture.isBodyTruncated === 1 },
    words,
    ignoring(ignore),
  );
  const isAllIgnored = changeCount === 0 && leftOut.dates + leftOut.ids > 0;
  if (isSame || content === 'same' || isAllIgnored) return null;
  const found =
    changeCount > 0
      ? `It has ${changeCount === 1 ? '1 other value' : `${changeCount} other values`}.`
      : (notes[0] ?? 'It is not the JSON that is expected.');
  return {
    ...miss,
    unmet: [{ condition: bodyCondition, found }],
    differences: changes.slice(0, toldDifferences),
    differenceCount: changeCount,
  };
}
