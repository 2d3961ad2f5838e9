import type { IncomingMessage, ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HeaderField } from '#shared/contract/common.ts';
import type { SentRequests } from '../http/sent-requests.ts';
import type { Clock, Log } from '../base/ports.ts';
import {
  brokenBodyAnswer,
  fullAnswer,
  noBinAnswer,
  notKeptAnswer,
  overCaptureLimitAnswer,
  replyFor,
  type Answer,
  type Reply,
} from './answer.ts';
import type { BodySink, BodyStore } from './body-store.ts';
import type { BinBook } from './bin-book.ts';
import type { ReadyBin } from './bin-cache.ts';
import type { CaptureRoom } from './capture-room.ts';
import type { Connection } from './connection.ts';
import { isDiskFull, type DiskTrouble } from './disk-trouble.ts';
import { Refusal } from '../base/refusal.ts';
import { readBody, type ReadBody } from './read-body.ts';
import type { ReceivedRequest, Recorder } from './recorder.ts';
import type { RefusedRecorder } from './refused/recorder.ts';
import type { Diagnosis } from './refused/diagnosis.ts';
import { noBinDiagnosis } from './refused/refuse.ts';
import type { RequestTrail } from '../http/request-bytes.ts';
import { fieldsOf, slugOf, urlOf } from './request-target.ts';

/** A webhook sender that pauses this long in the middle of a body is gone; a slow one may take an hour. */
const bodyIdleMs = 60_000;
const bodyTotalMs = 3_600_000;

/** How long the rest of a refused body is read and dropped, so that the sender sees the answer instead of a reset. */
const lingerMs = 5_000;

export interface ExchangeDeps {
  readonly bins: BinBook;
  readonly recorder: Recorder;
  readonly refused: Pick<RefusedRecorder, 'note'>;
  readonly bodies: BodyStore;
  readonly disk: Pick<DiskTrouble, 'failed' | 'kept'>;
  readonly room: Pick<CaptureRoom, 'hasRoom' | 'limitBytes'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly bodyLimitBytes: () => number;
  readonly deliveryOf: SentRequests['deliveryOf'];
  readonly listenerUrl: () => string;
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly connection: Connection;
  /** Whether the sender waits for "100 Continue" before it sends the body. */
  readonly awaitsContinue: boolean;
  /** The bytes of the request. */
  readonly trail: RequestTrail;
}

/** One request and its answer: read, kept on disk, then answered as the bin says. Never rejects for what a sender does. */
export async function exchange(deps: ExchangeDeps, { request, response, connection, awaitsContinue, trail }: Exchange): Promise<void> {
  const startedMs = performance.now();
  const receivedAtMs = deps.clock.now();
  const target = request.url ?? '';
  const method = request.method ?? '';
  const slug = slugOf(target);
  const bin = slug === null ? undefined : deps.bins.at(slug);
  const answerWith = (answer: Answer) => replyFor(answer, method, deps.clock.now());
  const remoteAddress = request.socket.remoteAddress ?? '';
  /** Answers and records a request that is not captured. */
  const refuse = async (diagnosis: Diagnosis, answer: Answer) => {
    await send(deps, answerWith(answer), request, response, connection);
    const which = bin === undefined ? { slug, binId: null } : { slug: null, binId: bin.id };
    deps.refused.note({ ...diagnosis, ...which, status: answer.status, trail, remoteAddress });
  };
  if (bin === undefined) {
    const diagnosis = noBinDiagnosis(slug);
    // Without "100 Continue" a sender may or may not send its body: only a new connection is safe.
    return refuse(diagnosis, { ...noBinAnswer(diagnosis, deps.listenerUrl()), isLast: awaitsContinue });
  }
  if (!deps.room.hasRoom())
    return refuse({ reason: 'no-room', seen: 'Captures have taken all the room they may have on the disk.' }, fullAnswer());
  // A request of ours has no more headers than these.
  const firstHeaders = fieldsOf(request.rawHeaders, { from: 0, to: partsAtOnce });
  const deliveryId = deps.deliveryOf({ remotePort: request.socket.remotePort ?? null, headers: firstHeaders });
  const bodyLimitBytes = deps.bodyLimitBytes();
  const captureLimitBytes = deps.room.limitBytes() ?? Number.POSITIVE_INFINITY;
  const limitBytes = Math.min(bodyLimitBytes, captureLimitBytes);
  const refuseOverCaptureLimit = () =>
    refuse(
      { reason: 'over-capture-limit', seen: `The body is larger than all captures together may be (${captureLimitBytes} bytes).` },
      overCaptureLimitAnswer(captureLimitBytes),
    );
  const isCaptureLimitLower = captureLimitBytes < bodyLimitBytes;
  if (isCaptureLimitLower && Number(request.headers['content-length'] ?? 0) > captureLimitBytes) return refuseOverCaptureLimit();
  const sink = deps.bodies.begin(limitBytes);
  const { body, end } = await receive(deps, { request, response, connection, awaitsContinue, trail }, sink, limitBytes);
  const failure = sink.failure();
  if (failure !== null) deps.disk.failed(failure);
  if (isCaptureLimitLower && end === 'over-limit') {
    await sink.release();
    return refuseOverCaptureLimit();
  }
  const headers = request.rawHeaders.length <= partsAtOnce ? firstHeaders : await manyFieldsOf(request.rawHeaders);
  const received: ReceivedRequest = {
    method,
    target,
    url: urlOf(target, headers),
    httpVersion: request.httpVersion,
    headers,
    trailers: fieldsOf(request.rawTrailers),
    body,
    isBodyTruncated: end !== 'complete',
    remoteAddress,
    deliveryId,
    receivedAtMs,
    bodyMs: performance.now() - startedMs,
  };
  const reply = answerWith(end === 'complete' ? bin.answer : brokenBodyAnswer(end, { limitBytes, idleMs: bodyIdleMs, failure }));
  const kept = await keep(deps, bin, received, reply);
  await sink.release();
  if ('failure' in kept) {
    const answer =
      deps.bins.find(bin.id) === undefined ? noBinAnswer(noBinDiagnosis(slug), deps.listenerUrl()) : notKeptAnswer(kept.failure);
    await send(deps, answerWith({ ...answer, isLast: reply.isLast }), request, response, connection);
    return;
  }
  if (!(await connection.wait(deps.clock, reply.delayMs))) {
    request.socket.destroy();
    return;
  }
  // A sender that closed the connection in the middle of its request need not read the answer, so no answer time is recorded.
  if (end !== 'disconnected') response.once('finish', () => deps.recorder.answered(kept.id, performance.now() - startedMs));
  await send(deps, reply, request, response, connection);
}

