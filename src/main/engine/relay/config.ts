import type { HeaderChanges, PathMapping, QueryMapping } from '#shared/contract/relays.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';

/** Where a relay forwards to: an endpoint of the list, or one that only the relay has. */
export interface TargetConfig {
  readonly endpointId: string;
  /** Whether the endpoint is the relay's alone, made for a URL. */
  readonly isOwn: boolean;
  readonly name: string;
  readonly match: RequestMatch | null;
  readonly path: PathMapping;
  readonly query: QueryMapping;
  readonly headers: HeaderChanges;
  readonly as: 'received' | 'resigned';
}

/** A relay inside the engine. */
export interface RelayConfig {
  readonly id: string;
  readonly name: string;
  readonly binId: string;
  readonly match: RequestMatch | null;
  readonly targets: readonly TargetConfig[];
  readonly isActive: boolean;
  readonly creator: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}
