import { createStore, type StoreApi } from 'zustand/vanilla';
import type { UndeliveredMessage } from '#shared/contract/messages.ts';
import type { Client } from '../../base/client.ts';
import { oneAtATime } from '../../base/one-at-a-time.ts';

/** Messages that no endpoint got, as the engine has them. */
export interface UnheardState {
  /** The newest of them, newest first. */
  readonly items: readonly UndeliveredMessage[];
  readonly total: number;
}

/** Messages that no endpoint got, as last read. */
export interface UnheardStore extends StoreApi<UnheardState> {
  /** Reads again; calls made meanwhile share one further read. */
  readonly read: () => Promise<void>;
}

/** Messages that went to no endpoint for the same reason, newest first. */
export type SameReason = readonly [UndeliveredMessage, ...UndeliveredMessage[]];

/** The messages by their reason, so that each stands there once; first the one of the newest message. */
export function byReason(items: readonly UndeliveredMessage[]): readonly SameReason[] {
  return [...Map.groupBy(items, ({ why }) => why).values()].flatMap(([first, ...others]): readonly SameReason[] =>
    first === undefined ? [] : [[first, ...others]],
  );
}

/** A store over the messages without a delivery. After a failure the last result stays: the log itself says what is wrong. */
export function createUnheardStore(client: Pick<Client, 'messages'>): UnheardStore {
  const store = createStore<UnheardState>(() => ({ items: [], total: 0 }));
  const read = oneAtATime<void>(async () => {
    const found = await client.messages.withoutDelivery({ limit: shown }).catch(() => null);
    if (found !== null) store.setState(found, true);
  });
  return { ...store, read };
}

/** Number of messages listed; of the rest only the count is shown. */
const shown = 20;
