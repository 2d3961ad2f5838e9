import type { WireEnd } from '#shared/contract/wire-fault.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AnsweredBy } from '#shared/contract/bin-answers.ts';
import type { CaptureArrival } from '#shared/contract/captures.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { createGathered, type Changes } from '../base/changes.ts';
import type { Ids, Log } from '../base/ports.ts';
import type { CaptureRoom } from './capture-room.ts';
import type { Database } from '../store/database.ts';
import { createInTurn } from '../store/in-turn.ts';
import { createTurns } from '../base/turns.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { remembered } from '../base/remembered.ts';
import type { Verifier } from '../signing/verifier.ts';
import type { CapturedVerdict } from '../signing/verify-task.ts';
import type { ReceivedBody } from './body-store.ts';
import type { Reply } from './answer.ts';
import type { GivenAnswer } from './answering/answerer.ts';
import type { ReadyBin } from './bin-cache.ts';
import type { CaptureSource } from './capture-source.ts';
import type { SourcePosition } from './source-position.ts';
import { arrivalJson } from './stored-arrival.ts';
import { headerValue } from '#shared/text/headers.ts';
import { eventInHead } from './event-in-head.ts';
import { smallBodyBytes } from './matching/match-all.ts';
import type { RelayedCapture } from './outbox.ts';
import { captureTotalsWrite, captureWrite, toCaptureOrder, type CaptureOrder, type CaptureTotal, type NewCapture } from './store.ts';
import { stackOf } from '../base/stack-of.ts';

/** A request as it was read from the wire. */
export interface ReceivedRequest {
  readonly method: string;
  /** As received, possibly in absolute form. */
  readonly target: string;
  /** As the sender called it. */
  readonly url: string;
  readonly by: CaptureArrival['by'];
  readonly tls: CaptureArrival['tls'];
  readonly httpVersion: string;
  readonly headers: readonly HeaderField[];
  readonly trailers: readonly HeaderField[];
  readonly body: ReceivedBody;
  readonly isBodyTruncated: boolean;
  readonly remoteAddress: string;
  readonly deliveryId: string | null;
  readonly receivedAtMs: number;
  /** From the end of the head to the end of the body. */
  readonly bodyMs: number;
}

/** What a source says of a request that it brings. */
export interface Brought {
  readonly source: CaptureSource;
  readonly position: SourcePosition;
}

/** What is stored with a request beside itself. */
export interface KeptAnswer {
  readonly reply: Reply;
  readonly verified: CapturedVerdict | null;
  readonly given: Pick<GivenAnswer, 'by' | 'captureId' | 'positions'>;
  /** Of a request that a source brings. */
  readonly from?: Brought;
}

/** Stores requests and publishes the change. */
export interface Recorder {
  /** Returns the capture's id once it is on disk; rejects when it could not be kept. */
  readonly keep: (bin: ReadyBin, request: ReceivedRequest, kept: KeptAnswer) => Promise<string>;
  /** The verdict of the bin's scheme; null without a scheme, and for an incomplete body, which proves nothing. */
  readonly verdictOf: (bin: ReadyBin, request: ReceivedRequest) => Promise<CapturedVerdict | null>;
  /** Notes that the answer was sent, after how long. For one with a fault also what of it was; its time is null when that was not all. */
  readonly answered: (captureId: string, totalMs: number | null, sent?: WireEnd) => void;
  /** The same for an answer that was not known when the capture was stored: which it was, and who gave it. */
  readonly answeredBy: (captureId: string, totalMs: number | null, reply: Reply, by: AnsweredBy) => void;
  /** Settles once everything noted so far is on disk. */
  readonly settled: () => Promise<void>;
}

export interface RecorderDeps {
  readonly database: Database;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly log: Log;
  readonly verifier: Pick<Verifier, 'captured'>;
  readonly room: Pick<CaptureRoom, 'note'>;
  /** The write of a request to this bin was asked for in this turn, and `written` settles with it. */
  readonly onCapturing?: CaptureWatcher;
  /** A request to this bin is on disk. */
  readonly onCaptured?: (binId: string) => void;
}

/** Told of a capture while it is being written, and what relays look at of it. */
export type CaptureWatcher = (binId: string, capture: () => RelayedCapture, written: Promise<unknown>) => void;

/** How many captures are answered in one turn of the event loop. */
const answeredInTurn = 100;

