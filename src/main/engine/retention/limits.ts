import type { Settings } from '#shared/contract/system.ts';
import type { Going } from '#shared/contract/common.ts';
import { goingText } from '#shared/going-text.ts';
import { Refusal } from '../base/refusal.ts';

/** How much is kept; null where there is no limit. */
export type RetentionLimits = Pick<Settings, 'keepDays' | 'keepDeliveries' | 'keepCaptures' | 'keepCaptureBytes' | 'keepBytes'>;

const dayMs = 86_400_000;

/** Anything last changed before this time is beyond the age limit; null without a limit. */
export function cutoffMs({ keepDays }: Pick<RetentionLimits, 'keepDays'>, nowMs: number): number | null {
  return keepDays === null ? null : nowMs - keepDays * dayMs;
}

/** How many rows or bytes are beyond a limit. */
export function excessOf(held: number, limit: number | null): number {
  return limit === null ? 0 : Math.max(0, held - limit);
}

export function limitsOf({ keepDays, keepDeliveries, keepCaptures, keepCaptureBytes, keepBytes }: RetentionLimits): RetentionLimits {
  return { keepDays, keepDeliveries, keepCaptures, keepCaptureBytes, keepBytes };
}

/** The limits with some of them changed; omitted or undefined ones stay. */
export function withLimits(
  limits: RetentionLimits,
  patch: { readonly [Key in keyof RetentionLimits]?: RetentionLimits[Key] | undefined },
): RetentionLimits {
  return {
    keepDays: patch.keepDays === undefined ? limits.keepDays : patch.keepDays,
    keepDeliveries: patch.keepDeliveries === undefined ? limits.keepDeliveries : patch.keepDeliveries,
    keepCaptures: patch.keepCaptures === undefined ? limits.keepCaptures : patch.keepCaptures,
    keepCaptureBytes: patch.keepCaptureBytes === undefined ? limits.keepCaptureBytes : patch.keepCaptureBytes,
    keepBytes: patch.keepBytes === undefined ? limits.keepBytes : patch.keepBytes,
  };
}

/** The limits that a change lowers, so that they may remove what the old ones kept. */
export function tightened(before: RetentionLimits, after: RetentionLimits): readonly (keyof RetentionLimits)[] {
  const names = ['keepDays', 'keepDeliveries', 'keepCaptures', 'keepCaptureBytes', 'keepBytes'] as const;
  return names.filter((name) => (after[name] ?? Number.POSITIVE_INFINITY) < (before[name] ?? Number.POSITIVE_INFINITY));
}

/**
 * Refuses what would take something out of the log unasked; `paths` are the fields that it comes from, and `deletedCaptures` those
 * that could still be restored.
 */
export function assertNothingGoes(wouldGo: Going, paths: readonly string[], deletedCaptures = 0): void {
  const text = goingText(wouldGo, deletedCaptures);
  if (text === null) return;
  const message = `This would remove for good ${text}. Give confirm: true to do it all the same.`;
  throw new Refusal('CONFIRMATION_NEEDED', message, { wouldGo, issues: paths.map((path) => ({ path, message })) });
}
