import type { Changes } from '../base/changes.ts';
import type { Clock, Log } from '../base/ports.ts';
import type { Writer } from './database.ts';
import type { ClosableDatabase } from './sqlite.ts';

/** Reports when the store starts and stops refusing writes, and tests by itself whether it accepts them again. */
export interface Recovery {
  readonly start: () => void;
  readonly stop: () => void;
}

export interface RecoveryDeps {
  readonly database: ClosableDatabase;
  /** Changes something in the data file. */
  readonly probeWrite: (writer: Writer, nowMs: number) => void;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Log;
}

/** Wait between two tries at a write while the store refuses them. */
const probeMs = 2000;

export function createRecovery({ database, probeWrite, clock, changes, log }: RecoveryDeps): Recovery {
  let cancelTimer: () => void = () => undefined;
  let isRunning = false;

  const onChange = () => {
    const problem = database.problem();
    changes.publish('health', []);
    cancelTimer();
    if (problem === null) return log.info({}, 'The data file takes writes again');
    log.error({ problem }, 'The data file refuses writes; nothing is accepted until it takes them again');
    probeLater();
  };

  const probeLater = () => {
    if (isRunning) cancelTimer = clock.at(clock.now() + probeMs, () => void probe());
  };

  /** There may be no write for a long time, so one is made: it has to change something, or it would not reach the disk. */
  const probe = async () => {
    try {
      await database.write((writer) => probeWrite(writer, clock.now()));
    } catch {
      if (database.problem() !== null) probeLater();
    }
  };

  return {
    start: () => {
      isRunning = true;
      database.followProblem(onChange);
    },
    stop: () => {
      isRunning = false;
      cancelTimer();
    },
  };
}
