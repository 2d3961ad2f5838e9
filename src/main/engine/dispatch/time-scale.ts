import { newestSeq } from '../log/deliveries.ts';
import { rescaleUnderWay, rescaleWrite, type Rescale } from '../log/moved-times.ts';
import type { Database } from '../store/database.ts';
import { writeInSteps } from '../store/write-steps.ts';
import type { SettingsBook } from '../settings/settings.ts';

/**
 * Brings deliveries that wait nearer or further when the time scale is other than the one their due times were made
 * with: after it was changed, and after a start with another one. A change that was cut off is brought to its end first. Two
 * at once would undo what the other did, so callers take turns.
 */
export async function followTimeScale(database: Database, settings: SettingsBook, nowMs: number): Promise<void> {
  const cutOff = settings.recall<Rescale | null>('internal.rescale') ?? null;
  if (cutOff !== null) await goThroughLog(database, settings, cutOff);
  const { timeScale } = settings.get();
  const madeWith = settings.recall<number>('internal.timeScale') ?? 1;
  if (madeWith === timeScale) return;
  const rescale = await database.write((writer): Rescale => {
    const change = { nowMs, factor: madeWith / timeScale, beforeSeq: newestSeq(database) + 1 };
    rescaleUnderWay(writer, change);
    settings.remember(writer, 'internal.timeScale', timeScale);
    settings.remember(writer, 'internal.rescale', change);
    return change;
  });
  await goThroughLog(database, settings, rescale);
}

/** From the newest row down; how far it came is written along with each step. */
async function goThroughLog(database: Database, settings: SettingsBook, rescale: Rescale): Promise<void> {
  let { beforeSeq } = rescale;
  await writeInSteps(async (limit) => {
    const step = await database.hot(rescaleWrite, { ...rescale, beforeSeq, limit });
    beforeSeq -= step.rows;
    return step;
  });
  await database.write((writer) => settings.remember(writer, 'internal.rescale', null));
}
