import type { Health } from '#shared/contract/system.ts';

/** What the strip on top says of the engine. */
export interface StoreNoticeText {
  readonly text: string;
  /** Whether all else goes on, so that somebody who has read it may put it aside. */
  readonly canBePutAside: boolean;
}

/** What is wrong with the engine by its health; null while nothing is, or nothing is known. */
export function storeNoticeOf(health: Pick<Health, 'isAccepting' | 'status' | 'problem'> | null): StoreNoticeText | null {
  if (health === null || health.problem === null) return null;
  if (!health.isAccepting) return { text: `${health.problem} What was accepted before is kept.`, canBePutAside: false };
  return health.status === 'degraded' ? { text: health.problem, canBePutAside: true } : null;
}
