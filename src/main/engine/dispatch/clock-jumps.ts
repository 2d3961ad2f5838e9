import type { Changes } from '../changes.ts';
import type { Clock, Log } from '../ports.ts';
import type { Database } from '../store/database.ts';
import type { Dispatcher } from './dispatcher.ts';
import { newestSeenMs, shiftDue } from './queue.ts';

export interface ClockJumpDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}

/** Times in the log this much later than now mean that the clock was set back while Hookyard did not run. */
const setBackMs = 60_000;

/**
 * Due times are wall clock times. When the clock is set back, deliveries that wait move along, so that each still waits as
 * long as it had to and the schedule does not stand still for hours. When it goes forward, by hand or during sleep, what
 * is due by then is sent at once, longest due first and within the limits.
 */
export function followClockJumps({
  database,
  clock,
  log,
  changes,
  dispatcher,
}: ClockJumpDeps & { readonly changes: Changes; readonly dispatcher: Pick<Dispatcher, 'refresh'> }): () => void {
  const onJump = async (byMs: number) => {
    if (byMs < 0) {
      log.warn({ byMs }, 'The clock was set back; deliveries that wait move along with it');
      await database.write((writer) => shiftDue(writer, clock.now(), byMs));
      changes.publish('deliveries', []);
    } else log.warn({ byMs }, 'The clock went forward, or the computer slept; deliveries that are due by now are sent');
    dispatcher.refresh();
  };
  return (
    clock.followJumps?.((byMs) => {
      onJump(byMs).catch((error: unknown) => {
        log.error({ byMs, error: String(error) }, 'Deliveries that wait could not be moved along with the clock; they come late');
      });
    }) ?? (() => undefined)
  );
}

/** Moves what waits when the clock was set back since the last run. */
export async function followClockSinceLastRun({ database, clock, log }: ClockJumpDeps): Promise<void> {
  const nowMs = clock.now();
  const byMs = nowMs - newestSeenMs(database);
  if (byMs > -setBackMs) return;
  log.warn({ byMs }, 'The clock was set back since Hookyard ran last; deliveries that wait move along with it');
  await database.write((writer) => shiftDue(writer, nowMs, byMs));
}
