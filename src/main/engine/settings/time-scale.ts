import { rescale } from '../dispatch/queue.ts';
import type { Database } from '../store/database.ts';
import type { SettingsBook } from './settings.ts';

/**
 * Brings deliveries that wait nearer or further when the time scale is other than the one their due times were made
 * with: after it was changed, and after a start with another one.
 */
export async function followTimeScale(database: Database, settings: SettingsBook, nowMs: number): Promise<void> {
  const { timeScale } = settings.get();
  const madeWith = settings.recall<number>('internal.timeScale') ?? 1;
  if (madeWith === timeScale) return;
  await database.write((writer) => {
    rescale(writer, nowMs, madeWith / timeScale);
    settings.remember(writer, 'internal.timeScale', timeScale);
  });
}
