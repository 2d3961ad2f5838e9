import { headerValue } from '#shared/text/headers.ts';
import { performance } from 'node:perf_hooks';
import type { Dispatcher } from 'undici';
import type { HeaderField } from '#shared/contract/common.ts';
import type { ConnectionFacts, Timings } from '#shared/contract/deliveries.ts';
import type { TimeoutPhase } from '#shared/contract/outcome.ts';
import type { Connection, Holder } from './connections.ts';
import { addressesOf, errorCodeOf, isTlsAnswer, parserDetailOf } from './error-facts.ts';
import type { Opening } from './open-socket.ts';
import { outcomeOf, type AttemptEnd, type Failure } from './outcome.ts';
import { ProxyError } from './proxy-tunnel.ts';
import { retryAfterMs } from '#shared/deciding/retry-after.ts';
import type { ReceivedResponse, SendOptions, SendResult, WireRequest } from './sender.types.ts';
import type { Target } from './target.ts';
import { writtenHeaders } from './wire-headers.ts';

/** Reading stops here even if less is kept: an endless answer must not run until the deadline. */
export const usualReadLimitBytes = 64 * 1_048_576;

/** What an exchange needs besides the request. */
export interface ExchangePorts {
  /** Epoch milliseconds; HTTP dates of answers are compared to it. */
  readonly now: () => number;
  /** Its deadline, by the monotonic clock. */
  readonly deadlineAtMs: number;
  readonly onEnd: OnEnd;
}

/** Called once with the result of an exchange; `error` is the cause of a failure, for the log. */
export type OnEnd = (result: SendResult, error: unknown) => void;

/** What has happened so far; times are of the monotonic clock. */
interface Sightings {
  opening: Opening | null;
  isOpenedHere: boolean;
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

const nothing = Buffer.alloc(0);
const noRedirects: SendResult['redirects'] = [];

/**
 * One request and its answer, from `begin` to the one call of `onEnd`. The object itself is the handler for undici and the
 * signal: one is made for every attempt, and a closure for each of these calls would cost as much as the sending.
 */
export class Exchange implements Holder {
  readonly deadlineAtMs: number;
  private readonly startedAtMs = performance.now();
  private readonly target: Target;
  private readonly request: WireRequest;
  private readonly options: SendOptions;
  private readonly now: () => number;
  private readonly onEnd: OnEnd;
  private connection: Connection | null = null;
  private isEnded = false;
  private readonly seen: Sightings = {
    opening: null,
    isOpenedHere: false,
    sentAtMs: null,
    answerBeganAtMs: null,
    answerEndedAtMs: null,
    head: null,
    keptChunks: [],
    keptBytes: 0,
    bodyBytes: 0,
  };

  constructor(target: Target, request: WireRequest, options: SendOptions, { now, deadlineAtMs, onEnd }: ExchangePorts) {
    this.target = target;
    this.request = request;
    this.options = options;
    this.now = now;
    this.deadlineAtMs = deadlineAtMs;
    this.onEnd = onEnd;
  }

  /** Sends the request over a connection that it holds until the end. */
  begin(connection: Connection): void {
    const { request, target } = this;
    this.connection = connection;
    this.options.signal.addEventListener('abort', this);
    connection.dispatch({ path: target.path, method: request.method, headers: flat(request.headers), body: request.body });
  }

  /** Ends it from outside, at once; does nothing when it has ended. */
  end(how: AttemptEnd, isComplete = false, error: unknown = null): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.options.signal.removeEventListener('abort', this);
    const { seen, request } = this;
    const result: SendResult = {
      outcome: outcomeOf(nameOf(this.target, how, seen), how),
      sentHeaders: seen.sentAtMs === null ? request.headers : writtenHeaders(this.target.hostField, request),
      response: responseOf(seen),
      redirects: noRedirects,
      timings: timingsOf(seen, this.startedAtMs),
      connection: connectionOf(seen),
      retryAfterMs: seen.head?.retryAfterMs ?? null,
    };
    // Only an answer that ended regularly leaves a connection that can be kept.
    if (isComplete) this.connection?.release();
    else void this.connection?.destroy();
    this.onEnd(result, error);
  }

  timeOut(): void {
    const { seen } = this;
    const { timeoutMs } = this.options;
    const proxy = seen.opening?.proxy ?? null;
    if (proxy !== null && !proxy.hasConnected) {
      const problem = `did not connect to ${this.target.name} within ${timeoutMs} ms: check that it runs and may connect there.`;
      return this.end({ kind: 'proxy', proxy: proxy.name, code: 'PROXY_TIMEOUT', problem });
    }
    this.end({ kind: 'timeout', phase: phaseOf(seen), timeoutMs, status: seen.head?.status ?? null });
  }

  /** The signal was aborted. */
  handleEvent(): void {
    this.end({ kind: 'cancelled' });
  }

