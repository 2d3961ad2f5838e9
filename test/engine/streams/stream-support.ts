import { createEventReader, type ServerEvent } from '#engine/http/event-stream.ts';
import type { StreamSink } from '#engine/index.ts';

/** A follower whose reader the test plays: what it was told, as events. */
export interface TestFollower extends StreamSink {
  readonly events: ServerEvent[];
  /** Settles once there are so many events, `ready` included. */
  readonly told: (count: number) => Promise<readonly ServerEvent[]>;
  /** From now on it takes nothing, until `resume`. */
  readonly hang: () => void;
  readonly resume: () => void;
  readonly heldBytes: () => number;
  readonly isEnded: () => boolean;
  readonly ended: Promise<void>;
}

/** What a connection takes before it says that it is full. */
const bufferBytes = 65_536;

export function createTestFollower(): TestFollower {
  const reader = createEventReader(100_000_000, null);
  const events: ServerEvent[] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let waiting: (() => void)[] = [];
  let drains: (() => void)[] = [];
  let held: Uint8Array[] = [];
  let isHanging = false;
  let isEnded = false;
  const wake = () => {
    const all = waiting;
    waiting = [];
    for (const each of all) each();
  };
  const heldBytes = () => held.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const take = (bytes: Uint8Array) => {
    events.push(...reader.read(Buffer.from(bytes)));
    wake();
  };
  return {
    events,
    write: (bytes) => {
      if (isEnded) return true;
      if (!isHanging) {
        take(bytes);
        return true;
      }
      held.push(bytes);
      return heldBytes() < bufferBytes;
    },
    drained: () => (isEnded || !isHanging ? Promise.resolve() : new Promise((resolve) => void drains.push(resolve))),
    isWaiting: () => held.length > 0,
    end: () => {
      isEnded = true;
      end();
      for (const go of drains) go();
      wake();
    },
    told: async (count) => {
      while (events.length < count && !isEnded) await new Promise<void>((resolve) => void waiting.push(resolve));
      return events;
    },
    hang: () => {
      isHanging = true;
    },
    resume: () => {
      isHanging = false;
      for (const bytes of held) take(bytes);
      held = [];
      const all = drains;
      drains = [];
      for (const go of all) go();
    },
    heldBytes,
    isEnded: () => isEnded,
    ended,
  };
}
