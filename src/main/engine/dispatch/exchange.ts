import { performance } from 'node:perf_hooks';
import type { HeaderField } from '#shared/contract/common.ts';
import type { ConnectionFacts, Timings } from '#shared/contract/deliveries.ts';
import type { TimeoutPhase } from '#shared/contract/outcome.ts';
import type { Holder } from './connections.ts';
import { addressesOf, errorCodeOf, isTlsAnswer } from './error-facts.ts';
import type { Opening } from './open-socket.ts';
import { outcomeOf, targetOf, type AttemptEnd, type Failure } from './outcome.ts';
import { retryAfterMs } from './retry-after.ts';
import type { ReceivedResponse, SendOptions, SendResult, WireRequest } from './sender.types.ts';
import { contentLengthHeader, parseHeaderText } from './wire-headers.ts';

/** Reading stops here, however much is kept: an endless answer must not run until the deadline. */
export const readLimitBytes = 64 * 1_048_576;

/** One request and its answer as they happen. */
export interface Exchange {
  readonly holder: Holder;
  /** Ends it from outside, at once; ignored when it has ended. */
  readonly end: (end: AttemptEnd) => void;
  readonly timeOut: () => void;
}

export interface ExchangeEnd {
  readonly result: SendResult;
  /** Whether the answer came to its regular end, so that the connection may be kept. */
  readonly isComplete: boolean;
  /** The error behind a failure, for the log. */
  readonly error: unknown;
}

/** What has been seen so far; times are of the monotonic clock. */
interface Sightings {
  opening: Opening | null;
  isOpenedHere: boolean;
  sentHeaders: readonly HeaderField[] | null;
  sentAtMs: number | null;
  answerBeganAtMs: number | null;
  answerEndedAtMs: number | null;
  head: {
    readonly status: number;
    readonly reason: string;
    readonly headers: readonly HeaderField[];
    readonly retryAfterMs: number | null;
  } | null;
  readonly keptChunks: Buffer[];
  keptBytes: number;
  bodyBytes: number;
}

/** Follows one attempt from its start; calls back once with all that was seen. `now` is the clock that HTTP dates are compared to. */
export function createExchange(
  url: URL,
  request: WireRequest,
  options: SendOptions,
  now: () => number,
  onEnd: (end: ExchangeEnd) => void,
): Exchange {
  const startedAtMs = performance.now();
  let isEnded = false;
  const seen: Sightings = {
    opening: null,
    isOpenedHere: false,
    sentHeaders: null,
    sentAtMs: null,
    answerBeganAtMs: null,
    answerEndedAtMs: null,
    head: null,
    keptChunks: [],
    keptBytes: 0,
    bodyBytes: 0,
  };

  const end = (how: AttemptEnd, isComplete = false, error: unknown = null) => {
    if (isEnded) return;
    isEnded = true;
    const result: SendResult = {
      outcome: outcomeOf(targetOf(url), how),
      sentHeaders: seen.sentHeaders ?? request.headers,
      response: responseOf(seen),
      timings: timingsOf(seen, startedAtMs),
      connection: connectionOf(seen),
      retryAfterMs: seen.head?.retryAfterMs ?? null,
    };
    onEnd({ result, isComplete, error });
  };

  const fail = (error: Error) => end(failureOf(error, seen), false, error);

  return {
    end,
    timeOut: () => end({ kind: 'timeout', phase: phaseOf(seen), timeoutMs: options.timeoutMs, status: seen.head?.status ?? null }),
    holder: {
      onOpening: (opening) => {
        seen.opening = opening;
        seen.isOpenedHere = true;
      },
      onOpenFailed: fail,
      onHeadersWritten: (text, opening) => {
        seen.opening = opening;
        seen.sentAtMs = performance.now();
        seen.sentHeaders = [...parseHeaderText(text), ...contentLengthHeader(request)];
        if (opening.socket.localPort !== undefined) options.onSent?.(opening.socket.localPort);
      },
      onRequestStart: () => undefined,
      onResponseStarted: () => {
        seen.answerBeganAtMs = performance.now();
      },
      onResponseStart: (controller, status, _headers, reason) => {
        // Early hints and their like come before the answer and are not it.
        if (status < 200) return;
        const headers = headerFieldsOf(controller.rawHeaders);
        const retryAfter = headerValue(headers, 'retry-after');
        seen.head = { status, reason: reason ?? '', headers, retryAfterMs: retryAfter === null ? null : retryAfterMs(retryAfter, now()) };
      },
      onResponseData: (_controller, chunk) => {
        keepChunk(seen, chunk, options.keptBytes);
        if (seen.bodyBytes > readLimitBytes && seen.head !== null)
          end({ kind: 'overlong', status: seen.head.status, limitBytes: readLimitBytes });
      },
      onResponseEnd: () => {
        seen.answerEndedAtMs = performance.now();
        const { head } = seen;
        if (head === null) return;
        end(
          {
            kind: 'response',
            status: head.status,
            reason: head.reason,
            location: headerValue(head.headers, 'location'),
            successRule: options.successRule,
          },
          true,
        );
      },
      onResponseError: (_controller, error) => fail(seen.opening?.firstError ?? error),
    },
  };
}

