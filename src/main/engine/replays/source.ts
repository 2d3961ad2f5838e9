import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { ReplayPreview, ReplaySource, SkipReason } from '#shared/contract/replays.ts';
import type { RedeliveryTimestamp } from '#shared/contract/redelivery.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import type { Bodies } from '../messages/bodies.ts';
import type { PolicyBook } from '../policies/book.ts';
import type { Background } from '../background/background.ts';
import type { Clock, Ids } from '../base/ports.ts';
import type { Database, Writer } from '../store/database.ts';
import type { Searcher } from '../store/searcher.ts';
import type { RowRange } from '../log/replay-rows.ts';

/** The result for one item of a replay. */
export type ItemResult =
  | {
      readonly kind: 'replayed';
      readonly deliverySeq: number;
      readonly deliveryId: string;
      readonly endpointId: string;
      /** How many attempts it had before. */
      readonly attemptsBefore: number;
    }
  | { readonly kind: 'skipped'; readonly reason: SkipReason };

/** One item of a replay: a delivery, or a message that has none yet. */
export interface ReplayItem {
  readonly seq: number;
  readonly view: ReplayPreview['sample'][number];
  /** Why it would be skipped now, or null. */
  readonly skip: SkipReason | null;
  /** Does slow work such as rendering; the returned function runs inside the write and checks again. */
  readonly prepare: (timestamp: RedeliveryTimestamp) => Promise<(writer: Writer, nowMs: number) => ItemResult>;
}

/** A count of items of one kind. */
export interface ItemGroup {
  readonly endpointId: string;
  readonly eventType: string;
  /** Null for a missing delivery. */
  readonly status: DeliveryStatus | null;
  readonly skip: SkipReason | null;
  readonly count: number;
}

/** The items of a replay, row by row, oldest first. */
export interface ItemSource {
  readonly newestSeq: () => number;
  readonly list: (range: RowRange, limit: number) => Promise<readonly ReplayItem[]>;
  readonly count: (range: RowRange) => Promise<readonly ItemGroup[]>;
}

export interface SourceDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly endpoints: EndpointBook;
  readonly policies: Pick<PolicyBook, 'resolve'>;
  readonly environments: Pick<EnvironmentBook, 'activeId' | 'variablesOf'>;
  readonly bodies: Pick<Bodies, 'makeAgain'>;
  readonly searcher: Searcher;
  readonly background: Pick<Background, 'run'>;
}

/** The kinds of source, each with its factory. */
export type SourceOf<K extends ReplaySource['kind']> = Extract<ReplaySource, { readonly kind: K }>;
