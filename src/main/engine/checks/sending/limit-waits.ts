import type { CheckExchange } from '#shared/contract/checks.ts';
import { retryAfterMs } from '#shared/deciding/retry-after.ts';
import { durationText } from '#shared/duration-text.ts';

/** Waits for a receiver that limits its rate, by 429 or by 503 with `Retry-After`, within a time for the whole check. */
export interface LimitWaits {
  /** The waits of one case, whose requests were signed at its beginning. `toleranceSeconds` is how old they may become; null for no limit. */
  readonly ofCase: (toleranceSeconds: number | null) => CaseWaits;
}

export interface CaseWaits {
  /**
   * Waits as these answers ask for, and where they ask for nothing, longer each time. `round` counts from 0 for the same requests. Resolves
   * with false, at once, where that is more than what is left, and when the signal aborts.
   */
  readonly wait: (limited: readonly CheckExchange[], round: number) => Promise<boolean>;
}

export interface LimitWaitPorts {
  /** How long all waits of the check may take. */
  readonly mostMs: number;
  readonly now: () => number;
  /** Resolves after that time, or when the check is over. */
  readonly pause: (ms: number) => Promise<void>;
  readonly signal: AbortSignal;
  /** Told what is waited for, in a sentence; null when it is over. */
  readonly onWaiting: (waiting: string | null) => void;
}

/** The waits of one case; its requests become old meanwhile. */
const mostForCaseMs = 60_000;
/** The part of what a request may be old that may be waited. */
const agePart = 0.25;
/** The first wait and the longest where the receiver asks for none, and where it asks for less than that. */
const unasked = { firstMs: 1000, longestMs: 16_000 };
const askedAtLeast = { firstMs: 100, longestMs: 2000 };

export function createLimitWaits({ mostMs, now, pause, signal, onWaiting }: LimitWaitPorts): LimitWaits {
  let leftMs = mostMs;
  return {
    ofCase: (toleranceSeconds) => {
      let caseLeftMs = Math.min(mostForCaseMs, toleranceSeconds === null ? mostForCaseMs : toleranceSeconds * 1000 * agePart);
      return {
        wait: async (limited, round) => {
          const asked = limited.flatMap(({ answer }) => askedMs(answer, now()) ?? []);
          const { firstMs, longestMs } = asked.length > 0 ? askedAtLeast : unasked;
          const ms = Math.max(...asked, Math.min(firstMs * 2 ** round, longestMs));
          if (ms > Math.min(leftMs, caseLeftMs) || signal.aborted) return false;
          leftMs -= ms;
          caseLeftMs -= ms;
          const statuses = listedStatuses(limited);
          const why = asked.length > 0 ? ', as its Retry-After asks for' : '';
          onWaiting(
            `The receiver limits its rate (${statuses}): waiting ${durationText(ms)}${why}; up to ${durationText(leftMs)} more may be waited in this check.`,
          );
          await pause(ms);
          onWaiting(null);
          return !signal.aborted;
        },
      };
    },
  };
}

function listedStatuses(limited: readonly CheckExchange[]): string {
  return [...new Set(limited.flatMap(({ answer }) => answer?.status ?? []))].join(' and ');
}

function askedMs(answer: CheckExchange['answer'], nowMs: number): number | null {
  const value = answer?.headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1];
  return value === undefined ? null : retryAfterMs(value, nowMs);
}
