import { networkCodes } from '#shared/contract/retry.ts';
import type { LoggedOutage, OutageAnswer } from '#shared/contract/what-if.ts';
import { createPause } from '../base/pause.ts';
import type { Database } from '../store/database.ts';

/** An attempt as far as an outage needs it. */
export interface PastAttempt {
  readonly startedAtMs: number;
  readonly code: string;
  readonly status: number | null;
}

/** Attempts looked at, and read in one piece. */
const lookedAtMost = 20_000;
const pieceRows = 500;

/** The outages of an endpoint, newest first, from its newest attempts; the work is done in pieces with other work in between. */
export async function outagesInLog(
  database: Pick<Database, 'raw'>,
  endpointId: string,
  { limit, leastAttempts }: { readonly limit: number; readonly leastAttempts: number },
): Promise<{ readonly items: LoggedOutage[]; readonly lookedAt: number; readonly isCut: boolean }> {
  const pause = createPause();
  const finder = createOutageFinder(leastAttempts);
  let beforeSeq = Number.MAX_SAFE_INTEGER;
  let lookedAt = 0;
  for (;;) {
    const rows = database.raw<PastAttempt & { readonly seq: number }>(
      `SELECT seq, started_at_ms AS startedAtMs, outcome_code AS code, status FROM attempts
       WHERE endpoint_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?`,
      [endpointId, beforeSeq, pieceRows],
    );
    for (const row of rows) finder.before(row);
    lookedAt += rows.length;
    beforeSeq = rows.at(-1)?.seq ?? 0;
    const isAll = rows.length < pieceRows;
    if (isAll || lookedAt >= lookedAtMost || finder.found().length >= limit) {
      // The oldest one is whole only where an attempt before it was seen, or there is none.
      if (isAll || lookedAt >= lookedAtMost) finder.end();
      return { items: finder.found().slice(0, limit), lookedAt, isCut: !isAll };
    }
    await pause();
  }
}

/** Finds outages in attempts that are given from the newest to the oldest. */
export function createOutageFinder(leastAttempts: number): {
  readonly before: (attempt: PastAttempt) => void;
  readonly end: () => void;
  readonly found: () => readonly LoggedOutage[];
} {
  const found: LoggedOutage[] = [];
  let failures: PastAttempt[] = [];
  /** When the success after them began. */
  let untilMs: number | null = null;
  const end = () => {
    if (failures.length >= Math.max(1, leastAttempts)) found.push(outageOf(failures, untilMs));
    failures = [];
  };
  return {
    before: (attempt) => {
      if (attempt.code === 'cancelled' || attempt.code === 'interrupted') return;
      if (attempt.code !== 'ok') {
        failures.push(attempt);
        return;
      }
      end();
      untilMs = attempt.startedAtMs;
    },
    end,
    found: () => found,
  };
}

function outageOf(failures: readonly PastAttempt[], untilMs: number | null): LoggedOutage {
  const counts = new Map<string, { count: number; readonly answer: OutageAnswer }>();
  for (const { code, status } of failures) {
    const key = `${code} ${status ?? ''}`;
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { count: 1, answer: answerOf(code, status) });
    else known.count += 1;
  }
  const [most] = [...counts.values()].toSorted((a, b) => b.count - a.count);
  const fromMs = Math.min(...failures.slice(-pieceRows).map(({ startedAtMs }) => startedAtMs));
  return {
    fromMs,
    // An attempt under way when the receiver came back may have begun after the one that was accepted.
    untilMs: untilMs === null ? null : Math.max(untilMs, fromMs + 1),
    failedAttempts: failures.length,
    answer: most?.answer ?? { kind: 'network', code: 'unknown' },
    alike: most?.count ?? 0,
  };
}

function answerOf(code: string, status: number | null): OutageAnswer {
  if (status !== null && status >= 200) return { kind: 'status', status, retryAfter: null };
  return { kind: 'network', code: networkCodes.find((known) => known === code) ?? 'unknown' };
}

/** When deliveries to an endpoint were made, oldest first; `most` of them, the newest. Tests do not count. */
export async function eventTimesInLog(
  database: Pick<Database, 'raw'>,
  endpointId: string,
  { fromMs, untilMs, most }: { readonly fromMs: number; readonly untilMs: number; readonly most: number },
): Promise<{ readonly timesMs: number[]; readonly isCut: boolean }> {
  const pause = createPause();
  const timesMs: number[] = [];
  let beforeSeq = Number.MAX_SAFE_INTEGER;
  for (let lookedAt = 0; lookedAt < lookedAtMost; lookedAt += pieceRows) {
    const rows = database.raw<{ readonly seq: number; readonly atMs: number }>(
      `SELECT seq, created_at_ms AS atMs FROM deliveries
       WHERE endpoint_id = ? AND is_test = 0 AND seq < ? ORDER BY seq DESC LIMIT ?`,
      [endpointId, beforeSeq, pieceRows],
    );
    timesMs.push(...rows.map(({ atMs }) => atMs).filter((atMs) => atMs >= fromMs && atMs < untilMs));
    if (timesMs.length > most) return { timesMs: inOrder(timesMs.slice(0, most)), isCut: true };
    if (rows.length < pieceRows || (rows.at(-1)?.atMs ?? 0) < fromMs) return { timesMs: inOrder(timesMs), isCut: false };
    beforeSeq = rows.at(-1)?.seq ?? 0;
    await pause();
  }
  return { timesMs: inOrder(timesMs), isCut: true };
}

function inOrder(timesMs: readonly number[]): number[] {
  return timesMs.toSorted((a, b) => a - b);
}
