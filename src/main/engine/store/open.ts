import { accessSync, constants, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { createDatabase, type ClosableDatabase } from './sqlite.ts';
import { migrations as allMigrations, type Migration } from './migrations/index.ts';
import { StartError } from './start-error.ts';

/** Marks a SQLite file as a workspace of this program ("HKYD"). */
const applicationId = 0x484b5944;

export interface OpenedStore {
  readonly database: ClosableDatabase;
  /** True when the file was made by this call. */
  readonly isNew: boolean;
}

/**
 * Opens the workspace's data file, `hookyard.db` in `dataDir`, and brings it to the newest schema, after keeping a copy
 * of an older file beside it. The file is locked for this process alone until it is closed.
 * Throws a StartError in plain words when it cannot be used; the file is then as it was.
 */
export function openStore(dataDir: string, migrations: readonly Migration[] = allMigrations): OpenedStore {
  const file = join(dataDir, 'hookyard.db');
  prepareFolder(dataDir, file);
  let sqlite: BetterSqlite3.Database | null = null;
  try {
    sqlite = new BetterSqlite3(file, { timeout: 0 });
    // An exclusive lock needs no lock file that a killed process would leave behind, and no shared memory.
    sqlite.pragma('locking_mode = EXCLUSIVE');
    sqlite.pragma('journal_mode = WAL');
    sqlite.exec('BEGIN IMMEDIATE; COMMIT');
    // FULL: a commit is on the disk, not only with the operating system, before anyone is told it was accepted.
    sqlite.pragma('synchronous = FULL');
    sqlite.pragma('foreign_keys = ON');
    sqlite.pragma('temp_store = MEMORY');
    sqlite.pragma('cache_size = -32000');
    const isNew = migrate(sqlite, file, migrations);
    return { database: createDatabase(sqlite), isNew };
  } catch (error) {
    sqlite?.close();
    throw asStartError(error, dataDir, file);
  }
}

function prepareFolder(dataDir: string, file: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.R_OK | constants.W_OK);
    if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw asStartError(error, dataDir, file);
  }
}

/** Answers whether the file was new. */
function migrate(sqlite: BetterSqlite3.Database, file: string, migrations: readonly Migration[]): boolean {
  const version = Number(sqlite.pragma('user_version', { simple: true }));
  const newest = migrations.at(-1)?.version ?? 0;
  const isEmpty = sqlite.prepare('SELECT count(*) AS tables FROM sqlite_schema').pluck().get() === 0;
  if (!isEmpty && sqlite.pragma('application_id', { simple: true }) !== applicationId)
    throw new StartError('DATA_CORRUPT', `${file} is not a Hookyard data file. Choose another data folder, or move that file away.`);
  if (version > newest)
    throw new StartError(
      'DATA_NEWER',
      `${file} was written by a newer Hookyard (format ${version}, this program reads up to ${newest}). Update Hookyard, or choose another data folder. The file was not changed.`,
    );
  if (version === newest) return false;
  if (!isEmpty) sqlite.prepare('VACUUM INTO ?').run(`${file}.format-${version}-${Date.now()}.bak`);
  sqlite.transaction(() => {
    sqlite.pragma(`application_id = ${applicationId}`);
    for (const step of migrations.filter((candidate) => candidate.version > version)) sqlite.exec(step.sql);
    sqlite.pragma(`user_version = ${newest}`);
  })();
  return isEmpty;
}

function asStartError(error: unknown, dataDir: string, file: string): StartError {
  if (error instanceof StartError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const options = { cause: error };
  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED')
    return new StartError('DATA_LOCKED', `Another Hookyard is using ${dataDir}. Close it, or choose another data folder with --data-dir.`, options);
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT'))
    return new StartError('DATA_CORRUPT', `${file} is damaged or not a data file (${code}). Move it away to start afresh, or put back a copy; it was not changed.`, options);
  if (['EACCES', 'EPERM', 'EROFS'].includes(code) || code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN'))
    return new StartError('DATA_READ_ONLY', `${dataDir} cannot be written to (${code}). Give yourself write access to it, or choose another data folder with --data-dir.`, options);
  if (code === 'ENOSPC' || code.startsWith('SQLITE_FULL') || code.startsWith('SQLITE_IOERR'))
    return new StartError('DISK_FULL', `The disk that holds ${dataDir} has no room or cannot be read (${code}). Free some space and start again.`, options);
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return new StartError('DATA_READ_ONLY', `${dataDir} is not a folder. Choose another data folder with --data-dir.`, options);
  return new StartError('DATA_CORRUPT', `${file} cannot be opened: ${error instanceof Error ? error.message : String(error)}.`, options);
}
