import type { SentRequests } from '../http/sent-requests.ts';
import type { Clock, Log } from '../base/ports.ts';
import { answerByTarget, notAnsweredYet, type AnswerRoom } from './answer-by-target.ts';
import { brokenBodyAnswer, fullAnswer, noBinAnswer, notKeptAnswer, overCaptureLimitAnswer, replyFor, type Answer } from './answer.ts';
import { calledUrlOf, readArrival, type ArrivalTls } from './arrival.ts';
import type { BodySink, BodyStore } from './body-store.ts';
import type { BinBook } from './bin-book.ts';
import type { ReadyBin } from './bin-cache.ts';
import type { CaptureRoom } from './capture-room.ts';
import type { Connection } from './connection.ts';
import { isDiskFull, type DiskTrouble } from './disk-trouble.ts';
import { Refusal } from '../base/refusal.ts';
import { readBody, type ReadBody } from './read-body.ts';
import { plainly, type Answerer } from './answering/answerer.ts';
import type { KeptAnswer, ReceivedRequest, Recorder } from './recorder.ts';
import type { RefusedRecorder } from './refused/recorder.ts';
import type { Diagnosis } from './refused/diagnosis.ts';
import { noBinDiagnosis } from './refused/refuse.ts';
import type { RequestTrail } from '../http/request-bytes.ts';
import type { Peer } from './peer.ts';
import { finish, send } from './send.ts';
import type { TargetAnswers } from './target-answers.ts';
import { createFaultyExchange, type EarlyAnswer, type FaultyExchange } from './wire/faulty-exchange.ts';
import type { FaultRoom } from './wire/fault-room.ts';

/** A webhook sender that pauses this long in the middle of a body is gone; a slow one may take an hour. */
const bodyIdleMs = 60_000;
const bodyTotalMs = 3_600_000;

export interface ExchangeDeps {
  readonly bins: BinBook;
  readonly recorder: Recorder;
  readonly answerer: Pick<Answerer, 'answer'>;
  /** Answers of targets in place of those of bins. */
  readonly targetAnswers: TargetAnswers;
  readonly answerRoom: AnswerRoom;
  readonly refused: Pick<RefusedRecorder, 'note'>;
  readonly bodies: BodyStore;
  readonly disk: Pick<DiskTrouble, 'failed' | 'kept'>;
  readonly room: Pick<CaptureRoom, 'hasRoom' | 'limitBytes'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly bodyLimitBytes: () => number;
  readonly deliveryOf: SentRequests['deliveryOf'];
  /** The base URL of the port for HTTPS, or of that for plain HTTP. */
  readonly listenerUrl: (isSecure: boolean) => string;
  /** Room for requests that faults hold. */
  readonly faults: FaultRoom;
}

export interface Exchange {
  readonly peer: Peer;
  readonly connection: Connection;
  /** Whether the sender waits for "100 Continue" before it sends the body. */
  readonly awaitsContinue: boolean;
  /** The bytes of the request. */
  readonly trail: RequestTrail;
  /** The facts of TLS; null for a plain connection. */
  readonly tls: ArrivalTls | null;
  /** Whether it came in at an address beyond loopback. */
  readonly isOther: boolean;
}

