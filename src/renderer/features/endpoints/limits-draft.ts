import type { Endpoint, EndpointInput, EndpointPatch } from '#shared/contract/endpoints.ts';
import { formatDurationMs, parseDurationMs } from '#shared/duration-text.ts';
import type { Read } from './read-draft.ts';

/** Health rules and limits of an endpoint while they are edited; empty text stands for no rule or limit. */
export interface LimitsDraft {
  readonly onExhaustion: boolean;
  readonly afterFailures: string;
  readonly afterFailing: string;
  readonly disableOn410: boolean;
  readonly rateCount: string;
  readonly ratePer: string;
  readonly maxConcurrency: string;
  readonly isOrdered: boolean;
  readonly breakAfter: string;
  readonly pause: string;
  readonly maxPause: string;
}

/** Fields of the contract that a {@link LimitsDraft} stands for. */
export const limitFields = ['autoDisable', 'disableOn410', 'rateLimit', 'maxConcurrency', 'isOrdered', 'circuitBreaker'] as const;
export type Limits = Pick<EndpointInput, (typeof limitFields)[number]>;

/** The draft of an endpoint's rules and limits. */
export function limitsDraftOf({
  autoDisable,
  disableOn410,
  rateLimit,
  maxConcurrency,
  isOrdered,
  circuitBreaker,
}: Pick<Endpoint, (typeof limitFields)[number]>): LimitsDraft {
  const text = (value: number | null) => (value === null ? '' : String(value));
  return {
    onExhaustion: autoDisable.onExhaustion,
    afterFailures: text(autoDisable.afterFailures),
    afterFailing: autoDisable.afterFailingMs === null ? '' : formatDurationMs(autoDisable.afterFailingMs),
    disableOn410,
    rateCount: text(rateLimit?.count ?? null),
    ratePer: formatDurationMs(rateLimit?.perMs ?? 1000),
    maxConcurrency: text(maxConcurrency),
    isOrdered,
    breakAfter: text(circuitBreaker?.failures ?? null),
    pause: formatDurationMs(circuitBreaker?.pauseMs ?? 30_000),
    maxPause: formatDurationMs(circuitBreaker?.maxPauseMs ?? 900_000),
  };
}

/** Reads what was typed; issues are at fields of the contract. The engine refuses numbers out of range. */
export function limitsOf(draft: LimitsDraft): Read<Limits> {
  const issues: Record<string, string> = {};
  const number = (text: string, field: string): number | null => {
    if (text.trim() === '') return null;
    if (/^\d+$/.test(text.trim())) return Number(text);
    issues[field] = 'Write a whole number, or leave it empty.';
    return null;
  };
  const duration = (text: string, field: string): number => {
    const ms = parseDurationMs(text);
    if (ms === null) issues[field] = 'Write a length of time, such as 30 s or 5 d.';
    return ms ?? 0;
  };
  const count = number(draft.rateCount, 'rateLimit');
  const failures = number(draft.breakAfter, 'circuitBreaker');
  const value: Limits = {
    autoDisable: {
      onExhaustion: draft.onExhaustion,
      afterFailures: number(draft.afterFailures, 'autoDisable.afterFailures'),
      afterFailingMs: draft.afterFailing.trim() === '' ? null : duration(draft.afterFailing, 'autoDisable.afterFailingMs'),
    },
    disableOn410: draft.disableOn410,
    rateLimit: count === null ? null : { count, perMs: duration(draft.ratePer, 'rateLimit') },
    maxConcurrency: number(draft.maxConcurrency, 'maxConcurrency'),
    isOrdered: draft.isOrdered,
    circuitBreaker:
      failures === null
        ? null
        : {
            failures,
            pauseMs: duration(draft.pause, 'circuitBreaker.pauseMs'),
            maxPauseMs: duration(draft.maxPause, 'circuitBreaker.maxPauseMs'),
          },
  };
  return Object.keys(issues).length > 0 ? { issues } : { value };
}

/** The fields of the contract that two readings differ in, as `endpoints.update` takes them. */
export function limitsPatch(limits: Limits, base: Limits): Pick<EndpointPatch, (typeof limitFields)[number]> {
  return Object.fromEntries(
    limitFields.filter((field) => JSON.stringify(limits[field]) !== JSON.stringify(base[field])).map((field) => [field, limits[field]]),
  );
}
