import { coarseText, durationText } from '#shared/duration-text.ts';
import type { Warning } from '#shared/contract/common.ts';
import type { Attempt, DeliveryDetail } from '#shared/contract/deliveries.ts';
import type { MessageAnswer } from '#shared/contract/message-answer.ts';
import { isFinal } from '#shared/contract/delivery-status.ts';
import type { Change } from '#shared/contract/system.ts';
import { ExitError } from '#hosts/shared/exit-error.ts';
import { answerBodyJson, answerBodyText, readAnswerBody, type AnswerBody } from './answer-body.ts';
import type { EngineClient } from './engine-client.ts';
import { followDelivery } from './follow-delivery.ts';
import type { Interrupt } from './interrupt.ts';
import { printJsonLine, printLine, printNote, toned } from './output.ts';

/** What a command has sent, and how it is told of. */
export interface Sent {
  readonly client: EngineClient;
  /** Followed since before it was sent, so that no attempt is missed. */
  readonly changes: AsyncIterator<Change>;
  readonly answer: MessageAnswer;
  /** What was sent, such as `invoice.paid`. */
  readonly what: string;
  readonly json: boolean;
  /** How long its attempts are waited for; to its end where it is left out. */
  readonly withinMs?: number | undefined;
}

/** Of an option `--within` that gives how long {@link followSent} follows. */
export const withinText =
  'how long to wait for the delivery, such as 10s, then exit with 1; it goes on while Hookyard runs (default: to the end of its retries)';

/** A wait for the next attempt that takes longer is told how to end. */
const longWaitMs = 10_000;

/**
 * Follows the delivery of a message to its end, or until the time is over, with a line for each attempt and one for the end, or JSON Lines;
 * an interrupt cancels it. Returns the exit code of the command: 0 for what is delivered by then.
 */
export async function followSent({ client, changes, answer, what, json, withinMs }: Sent, interrupt: Interrupt): Promise<number> {
  for (const { message } of answer.warnings) printNote(message);
  const delivery = answer.deliveries[0];
  if (delivery === undefined) throw new ExitError(`Message ${answer.id} was accepted but goes nowhere: make the endpoint active.`, 1);
  if (answer.isDuplicate) printNote(`Nothing was sent now: ${answer.id} was accepted before. This is how its delivery stands.`);
  if (!json) printLine(`${answer.isDuplicate ? 'Already sent' : 'Sent'} ${what} as ${answer.id}, delivery ${delivery.id}`);
  // Following ends by itself once the delivery is cancelled.
  interrupt.setAction(() => client.deliveries.cancel({ id: delivery.id }));
  let isHintGiven = withinMs !== undefined;
  const onAttempt = async (attempt: Attempt, now: DeliveryDetail) => {
    printAttempt(attempt, await readAnswerBody(client, attempt), now, json);
    if (isHintGiven || (now.nextAttemptAtMs ?? 0) - Date.now() < longWaitMs) return;
    isHintGiven = true;
    printNote('Waiting for its next attempt: Ctrl-C cancels the delivery; with --within 10s this command would wait no longer.');
  };
  const end = await followDelivery(client, changes, delivery.id, { onAttempt, withinMs });
  printEnd(end, answer.warnings, json);
  if (!isFinal(end.status)) printNote(`${delivery.id} was waited for no longer: it goes on while Hookyard runs on this workspace.`);
  return interrupt.exitCode(end.status === 'delivered' ? 0 : 1);
}

function printAttempt(attempt: Attempt, body: AnswerBody | null, delivery: DeliveryDetail, json: boolean): void {
  const isLast = delivery.attempts.every((other) => other.number <= attempt.number);
  const nextAttemptAtMs = isLast ? delivery.nextAttemptAtMs : null;
  if (json) {
    const response = attempt.response === null || body === null ? attempt.response : { ...attempt.response, ...answerBodyJson(body) };
    return printJsonLine({ event: 'attempt', ...attempt, response, nextAttemptAtMs });
  }
  const code = attempt.outcome?.code ?? 'unknown';
  const status = attempt.response === null ? '-' : String(attempt.response.status);
  const duration = attempt.timings === null ? '-' : durationText(attempt.timings.totalMs);
  const next = nextAttemptAtMs === null ? '' : `  next in ${coarseText(nextAttemptAtMs - Date.now())}`;
  const why = code === 'ok' ? '' : `  ${attempt.outcome?.message ?? ''}`;
  printLine(
    `${String(attempt.number).padStart(3)}  ${toned(code.padEnd(11), code === 'ok' ? 'good' : 'bad')}  ${status.padEnd(3)}  ${duration.padStart(8)}${next}${why}`,
  );
  if (body !== null) printLine(answerBodyText(body).replace(/^/gm, '     '));
}

function printEnd(delivery: DeliveryDetail, warnings: readonly Warning[], json: boolean): void {
  if (json) {
    const { attempts: _attempts, ...summary } = delivery;
    return printJsonLine({ event: 'delivery', ...summary, warnings });
  }
  const attempts = `${delivery.attemptCount} attempt${delivery.attemptCount === 1 ? '' : 's'}`;
  printLine(`${toned(delivery.status, delivery.status === 'delivered' ? 'good' : 'bad')} after ${attempts}`);
}
