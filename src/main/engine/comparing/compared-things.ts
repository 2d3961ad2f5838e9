import type { StoredSide } from '#shared/contract/comparisons.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { unpackConnection, unpackOutcome, unpackTimings } from '../base/packed-columns.ts';
import { arrivedCapture, type ArrivedCapture } from '../capture/arrived.ts';
import { captureResult, type CaptureResult } from '../capture/capture-result.ts';
import { attemptResult, whyNoAttempt, type AttemptResult } from '../log/compared-attempts.ts';
import { lastSentAttempt, sentAttempt, type SentAttempt } from '../log/sent-attempts.ts';
import { readBody } from '../store/bodies.ts';
import type { Reader } from '../store/database.ts';
import { attemptConnection, captureConnection } from './compare-connections.ts';
import type { ComparedResponse } from './compare-responses.ts';
import { attemptTimes, captureTimes } from './compare-timings.ts';
import type { ComparedText, TextTrouble } from './given-text.ts';
import type { ComparedThing } from './compared-thing.types.ts';
import { arrivedRequest, sentRequest } from './stored-requests.ts';
import { textThing } from './text-thing.ts';

/** Something of the workspace by its id; a delivery stands for its last attempt that ended. */
export interface ComparedId {
  readonly kind: 'capture' | 'attempt' | 'delivery';
  readonly id: string;
}

/** What is asked for: something of the workspace, or a request in a text. */
export type ComparedAsked = ComparedId | ComparedText;

/** Why something of the workspace cannot be compared: it is not there, its attempt is under way, or it has made none. */
export type WhyNoStored = 'none' | 'under way' | 'not begun';

/** Why something cannot be compared. */
export type WhyMissing = WhyNoStored | TextTrouble;

/** Gathers what is compared of one of two things, or says why it cannot be. */
export function comparedThing(reader: Reader, asked: ComparedAsked): ComparedThing | WhyMissing {
  if (asked.kind === 'text') return textThing(asked);
  const found = lookedUp(reader, asked);
  if (typeof found === 'string') return found;
  return found.kind === 'capture' ? captureThing(reader, found) : attemptThing(reader, found);
}

/** Whether something cannot be compared. */
export function isMissing(found: ComparedThing | WhyMissing): found is WhyMissing {
  return typeof found === 'string' || 'trouble' in found;
}

/** How many bytes are kept of the bodies of something; none of what cannot be compared. */
export function keptBytes(reader: Reader, asked: ComparedId): number {
  const found = lookedUp(reader, asked);
  if (typeof found === 'string') return 0;
  return found.kind === 'capture' ? found.arrived.bodyBytes : found.sent.bodyBytes + (found.result.answerBodyBytes ?? 0);
}

/** What an attempt or a capture is, without what is compared of it; why it cannot be compared, where it cannot. */
export function comparedSide(reader: Reader, asked: ComparedId): StoredSide | WhyNoStored {
  const found = lookedUp(reader, asked);
  if (typeof found === 'string') return found;
  return found.kind === 'capture' ? captureSide(found) : attemptSide(found);
}

interface FoundAttempt {
  readonly kind: 'attempt';
  readonly sent: SentAttempt;
  readonly result: AttemptResult;
}

interface FoundCapture {
  readonly kind: 'capture';
  readonly arrived: ArrivedCapture;
  readonly result: CaptureResult;
}

function lookedUp(reader: Reader, { kind, id }: ComparedId): FoundAttempt | FoundCapture | WhyNoStored {
  if (kind === 'capture') {
    const arrived = arrivedCapture(reader, id);
    const result = arrived === undefined ? undefined : captureResult(reader, id);
    return arrived === undefined || result === undefined ? 'none' : { kind, arrived, result };
  }
  const sent = kind === 'attempt' ? sentAttempt(reader, id) : lastSentAttempt(reader, id);
  const result = sent === undefined ? undefined : attemptResult(reader, sent.id);
  return sent === undefined || result === undefined ? whyNoAttempt(reader, { kind, id }) : { kind: 'attempt', sent, result };
}

function attemptSide({ sent, result }: FoundAttempt): StoredSide {
  return {
    kind: 'attempt',
    id: sent.id,
    name: `Attempt ${sent.number} of ${result.eventType} to ${result.endpointName ?? 'an endpoint that is gone'}`,
    deliveryId: sent.deliveryId,
    binId: null,
    endpointId: result.endpointId,
    number: sent.number,
    atMs: sent.startedAtMs,
    outcome: result.outcomeJson === null ? null : unpackOutcome(result.outcomeJson),
    status: result.status,
    readAs: null,
    notes: [],
  };
}

function attemptThing(reader: Reader, found: FoundAttempt): ComparedThing {
  const { sent, result } = found;
  const side = attemptSide(found);
  const answerHeaders = JSON.parse(result.answerHeadersJson ?? '[]') as HeaderField[];
  const connection = result.connectionJson === null ? null : unpackConnection(result.connectionJson);
  return {
    side,
    request: sentRequest(reader, sent),
    response:
      result.status === null
        ? { kind: 'none', code: side.outcome?.code ?? 'unknown', why: side.outcome?.message ?? 'The log does not say why.' }
        : {
            kind: 'answer',
            status: result.status,
            reason: result.reason ?? '',
            headers: answerHeaders,
            bodyBytes: result.answerBodyBytes,
            body: answerBody(reader, result, answerHeaders),
            outcome: side.outcome,
            fault: null,
          },
    times: attemptTimes(result.timingsJson === null ? null : unpackTimings(result.timingsJson), connection?.isReused ?? false),
    connection: attemptConnection(connection),
  };
}

function answerBody(
  reader: Reader,
  { answerBodyHash, answerBodyBytes, isAnswerTruncated }: AttemptResult,
  headers: readonly HeaderField[],
) {
  const kept = answerBodyHash === null ? null : readBody(reader, answerBodyHash);
  return {
    bytes: kept ?? (answerBodyBytes === 0 ? new Uint8Array() : null),
    size: answerBodyBytes,
    headers,
    isCut: isAnswerTruncated === 1,
  };
}

function captureSide({ arrived, result }: FoundCapture): StoredSide {
  return {
    kind: 'capture',
    id: arrived.id,
    name: `Capture of ${result.binName}`,
    deliveryId: arrived.deliveryId,
    binId: arrived.binId,
    endpointId: null,
    number: null,
    atMs: arrived.receivedAtMs,
    outcome: null,
    status: result.answeredBy?.kind === 'unanswered' ? null : result.status,
    readAs: null,
    notes: [],
  };
}

function captureThing(reader: Reader, found: FoundCapture): ComparedThing {
  const { arrived, result } = found;
  return {
    side: captureSide(found),
    request: arrivedRequest(reader, arrived),
    response: binResponse(result),
    times: captureTimes(result),
    connection: captureConnection(result),
  };
}

function binResponse({ status, headers, bodyBytes, fault, answeredBy }: CaptureResult): ComparedResponse {
  if (answeredBy?.kind === 'unanswered') return { kind: 'none', code: 'unanswered', why: answeredBy.why };
  return { kind: 'answer', status, reason: '', headers, bodyBytes, body: null, outcome: null, fault };
}