  onOpening(opening: Opening): void {
    this.seen.opening = opening;
    this.seen.isOpenedHere = true;
  }

  onOpenFailed(error: Error): void {
    this.fail(error);
  }

  /** Called right before the request is written. */
  onRequestStart(): void {
    const opening = this.connection?.opening ?? null;
    this.seen.opening = opening;
    this.seen.sentAtMs = performance.now();
    const localPort = opening?.facts?.localPort ?? null;
    if (localPort !== null) this.options.onSent?.(localPort, () => writtenHeaders(this.target.hostField, this.request));
  }

  onResponseStarted(): void {
    this.seen.answerBeganAtMs = performance.now();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, _headers: unknown, reason?: string): void {
    if (status < 100) return this.end({ kind: 'statusless', status });
    // Informational responses such as early hints come before the answer.
    if (status < 200) {
      this.seen.answerBeganAtMs = null;
      return;
    }
    const headers = headerFieldsOf(controller.rawHeaders);
    const retryAfter = headerValue(headers, 'retry-after');
    this.seen.head = {
      status,
      reason: reason ?? '',
      headers,
      retryAfterMs: retryAfter === null ? null : retryAfterMs(retryAfter, this.now()),
    };
    this.options.onAnswer?.(status, headers);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const { seen } = this;
    if (this.options.onData !== undefined) {
      seen.bodyBytes += chunk.byteLength;
      return this.options.onData(chunk, controller);
    }
    keepChunk(seen, chunk, this.options.keptBytes);
    const { readLimitBytes: limitBytes = usualReadLimitBytes } = this.options;
    if (seen.bodyBytes > limitBytes && seen.head !== null) this.end({ kind: 'overlong', status: seen.head.status, limitBytes });
  }

  onResponseEnd(): void {
    const { seen } = this;
    const { head } = seen;
    if (head === null) return;
    // A body without a length ends with the connection; undici treats a reset as that end too.
    const broken = seen.opening?.firstError ?? null;
    if (broken !== null) return this.fail(broken);
    seen.answerEndedAtMs = performance.now();
    const { status, reason } = head;
    const location = status >= 300 && status < 400 ? headerValue(head.headers, 'location') : null;
    this.end({ kind: 'response', status, reason, location, successRule: this.options.successRule }, true);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(this.seen.opening?.firstError ?? error);
  }

  private fail(error: Error): void {
    const proxy = this.seen.opening?.proxy ?? null;
    const end: AttemptEnd =
      error instanceof ProxyError && proxy !== null
        ? { kind: 'proxy', proxy: proxy.name, code: error.code, problem: error.problem }
        : failureOf(error, this.seen);
    this.end(end, false, error);
  }
}

/** What a sentence calls the target: what went wrong behind a proxy may be the proxy's doing. */
function nameOf({ name }: Target, { kind }: AttemptEnd, { opening }: Sightings): string {
  const isInDoubt = kind === 'failure' || kind === 'timeout' || kind === 'overlong' || kind === 'statusless';
  return isInDoubt && opening?.proxy != null ? `${name} through the proxy ${opening.proxy.name}` : name;
}

/** Names and values in one list, as undici takes them. */
function flat(fields: readonly HeaderField[]): string[] {
  const parts: string[] = [];
  for (const [name, value] of fields) parts.push(name, value);
  return parts;
}

/** The current phase of the attempt. */
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
    detail: parserDetailOf(error),
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
    body: keptBody(seen.keptChunks),
    bodyBytes: seen.bodyBytes,
    isBodyTruncated: seen.keptBytes < seen.bodyBytes,
  };
}

/** Most answers are empty or arrive in one piece, which need not be copied. */
function keptBody(chunks: readonly Buffer[]): Buffer {
  const [first = nothing] = chunks;
  return chunks.length > 1 ? Buffer.concat(chunks) : first;
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
    totalMs: toMicroseconds(performance.now() - startedAtMs),
  };
}

function between(fromMs: number | null, toMs: number | null): number | null {
  return fromMs === null || toMs === null ? null : toMicroseconds(toMs - fromMs);
}

/** Milliseconds to three places: further digits are noise and would dominate the size of the record. */
function toMicroseconds(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function connectionOf(seen: Sightings): ConnectionFacts | null {
  const facts = seen.opening?.facts ?? null;
  if (facts === null) return null;
  return seen.isOpenedHere ? facts.first : facts.reused;
}

function headerFieldsOf(raw: unknown): readonly HeaderField[] {
  if (!Array.isArray(raw)) return [];
  const fields: HeaderField[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) fields.push([latin1(raw[index]), latin1(raw[index + 1])]);
  return fields;
}

function latin1(part: unknown): string {
  return Buffer.isBuffer(part) ? part.toString('latin1') : String(part);
}
