import type { Settings } from '#shared/contract/system.ts';

/** How much is kept; null where there is no limit. */
export type RetentionLimits = Pick<Settings, 'keepDays' | 'keepDeliveries' | 'keepCaptures' | 'keepBytes'>;

const dayMs = 86_400_000;

/** What was last changed before this time is beyond the age limit; null without one. */
export function cutoffMs({ keepDays }: Pick<RetentionLimits, 'keepDays'>, nowMs: number): number | null {
  return keepDays === null ? null : nowMs - keepDays * dayMs;
}

/** Rows beyond a limit on their number. */
export function excessOf(rows: number, limit: number | null): number {
  return limit === null ? 0 : Math.max(0, rows - limit);
}

export function limitsOf({ keepDays, keepDeliveries, keepCaptures, keepBytes }: Settings): RetentionLimits {
  return { keepDays, keepDeliveries, keepCaptures, keepBytes };
}
