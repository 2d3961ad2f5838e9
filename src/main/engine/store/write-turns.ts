/**
 * Turns at writing to the data file for the connections of one process, first come first served. SQLite has a lock of its
 * own, but whoever finds it taken there has to poll for it and may be passed over for as long as the other keeps writing.
 */
export interface WriteTurns {
  /** Takes a turn if it is free and nobody waits for it. */
  readonly tryBegin: () => boolean;
  /** Takes a turn without blocking this thread. */
  readonly begin: () => Promise<void>;
  /** Takes a turn and blocks this thread until it comes; not for the main thread. */
  readonly beginBlocking: () => void;
  readonly end: () => void;
}

/** Two counters: the next ticket to hand out, and the ticket whose turn it is. */
const nextTicket = 0;
const served = 1;

/** The memory behind turns, to be given to each thread that takes them. */
export function createTurnsMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
}

export function createWriteTurns(memory: SharedArrayBuffer): WriteTurns {
  const counters = new Int32Array(memory);
  const draw = () => Atomics.add(counters, nextTicket, 1);
  return {
    tryBegin: () => {
      const now = Atomics.load(counters, served);
      return Atomics.compareExchange(counters, nextTicket, now, (now + 1) | 0) === now;
    },
    begin: async () => {
      const ticket = draw();
      for (let now = Atomics.load(counters, served); now !== ticket; now = Atomics.load(counters, served))
        await Atomics.waitAsync(counters, served, now).value;
    },
    beginBlocking: () => {
      const ticket = draw();
      for (let now = Atomics.load(counters, served); now !== ticket; now = Atomics.load(counters, served))
        Atomics.wait(counters, served, now);
    },
    end: () => {
      Atomics.add(counters, served, 1);
      Atomics.notify(counters, served);
    },
  };
}
