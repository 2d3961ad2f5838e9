import { Buffer } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { HeaderField } from '#shared/contract/common.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import { streamFormHeader } from '#shared/stream-form.ts';
import { headerValue, isHeaderValue } from '#shared/text/headers.ts';
import type { Clock } from '../base/ports.ts';
import { version } from '../base/version.ts';
import { Canceller } from '../http/canceller.ts';
import { createEventReader, type ServerEvent } from '../http/event-stream.ts';
import type { AnswerFlow, Sender } from '../http/sender.types.ts';
import { targetOf } from '../http/target.ts';
import type { SourceConfig } from './config.ts';

/** How a connection to a channel ended. */
export interface ConnectionEnd {
  /** Why, in a sentence. */
  readonly message: string;
  /** Whether the other side does not let us in, which trying again soon does not change. */
  readonly isRefused: boolean;
  readonly wasOpen: boolean;
  /** Up to when it was surely connected: one that died without a word may have been gone since the channel said something last. */
  readonly openUntilMs: number;
  /** When the other side asks to be tried again, in milliseconds; null where it does not say. */
  readonly retryAfterMs: number | null;
}

export interface Connection {
  readonly done: Promise<ConnectionEnd>;
  /** Ends it at once. */
  readonly close: (message: string) => void;
}

export interface ConnectionDeps {
  readonly sender: Pick<Sender, 'send'>;
  readonly clock: Clock;
  /** Largest data of one event that is read. */
  readonly limitBytes: number;
  readonly lastId: string | null;
  readonly onOpen: () => void;
  /** Takes one event after the other; while it is at work nothing more is read. */
  readonly onEvent: (event: ServerEvent) => Promise<void>;
}

/** How long the channel may take to answer. */
const answerMs = 30_000;
/** Channels say something every 25 or 30 seconds; one that has been silent for this long is gone without a word. */
const silenceMs = 90_000;
/** Lines and pieces of the answer, and events, after which other work gets a turn: some milliseconds. */
const stepsInTurn = 2048;
const eventsInTurn = 64;

/** Connects to a channel and reads its events until either side ends it. `done` never rejects. */
export function openConnection(deps: ConnectionDeps, source: Pick<SourceConfig, 'kind' | 'url' | 'verifyTls'>): Connection {
  const { clock } = deps;
  const signal = new Canceller();
  const name = targetOf(new URL(source.url));
  const reader = createEventReader(deps.limitBytes, deps.lastId);
  const queue: ServerEvent[] = [];
  /** What has been read since the last turn. */
  let pieces = 0;
  let linesBefore = 0;
  let lastByteMs = clock.now();
  let isOpen = false;
  let isWorking = false;
  let closed: Pick<ConnectionEnd, 'message' | 'isRefused'> | null = null;
  /** When the last bytes came, whatever was done with them since. */
  let lastWordMs = clock.now();
  let isSilent = false;
  let stopWatch: () => void = () => undefined;
  let work: Promise<void> = Promise.resolve();

  const close = (message: string, isRefused = false) => {
    closed ??= { message, isRefused };
    signal.abort();
  };
  const watch = () => {
    const dueMs = lastByteMs + (isOpen ? silenceMs : answerMs);
    if (isWorking || clock.now() < dueMs) {
      stopWatch = clock.at(Math.max(dueMs, clock.now() + 1000), watch);
      return;
    }
    isSilent = isOpen;
    close(
      isOpen ? `${name} has said nothing for ${silenceMs / 1000} seconds.` : `${name} did not answer within ${answerMs / 1000} seconds.`,
    );
  };
  const workOff = async (flow: AnswerFlow) => {
    isWorking = true;
    flow.pause();
    try {
      // Many events take no other turn by themselves, and one socket may be read many times before others are.
      for (let count = 1; closed === null; count += 1) {
        const event = queue.shift();
        if (event === undefined) break;
        await deps.onEvent(event);
        if (count % eventsInTurn === 0) await nextTurn();
      }
      await nextTurn();
    } catch (error) {
      close(error instanceof Error ? error.message : String(error));
    }
    isWorking = false;
    pieces = 0;
    linesBefore = reader.lineCount();
    lastByteMs = clock.now();
    flow.resume();
  };
  const run = async (): Promise<ConnectionEnd> => {
    watch();
    const { outcome, response, retryAfterMs } = await deps.sender.send(
      { method: 'GET', url: source.url, headers: headersOf(source, deps.lastId), body: new Uint8Array() },
      {
        timeoutMs: Number.POSITIVE_INFINITY,
        verifyTls: source.verifyTls,
        keptBytes: 0,
        successRule: '200',
        signal,
        onAnswer: (status, headers) => {
          lastByteMs = clock.now();
          lastWordMs = lastByteMs;
          const problem = answerProblem(name, status, headers);
          if (problem !== null) return close(problem.message, problem.isRefused);
          isOpen = true;
          return deps.onOpen();
        },
        onData: (chunk, flow) => {
          lastByteMs = clock.now();
          lastWordMs = lastByteMs;
          if (!isOpen || closed !== null) return;
          for (const event of reader.read(chunk)) queue.push(event);
          pieces += 1;
          const isTurnDue = pieces + reader.lineCount() - linesBefore > stepsInTurn;
          if ((queue.length > 0 || isTurnDue) && !isWorking) work = workOff(flow);
        },
      },
    );
    const endedMs = clock.now();
    stopWatch();
    await work;
    const isKnownEnd = !isSilent && (closed !== null || outcome.code === 'ok' || outcome.code === 'incomplete');
    const end = closed ?? { message: endSentence(name, outcome, isOpen), isRefused: false };
    return {
      ...end,
      wasOpen: isOpen,
      openUntilMs: isKnownEnd ? endedMs : lastWordMs,
      retryAfterMs: response === null ? null : retryAfterMs,
    };
  };
  return { done: run(), close };
}

