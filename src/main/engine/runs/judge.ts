import { answeredStatus } from '#shared/contract/answered.ts';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import { isFinal } from '#shared/contract/delivery-status.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import type { StepExpected } from '#shared/contract/project-runs.ts';
import { isSuccess } from '#shared/contract/success-rule.ts';
import type { NearestMiss } from '#shared/contract/waits.ts';
import { durationText } from '#shared/duration-text.ts';
import { valueText, wantedValues } from './answer-values.ts';

/** An attempt that has ended, as far as a step is judged by it. */
export interface EndedAttempt {
  readonly outcome: Outcome;
  readonly durationMs: number | null;
}

type Unmet = NearestMiss['unmet'];

/** What a delivery and its last attempt lack of what a step expects, but for the content of the answer; empty where nothing. */
export function unmetByAttempt(expected: StepExpected, status: DeliveryStatus, attempt: EndedAttempt | null): Unmet {
  const unmet: Unmet = [];
  const ask = (condition: string, isMet: boolean, found: string) => {
    if (!isMet) unmet.push({ condition, found });
  };
  const last = attempt === null ? noAttemptText(status, expected.withinMs) : attempt.outcome.message;
  const answered = attempt === null ? null : answeredStatus(attempt.outcome);
  if (expected.status !== undefined)
    ask(
      `status=${expected.status}`,
      answered !== null && isSuccess(String(expected.status), answered),
      answered === null ? last : `It is ${answered}.`,
    );
  if (expected.outcome !== undefined)
    ask(
      `outcome=${expected.outcome}`,
      attempt?.outcome.code === expected.outcome,
      attempt === null ? last : `It is ${attempt.outcome.code}: ${last}`,
    );
  const delivered = wantsDelivered(expected);
  if (delivered === true) ask('delivered=true', status === 'delivered', notDeliveredText(status, attempt, last));
  if (delivered === false)
    ask('delivered=false', isFinal(status) && isRefusal(expected, status, answered), undeliveredText(status, attempt, last));
  if (expected.answeredWithinMs !== undefined)
    ask(
      `answered-within=${expected.answeredWithinMs}ms`,
      typeof attempt?.durationMs === 'number' && attempt.durationMs <= expected.answeredWithinMs,
      typeof attempt?.durationMs === 'number' ? `It took ${durationText(attempt.durationMs)}.` : last,
    );
  return unmet;
}

/** Whether a delivery ended in an answer that is no success; without one, as where the receiver is not there, only where the step says in which outcome. */
function isRefusal({ outcome }: StepExpected, status: DeliveryStatus, answered: number | null): boolean {
  return status !== 'delivered' && (answered !== null || outcome !== undefined);
}

function undeliveredText(status: DeliveryStatus, attempt: EndedAttempt | null, last: string): string {
  if (status === 'cancelled') return notDeliveredText(status, attempt, last);
  if (attempt === null || status === 'delivered' || !isFinal(status)) return `It is ${status}.`;
  const { code, message } = attempt.outcome;
  return `It is ${status} without an answer: ${message} If that is expected, say outcome: ${code}.`;
}

/** What ended the watch of a delivery without an attempt that has ended: the time it had, unless it is decided otherwise. */
function noAttemptText(status: DeliveryStatus, withinMs: number): string {
  return isFinal(status) ? 'No attempt has ended.' : `No attempt had ended after ${durationText(withinMs)}.`;
}

/** A delivery is also cancelled from outside: by hand, or with its endpoint. Its last attempt is not why, then. */
function notDeliveredText(status: DeliveryStatus, attempt: EndedAttempt | null, last: string): string {
  if (status !== 'cancelled') return `It is ${status}: ${last}`;
  if (attempt === null) return 'It was cancelled before an attempt had ended.';
  return attempt.outcome.code === 'cancelled'
    ? 'It was cancelled during its attempt.'
    : `It was cancelled before its next attempt. The one before: ${attempt.outcome.message}`;
}

/** A condition as sentences say it, such as `status 200`. */
export function conditionWords(condition: string): string {
  if (condition === 'delivered=true') return 'delivered';
  if (condition === 'delivered=false') return 'not delivered';
  if (condition === 'answer') return 'an answer';
  return condition
    .replace(/^answered-within=(\d+)ms$/, (_, ms: string) => `answered within ${durationText(Number(ms))}`)
    .replace(/^(status|outcome)=/, '$1 ');
}

/** Whether it has to be delivered, or must not be; null where the answer alone decides. */
function wantsDelivered({ delivered, status, outcome }: StepExpected): boolean | null {
  return delivered ?? (status === undefined && outcome === undefined ? true : null);
}

/** What a step expects, in a few words each. */
export function expectsInWords(expected: StepExpected): string[] {
  const { status, outcome, answer, answeredWithinMs } = expected;
  const delivered = wantsDelivered(expected);
  return [
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(outcome === undefined ? [] : [`outcome ${outcome}`]),
    ...(delivered === null ? [] : [delivered ? 'delivered' : 'not delivered']),
    ...wantedValues(expected).map((wanted) => `answer ${wanted.path} is ${valueText(wanted)}`),
    ...Object.entries(answer?.headers ?? {}).map(([name, value]) => `answer header ${name} is ${value}`),
    ...(answer?.contains === undefined ? [] : [`answer contains ${JSON.stringify(answer.contains)}`]),
    ...(answeredWithinMs === undefined ? [] : [`answered within ${durationText(answeredWithinMs)}`]),
  ];
}
