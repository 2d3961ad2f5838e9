import type { Clock } from '../base/ports.ts';

/** Bodies in memory on their way to followers, all of them together within a limit. */
export interface LargeBodies {
  /**
   * Bytes of this key, read once for all who hold them at the same time. Waits for room; `giveUp` is called when others wait and this holder
   * has taken nothing for some seconds. `release` has to be called, also after that.
   */
  readonly hold: (key: string, bytes: number, read: () => Uint8Array | Promise<Uint8Array>, giveUp: () => void) => Promise<HeldBody>;
}

export interface HeldBody {
  readonly bytes: Uint8Array;
  /** The follower took a piece. */
  readonly progress: () => void;
  readonly release: () => void;
}

interface Entry {
  readonly size: number;
  readonly bytes: Promise<Uint8Array>;
  readonly holders: Set<Holder>;
}

interface Holder {
  lastTakenMs: number;
  readonly giveUp: () => void;
}

const roomBytes = 67_108_864;
/** A follower that takes nothing for this long has to make room for others. */
const patienceMs = 5000;

export function createLargeBodies(clock: Clock, limitBytes = roomBytes): LargeBodies {
  const entries = new Map<string, Entry>();
  const waiting: (() => void)[] = [];
  let heldBytes = 0;
  let isWatching = false;

  const wakeAll = () => {
    for (const wake of waiting.splice(0)) wake();
  };
  /** While some wait for room, holders whose readers take nothing give theirs up. */
  const watch = () => {
    if (isWatching || waiting.length === 0) return;
    isWatching = true;
    clock.at(clock.now() + patienceMs / 5, () => {
      isWatching = false;
      const late = clock.now() - patienceMs;
      for (const { holders } of entries.values()) for (const holder of holders) if (holder.lastTakenMs <= late) holder.giveUp();
      watch();
    });
  };
  const hasRoom = (bytes: number) => heldBytes === 0 || heldBytes + bytes <= limitBytes;

  return {
    hold: async (key, size, read, giveUp) => {
      while (!entries.has(key) && !hasRoom(size)) {
        const room = new Promise<void>((resolve) => void waiting.push(resolve));
        watch();
        await room;
      }
      let entry = entries.get(key);
      if (entry === undefined) {
        heldBytes += size;
        entry = { size, bytes: Promise.resolve().then(read), holders: new Set() };
        entries.set(key, entry);
      }
      const held = entry;
      const holder: Holder = { lastTakenMs: clock.now(), giveUp };
      held.holders.add(holder);
      const release = () => {
        if (!held.holders.delete(holder) || held.holders.size > 0) return;
        entries.delete(key);
        heldBytes -= held.size;
        wakeAll();
      };
      try {
        return { bytes: await held.bytes, progress: () => (holder.lastTakenMs = clock.now()), release };
      } catch (error) {
        release();
        throw error;
      }
    },
  };
}
