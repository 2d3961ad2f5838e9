import { coarseText, durationText } from '#shared/duration-text.ts';
import type { Warning } from '#shared/contract/common.ts';
import type { Attempt, DeliveryDetail } from '#shared/contract/deliveries.ts';
import type { Change } from '#shared/contract/system.ts';
import { answerBodyJson, answerBodyText, readAnswerBody, type AnswerBody } from './answer-body.ts';
import type { EngineClient } from './engine-client.ts';
import { followDelivery } from './follow-delivery.ts';
import { printJsonLine, printLine, toned } from './output.ts';

/** Follows a delivery to its end with a line for each attempt and one for the end, or JSON Lines; returns the final delivery. */
export async function printDelivery(
  client: EngineClient,
  changes: AsyncIterator<Change>,
  deliveryId: string,
  { json, warnings }: { readonly json: boolean; readonly warnings: readonly Warning[] },
): Promise<DeliveryDetail> {
  const end = await followDelivery(client, changes, deliveryId, async (attempt, now) =>
    printAttempt(attempt, await readAnswerBody(client, attempt), now, json),
  );
  printEnd(end, warnings, json);
  return end;
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
