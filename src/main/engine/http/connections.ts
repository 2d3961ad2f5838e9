import { Client, type Dispatcher } from 'undici';
import { openSocket, type Opening, type TlsChoice, type Way } from './open-socket.ts';
import type { Target } from './target.ts';

/** An answer with more bytes of headers than this ends the attempt. */
const headerLimitBytes = 65_536;

/** Events for the holder of a connection while its request is on it. */
export interface Holder extends Dispatcher.DispatchHandler {
  /** A connection is being opened, possibly because a kept one was closed before anything was written. */
  onOpening(opening: Opening): void;
  onOpenFailed(error: Error): void;
}

/** One keep-alive connection, held by one request at a time. */
export interface Connection {
  /** Its newest socket; null before the first. */
  readonly opening: Opening | null;
  readonly dispatch: (options: Dispatcher.DispatchOptions) => void;
  /** Returns it for the next request; a connection with unwritten bytes is closed instead. */
  readonly release: () => void;
  /** Closes it at once, in any phase. */
  readonly destroy: () => Promise<void>;
}

/** The connections of one sender. Each request has one to itself, so that it sees exactly what happened to it. */
export interface Connections<H extends Holder> {
  /** A kept connection to this origin, or a new one that opens when the request is dispatched. */
  readonly take: (target: Target, tls: TlsChoice, way: Way, holder: H) => Connection;
  /** The current holders of connections. */
  readonly holders: () => readonly H[];
  readonly close: () => Promise<void>;
}

/** The idle connections to one origin, and how many there are in all. */
interface Stock<H extends Holder> {
  readonly idle: Slot<H>[];
  count: number;
}

interface Slot<H extends Holder> extends Connection {
  holder: H | null;
  opening: Opening | null;
}

/** Keeps idle connections by origin, TLS verification, credentials and proxy until either side closes them. */
export function createConnections<H extends Holder>(): Connections<H> {
  // Neither changes while connections are reused: a Map or Set that many attempts come into and go out of keeps them
  // alive for long, since each table that it outgrows refers to the next one.
  const all = new Set<Slot<H>>();
  const stocks = new Map<string, Stock<H>>();

  const open = (key: string, stock: Stock<H>, origin: URL, tls: TlsChoice, way: Way): Slot<H> => {
    const client = new Client(origin.origin, {
      // The sender has its own deadline over all phases.
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: 4_000,
      keepAliveMaxTimeout: 60_000,
      maxHeaderSize: headerLimitBytes,
      connect: (_where, callback) => {
        const opening = openSocket(origin, tls, way, (error) => {
          if (error !== null) slot.holder?.onOpenFailed(error);
          if (error === null) callback(null, opening.socket);
          else callback(error, null);
        });
        slot.opening = opening;
        slot.holder?.onOpening(opening);
      },
    });
    const discard = (): Promise<void> => {
      slot.holder = null;
      if (all.delete(slot)) stock.count -= 1;
      const index = stock.idle.indexOf(slot);
      if (index >= 0) stock.idle.splice(index, 1);
      if (stock.count === 0) stocks.delete(key);
      // A client that is still connecting does not know its socket yet, so the socket is ended too.
      slot.opening?.socket.destroy();
      return client.destroy();
    };
    const slot: Slot<H> = {
      holder: null,
      opening: null,
      dispatch: (options) => {
        if (slot.holder !== null) client.dispatch(options, slot.holder);
      },
      release: () => {
        slot.holder = null;
        const socket = slot.opening?.socket;
        // The answer may have come before the whole request was written; the rest would delay the next request.
        if (socket === undefined || socket.destroyed || socket.writableLength > 0 || !all.has(slot)) void discard();
        else stock.idle.push(slot);
      },
      destroy: discard,
    };
    all.add(slot);
    stock.count += 1;
    client.on('disconnect', () => {
      // A held connection reopens or fails its request; an idle one is no longer useful.
      if (slot.holder === null) void discard();
    });
    return slot;
  };

  const stockOf = (key: string): Stock<H> => {
    const found = stocks.get(key);
    if (found !== undefined) return found;
    const made: Stock<H> = { idle: [], count: 0 };
    stocks.set(key, made);
    return made;
  };

  return {
    take: (target, tls, way, holder) => {
      const plain = tls.isVerified ? target.keys.verified : target.keys.unverified;
      const own = tls.credentials === null ? plain : `${plain} ${tls.credentials.key}`;
      const key = `${own}${way.isWithinLoopback ? ' within loopback' : ''}${way.proxy === null ? '' : ` through ${way.proxy.key}`}`;
      const stock = stockOf(key);
      const slot = stock.idle.pop() ?? open(key, stock, target.url, tls, way);
      slot.holder = holder;
      return slot;
    },
    holders: () => [...all].flatMap(({ holder }) => (holder === null ? [] : [holder])),
    close: async () => {
      await Promise.all([...all].map((slot) => slot.destroy()));
    },
  };
}
