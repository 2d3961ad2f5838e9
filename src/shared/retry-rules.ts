import { answeredStatus } from './contract/answered.ts';
import type { Outcome, OutcomeCode } from './contract/outcome.ts';
import { longestRetryAfterMs, networkCodes, type RetryAfterRule, type RetryOn } from './contract/retry.ts';
import { isSuccess as isAmong } from './contract/success-rule.ts';

/** Whether another attempt may follow a failure. `interrupted` and outcomes that waiting cannot fix are decided before this is called. */
export function isRetried(rule: RetryOn | undefined, outcome: Pick<Outcome, 'code' | 'status'>): boolean {
  const status = answeredStatus(outcome);
  switch (rule?.kind) {
    case undefined:
    case 'any':
      return true;
    case 'network':
      return isNetwork(outcome.code);
    case 'serverErrors':
      return status !== null && isAmong('5xx,429', status);
    case 'custom': {
      if ((rule.codes as readonly OutcomeCode[]).includes(outcome.code)) return true;
      return rule.statuses !== undefined && status !== null && isAmong(rule.statuses, status);
    }
  }
}

/** Why no attempt follows an outcome for which {@link isRetried} is false, as a sentence. */
export function notRetriedText(rule: RetryOn, outcome: Pick<Outcome, 'code' | 'status'>): string {
  const status = answeredStatus(outcome);
  const what = status === null ? `this attempt ended in ${outcome.code}` : `the answer was ${status}`;
  return `The retry policy tries again only after ${retryOnText(rule)}, and ${what}.`;
}

/** What a rule retries after, as it stands in a sentence. */
export function retryOnText(rule: RetryOn | undefined): string {
  switch (rule?.kind) {
    case undefined:
    case 'any':
      return 'any failure';
    case 'network':
      return 'network failures';
    case 'serverErrors':
      return 'answers with 5xx or 429';
    case 'custom':
      return [...rule.codes, ...(rule.statuses === undefined ? [] : [`answers with ${rule.statuses}`])]
        .join(', ')
        .replace(/, ([^,]*)$/, ' or $1');
  }
}

/** The wait that an answer asks for, within the bounds of the policy; 0 if its `Retry-After` does not count. */
export function askedWaitMs(rule: RetryAfterRule | undefined, retryAfterMs: number | null, status: number | null): number {
  if (retryAfterMs === null || rule?.kind === 'ignore') return 0;
  const { statuses, minMs = 0, maxMs = longestRetryAfterMs } = rule ?? {};
  if (statuses !== undefined && (status === null || !isAmong(statuses, status))) return 0;
  return Math.min(Math.max(retryAfterMs, minMs), maxMs);
}

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Whether an answer with this status, where it is no success, is a redirect. */
export function isRedirect(status: number): boolean {
  return redirects.has(status);
}

function isNetwork(code: OutcomeCode): boolean {
  return (networkCodes as readonly OutcomeCode[]).includes(code);
}