/** One request and its answer: read, kept on disk, then answered as the bin says. Never rejects for what a sender does. */
export async function exchange(deps: ExchangeDeps, each: Exchange): Promise<void> {
  const { peer, connection, awaitsContinue, trail, tls } = each;
  const startedMs = performance.now();
  const receivedAtMs = deps.clock.now();
  const { method, target, remoteAddress } = peer;
  // A request of ours has no more headers than these, and a host stands among them.
  const firstHeaders = peer.firstHeaders();
  const { slug, by } = readArrival(target, firstHeaders, (named) => deps.bins.at(named) !== undefined);
  const bin = slug === null ? undefined : deps.bins.at(slug);
  const answerWith = (answer: Answer) => replyFor(answer, method, deps.clock.now());
  /** Answers and records a request that is not captured. */
  const refuse = async (diagnosis: Diagnosis, answer: Answer) => {
    await send(deps.clock, answerWith(answer), peer, connection);
    const which = bin === undefined ? { slug, binId: null } : { slug: null, binId: bin.id };
    deps.refused.note({ ...diagnosis, ...which, status: answer.status, trail, remoteAddress });
  };
  if (bin === undefined) {
    const diagnosis = noBinDiagnosis(slug);
    // Without "100 Continue" a sender may or may not send its body: only a new connection is safe.
    return refuse(diagnosis, { ...noBinAnswer(diagnosis, deps.listenerUrl(tls !== null)), isLast: awaitsContinue });
  }
  if (!deps.room.hasRoom())
    return refuse({ reason: 'no-room', seen: 'Captures have taken all the room they may have on the disk.' }, fullAnswer());
  const deliveryId = deps.deliveryOf({ remotePort: peer.remotePort, headers: firstHeaders });
  const bodyLimitBytes = deps.bodyLimitBytes();
  const captureLimitBytes = deps.room.limitBytes() ?? Number.POSITIVE_INFINITY;
  const limitBytes = Math.min(bodyLimitBytes, captureLimitBytes);
  const refuseOverCaptureLimit = () =>
    refuse(
      { reason: 'over-capture-limit', seen: `The body is larger than all captures together may be (${captureLimitBytes} bytes).` },
      overCaptureLimitAnswer(captureLimitBytes),
    );
  const isCaptureLimitLower = captureLimitBytes < bodyLimitBytes;
  if (isCaptureLimitLower && peer.declaredBytes() > captureLimitBytes) return refuseOverCaptureLimit();
  const sink = deps.bodies.begin(limitBytes, peer.declaredBytes());
  const faulty = createFaultyExchange(deps, { ...each, startedMs, fault: bin.answer.fault });
  // Without such a fault, the reading of the body begins in this turn: what breaks it may have come together with the head.
  const early = faulty.answerEarly === null ? null : await faulty.answerEarly(answerWith(bin.answer));
  const { body, end } = await receive(deps, each, { sink, limitBytes, early, faulty });
  const failure = sink.failure();
  if (failure !== null) deps.disk.failed(failure);
  if (isCaptureLimitLower && end === 'over-limit' && early === null) {
    await sink.release();
    return refuseOverCaptureLimit();
  }
  const headers = await peer.headers(firstHeaders);
  const received: ReceivedRequest = {
    method,
    target,
    url: calledUrlOf({ target, headers, by, isTls: tls !== null }, bin).url,
    by,
    tls,
    httpVersion: peer.httpVersion,
    headers,
    trailers: peer.trailers(),
    body,
    isBodyTruncated: end !== 'complete',
    remoteAddress,
    deliveryId,
    receivedAtMs,
    bodyMs: performance.now() - startedMs,
  };
  const verified = await deps.recorder.verdictOf(bin, received);
  const given =
    end === 'complete' && early === null
      ? await deps.answerer.answer(bin, received, verified)
      : plainly(
          end === 'complete'
            ? bin.answer
            : brokenBodyAnswer(end, { limitBytes, idleMs: bodyIdleMs, failure, misframed: connection.unreadableWhy() }),
        );
  const reply = early?.reply ?? answerWith(given.answer);
  const expected = given.isOwnResponse && reply.fault === null ? deps.targetAnswers.expect(bin.id, given.captureId) : null;
  const first = expected === null ? given : { ...given, captureId: expected.captureId, by: notAnsweredYet(expected) };
  const kept = await keep(deps, bin, received, { reply, verified, given: first });
  given.settled();
  await sink.release();
  if ('failure' in kept) {
    expected?.giveUp();
    const answer =
      deps.bins.find(bin.id) === undefined
        ? noBinAnswer(noBinDiagnosis(slug), deps.listenerUrl(tls !== null))
        : notKeptAnswer(kept.failure);
    if (early === null) await send(deps.clock, answerWith({ ...answer, isLast: reply.isLast }), peer, connection);
    else await finish(deps.clock, peer, connection);
    return;
  }
  if (expected !== null) return answerByTarget(deps, { peer, connection, expected, own: reply, startedMs });
  if (reply.fault !== null || connection.gone() === 'displaced') return faulty.answer(kept.id, reply, early);
  if (!(await connection.wait(deps.clock, reply.delayMs))) return peer.cut();
  // A sender that closed the connection in the middle of its request need not read the answer, so no answer time is recorded.
  if (end !== 'disconnected') peer.onSent(() => deps.recorder.answered(kept.id, performance.now() - startedMs));
  await send(deps.clock, reply, peer, connection);
}

/** How the body of a request is read. */
interface Receiving {
  readonly sink: BodySink;
  readonly limitBytes: number;
  readonly early: EarlyAnswer | null;
  readonly faulty: FaultyExchange;
}

async function receive(
  deps: ExchangeDeps,
  { peer, connection, awaitsContinue }: Exchange,
  { sink, limitBytes, early, faulty }: Receiving,
): Promise<ReadBody> {
  // A sender that was answered before it was told to continue need not send its body.
  if (early !== null && (early.isClosing || awaitsContinue)) {
    const isWhole = peer.declaredBytes() === 0 && peer.body.complete;
    return { body: (await sink.finish()).body, end: isWhole ? 'complete' : 'disconnected' };
  }
  if (awaitsContinue) {
    // The sender asked first: refusing now saves it sending the whole body.
    if (peer.declaredBytes() > limitBytes) return { body: (await sink.finish()).body, end: 'over-limit' };
    peer.writeContinue();
  }
  const limits = { idleMs: bodyIdleMs, totalMs: bodyTotalMs, bytesPerSecond: faulty.readBytesPerSecond };
  const reading = readBody(peer.body, sink, limits, deps.clock);
  connection.setReading(reading.interrupt);
  // What ended the input while an early answer was sent had no reading to end.
  if (early !== null && !connection.isReadable()) reading.interrupt(connection.gone() === null ? 'malformed' : 'disconnected');
  const body = await faulty.whileReading(reading.done);
  connection.setReading(null);
  return body;
}

/** The capture's id once it is on disk, or the error code when it could not be kept. */
async function keep(
  deps: ExchangeDeps,
  bin: ReadyBin,
  received: ReceivedRequest,
  answer: KeptAnswer,
): Promise<{ readonly id: string } | { readonly failure: string }> {
  const isInFile = 'path' in received.body;
  try {
    const id = await deps.recorder.keep(bin, received, answer);
    if (isInFile && !received.isBodyTruncated) deps.disk.kept();
    return { id };
  } catch (error) {
    const failure = error instanceof Refusal && error.code === 'STORE_UNAVAILABLE' ? String(error.data.reason) : '';
    // A small write may still succeed, so the data file would not report the trouble for long.
    if (isInFile && isDiskFull(failure)) deps.disk.failed(failure);
    if (deps.bins.find(bin.id) !== undefined)
      deps.log.error({ binId: bin.id, error: String(error) }, 'A request could not be kept, so it was not accepted');
    return { failure };
  }
}
