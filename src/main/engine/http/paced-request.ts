import { once } from 'node:events';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import type { HeaderField } from '#shared/contract/common.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import { errorCodeOf } from './error-facts.ts';
import { usualReadLimitBytes } from './exchange.ts';
import { openSocket, type Opening, type Way } from './open-socket.ts';
import { outcomeOf, plainOutcome } from './outcome.ts';
import { notSendableUrl, whyUnsendable } from './sendable.ts';
import type { TlsCredentials, WireRequest } from './sender.types.ts';
import { createTargets, type Target } from './target.ts';

/** A way of writing a request that {@link Sender} has no use for. */
export interface PacedWire {
  /** By Content-Length, or in chunks without a length. */
  readonly framing: 'length' | 'chunked';
  /** In how many pieces the body is written, with so much real time between two. */
  readonly pieces: number;
  readonly gapMs: number;
  /** Where the connection is cut on purpose; null where the answer is read. */
  readonly cut: 'within-body' | 'before-answer' | null;
}

export interface PacedOptions {
  /** From the beginning to the end of the answer, in real time. */
  readonly timeoutMs: number;
  readonly verifyTls: boolean;
  readonly tls: TlsCredentials | null;
  readonly way: Way;
  readonly successRule: string;
  /** How much of the answer's body is kept; it is read as far as the log reads one. */
  readonly keptBytes: number;
  /** Abort ends it with outcome `cancelled`. */
  readonly signal: AbortSignal;
}

/** How such a request was answered. */
export interface PacedResult {
  readonly outcome: Outcome;
  readonly response: {
    readonly status: number;
    readonly headers: readonly HeaderField[];
    readonly body: Uint8Array;
    readonly bodyBytes: number;
  } | null;
  readonly durationMs: number;
}

/** The answer's beginning, or this much time, is waited for before a connection is cut: the receiver shall have read the request. */
const readMs = 500;

/** Sends one request over a connection of its own, in its own way. Never rejects: whatever goes wrong is an outcome. */
export async function sendPaced(request: WireRequest, wire: PacedWire, options: PacedOptions): Promise<PacedResult> {
  const startedMs = performance.now();
  const target = createTargets()(request.url);
  const unsendable = target === null ? notSendableUrl(request.url) : whyUnsendable(request);
  const ended = (outcome: Outcome, response: PacedResult['response'] = null) => ({
    outcome,
    response,
    durationMs: performance.now() - startedMs,
  });
  if (target === null || unsendable !== null) return ended(outcomeOf('', { kind: 'unsendable', message: unsendable ?? '' }));
  const over = AbortSignal.timeout(options.timeoutMs);
  const signal = AbortSignal.any([options.signal, over]);
  let opening: Opening | null = null;
  try {
    opening = await opened(target, options, signal);
    const made = begin(opening, target, request, wire);
    return await ownAnswer(made, wire, request.body, { target, options, signal, ended });
  } catch (error) {
    if (options.signal.aborted) return ended(outcomeOf(target.name, { kind: 'cancelled' }));
    if (over.aborted)
      return ended(outcomeOf(target.name, { kind: 'timeout', phase: 'response', timeoutMs: options.timeoutMs, status: null }));
    return ended(failureOf(target, error, opening));
  } finally {
    opening?.socket.destroy();
  }
}

function opened(target: Target, { verifyTls, tls, way }: PacedOptions, signal: AbortSignal): Promise<Opening> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const opening = openSocket(target.url, { isVerified: verifyTls, credentials: tls }, way, (error) => {
      signal.removeEventListener('abort', abort);
      if (error === null) resolve(opening);
      else reject(error);
    });
    const abort = () => {
      opening.socket.destroy();
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', abort);
  });
}

function begin({ socket }: Opening, target: Target, { method, headers, body }: WireRequest, { framing }: PacedWire): ClientRequest {
  const framed: readonly HeaderField[] =
    framing === 'chunked' ? [['transfer-encoding', 'chunked']] : [['content-length', String(body.byteLength)]];
  const fields: readonly HeaderField[] = [target.hostField, ...headers, ...framed, ['connection', 'close']];
  // A list keeps order, case and repeated names.
  const made = httpRequest({ createConnection: () => socket, method, path: target.path, headers: fields.flat() });
  // An error after the answer began would otherwise end the process.
  made.on('error', () => undefined);
  return made;
}

async function ownAnswer(
  made: ClientRequest,
  { pieces, gapMs, cut }: PacedWire,
  body: Uint8Array,
  ends: {
    readonly target: Target;
    readonly options: PacedOptions;
    readonly signal: AbortSignal;
    readonly ended: (outcome: Outcome, response?: PacedResult['response']) => PacedResult;
  },
): Promise<PacedResult> {
  const { target, options, signal, ended } = ends;
  const answered = once(made, 'response', { signal }) as Promise<[IncomingMessage]>;
  // Looked at only where the writing comes to its end.
  answered.catch(() => undefined);
  const size = Math.max(1, Math.ceil(body.byteLength / pieces));
  for (let at = 0; at < body.byteLength; at += size) {
    if (at > 0) await (gapMs === 0 ? nextTurn() : pause(gapMs, undefined, { signal }));
    if (cut === 'within-body' && at > 0) return ended(cutOutcome('within the body'));
    made.write(body.subarray(at, at + size));
  }
  if (cut === 'within-body') return ended(cutOutcome('within the body'));
  made.end();
  if (cut === 'before-answer') {
    const waited = new AbortController();
    await Promise.race([answered, pause(readMs, undefined, { signal: waited.signal })]).finally(() => waited.abort());
    return ended(cutOutcome('before the answer was read'));
  }
  const [answer] = await answered;
  const status = answer.statusCode ?? 0;
  const { kept, bytes } = await bodyOf(answer, options.keptBytes, signal);
  const location = answer.headers.location ?? null;
  const response = { status, headers: pairsOf(answer.rawHeaders), body: kept, bodyBytes: bytes };
  if (bytes > usualReadLimitBytes)
    return ended(outcomeOf(target.name, { kind: 'overlong', status, limitBytes: usualReadLimitBytes }), response);
  const end = { kind: 'response', status, reason: answer.statusMessage ?? '', location, successRule: options.successRule } as const;
  return ended(outcomeOf(target.name, end), response);
}

async function bodyOf(
  answer: IncomingMessage,
  keptBytes: number,
  signal: AbortSignal,
): Promise<{ readonly kept: Uint8Array; readonly bytes: number }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    if (bytes < keptBytes) chunks.push(chunk.subarray(0, keptBytes - bytes));
    bytes += chunk.byteLength;
    if (bytes > usualReadLimitBytes) break;
  }
  return { kept: Buffer.concat(chunks), bytes };
}

function pairsOf(raw: readonly string[]): readonly HeaderField[] {
  return raw.flatMap((name, index): HeaderField[] => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : []));
}

function cutOutcome(where: string): Outcome {
  return plainOutcome('cancelled', `Hookyard cut the connection ${where}, on purpose.`);
}

function failureOf(target: Target, error: unknown, opening: Opening | null): Outcome {
  return outcomeOf(target.name, {
    kind: 'failure',
    errorCode: errorCodeOf(opening?.firstError ?? (error instanceof Error ? error : new Error(String(error)))),
    phase: opening === null ? 'connect' : 'response',
    addresses: [],
    status: null,
    hasAnswerBegun: false,
    isClosedByReceiver: opening?.isClosedByReceiver ?? false,
    isReusedConnection: false,
    detail: null,
    isTlsAnswer: false,
    certificate: opening?.certificate ?? null,
  });
}
