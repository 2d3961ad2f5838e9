import { setTimeout as rest } from 'node:timers/promises';
import { caseDeliveries, evidenceOf } from '#shared/check-evidence.ts';
import { undecidedText } from '#shared/check-words.ts';
import type { CaseOutcome, CheckDetail } from '#shared/contract/checks.ts';
import { invalid } from '../../base/refusal.ts';
import type { ToolAnswer } from '../answer.ts';
import type { ToolContext, ToolSet } from '../tool-context.ts';
import { given } from './looking.ts';

/** How often a check that goes on is looked at. */
const lookEveryMs = 200;

/** The tool that checks receivers. */
export const checking: ToolSet<'check_receiver'> = {
  check_receiver: async (context, { endpoint_id, event_type, check_id, wait_seconds }) => {
    if ((endpoint_id === undefined) === (check_id === undefined))
      throw invalid('endpoint_id', 'Give endpoint_id to start a check, or the check_id of one that was started, and only one of them.');
    if (check_id !== undefined && event_type !== undefined)
      throw invalid('event_type', 'Leave event_type out: the check was started with one.');
    const { checks } = context.client;
    const checkId = check_id ?? (await checks.start({ endpointId: endpoint_id, ...given({ eventType: event_type }) })).id;
    const check = await ended(context, checkId, wait_seconds * 1000);
    return { ...told(check), made: check_id === undefined ? [checkId] : [] };
  },
};

/** The check once it has ended, or as it stands when the time is over. */
async function ended({ client, signal }: ToolContext, id: string, withinMs: number): Promise<CheckDetail> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const check = await client.checks.get({ id });
    if (check.status !== 'running' || performance.now() >= untilMs) return check;
    await rest(lookEveryMs, undefined, signal === undefined ? {} : { signal });
  }
}

function told(check: CheckDetail): ToolAnswer {
  const { id, status, reason, done, total, counts, defects, cases } = check;
  const { passed, failed, advice, skipped } = counts;
  const undecided = undecidedText(check);
  const isOver = status !== 'running';
  return {
    said: [
      `Check ${id}: ${isOver ? status : `${done} of ${total} cases are done; call again with check_id`}.`,
      `${passed} passed, ${failed} failed, ${advice} advice, ${skipped} skipped.`,
      ...(undecided === null ? [] : [undecided]),
    ],
    facts: {
      reason,
      defects: defects.map((defect) => {
        const { level, title, message, fix } = defect;
        const { shows, contrast } = evidenceOf(defect, cases);
        return { level, title, message, fix, seen_in: shows, passed_beside: contrast };
      }),
      wrong: cases.filter(({ result }) => result === 'failed' || result === 'advice').map(wrongCase),
    },
  };
}

function wrongCase(one: CaseOutcome) {
  const { id, result, title, expects, message, exchanges } = one;
  // The answer that was not expected; where none is, such as when it acted twice, the last request is the one that it acted on again.
  const unmet = caseDeliveries(one).find(({ isUnmet }) => isUnmet)?.deliveryId;
  return { case: id, result, title, expects, seen: message, delivery_id: unmet ?? exchanges.at(-1)?.deliveryId ?? null };
}
