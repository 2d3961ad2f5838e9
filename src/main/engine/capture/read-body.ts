import type { Clock } from '../base/ports.ts';
import type { BodySink, ReceivedBody } from './body-store.ts';
import type { BodySource } from './body-source.ts';

/** How a body ended. Only `complete` is the whole of it. */
export type BodyEnd = 'complete' | 'over-limit' | 'no-room' | 'not-written' | 'disconnected' | 'malformed' | 'stalled' | 'stopping';

export interface ReadBody {
  /** The chunks joined, with the content encoding as it came. */
  readonly body: ReceivedBody;
  readonly end: BodyEnd;
}

export interface BodyReading {
  readonly done: Promise<ReadBody>;
  /** Ends the reading with what arrived so far; false when the body was already complete. */
  readonly interrupt: (end: Exclude<BodyEnd, 'complete'>) => boolean;
}

export interface BodyLimits {
  /** Longest pause between two pieces of the body. */
  readonly idleMs: number;
  /** Longest time for the whole body. */
  readonly totalMs: number;
  /** Reads no faster than this; left out, as fast as it comes. */
  readonly bytesPerSecond?: number | undefined;
}

/** Reads a request's body into a sink; later input is dropped. Never rejects. */
export function readBody(request: BodySource, sink: BodySink, limits: BodyLimits, clock: Clock): BodyReading {
  const { promise, resolve } = Promise.withResolvers<ReadBody>();
  const deadlineMs = clock.now() + limits.totalMs;
  let lastByteMs = clock.now();
  let isSettled = false;
  let stopWatch: () => void = () => undefined;
  let stopPause: () => void = () => undefined;
  /** Settles when a rate allows more; null while none holds the reading up. */
  let pausing: Promise<void> | null = null;
  let hasEnded = false;

  const settle = (end: BodyEnd) => {
    if (isSettled) return;
    isSettled = true;
    stopWatch();
    stopPause();
    // A failed write shows only once everything is written.
    void sink.finish().then(({ body, isWhole }) => resolve({ body, end: end === 'complete' && !isWhole ? 'not-written' : end }));
  };
  // One timer that checks again when it fires costs less than one for each piece.
  const watch = () => {
    const dueMs = Math.min(lastByteMs + limits.idleMs, deadlineMs);
    if (clock.now() >= dueMs) settle('stalled');
    else stopWatch = clock.at(dueMs, watch);
  };

  /** Until a rate allows more; the time in which no more comes because of it is not the sender's. */
  const paused = async (pauseMs: number): Promise<void> => {
    if (pauseMs === 0) return;
    lastByteMs += pauseMs;
    await new Promise<void>((go) => {
      const cancel = clock.at(clock.now() + pauseMs, go);
      stopPause = () => {
        cancel();
        go();
      };
    });
  };

  request.on('data', (chunk: Uint8Array) => {
    if (isSettled) return;
    lastByteMs = clock.now();
    const added = sink.add(chunk);
    if (added !== 'taken') return settle(added === 'full' ? 'over-limit' : added);
    const ready = sink.ready();
    const pauseMs = limits.bytesPerSecond === undefined ? 0 : (chunk.byteLength * 1000) / limits.bytesPerSecond;
    if (ready === null && pauseMs === 0) return undefined;
    request.pause();
    if (pauseMs > 0) pausing = paused(pauseMs);
    void Promise.all([ready, pausing]).then(() => request.resume());
    return undefined;
  });
  // Node ends a stream whose last piece was read, also one that was paused then.
  request.once('end', () => {
    hasEnded = true;
    if (pausing === null) settle('complete');
    else void pausing.then(() => settle('complete'));
  });
  request.once('close', () => {
    if (!hasEnded) settle('disconnected');
  });
  watch();
  const interrupt: BodyReading['interrupt'] = (end) => {
    stopPause();
    // Complete, although the stream has not ended yet: the error is behind this request.
    if (request.complete) return false;
    // Bytes that were read together with the head wait in the stream until the next turn; they go to the sink first.
    while (request.read() !== null);
    settle(end);
    return true;
  };
  return { done: promise, interrupt };
}
