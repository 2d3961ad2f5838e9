import type { Change, ChangeTopic } from '#shared/contract/system.ts';
import type { Connection } from './client.ts';

/** What a listener gets: the ids that changed, or null for "anything may have", after a gap or a new connection. */
export type ChangeListener = (ids: readonly string[] | null) => void;

/** The change stream as seen by the window. */
export interface ChangeFollower {
  /** Calls back on each change of these topics; returns a function that stops it. */
  readonly on: (topics: readonly ChangeTopic[], listener: ChangeListener) => () => void;
  readonly stop: () => void;
}

/** A listener is called at most this often, in milliseconds: a burst of changes causes one more request and not hundreds. */
const pauseMs = 200;

/** Follows `system.changes` on every connection; what was missed in between reaches listeners as null. */
export function createChangeFollower(
  { client, state }: Connection,
  later: (callback: () => void, delayMs: number) => void = setTimeout,
): ChangeFollower {
  const listeners = new Set<{ readonly topics: ReadonlySet<ChangeTopic>; readonly listener: ChangeListener }>();
  let abort: AbortController | null = null;
  let hasFollowed = false;

  const tellAll = () => {
    for (const { listener } of listeners) listener(null);
  };
  const tell = (change: Change) => {
    for (const { topics, listener } of listeners) if (topics.has(change.topic)) listener(change.ids.length === 0 ? null : change.ids);
  };

  const follow = async (signal: AbortSignal) => {
    let lastSeq: number | null = null;
    for await (const change of await client.system.changes(undefined, { signal })) {
      const isFirst: boolean = lastSeq === null;
      if (isFirst ? hasFollowed : change.seq !== (lastSeq ?? 0) + 1) tellAll();
      else if (!isFirst) tell(change);
      lastSeq = change.seq;
      hasFollowed = true;
    }
  };

  const start = () => {
    abort?.abort();
    abort = new AbortController();
    // A stream that ends is followed by a new connection, which starts the next one.
    follow(abort.signal).catch(() => undefined);
  };

  const leave = state.subscribe((now, before) => {
    if (now.kind === 'open' && before.kind !== 'open') start();
  });
  if (state.getState().kind === 'open') start();

  return {
    on: (topics, listener) => {
      const entry = { topics: new Set(topics), listener: gathered(listener, later) };
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    stop: () => {
      leave();
      abort?.abort();
    },
  };
}

/** Calls at once, then combines what comes during the pause into one more call. */
function gathered(listener: ChangeListener, later: (callback: () => void, delayMs: number) => void): ChangeListener {
  let isPausing = false;
  let waiting: Set<string> | null | undefined;
  const resume = () => {
    isPausing = false;
    if (waiting === undefined) return;
    const ids = waiting === null ? null : [...waiting];
    waiting = undefined;
    call(ids);
  };
  const call: ChangeListener = (ids) => {
    if (!isPausing) {
      isPausing = true;
      later(resume, pauseMs);
      return listener(ids);
    }
    waiting = waiting === null || ids === null ? null : new Set([...(waiting ?? []), ...ids]);
    return undefined;
  };
  return call;
}
