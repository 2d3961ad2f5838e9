import type { RelayAnswer, RelayShadow } from '#shared/contract/relays.ts';
import type { HeaderChanges, PathMapping, QueryMapping } from '#shared/contract/relay-targets.ts';
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
  /** Whether headers of the endpoint's authentication take the place of captured ones. */
  readonly withAuth: boolean;
}

/** Whose answer the sender gets. Targets are named by their ids here, so that they may change places. */
export interface AnswerConfig extends Omit<RelayAnswer, 'target'> {
  readonly targetId: string;
}

/** A target that is tried out beside another one. */
export interface ShadowConfig extends Omit<RelayShadow, 'target' | 'of'> {
  readonly targetId: string;
  readonly ofId: string;
}

/** A relay inside the engine. */
export interface RelayConfig {
  readonly id: string;
  readonly name: string;
  readonly binId: string;
  readonly match: RequestMatch | null;
  readonly targets: readonly TargetConfig[];
  /** Null for the answer of the bin. */
  readonly answer: AnswerConfig | null;
  readonly shadow: ShadowConfig | null;
  readonly isActive: boolean;
  readonly creator: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}