/** Names and values that are made into fields in one turn; a head can have sixty thousand headers. */
const partsAtOnce = 4000;

/** The fields of a long head, with other work in between. */
async function manyFieldsOf(raw: readonly string[]): Promise<HeaderField[]> {
  const fields: HeaderField[] = [];
  for (let from = 0; from < raw.length; from += partsAtOnce) {
    await nextTurn();
    for (const field of fieldsOf(raw, { from, to: from + partsAtOnce })) fields.push(field);
  }
  await nextTurn();
  return fields;
}

async function receive(
  deps: ExchangeDeps,
  { request, response, connection, awaitsContinue }: Exchange,
  sink: BodySink,
  limitBytes: number,
): Promise<ReadBody> {
  if (awaitsContinue) {
    const declaredBytes = Number(request.headers['content-length'] ?? 0);
    // The sender asked first: refusing now saves it sending the whole body.
    if (declaredBytes > limitBytes) return { body: (await sink.finish()).body, end: 'over-limit' };
    response.writeContinue();
  }
  const reading = readBody(request, sink, { idleMs: bodyIdleMs, totalMs: bodyTotalMs }, deps.clock);
  connection.setReading(reading.interrupt);
  const body = await reading.done;
  connection.setReading(null);
  return body;
}

/** The capture's id once it is on disk, or the error code when it could not be kept. */
async function keep(
  deps: ExchangeDeps,
  bin: ReadyBin,
  received: ReceivedRequest,
  reply: Reply,
): Promise<{ readonly id: string } | { readonly failure: string }> {
  const isInFile = 'path' in received.body;
  try {
    const id = await deps.recorder.keep(bin, received, reply);
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

async function send(
  deps: ExchangeDeps,
  reply: Reply,
  request: IncomingMessage,
  response: ServerResponse,
  connection: Connection,
): Promise<void> {
  const headers = reply.isLast ? [...reply.headers, ['Connection', 'close']] : reply.headers;
  response.writeHead(reply.status, headers.flat());
  if (reply.body.byteLength > 0) response.write(reply.body);
  else response.flushHeaders();
  // The answer is complete, by its Content-Length; the rest of an incoming body is read and dropped for a while.
  const isAtEnd =
    request.readableEnded || (!request.destroyed && connection.isReadable() && (await drained(deps.clock, request, connection)));
  response.end();
  if (!isAtEnd) request.socket.destroySoon();
}

/** Reads and drops the rest of a request; false when its end did not arrive. */
function drained(clock: Clock, request: IncomingMessage, connection: Connection): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const settle = () => {
    cancel();
    connection.setReading(null);
    resolve(request.complete);
  };
  const cancel = clock.at(clock.now() + lingerMs, settle);
  connection.setReading(() => {
    if (request.complete) return false;
    settle();
    return true;
  });
  request.once('end', settle);
  request.once('close', settle);
  request.resume();
  return promise;
}
