import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type { Clock } from '../base/ports.ts';
import type { BodyEnd, BodyReading } from './read-body.ts';

/** Why a connection is given up: its sender closed it, the listener stops, newer ones take its place, or its time is over. */
export type Gone = 'sender-left' | 'stopped' | 'displaced' | 'over';

/** The work of one open socket, so that an error or the end of the socket reaches the right request. */
export interface Connection {
  /** Sets the reader of the incoming body, or null. Requests on a socket come one after another. */
  readonly setReading: (interrupt: BodyReading['interrupt'] | null) => void;
  /** Ends the current reading; false when there is none or its body is complete. */
  readonly interruptReading: (end: Exclude<BodyEnd, 'complete'>) => boolean;
  /** Waits before an answer; false when the sender went away or the listener stops first. */
  readonly wait: (clock: Clock, delayMs: number) => Promise<boolean>;
  /** Aborts the waits and the current reading: the listener stops, or its request has been held by a fault for too long. */
  readonly leave: (why: Exclude<Gone, 'sender-left'>) => void;
  /** Why nothing is waited for any more, or null. */
  readonly gone: () => Gone | null;
  /** Calls back when that comes to be; the returned function unsubscribes. */
  readonly onGone: (callback: () => void) => () => void;
  /** Whether more of a body may come, and its end can still be recognised. */
  readonly isReadable: () => boolean;
  /** Notes that the input cannot be parsed any more; false when that was already known. */
  readonly setUnreadable: (why: string) => boolean;
  /** What the parser found wrong, in its words; null while the input can be parsed. */
  readonly unreadableWhy: () => string | null;
  /** Counts a request until its answer is sent. */
  readonly begin: () => void;
  readonly finish: () => void;
  /** Requests that have no answer yet. */
  readonly unanswered: () => number;
  /** Calls back as soon as every request so far has its answer. */
  readonly whenIdle: (callback: () => void) => void;
}

/** A connection of HTTP/1, on which requests come one after another. */
export interface SocketConnection extends Connection {
  readonly socket: Socket;
}

export function createConnection(socket: Socket): SocketConnection {
  // A sender that ends its side before a delayed answer is due counts as gone; one that ends it after a whole request
  // and gets its answer at once is still served.
  return { socket, ...createWork(['end', 'close'], socket) };
}

/** The work of one stream of HTTP/2, whose sender may end its side with each request. */
export function createStreamConnection(stream: Pick<EventEmitter, 'once'>): Connection {
  return createWork(['aborted', 'close'], stream);
}

function createWork(endings: readonly string[], socket: Pick<EventEmitter, 'once'>): Connection {
  const waits = new Set<() => void>();
  let reading: BodyReading['interrupt'] | null = null;
  let unreadable: string | null = null;
  let gone: Gone | null = null;
  let unanswered = 0;
  let idle: (() => void) | null = null;

  const goAway = (why: Gone) => {
    gone ??= why;
    for (const giveUp of waits) giveUp();
  };
  const senderLeft = () => goAway('sender-left');
  for (const ending of endings) socket.once(ending, senderLeft);

  const interruptReading: Connection['interruptReading'] = (end) => reading?.(end) ?? false;

  return {
    setReading: (interrupt) => {
      reading = interrupt;
    },
    interruptReading,
    wait: (clock, delayMs) => {
      if (delayMs === 0) return Promise.resolve(true);
      if (gone !== null) return Promise.resolve(false);
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
    leave: (why) => {
      interruptReading(why === 'stopped' ? 'stopping' : 'disconnected');
      goAway(why);
    },
    gone: () => gone,
    onGone: (callback) => {
      waits.add(callback);
      return () => waits.delete(callback);
    },
    isReadable: () => unreadable === null && gone === null,
    setUnreadable: (why) => {
      const wasReadable = unreadable === null;
      unreadable ??= why;
      return wasReadable;
    },
    unreadableWhy: () => unreadable,
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
