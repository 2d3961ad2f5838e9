import type { Database, Writer } from '../store/database.ts';
import { hotWrite } from '../store/hot-write.ts';
import { timedStep, writeInSteps, type WriteStep } from '../store/write-steps.ts';

/** Cancels some of the waiting deliveries of an endpoint. */
function cancelWaitingStep(
  writer: Pick<Writer, 'runRaw'>,
  { endpointId, nowMs, limit }: { readonly endpointId: string; readonly nowMs: number; readonly limit: number },
): WriteStep {
  return timedStep(() => {
    const changed = writer.runRaw(
      `UPDATE deliveries SET status = 'cancelled', due_at_ms = NULL, updated_at_ms = ? WHERE seq IN
         (SELECT seq FROM deliveries INDEXED BY deliveries_waiting WHERE endpoint_id = ? AND due_at_ms IS NOT NULL LIMIT ?)`,
      [nowMs, endpointId, limit],
    );
    return { rows: changed, changed };
  });
}

export const cancelWaitingWrite = hotWrite('cancelWaiting', cancelWaitingStep);

/** Cancels all waiting deliveries of an endpoint, in steps; returns how many. */
export function cancelWaiting(database: Pick<Database, 'hot'>, endpointId: string, nowMs: number): Promise<number> {
  return writeInSteps((limit) => database.hot(cancelWaitingWrite, { endpointId, nowMs, limit }));
}

/** Copies of an endpoint that deliveries wait for: a step of a run is tried again. */
export function waitingCopies(database: Pick<Database, 'values'>, endpointId: string): readonly string[] {
  return database
    .values<[string]>(
      `SELECT e.id FROM endpoints AS e WHERE e.copy_of = ? AND EXISTS
         (SELECT 1 FROM deliveries AS d INDEXED BY deliveries_waiting WHERE d.endpoint_id = e.id AND d.due_at_ms IS NOT NULL)`,
      [endpointId],
    )
    .map(([id]) => id);
}
