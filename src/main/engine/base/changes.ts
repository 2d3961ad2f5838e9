import type { Change, ChangeTopic } from '#shared/contract/system.ts';

/** The one numbered stream of changes that windows follow. */
export interface Changes {
  readonly publish: (topic: ChangeTopic, ids: readonly string[]) => void;
  /** Follows from now on until the signal aborts. */
  readonly follow: (signal: AbortSignal | undefined) => AsyncGenerator<Change, void, void>;
}

/** Changes waiting for one slow follower; beyond this it skips ahead and sees a gap in `seq`, which tells it to query again. */
const backlogLimit = 1000;

/**
 * Publishing a change costs the same again for each follower. Beyond this many followers, changes of a short while are published
 * together, so that a busy engine does not spend its time on windows.
 */
const fewFollowers = 8;
const gatherMsEach = 4;
const longestGatherMs = 500;

/** A change with more ids than this says "anything" instead. */
const namedIds = 100;

/** A stream that numbers changes from 1 and keeps none: a follower that falls behind sees a gap. */
export function createChanges(): Changes {
  const followers = new Set<(change: Change) => void>();
  let seq = 0;
  /** Topics with the ids that wait to be published together; null means anything of the topic. */
  const gathered = new Map<ChangeTopic, Set<string> | null>();
  const tell = (topic: ChangeTopic, ids: readonly string[]) => {
    seq += 1;
    const change: Change = { seq, topic, ids: [...ids] };
    for (const notify of followers) notify(change);
  };
  const tellGathered = () => {
    const touched = [...gathered];
    gathered.clear();
    for (const [topic, ids] of touched) tell(topic, ids === null ? [] : [...ids]);
  };
  const gather = (topic: ChangeTopic, ids: readonly string[]) => {
    if (gathered.size === 0) setTimeout(tellGathered, Math.min(longestGatherMs, followers.size * gatherMsEach)).unref();
    const known = gathered.get(topic);
    const all = new Set([...(known ?? []), ...ids]);
    gathered.set(topic, known === null || ids.length === 0 || all.size > namedIds ? null : all);
  };
  return {
    publish: (topic, ids) => {
      // The waiting changes came first.
      if (followers.size > fewFollowers || gathered.size > 0) gather(topic, ids);
      else tell(topic, ids);
    },
    follow: async function* (signal) {
      const backlog: Change[] = [];
      let wake: () => void = () => undefined;
      const notify = (change: Change) => {
        if (backlog.length >= backlogLimit) backlog.length = 0;
        backlog.push(change);
        wake();
      };
      const stop = () => wake();
      followers.add(notify);
      signal?.addEventListener('abort', stop);
      try {
        // A first, empty change gives the follower the current number, so that it can see the next gap.
        yield { seq, topic: 'health', ids: [] };
        while (signal?.aborted !== true) {
          const change = backlog.shift();
          if (change !== undefined) yield change;
          else await new Promise<void>((resolve) => (wake = resolve));
        }
      } finally {
        followers.delete(notify);
        signal?.removeEventListener('abort', stop);
      }
    },
  };
}

/** Gathers everything touched in one turn of the event loop into one change for each topic, so that a burst does not flood the windows. */
export interface Gathered {
  readonly touch: (topic: ChangeTopic, id: string) => void;
}

export function createGathered(changes: Pick<Changes, 'publish'>): Gathered {
  let gathered = new Map<ChangeTopic, Set<string>>();
  const publish = () => {
    const touched = gathered;
    gathered = new Map();
    for (const [topic, ids] of touched) changes.publish(topic, ids.size > namedIds ? [] : [...ids]);
  };
  return {
    touch: (topic, id) => {
      if (gathered.size === 0) setImmediate(publish);
      const ids = gathered.get(topic);
      if (ids === undefined) gathered.set(topic, new Set([id]));
      else ids.add(id);
    },
  };
}
