import { readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Refusal } from '../base/refusal.ts';
import { isDamage, sqliteCode } from './group-commit.ts';
import { StartError } from './start-error.ts';

/** The place of a value in the data file. */
export interface Place {
  readonly table: string;
  readonly column: string;
  /** Id or key of the row. */
  readonly row: string;
}

/** Why a column cannot be read: the reason in the data of the refusal. */
const brokenColumn = 'broken column';

/** Reads a column of JSON. If it is not JSON, something else changed the file; the refusal names the place. */
export function readJson<T>(text: string, { table, column, row }: Place): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Refusal(
      'STORE_UNAVAILABLE',
      `The data file is damaged: ${column} of ${row} in the table ${table} does not hold JSON. Stop Hookyard, keep the file for a look, and put back a copy.`,
      { reason: brokenColumn },
    );
  }
}

/** Turns an error from loading a data file into a sentence about the file; other errors stay as they are. */
export function asDamage(error: unknown, file: string): unknown {
  const why = whyDamaged(error);
  if (why === null) return error;
  return new StartError('DATA_CORRUPT', `${file} is damaged (${why}). ${adviceFor(file)}`, { cause: error });
}

function whyDamaged(error: unknown): string | null {
  if (error instanceof Refusal && error.code === 'STORE_UNAVAILABLE') {
    const { reason } = error.data as { readonly reason: string };
    if (reason === brokenColumn) return /: (.*?)\. /.exec(error.message)?.[1] ?? error.message;
    return isDamage(reason) ? reason : null;
  }
  const code = sqliteCode(error);
  if (isDamage(code)) return code;
  // A table or a column of its format is missing.
  return code === 'SQLITE_ERROR' && error instanceof Error && /^no such (table|column)/.test(error.message) ? error.message : null;
}

/** What to do with a file that is damaged: which copies there are. */
export function adviceFor(file: string): string {
  const copy = newestCopy(file);
  const back =
    copy === null
      ? 'put back a copy of yours (there is none beside it)'
      : `put back a copy (the newest beside it is ${copy.name}, of ${new Date(copy.madeAtMs).toISOString().slice(0, 10)})`;
  return `Move it away to start afresh, with ${basename(file)}-wal and ${basename(file)}-shm if they are there, or ${back}.`;
}

function newestCopy(file: string): { readonly name: string; readonly madeAtMs: number } | null {
  const folder = dirname(file);
  const copies = readdirSync(folder)
    .filter((name) => name.startsWith(`${basename(file)}.format-`) && name.endsWith('.bak'))
    .map((name) => ({ name, madeAtMs: statSync(join(folder, name)).mtimeMs }));
  return copies.toSorted((a, b) => b.madeAtMs - a.madeAtMs)[0] ?? null;
}
