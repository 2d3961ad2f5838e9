import type { Socket } from 'node:net';
import type { Clock } from '../base/ports.ts';
import type { BodyEnd, BodyReading } from './read-body.ts';

/** The work of one open socket, so that an error or the end of the socket reaches the right request. */
export interface Connection {
  readonly socket: Socket;
  /** Sets the reader of the incoming body, or null. Requests on a socket come one after another. */
  readonly setReading: (interrupt: BodyReading['interrupt'] | null) => void;
  /** Ends the current reading; false when there is none or its body is complete. */
  readonly interruptReading: (end: Exclude<BodyEnd, 'complete'>) => boolean;
  /** Waits before an answer; false when the sender went away or the listener stops first. */
  readonly wait: (clock: Clock, delayMs: number) => Promise<boolean>;
  /** Aborts the waits and the current reading. */
  readonly stop: () => void;
  /** Whether more of a body may come, and its end can still be recognised. */
  readonly isReadable: () => boolean;
  /** Notes that the input cannot be parsed any more; false when that was already known. */
  readonly setUnreadable: () => boolean;
  /** Counts a request until its answer is sent. */
  readonly begin: () => void;
  readonly finish: () => void;
  /** Requests that have no answer yet. */
  readonly unanswered: () => number;
  /** Calls back as soon as every request so far has its answer. */
  readonly whenIdle: (callback: () => void) => void;
}

export function createConnection(socket: Socket): Connection {
  const waits = new Set<() => void>();
  let reading: BodyReading['interrupt'] | null = null;
  let isReadable = true;
  let isGone = false;
  let unanswered = 0;
  let idle: (() => void) | null = null;

  const goAway = () => {
    isGone = true;
    for (const giveUp of waits) giveUp();
  };
  // A sender that ends its side before a delayed answer is due counts as gone; one that ends it after a whole request
  // and gets its answer at once is still served.
  socket.once('end', goAway);
  socket.once('close', goAway);

  const interruptReading: Connection['interruptReading'] = (end) => reading?.(end) ?? false;

  return {
    socket,
    setReading: (interrupt) => {
      reading = interrupt;
    },
    interruptReading,
    wait: (clock, delayMs) => {
      if (delayMs === 0) return Promise.resolve(true);
      if (isGone) return Promise.resolve(false);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const cancel = clock.at(clock.now() + delayMs, () => {
        waits.delete(giveUp);
        resolve(true);
      });
      const giveUp = () => {
        cancel();
        waits.delete(giveUp);
        resolve(false);
      };
      waits.add(giveUp);
      return promise;
    },
    stop: () => {
      interruptReading('stopping');
      goAway();
    },
    isReadable: () => isReadable && !isGone,
    setUnreadable: () => {
      const wasReadable = isReadable;
      isReadable = false;
      return wasReadable;
    },
    begin: () => {
      unanswered += 1;
    },
    finish: () => {
      unanswered -= 1;
      if (unanswered === 0) idle?.();
    },
    unanswered: () => unanswered,
    whenIdle: (callback) => {
      if (unanswered === 0) callback();
      else idle = callback;
    },
  };
}
