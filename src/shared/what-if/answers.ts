import type { HeaderField } from '../contract/common.ts';
import type { Outcome } from '../contract/outcome.ts';
import type { Outage, OutageAnswer } from '../contract/what-if.ts';
import { isSuccess } from '../contract/success-rule.ts';
import { isRedirect } from '../retry-rules.ts';
import { stopsOf, type Stops } from '../stop-answers.ts';
import type { SenderRules } from './scenario.ts';

/** What an attempt gets while the receiver is in one state, under the rules of a sender. */
export interface Reply {
  readonly outcome: Outcome;
  /** How long the attempt takes. */
  readonly tookMs: number;
  readonly retryAfter: string | null;
  readonly stops: Stops;
}

const noStops: Stops = { endReason: null, disableReason: null };

/** Gives the reply for an attempt that begins at a time. */
export function createReplies(outages: readonly Outage[], rules: SenderRules): (atMs: number, isFirst: boolean) => Reply {
  const ok: Reply = { outcome: outcomeOf('ok', null), tookMs: 0, retryAfter: null, stops: noStops };
  const down = outages.map(({ fromMs, untilMs, answer }) => ({
    fromMs,
    untilMs,
    first: replyOf(answer, rules, rules.successRule),
    later: replyOf(answer, rules, rules.retrySuccessRule ?? rules.successRule),
  }));
  return (atMs, isFirst) => {
    for (const outage of down) if (atMs >= outage.fromMs && atMs < outage.untilMs) return isFirst ? outage.first : outage.later;
    return ok;
  };
}

function replyOf(answer: OutageAnswer, rules: SenderRules, successRule: string): Reply {
  if (answer.kind === 'network')
    return {
      outcome: outcomeOf(answer.code, null),
      tookMs: answer.code === 'timeout' ? rules.timeoutMs : 0,
      retryAfter: null,
      stops: noStops,
    };
  const { status, retryAfter } = answer;
  const code = isSuccess(successRule, status) ? 'ok' : isRedirect(status) ? 'redirect' : 'http_status';
  const outcome = outcomeOf(code, status);
  const headers: readonly HeaderField[] = retryAfter === null ? [] : [['Retry-After', retryAfter]];
  return { outcome, tookMs: 0, retryAfter, stops: stopsOf(rules.stopAnswers, outcome, headers) };
}

function outcomeOf(code: Outcome['code'], status: number | null): Outcome {
  return { code, message: '', status, phase: null, reason: null };
}
