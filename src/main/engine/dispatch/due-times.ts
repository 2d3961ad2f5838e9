import TinyQueue from 'tinyqueue';

/** When the next delivery of each endpoint is due. Endpoints whose time has come are in a separate list, in order of turn. */
export interface DueTimes {
  /** A delivery of this endpoint is due at `atMs`; the earliest noted time counts. */
  readonly note: (endpointId: string, atMs: number) => void;
  readonly remove: (endpointId: string) => void;
  /** Endpoints with something due at `nowMs`, those that became due first in front. They stay due when the clock is set back. */
  readonly due: (nowMs: number) => Iterable<string>;
  /** Whether an endpoint has something due at `nowMs`. */
  readonly isDue: (endpointId: string, nowMs: number) => boolean;
  /** The earliest future time, as of the last call of `due`; null when nothing waits for its time. */
  readonly nextAtMs: () => number | null;
  /** Forgets everything and notes these. */
  readonly replace: (times: Iterable<DueTime>) => void;
}

export interface DueTime {
  readonly endpointId: string;
  readonly dueAtMs: number;
}

/** An endpoint that gets one delivery after another leaves a stale entry in the heap for each; beyond this many the heap is rebuilt. */
const staleKept = 1024;

export function createDueTimes(): DueTimes {
  const times = new Map<string, number>();
  const inLine = new Set<string>();
  /** Future times. An entry that differs from `times` is stale. */
  let toCome = heapOf([]);

  const isStale = ({ endpointId, dueAtMs }: DueTime) => times.get(endpointId) !== dueAtMs || inLine.has(endpointId);
  const firstToCome = (): DueTime | undefined => {
    let first = toCome.peek();
    while (first !== undefined && isStale(first)) {
      toCome.pop();
      first = toCome.peek();
    }
    return first;
  };
  const add = (time: DueTime) => {
    toCome.push(time);
    if (toCome.length <= staleKept + 2 * times.size) return;
    toCome = heapOf([...times].map(([endpointId, dueAtMs]) => ({ endpointId, dueAtMs })).filter((each) => !inLine.has(each.endpointId)));
  };
  const note = (endpointId: string, dueAtMs: number) => {
    const known = times.get(endpointId);
    if (known !== undefined && known <= dueAtMs) return;
    times.set(endpointId, dueAtMs);
    if (!inLine.has(endpointId)) add({ endpointId, dueAtMs });
  };
  return {
    note,
    remove: (endpointId) => {
      times.delete(endpointId);
      inLine.delete(endpointId);
    },
    due: (nowMs) => {
      for (let first = firstToCome(); first !== undefined && first.dueAtMs <= nowMs; first = firstToCome()) inLine.add(first.endpointId);
      return inLine;
    },
    isDue: (endpointId, nowMs) => inLine.has(endpointId) || (times.get(endpointId) ?? Number.POSITIVE_INFINITY) <= nowMs,
    nextAtMs: () => firstToCome()?.dueAtMs ?? null,
    replace: (all) => {
      times.clear();
      inLine.clear();
      toCome = heapOf([]);
      for (const { endpointId, dueAtMs } of all) note(endpointId, dueAtMs);
    },
  };
}

function heapOf(times: DueTime[]): TinyQueue<DueTime> {
  return new TinyQueue(times, (a, b) => a.dueAtMs - b.dueAtMs);
}
