import { answeredStatus } from '#shared/contract/answered.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import type { DeliveryMatch, NearestMiss } from '#shared/contract/waits.ts';
import { durationText } from '#shared/duration-text.ts';
import { matchesEvent } from '#shared/event-pattern.ts';

/** A delivery as a wait sees it. */
export interface DeliveryFacts {
  readonly eventType: string;
  readonly status: string;
  /** Of its last attempt; null before the first has ended. */
  readonly lastOutcome: Outcome | null;
  readonly lastDurationMs: number | null;
}

/** The conditions that a delivery does not meet, in words; none where it is what is asked for. */
export function unmetByDelivery(
  match: DeliveryMatch,
  { eventType, status, lastOutcome, lastDurationMs }: DeliveryFacts,
): NearestMiss['unmet'] {
  const { eventTypes, statuses, outcomes, answers, answeredWithinMs } = match;
  const unmet: NearestMiss['unmet'] = [];
  const ask = (condition: string, isMet: boolean, found: string) => {
    if (!isMet) unmet.push({ condition, found });
  };
  const answer = lastOutcome === null ? null : answeredStatus(lastOutcome);
  const noAttempt = 'No attempt of it has ended yet.';
  if (eventTypes !== undefined) ask(`type=${eventTypes.join(',')}`, matchesEvent(eventTypes, eventType), `It is ${eventType}.`);
  if (statuses !== undefined)
    ask(
      `status=${statuses.join(',')}`,
      (statuses as readonly string[]).includes(status),
      `It is ${status}${lastOutcome === null ? '.' : `: ${lastOutcome.message}`}`,
    );
  if (outcomes !== undefined)
    ask(
      `outcome=${outcomes.join(',')}`,
      lastOutcome !== null && outcomes.includes(lastOutcome.code),
      lastOutcome === null ? noAttempt : `It is ${lastOutcome.code}: ${lastOutcome.message}`,
    );
  if (answers !== undefined) {
    ask(
      `answer=${answers.join(',')}`,
      answer !== null && answers.includes(answer),
      answer === null ? (lastOutcome?.message ?? noAttempt) : `It is ${answer}.`,
    );
  }
  if (answeredWithinMs !== undefined) {
    // Of an attempt that is to end without an answer, it is how long that takes.
    const isUnanswered = outcomes === undefined && lastOutcome !== null && answer === null;
    ask(
      `answered-within=${answeredWithinMs}ms`,
      !isUnanswered && lastDurationMs !== null && lastDurationMs <= answeredWithinMs,
      isUnanswered ? lastOutcome.message : lastDurationMs === null ? noAttempt : `Its last attempt took ${durationText(lastDurationMs)}.`,
    );
  }
  return unmet;
}
