import { moveStates } from '../health/store.ts';
import { replaceRemembered } from '../settings/settings.ts';
import type { Writer } from '../store/database.ts';
import { hotWrite } from '../store/hot-write.ts';
import { timedStep, type WriteStep } from '../store/write-steps.ts';

/** A change of the time scale, with its progress through the log. */
export interface Rescale {
  readonly nowMs: number;
  /** The factor for waits that are not over yet. */
  readonly factor: number;
  /** Rows from here on are done. */
  readonly beforeSeq: number;
}

const schedulesBegan = 'schedule_began_at_ms = ? + CAST((COALESCE(schedule_began_at_ms, created_at_ms) - ?) * ? AS INTEGER)';

/**
 * Brings the due times of some rows nearer or further after the time scale changed, from the newest down. The beginnings of the
 * schedules move along, so that what has passed of a policy's total time stays the same share of it. A row that an attempt
 * changed since the scale did was given its time by the new one.
 */
export function rescaleStep(
  writer: Pick<Writer, 'runRaw'>,
  { nowMs, factor, beforeSeq, limit }: Rescale & { readonly limit: number },
): WriteStep {
  const fromSeq = Math.max(1, beforeSeq - limit);
  return timedStep(() => {
    const changed = writer.runRaw(
      `UPDATE deliveries NOT INDEXED SET due_at_ms = CASE WHEN due_at_ms > ? THEN ? + CAST((due_at_ms - ?) * ? AS INTEGER) ELSE due_at_ms END, ${schedulesBegan}
       WHERE seq >= ? AND seq < ? AND due_at_ms IS NOT NULL AND updated_at_ms <= ?`,
      [nowMs, nowMs, nowMs, factor, nowMs, nowMs, factor, fromSeq, beforeSeq, nowMs],
    );
    replaceRemembered(writer, 'internal.rescale', fromSeq > 1 ? { nowMs, factor, beforeSeq: fromSeq } : null);
    return { rows: beforeSeq - fromSeq, changed };
  });
}

export const rescaleWrite = hotWrite('rescale', rescaleStep);

/** The same for attempts under way, which are few. */
export function rescaleUnderWay(writer: Pick<Writer, 'runRaw'>, { nowMs, factor }: Pick<Rescale, 'nowMs' | 'factor'>): void {
  writer.runRaw(`UPDATE deliveries SET ${schedulesBegan} WHERE in_flight_attempt_id IS NOT NULL`, [nowMs, nowMs, factor]);
}

/** By how much the clock was set, and the time after that. */
export interface ClockMove {
  readonly nowMs: number;
  readonly byMs: number;
}

/**
 * Moves what waits along after the clock was set, so that each waits for as long as it had to: due times, beginnings of
 * schedules, open circuits and rows of failures. What is due already stays so.
 */
export function moveWaiting(writer: Pick<Writer, 'runRaw'>, { nowMs, byMs }: ClockMove): void {
  const began = 'schedule_began_at_ms = max(0, COALESCE(schedule_began_at_ms, created_at_ms) + ?)';
  const waitedForMs = Math.min(nowMs, nowMs - byMs);
  writer.runRaw(
    `UPDATE deliveries SET due_at_ms = CASE WHEN due_at_ms > ? THEN max(0, due_at_ms + ?) ELSE due_at_ms END, ${began} WHERE due_at_ms IS NOT NULL`,
    [waitedForMs, byMs, byMs],
  );
  writer.runRaw(`UPDATE deliveries SET ${began} WHERE in_flight_attempt_id IS NOT NULL`, [byMs]);
  moveStates(writer, byMs);
}

export const moveWaitingWrite = hotWrite('moveWaiting', moveWaiting);
