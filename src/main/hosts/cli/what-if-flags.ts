import { InvalidArgumentError } from 'commander';
import { networkCodes } from '#shared/contract/retry.ts';
import { outageAnswer, type Outage, type OutageAnswer } from '#shared/contract/what-if.ts';
import { parseDurationMs } from '#shared/duration-text.ts';

/** How an outage is written. */
export const outageForm = 'as "14:00 2h refused", "14:00 90m timeout", "14:00 2h 503" or "2026-08-20T14:00Z 2h 503 retry-after 120"';

/** Adds an outage to those before it: when it begins, how long it lasts, and what attempts get; `today` is any time of today. */
export function addOutage(text: string, before: readonly Outage[], today = new Date()): readonly Outage[] {
  const [begin = '', ...rest] = text.trim().split(/\s+/);
  const fromMs = beginMs(begin, today);
  const durationWords = rest.findLastIndex((_, index) => parseDurationMs(rest.slice(0, index + 1).join(' ')) !== null);
  const durationMs = durationWords === -1 ? null : parseDurationMs(rest.slice(0, durationWords + 1).join(' '));
  const answer = answerOf(rest.slice(durationWords + 1));
  if (fromMs === null || durationMs === null || durationMs < 1 || answer === null)
    throw new InvalidArgumentError(`Write an outage ${outageForm}.`);
  return [...before, { fromMs, untilMs: fromMs + durationMs, answer }];
}

/** A time of today's clock such as `14:00`, or an ISO date with one; null for anything else. */
function beginMs(text: string, today: Date): number | null {
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (clock !== null) return new Date(today).setHours(Number(clock[1]), Number(clock[2]), 0, 0);
  const atMs = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? null : atMs;
}

function answerOf(words: readonly string[]): OutageAnswer | null {
  const [what = 'refused', ...more] = words.map((word) => word.toLowerCase());
  const code = networkCodes.find((known) => known === what);
  if (code !== undefined) return more.length === 0 ? { kind: 'network', code } : null;
  const retryAfter = more.length === 0 ? null : more[0] === 'retry-after' ? words.slice(2).join(' ') : undefined;
  if (retryAfter === undefined || retryAfter === '') return null;
  return outageAnswer.safeParse({ kind: 'status', status: Number(what), retryAfter }).data ?? null;
}