/** Where in the attempt things stand. */
function phaseOf(seen: Sightings): TimeoutPhase {
  const { opening } = seen;
  if (seen.head !== null) return 'body';
  if (seen.sentAtMs !== null) return seen.answerBeganAtMs === null && (opening?.socket.writableLength ?? 0) > 0 ? 'request' : 'response';
  if (opening === null) return 'request';
  if (opening.connectedAtMs !== null) return opening.isTls ? 'tls' : 'request';
  return opening.needsLookup && opening.resolvedAtMs === null ? 'dns' : 'connect';
}

function failureOf(error: Error, seen: Sightings): Failure {
  return {
    kind: 'failure',
    errorCode: errorCodeOf(error),
    phase: phaseOf(seen),
    addresses: addressesOf(error),
    status: seen.head?.status ?? null,
    hasAnswerBegun: seen.answerBeganAtMs !== null,
    isClosedByReceiver: seen.opening?.isClosedByReceiver ?? false,
    isReusedConnection: !seen.isOpenedHere,
    isTlsAnswer: isTlsAnswer(error),
    certificate: seen.opening?.certificate ?? null,
  };
}

function keepChunk(seen: Sightings, chunk: Buffer, limitBytes: number): void {
  seen.bodyBytes += chunk.byteLength;
  const kept = chunk.subarray(0, Math.max(0, limitBytes - seen.keptBytes));
  if (kept.byteLength === 0) return;
  seen.keptChunks.push(kept);
  seen.keptBytes += kept.byteLength;
}

function responseOf(seen: Sightings): ReceivedResponse | null {
  if (seen.head === null) return null;
  const { status, reason, headers } = seen.head;
  return {
    status,
    reason,
    headers,
    body: Buffer.concat(seen.keptChunks),
    bodyBytes: seen.bodyBytes,
    isBodyTruncated: seen.keptBytes < seen.bodyBytes,
  };
}

function timingsOf(seen: Sightings, startedAtMs: number): Timings {
  const opening = seen.isOpenedHere ? seen.opening : null;
  const connectBeganAtMs = opening === null ? null : (opening.resolvedAtMs ?? opening.startedAtMs);
  return {
    queuedMs: null,
    dnsMs: opening?.needsLookup === true ? between(opening.startedAtMs, opening.resolvedAtMs) : null,
    connectMs: between(connectBeganAtMs, opening?.connectedAtMs ?? null),
    tlsMs: between(opening?.connectedAtMs ?? null, opening?.securedAtMs ?? null),
    firstByteMs: between(seen.sentAtMs, seen.answerBeganAtMs),
    downloadMs: between(seen.answerBeganAtMs, seen.answerEndedAtMs),
    totalMs: performance.now() - startedAtMs,
  };
}

function between(fromMs: number | null, toMs: number | null): number | null {
  return fromMs === null || toMs === null ? null : toMs - fromMs;
}

function connectionOf(seen: Sightings): ConnectionFacts | null {
  const facts = seen.opening?.facts ?? null;
  return facts === null ? null : { ...facts, isReused: !seen.isOpenedHere };
}

function headerFieldsOf(raw: unknown): readonly HeaderField[] {
  if (!Array.isArray(raw)) return [];
  const texts = raw.map((part: unknown) => (Buffer.isBuffer(part) ? part.toString('latin1') : String(part)));
  return texts.flatMap((name, index): HeaderField[] => (index % 2 === 0 ? [[name, texts[index + 1] ?? '']] : []));
}

/** The first value of a header, by its lower-case name. */
function headerValue(headers: readonly HeaderField[], name: string): string | null {
  return headers.find(([other]) => other.toLowerCase() === name)?.[1] ?? null;
}
