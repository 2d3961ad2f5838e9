import type { Changes } from '../base/changes.ts';
import type { Clock, Log } from '../base/ports.ts';
import type { Database } from '../store/database.ts';
import type { Dispatcher } from './dispatcher.ts';
import { moveWaiting, moveWaitingWrite, type ClockMove } from '../log/moved-times.ts';
import { storeAgainMs } from './recorder.ts';

export interface ClockJumpDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly changes: Changes;
  readonly dispatcher: Pick<Dispatcher, 'refresh' | 'clockMoved'>;
}

/**
 * Times in the store are wall clock times, but waits are as long as they are: when the clock is set, forward or back, what
 * waits moves along, so that it comes neither hours late nor a year's worth at once. During sleep time does go by, so what
 * came due then is sent on waking. The answer ends it.
 */
export function followClockJumps({ database, clock, log, changes, dispatcher }: ClockJumpDeps): () => void {
  let isStopped = false;
  const onJump = async (byMs: number) => {
    log.warn({ byMs }, 'The clock was set; scheduled times move with it');
    dispatcher.clockMoved(byMs);
    const move: ClockMove = { nowMs: clock.now(), byMs };
    while (!isStopped) {
      try {
        await database.hot(moveWaitingWrite, move);
        break;
      } catch (error) {
        log.error({ byMs, error: String(error) }, 'Scheduled times could not be moved with the clock; trying again');
        await new Promise<void>((resolve) => clock.at(clock.now() + storeAgainMs, resolve));
      }
    }
    changes.publish('deliveries', []);
    changes.publish('endpoint-health', []);
    dispatcher.refresh();
  };
  const leave = clock.followJumps?.((byMs) => void onJump(byMs)) ?? (() => undefined);
  return () => {
    isStopped = true;
    leave();
  };
}

/** Moves scheduled times when the clock was set since the last run. */
export async function moveSinceLastRun({ database, log }: Pick<ClockJumpDeps, 'database' | 'log'>, move: ClockMove): Promise<void> {
  if (move.byMs === 0) return;
  log.warn({ byMs: move.byMs }, 'The clock was set since Hookyard last ran; scheduled times move with it');
  await database.write((writer) => moveWaiting(writer, move));
}
