import type { Background } from '../background/background.ts';
import { createGathered, type Changes } from '../base/changes.ts';
import type { Clock, Log } from '../base/ports.ts';
import { notFound } from '../base/refusal.ts';
import { createTurns } from '../base/turns.ts';
import type { BinBook } from '../capture/bin-book.ts';
import { newestPosition, type StreamPosition } from '../capture/stream-page.ts';
import type { Database } from '../store/database.ts';
import { eventId, positionOf } from './event-bytes.ts';
import { startFollower, type Follower, type StreamSink } from './follower.ts';
import type { StreamKeyBook, StreamKeyConfig } from './keys.ts';
import { createLargeBodies } from './large-bodies.ts';
import { readPage, type StreamForm, type StreamPage } from './page.ts';
import { stackOf } from '../base/stack-of.ts';

export type { StreamSink } from './follower.ts';
export type { StreamForm } from './page.ts';

/** Why somebody with a key may not follow now. */
export type StreamRefusal = { readonly kind: 'unknown' } | { readonly kind: 'full'; readonly limit: number };

/** What a host needs to serve streams at a door of its own. */
export interface StreamDoor {
  /** Whether a key opens a stream; the same for one that never was, that was revoked, and whose bin is gone. */
  readonly judge: (key: string) => StreamRefusal | null;
  /** Tells a follower what comes from now on, or after the id that it had; returns a function that ends it. Call it after `judge` let it in. */
  readonly follow: (key: string, how: { readonly form: StreamForm; readonly lastEventId: string | null }, sink: StreamSink) => () => void;
}

export interface StreamsDeps {
  readonly database: Database;
  readonly background: Pick<Background, 'run'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly changes: Changes;
  readonly bins: Pick<BinBook, 'find'>;
  readonly streamKeys: StreamKeyBook;
}

/** Streams of captures to those who follow them from elsewhere. */
export interface Streams extends StreamDoor {
  /** Something was captured by this bin. */
  readonly captured: (binId: string) => void;
  readonly followersOf: (keyId: string) => number;
  /** What a follower of a key was told to have missed, and when. */
  readonly lastGapOf: (keyId: string) => { readonly atMs: number; readonly message: string } | null;
  /** Cuts off who follows by a key; returns how many. */
  readonly cutKey: (keyId: string) => number;
  /** Cuts off who follows a bin. */
  readonly cutBin: (binId: string) => void;
  readonly stop: () => Promise<void>;
}

/** Few enough that their connections leave room for windows and scripts. */
const followerLimit = 512;
/** Proxies commonly end what is silent for a minute. */
const pingMs = 25_000;
/** How many writes to followers are made in one turn of the event loop. */
const writesInTurn = 16;

const foreignId =
  'The id to go on from is not of this stream, so it begins with what comes from now on. What came before is in the list of the bin.';

interface Seat {
  readonly key: StreamKeyConfig;
  readonly follower: Follower;
}

export function createStreams(deps: StreamsDeps): Streams {
  const { database, clock, bins, streamKeys } = deps;
  const { touch } = createGathered(deps.changes);
  const seats = new Set<Seat>();
  const gaps = new Map<string, { readonly atMs: number; readonly message: string }>();
  const bodies = createLargeBodies(clock);
  const turns = createTurns(writesInTurn);
  const pages = createPages(database);
  let cancelPing: (() => void) | null = null;

  const where = (test: (seat: Seat) => boolean) => [...seats].filter(test);
  const ping = () => {
    cancelPing = null;
    for (const { follower } of seats) follower.ping();
    watch();
  };
  const watch = () => {
    if (cancelPing === null && seats.size > 0) cancelPing = clock.at(clock.now() + pingMs, ping);
  };
  const cut = (found: readonly Seat[]) => {
    for (const { follower } of found) follower.close();
    return found.length;
  };
  const knownKey = (key: string) => {
    const config = streamKeys.at(key);
    return config === undefined || bins.find(config.binId) === undefined ? undefined : config;
  };

  return {
    judge: (key) => {
      if (knownKey(key) === undefined) return { kind: 'unknown' };
      return seats.size >= followerLimit ? { kind: 'full', limit: followerLimit } : null;
    },
    follow: (given, { form, lastEventId }, sink) => {
      const key = knownKey(given);
      if (key === undefined) throw notFound('stream', '');
      const asked = lastEventId === null || lastEventId === '' ? undefined : positionOf(lastEventId);
      const isForeign = asked === undefined && lastEventId !== null && lastEventId !== '';
      const position = asked === undefined ? newestPosition(database) : asked;
      const follower = startFollower(
        {
          database,
          background: deps.background,
          bodies,
          turns,
          page: (at) => pages.at(key.binId, at, form),
          form,
          onGap: (message) => {
            gaps.set(key.id, { atMs: clock.now(), message });
            touch('stream-keys', key.id);
          },
        },
        sink,
        position,
        isForeign ? foreignId : null,
      );
      const seat: Seat = { key, follower };
      seats.add(seat);
      watch();
      touch('stream-keys', key.id);
      // That it was used is worth no error.
      streamKeys.used(key.id).catch(() => undefined);
      follower.done
        .catch((error: unknown) => deps.log.error({ keyId: key.id, error: stackOf(error) }, 'A stream ended unexpectedly'))
        .finally(() => {
          seats.delete(seat);
          touch('stream-keys', key.id);
        });
      return follower.close;
    },
    captured: (binId) => {
      if (seats.size === 0) return;
      pages.forget(binId);
      for (const { key, follower } of seats) if (key.binId === binId) follower.wake();
    },
    followersOf: (keyId) => where(({ key }) => key.id === keyId).length,
    lastGapOf: (keyId) => gaps.get(keyId) ?? null,
    cutKey: (keyId) => cut(where(({ key }) => key.id === keyId)),
    cutBin: (binId) => void cut(where(({ key }) => key.binId === binId)),
    stop: async () => {
      cancelPing?.();
      const left = [...seats];
      cut(left);
      await Promise.allSettled(left.map(({ follower }) => follower.done));
    },
  };
}

/** The newest pages, each read and encoded once for all followers that have come as far. */
function createPages(database: Database) {
  const known = new Map<string, Map<string, StreamPage>>();
  return {
    at: (binId: string, position: StreamPosition, form: StreamForm): StreamPage => {
      const ofBin = known.get(binId) ?? new Map<string, StreamPage>();
      const name = `${form} ${eventId(position)}`;
      const found = ofBin.get(name);
      if (found !== undefined) return found;
      const page = readPage(database, binId, position, form);
      // Only until the end of this turn: what is kept longer could be of captures that were deleted since.
      if (ofBin.size === 0) setImmediate(() => known.delete(binId));
      known.set(binId, ofBin.set(name, page));
      return page;
    },
    forget: (binId: string) => void known.delete(binId),
  };
}
