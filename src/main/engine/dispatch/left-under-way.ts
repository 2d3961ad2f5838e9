import type { EndpointBook } from '../endpoints/book.ts';
import { interruptedAttempts, recordWrite, toRecordOrder } from '../log/queue.ts';
import { interruptedRecord, type AttemptDeps } from './make-attempt.ts';

type LeftUnderWayDeps = Pick<AttemptDeps, 'database' | 'clock' | 'log' | 'settings' | 'policies' | 'random'> & {
  readonly endpoints: Pick<EndpointBook, 'find'>;
};

/** Records attempts that were under way when the process died as interrupted, and makes them due again at once. */
export async function recordLeftUnderWay(deps: LeftUnderWayDeps): Promise<void> {
  const found = interruptedAttempts(deps.database);
  if (found.length === 0) return;
  const records = found.map((left) => interruptedRecord(deps, left, deps.endpoints.find(left.endpointId)));
  await Promise.all(records.map((record) => deps.database.hot(recordWrite, toRecordOrder(record, record.step, null))));
  deps.log.info({ attempts: found.length }, 'Attempts left under way by an earlier run were rescheduled');
}
