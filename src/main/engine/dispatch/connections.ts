import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { Client, type Dispatcher } from 'undici';
import { openSocket, type Opening } from './open-socket.ts';

/** Headers of an answer beyond this many bytes end the attempt. */
const headerLimitBytes = 65_536;

/** What the holder of a connection is told while its request is on it. */
export interface Holder extends Dispatcher.DispatchHandler {
  /** A connection is being opened; also when one that was kept had gone before anything was written. */
  readonly onOpening: (opening: Opening) => void;
  readonly onOpenFailed: (error: Error) => void;
  /** Request line and headers are on their way: the exact text up to the length of the body. */
  readonly onHeadersWritten: (text: string, opening: Opening) => void;
}

/** One keep-alive connection, held by one request at a time. */
export interface Connection {
  readonly dispatch: (options: Dispatcher.DispatchOptions) => void;
  /** Gives it back for the next request; one with bytes still to be written is ended instead. */
  readonly release: () => void;
  /** Ends it at once, in whatever phase it is. */
  readonly destroy: () => Promise<void>;
}

/** The connections of one sender. Requests share none, so that each sees exactly what happened to its own. */
export interface Connections {
  /** A kept connection to this origin, or a new one that opens when the request is dispatched. */
  readonly take: (origin: URL, verifyTls: boolean, holder: Holder) => Connection;
  readonly close: () => Promise<void>;
}

interface Slot {
  readonly client: Client;
  holder: Holder | null;
  opening: Opening | null;
}

/** Keeps idle connections by origin and TLS verification until either side gives them up. */
export function createConnections(): Connections {
  const all = new Set<Slot>();
  const idle = new Map<string, Slot[]>();
  const bySocket = new WeakMap<Socket, Slot>();

  // undici publishes this inside its write, so the socket tells whose headers these are.
  const onSendHeaders = (message: unknown) => {
    if (!isSendHeaders(message)) return;
    const slot = bySocket.get(message.socket);
    const opening = slot?.opening ?? null;
    if (opening !== null) slot?.holder?.onHeadersWritten(message.headers, opening);
  };
  subscribe('undici:client:sendHeaders', onSendHeaders);

  const open = (key: string, origin: URL, verifyTls: boolean): Slot => {
    const client = new Client(origin.origin, {
      // The sender has one deadline of its own over all phases.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 60_000,
      maxHeaderSize: headerLimitBytes,
      connect: (_where, callback) => {
        const opening = openSocket(origin, verifyTls, (error) => {
          if (error !== null) slot.holder?.onOpenFailed(error);
          if (error === null) callback(null, opening.socket);
          else callback(error, null);
        });
        slot.opening = opening;
        bySocket.set(opening.socket, slot);
        slot.holder?.onOpening(opening);
      },
    });
    const slot: Slot = { client, holder: null, opening: null };
    all.add(slot);
    client.on('disconnect', () => {
      // One that is held opens again or fails its request; one that nobody holds has no more use.
      if (slot.holder === null) void discard(key, slot);
    });
    return slot;
  };

  const discard = (key: string, slot: Slot): Promise<void> => {
    slot.holder = null;
    all.delete(slot);
    const left = idle.get(key)?.filter((other) => other !== slot) ?? [];
    if (left.length === 0) idle.delete(key);
    else idle.set(key, left);
    // A client that is still connecting does not know its socket yet, so the socket is ended too.
    slot.opening?.socket.destroy();
    return slot.client.destroy();
  };

  const keep = (key: string, slot: Slot): void => {
    slot.holder = null;
    const socket = slot.opening?.socket;
    // The answer may have come before the whole request was written: the rest would hold up the next request.
    if (socket === undefined || socket.destroyed || socket.writableLength > 0 || !all.has(slot)) void discard(key, slot);
    else idle.set(key, [...(idle.get(key) ?? []), slot]);
  };

  const takeIdle = (key: string): Slot | undefined => {
    const slots = idle.get(key);
    const slot = slots?.pop();
    if (slots?.length === 0) idle.delete(key);
    return slot;
  };

  return {
    take: (origin, verifyTls, holder) => {
      const key = `${origin.origin} ${verifyTls ? 'verified' : 'unverified'}`;
      const slot = takeIdle(key) ?? open(key, origin, verifyTls);
      slot.holder = holder;
      return {
        dispatch: (options) => void slot.client.dispatch(options, holder),
        release: () => keep(key, slot),
        destroy: () => discard(key, slot),
      };
    },
    close: async () => {
      unsubscribe('undici:client:sendHeaders', onSendHeaders);
      idle.clear();
      await Promise.all([...all].map((slot) => discard('', slot)));
    },
  };
}

function isSendHeaders(message: unknown): message is { readonly headers: string; readonly socket: Socket } {
  return (
    typeof message === 'object' && message !== null && 'headers' in message && typeof message.headers === 'string' && 'socket' in message
  );
}
