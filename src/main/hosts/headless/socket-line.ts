import type { WebSocket } from 'ws';
import { smallBodyBytes, type BodyRoom } from './body-room.ts';

/** When answers waiting for a slow reader reach this size, nothing more is read from it. */
const waitingLimitBytes = 8_388_608;

/** How many calls of one connection run at once. */
const callLimit = 256;

/** The part of a connection that keeps what it takes in step with what its other side reads. */
export interface SocketLine {
  /** Settles once the text is with the operating system, so that a stream waits for its reader. */
  readonly send: (data: string | Uint8Array) => Promise<void>;
  /** Processes a frame of this size, which takes room until it is done. */
  readonly carrying: <T>(bytes: number, work: () => Promise<T>) => Promise<T>;
  /** Runs one call, which counts towards the limit until it has its answer. */
  readonly during: <T>(call: () => Promise<T>) => Promise<T>;
}

/**
 * A line over a connection: while many calls are under way, many bytes of answers are unread, or the calls of all connections take up
 * the room, it reads no further, and the operating system holds the sender back.
 */
export function createSocketLine(webSocket: WebSocket, room: Pick<BodyRoom, 'begin' | 'isFull' | 'follow'>): SocketLine {
  let calls = 0;
  const settle = () => {
    if (webSocket.readyState !== webSocket.OPEN) return;
    const isFull = calls >= callLimit || webSocket.bufferedAmount > waitingLimitBytes || room.isFull();
    if (isFull && !webSocket.isPaused) webSocket.pause();
    else if (!isFull && webSocket.isPaused) webSocket.resume();
  };
  webSocket.once('close', room.follow(settle));
  return {
    carrying: async (bytes, work) => {
      if (bytes <= smallBodyBytes) return await work();
      const lease = room.begin();
      lease.holdTo(bytes);
      settle();
      try {
        return await work();
      } finally {
        lease.end();
      }
    },
    send: (data) =>
      new Promise((resolve) => {
        // A closed connection takes nothing any more; closing aborts its calls.
        // Text, even if it was written as bytes.
        webSocket.send(data, { binary: false }, () => {
          settle();
          resolve();
        });
        settle();
      }),
    during: async (call) => {
      calls += 1;
      settle();
      try {
        return await call();
      } finally {
        calls -= 1;
        settle();
      }
    },
  };
}
