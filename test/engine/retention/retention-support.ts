import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { onTestFinished } from 'vitest';
import type { CleanUp } from '#shared/contract/retention.ts';
import { cleanUp } from '#engine/retention/clean-up.ts';
import type { CleanUpDeps, Progress } from '#engine/retention/clean-up-deps.ts';
import type { RetentionLimits } from '#engine/retention/limits.ts';
import { createConnection } from '#engine/store/connection.ts';
import type { ClockedEngine } from '../../support/clocked-engine.ts';

export const noLimits: RetentionLimits = {
  keepDays: null,
  keepDeliveries: null,
  keepCaptures: null,
  keepCaptureBytes: null,
  keepBytes: null,
};
export const dayMs = 86_400_000;

/** Reads the data file of an engine over a connection of its own. */
export function openFile(dataDir: string): BetterSqlite3.Database {
  const file = new BetterSqlite3(join(dataDir, 'hookyard.db'));
  onTestFinished(() => void file.close());
  return file;
}

export function countIn(file: BetterSqlite3.Database, table: string): number {
  return Number(file.prepare(`SELECT count(*) FROM ${table}`).pluck().get());
}

/** Everything in the file refers to something that is there, and the file is whole. */
export function flawsOf(file: BetterSqlite3.Database): readonly unknown[] {
  const integrity = file.pragma('integrity_check', { simple: true });
  return [...(file.pragma('foreign_key_check') as readonly unknown[]), ...(integrity === 'ok' ? [] : [integrity])];
}

/** Asks for a clean-up and answers how it ended. */
export async function cleanUpNow({ client }: ClockedEngine, { withDeleted = false } = {}): Promise<CleanUp> {
  const stop = new AbortController();
  try {
    const changes = await client.system.changes(undefined, { signal: stop.signal });
    await client.retention.cleanUp({ confirm: true, withDeleted });
    for await (const { topic } of changes) {
      if (topic !== 'retention') continue;
      const { cleanUp: now } = await client.retention.lastCleanUp();
      if (now !== null && now.status !== 'running') return now;
    }
    throw new Error('The change stream ended before the clean-up did.');
  } finally {
    stop.abort();
  }
}

/** Cleans up a file that no engine has open, in this thread; `between` runs after each step. */
export function cleanUpFile(
  dataDir: string,
  limits: Partial<RetentionLimits>,
  { between = () => undefined, nowMs = Date.now() }: { readonly between?: (step: number) => void; readonly nowMs?: number } = {},
): readonly Progress[] {
  const sqlite = new BetterSqlite3(join(dataDir, 'hookyard.db'));
  const told: Progress[] = [];
  let steps = 0;
  const deps: CleanUpDeps = {
    connection: createConnection(sqlite),
    inTransaction: (work) => {
      sqlite.exec('BEGIN IMMEDIATE');
      work();
      sqlite.exec('COMMIT');
      return 1;
    },
    pause: () => undefined,
    checkpoint: () => between((steps += 1)),
    progress: (step) => void told.push(step),
    shift: 0,
  };
  try {
    sqlite.pragma('foreign_keys = OFF');
    cleanUp(deps, { limits: { ...noLimits, ...limits }, nowMs, isThorough: true, isRestorableTaken: false });
    return told;
  } finally {
    sqlite.close();
  }
}
