import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import { isFinal } from '#shared/contract/delivery-status.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import type { StepExpected } from '#shared/contract/project-runs.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import { isSuccess } from '#shared/contract/success-rule.ts';
import type { NearestMiss } from '#shared/contract/waits.ts';
import { durationText } from '#shared/duration-text.ts';

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
  const last = attempt === null ? 'No attempt has ended yet.' : attempt.outcome.message;
  const answered = attempt?.outcome.status ?? null;
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
  if (delivered === true) ask('delivered=true', status === 'delivered', `It is ${status}: ${last}`);
  if (delivered === false) ask('delivered=false', isFinal(status) && status !== 'delivered', `It is ${status}.`);
  if (expected.answeredWithinMs !== undefined)
    ask(
      `answered-within=${expected.answeredWithinMs}ms`,
      typeof attempt?.durationMs === 'number' && attempt.durationMs <= expected.answeredWithinMs,
      typeof attempt?.durationMs === 'number' ? `It took ${durationText(attempt.durationMs)}.` : last,
    );
  return unmet;
}

/** Whether it has to be delivered, or must not be; null where the answer alone decides. */
function wantsDelivered({ delivered, status, outcome }: StepExpected): boolean | null {
  return delivered ?? (status === undefined && outcome === undefined ? true : null);
}

/** What is asked of the content of an answer, as filters of captures ask it; null where nothing is. */
export function answerMatch({ answer }: StepExpected): RequestMatch | null {
  if (answer?.json === undefined && answer?.headers === undefined) return null;
  return {
    headers: Object.entries(answer.headers ?? {}).map(([name, value]) => ({ name, value })),
    json: Object.entries(answer.json ?? {}).map(([path, value]) => ({
      path,
      value: typeof value === 'string' ? value : JSON.stringify(value),
    })),
  };
}

/** What a step expects, in a few words each. */
export function expectsInWords(expected: StepExpected): string[] {
  const { status, outcome, answer, answeredWithinMs } = expected;
  const delivered = wantsDelivered(expected);
  return [
    ...(status === undefined ? [] : [`status ${status}`]),
    ...(outcome === undefined ? [] : [`outcome ${outcome}`]),
    ...(delivered === null ? [] : [delivered ? 'delivered' : 'not delivered']),
    ...Object.entries(answer?.json ?? {}).map(([path, value]) => `answer ${path} is ${JSON.stringify(value)}`),
    ...Object.entries(answer?.headers ?? {}).map(([name, value]) => `answer header ${name} is ${value}`),
    ...(answer?.contains === undefined ? [] : [`answer contains ${JSON.stringify(answer.contains)}`]),
    ...(answeredWithinMs === undefined ? [] : [`answered within ${durationText(answeredWithinMs)}`]),
  ];
}