function headersOf({ kind }: Pick<SourceConfig, 'kind'>, lastId: string | null): readonly HeaderField[] {
  return [
    ['accept', 'text/event-stream'],
    ['cache-control', 'no-cache'],
    ['user-agent', `Hookyard/${version}`],
    ...(kind === 'hookyard' ? [[streamFormHeader, 'exact'] satisfies HeaderField] : []),
    ...lastIdHeader(lastId),
  ];
}

/** The id in UTF-8, whose bytes stand as Latin-1 in a header. One that no header can hold is not sent: the stream then goes on from now. */
function lastIdHeader(lastId: string | null): readonly HeaderField[] {
  const value = Buffer.from(lastId ?? '', 'utf8').toString('latin1');
  return value === '' || !isHeaderValue(value) ? [] : [['last-event-id', value]];
}

/** Why an answer is no stream; null when it is one. */
function answerProblem(
  name: string,
  status: number,
  headers: readonly HeaderField[],
): { readonly message: string; readonly isRefused: boolean } | null {
  if (status === 200) {
    const type = headerValue(headers, 'content-type') ?? 'none';
    if (/^text\/event-stream\b/i.test(type)) return null;
    return {
      message: `${name} answered with the content type ${type.slice(0, 100)} in place of text/event-stream: this URL is no channel and no stream.`,
      isRefused: true,
    };
  }
  if (status >= 300 && status < 400) {
    // Without its path, in which the key of a stream may stand.
    const location = URL.parse(headerValue(headers, 'location') ?? '')?.origin ?? null;
    return {
      message: `${name} answered ${status} and leads elsewhere${location === null ? '' : ` (${location})`}: remove this source, and add it with the URL that it leads to.`,
      isRefused: true,
    };
  }
  if (status === 404 || status === 401 || status === 403 || status === 410)
    return {
      message: `${name} answered ${status}: the stream URL was revoked or is not whole, or the channel is closed.`,
      isRefused: true,
    };
  if (status === 204) return { message: `${name} answered 204, by which it asks not to be connected to again.`, isRefused: true };
  return { message: `${name} answered ${status}.`, isRefused: status < 500 && status !== 429 };
}

function endSentence(name: string, outcome: Outcome, wasOpen: boolean): string {
  if (wasOpen && (outcome.code === 'ok' || outcome.code === 'incomplete' || outcome.code === 'reset'))
    return `${name} ended the connection.`;
  if (outcome.code === 'refused')
    return `${name} refused the connection: nothing is listening there. Check the URL, or wait until it is back.`;
  return outcome.message;
}