export function createRecorder(deps: RecorderDeps): Recorder {
  const { touch } = createGathered(deps.changes);
  const inTurn = createInTurn();
  const answerTurns = createTurns(answeredInTurn);
  let totals: CaptureTotal[] = [];
  let writing: Promise<void> = Promise.resolve();

  const writeTotals = async () => {
    try {
      // The answer times of one turn of the event loop are written together.
      await nextTurn();
      const batch = totals;
      totals = [];
      await deps.database.hot(captureTotalsWrite, batch);
      for (const { captureId } of batch) touch('captures', captureId);
    } catch (error) {
      deps.log.warn({ error: String(error) }, 'How long some captures took could not be saved; the captures themselves are');
    }
  };

  const note = (total: CaptureTotal) => {
    totals.push(total);
    if (totals.length === 1) writing = writeTotals();
  };

  return {
    verdictOf: (bin, request) => verdictOf(deps, bin, request),
    keep: async (bin, request, kept) => {
      const id = kept.given.captureId ?? deps.ids.next('cap');
      const { verified, given, from } = kept;
      const row = { ...captureRow(id, bin, request, kept), source_json: from === undefined ? null : JSON.stringify(from.source) };
      const moved = {
        position: from?.position ?? null,
        positions: given.positions,
        event: eventInHead(request.headers, bin.signing?.scheme ?? null),
      };
      const order = toCaptureOrder(row, crossing(request.body), verified?.replayKey ?? null, moved);
      const write = () => {
        const written = deps.database.hot(captureWrite, order);
        deps.onCapturing?.(bin.id, () => relayedOf(row, order.body), written);
        return written;
      };
      // Large ones one after the other, so that other writes do not wait for many of them in one transaction.
      deps.room.note('bytes' in request.body ? await write() : await inTurn('large', write));
      deps.onCaptured?.(bin.id);
      // Thousands can be written in one transaction; they are answered a few at a time.
      await answerTurns();
      touch('captures', id);
      // The bin shows its number of captures.
      touch('bins', bin.id);
      return id;
    },
    answered: (captureId, totalMs, sent) =>
      note({ captureId, totalMs, sentJson: sent === undefined ? null : JSON.stringify(sent), final: null }),
    answeredBy: (captureId, totalMs, reply, by) => {
      const final = { status: reply.status, response_json: responseJson(reply), answered_json: JSON.stringify(by) };
      note({ captureId, totalMs, sentJson: null, final });
    },
    settled: () => writing,
  };
}

function relayedOf(row: NewCapture, body: CaptureOrder['body']): RelayedCapture {
  return {
    id: row.id,
    method: row.method,
    target: row.target,
    headersJson: row.headers_json,
    arrivalJson: row.arrival_json,
    trailersJson: row.trailers_json,
    verdict: row.verdict,
    isBodyTruncated: row.is_body_truncated,
    bodyBytes: row.body_bytes,
    body: body instanceof Uint8Array && body.byteLength <= smallBodyBytes ? body : null,
  };
}

/** A body in the form that is passed to another thread. */
function crossing(body: ReceivedBody): Uint8Array | { readonly path: string } {
  return 'bytes' in body ? ownBytes(body.bytes) : { path: body.path };
}

async function verdictOf({ verifier, log }: RecorderDeps, bin: ReadyBin, request: ReceivedRequest): Promise<CapturedVerdict | null> {
  if (bin.signing === null || request.isBodyTruncated) return null;
  try {
    return await verifier.captured({
      options: bin.signing,
      secrets: bin.secrets,
      nowMs: request.receivedAtMs,
      method: request.method,
      url: request.url,
      headers: request.headers,
      body: crossing(request.body),
    });
  } catch (error) {
    // A bug of ours in verifying must not lose the request.
    log.error({ binId: bin.id, error: stackOf(error) }, 'A capture could not be verified');
    return null;
  }
}

function captureRow(
  id: string,
  bin: ReadyBin,
  request: ReceivedRequest,
  { reply, verified, given }: KeptAnswer,
): Omit<NewCapture, 'source_json'> {
  return {
    id,
    bin_id: bin.id,
    method: request.method,
    target: request.target,
    http_version: request.httpVersion,
    headers_json: JSON.stringify(request.headers),
    trailers_json: JSON.stringify(request.trailers),
    content_type: headerValue(request.headers, 'Content-Type'),
    body_bytes: request.body.size,
    is_body_truncated: Number(request.isBodyTruncated),
    remote_address: request.remoteAddress,
    status: reply.status,
    response_json: responseJson(reply),
    answered_json: given.by === null ? null : JSON.stringify(given.by),
    verdict: verified?.verdict ?? null,
    verification_json: verified?.json ?? null,
    delivery_id: request.deliveryId,
    body_ms: request.bodyMs,
    received_at_ms: request.receivedAtMs,
    arrival_json: arrivalJson(request, bin),
  };
}

/** Encoded once for all requests that get the same reply. */
const responseJson = remembered(({ status, headers, body, delayMs, fault }: Reply) =>
  JSON.stringify({ status, headers, bodyBytes: body.byteLength, delayMs, ...(fault === null ? {} : { fault }) }),
);
