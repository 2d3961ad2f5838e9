import { accessSync, constants, existsSync, mkdirSync, readdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { setUpConnection } from './connection.ts';
import { adviceFor } from './damage.ts';
import { heldFiles, journalOf } from './held-files.ts';
import { assertNobodyHas, takeLock, type FolderLock } from './lock.ts';
import { createDatabase, type ClosableDatabase } from './sqlite.ts';
import { migrations as allMigrations, type Migration } from './migrations/index.ts';
import { newestSchema } from './migrations/newest-schema.ts';
import { closeFilesToOthers, makePrivateFile } from './private-files.ts';
import { StartError } from './start-error.ts';
import { watchFiles } from './watch-files.ts';
import { settle, syncFile } from './write-whole.ts';

/** Marks a SQLite file as a workspace of this program ("HKYD"). */
const applicationId = 0x484b5944;

export interface OpenedStore {
  readonly database: ClosableDatabase;
  /** What is odd about the files: that the folder of a new one was in use before, or that others can get at one; null otherwise. */
  readonly notice: string | null;
  /** True when the file was made by this call. */
  readonly isNew: boolean;
}

export interface OpenOptions {
  /** The module of the writer thread; without it, hot writes are made between the others. */
  readonly writerThread?: URL;
  readonly migrations?: readonly Migration[];
}

/**
 * Opens the workspace's data file, `hookyard.db` in `dataDir`, and brings it to the newest schema, after keeping a copy
 * of an older file beside it. The folder is locked for this process alone until the file is closed.
 * Throws a StartError in plain words when it cannot be used; the file is then as it was.
 */
export function openStore(dataDir: string, { writerThread, migrations = allMigrations }: OpenOptions = {}): OpenedStore {
  const file = join(dataDir, 'hookyard.db');
  let lock: FolderLock | null = null;
  let sqlite: BetterSqlite3.Database | null = null;
  try {
    prepareFolder(dataDir, file);
    lock = takeLock(join(dataDir, 'hookyard.lock'));
    assertHasJournal(file);
    const newNotice = hasContent(file) ? null : noticeOfNew(dataDir, file);
    if (hasLeftovers(file) || (lock.isFresh && hasContent(file))) peek(file, newestOf(migrations));
    if (lock.isFresh && hasContent(file)) assertNobodyHas(file);
    makePrivateFile(file);
    const notice = newNotice ?? noticeOfOpen(dataDir, closeFilesToOthers(dataDir));
    sqlite = new BetterSqlite3(file, { timeout: 0 });
    // Before the journal mode, which is stored in the file.
    assertReadable(sqlite, file, newestOf(migrations));
    if (newNotice === null && isEmpty(sqlite)) assertNeverUsed(dataDir, file);
    // Before the first table is made: only then can free pages be returned to the disk in small steps.
    if (isEmpty(sqlite)) sqlite.pragma('auto_vacuum = INCREMENTAL');
    sqlite.pragma('journal_mode = WAL');
    sqlite.exec('BEGIN IMMEDIATE; COMMIT');
    setUpConnection(sqlite);
    // Off for now: a migration that rebuilds a table must not cascade into tables that refer to it.
    sqlite.pragma('foreign_keys = OFF');
    const isNew = migrate(sqlite, file, migrations);
    sqlite.pragma('foreign_keys = ON');
    const held = heldFiles(file);
    const folderLock = lock;
    let leave: () => void = () => undefined;
    const onClosed = () => {
      leave();
      folderLock.close();
    };
    const database = createDatabase(sqlite, {
      writerThread: writerThread === undefined ? null : { file, code: writerThread },
      held,
      onClosed,
    });
    leave = watchFiles(database, folderLock, held);
    return { database, notice, isNew };
  } catch (error) {
    sqlite?.close();
    // A lock file that was made by a start that is refused would look like one that was there all the time.
    if (lock?.isFresh === true) lock.undo();
    else lock?.close();
    throw asStartError(error, dataDir, file);
  }
}

function prepareFolder(dataDir: string, file: string): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  accessSync(dataDir, constants.R_OK | constants.W_OK);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
    throw new StartError(
      'DATA_CORRUPT',
      `${file} is a folder where the data file should be. Move it away, or choose another data folder with --data-dir.`,
    );
  if (existsSync(file)) accessSync(file, constants.R_OK | constants.W_OK);
}

function hasContent(file: string): boolean {
  return (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/** Files that a Hookyard makes once its data file has tables. */
const marksOfUse: readonly string[] = ['vault.key', 'vault.sealed', 'host.json'];

function markOfUse(dataDir: string): string | null {
  return marksOfUse.find((name) => statSync(join(dataDir, name), { throwIfNoEntry: false })?.isFile() === true) ?? null;
}

/** A journal is no use without its data file, and SQLite would delete it. */
function assertHasJournal(file: string): void {
  if (hasContent(file) || !hasLeftovers(file)) return;
  throw new StartError(
    'DATA_CORRUPT',
    `${journalOf(file)} is there, and the data file that it belongs to is missing or empty: put ${basename(file)} back beside it, or move both away to start afresh. Nothing was changed.`,
  );
}

/** Refuses a data file without tables in a folder that was in use: they were in a journal that is gone, which may yet be found. */
function assertNeverUsed(dataDir: string, file: string): void {
  const mark = markOfUse(dataDir);
  if (mark === null) return;
  throw new StartError(
    'DATA_CORRUPT',
    `${file} has nothing in it, although ${mark} beside it is of a Hookyard that ran here. Put its ${basename(journalOf(file))} back if you have that, or a copy of both, or move it away to start afresh. It was not changed.`,
  );
}

/** Says that there was a workspace where a new one begins. Nothing is overwritten by that, and somebody may want it. */
function noticeOfNew(dataDir: string, file: string): string | null {
  const mark = markOfUse(dataDir);
  return mark === null
    ? null
    : `A new workspace was begun in ${dataDir}, since ${basename(file)} was missing or empty there, although ${mark} was there already. If it is of a workspace that you want, stop Hookyard and put its ${basename(file)} back.`;
}

/** Says which of the store's files others can get at, since their rights were left alone. The host sees to its own. */
function noticeOfOpen(dataDir: string, left: readonly string[]): string | null {
  const name = left.find((candidate) => candidate.startsWith('hookyard.'));
  if (name === undefined) return null;
  const path = join(dataDir, name);
  return `Other users of this machine can read ${realpathSync(path)}, to which ${path} is a link, so its rights were left alone: run chmod 600 on it.`;
}

/** Whether a killed process left commits in the WAL that are not copied into the file yet. */
function hasLeftovers(file: string): boolean {
  return hasContent(journalOf(file));
}

/**
 * Looks at a file over a connection that cannot write: one that can would fold in what was left beside it when it is
 * closed, and so change a file that is only to be refused. (Reading it through node:fs would not do: closing such a
 * handle gives up the locks that this process holds on the file.)
 */
function peek(file: string, newest: number): void {
  const sqlite = new BetterSqlite3(file, { readonly: true, timeout: 0 });
  try {
    assertReadable(sqlite, file, newest);
  } finally {
    sqlite.close();
  }
}

/** Refuses a file of another program or of a newer version. */
function assertReadable(sqlite: BetterSqlite3.Database, file: string, newest: number): void {
  const version = Number(sqlite.pragma('user_version', { simple: true }));
  if (!isEmpty(sqlite) && sqlite.pragma('application_id', { simple: true }) !== applicationId)
    throw new StartError(
      'DATA_CORRUPT',
      `${file} is a data file of another program. Choose another data folder with --data-dir, or move that file away; it was not changed.`,
    );
  if (version > newest)
    throw new StartError(
      'DATA_NEWER',
      `${file} was written by a newer Hookyard (format ${version}, this program reads up to ${newest}). Update Hookyard, or choose another data folder. The file was not changed.`,
    );
}

/** An empty file needs no steps from old formats, which would take most of the time of a start. */
function stepsOfNew(migrations: readonly Migration[]): readonly Migration[] {
  return migrations === allMigrations && newestSchema.version === newestOf(migrations) ? [newestSchema] : migrations;
}

function newestOf(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

function isEmpty(sqlite: BetterSqlite3.Database): boolean {
  return sqlite.prepare('SELECT count(*) AS tables FROM sqlite_schema').pluck().get() === 0;
}

/** Returns whether the file was new. */
function migrate(sqlite: BetterSqlite3.Database, file: string, migrations: readonly Migration[]): boolean {
  const version = Number(sqlite.pragma('user_version', { simple: true }));
  const newest = newestOf(migrations);
  const isNew = isEmpty(sqlite);
  settleCopies(file, version);
  if (version === newest) return false;
  const draft = isNew ? null : draftOf(file, version);
  if (draft !== null) makeCopy(sqlite, draft);
  sqlite.transaction(() => {
    sqlite.pragma(`application_id = ${applicationId}`);
    for (const step of isNew ? stepsOfNew(migrations) : migrations.filter((candidate) => candidate.version > version))
      sqlite.exec(step.sql);
    const broken = sqlite.pragma('foreign_key_check') as readonly unknown[];
    if (broken.length > 0) throw new Error(`the step to format ${newest} left ${broken.length} rows that refer to nothing; it was undone`);
    sqlite.pragma(`user_version = ${newest}`);
  })();
  settleCopies(file, newest);
  if (!isNew) makeShrinkable(sqlite);
  return isNew;
}

/**
 * Lets a file from before there was a retention give free pages back in small steps. It has to be written anew for that,
 * which it was for the copy just now; where the disk has no room for it, free pages are only used again.
 */
function makeShrinkable(sqlite: BetterSqlite3.Database): void {
  const incremental = 2;
  if (Number(sqlite.pragma('auto_vacuum', { simple: true })) === incremental) return;
  try {
    sqlite.pragma('auto_vacuum = INCREMENTAL');
    sqlite.exec('VACUUM');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_FULL'))) throw error;
  }
}

/** The copy of a file of this format until the step from it is made; a name of its own for each format. */
const draftOf = (file: string, version: number) => `${file}.format-${version}.bak.tmp`;
const draftForm = /\.format-(\d+)\.bak\.tmp(?:-journal)?$/;

/** Copies the file. The remains of an earlier try are overwritten; an unfinished copy only takes room. */
function makeCopy(sqlite: BetterSqlite3.Database, draft: string): void {
  try {
    rmSync(draft, { force: true });
    // The copy is written into a private empty file, so that no other user can read it while it grows.
    makePrivateFile(draft);
    sqlite.prepare('VACUUM INTO ?').run(draft);
    syncFile(draft);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/**
 * Gives copies of formats before this one their name: the step from such a format is only made once its copy is whole. A copy
 * of the format that the file still has may be cut off, and says nothing that the file does not.
 */
function settleCopies(file: string, version: number): void {
  const folder = dirname(file);
  for (const name of readdirSync(folder)) {
    const [, format] = name.startsWith(basename(file)) ? (draftForm.exec(name) ?? []) : [];
    if (format === undefined) continue;
    const draft = join(folder, name);
    if (Number(format) >= version || name.endsWith('-journal')) rmSync(draft, { force: true });
    else settle(draft, `${file}.format-${format}-${Date.now()}.bak`);
  }
}

function asStartError(error: unknown, dataDir: string, file: string): StartError {
  if (error instanceof StartError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const options = { cause: error };
  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED')
    return new StartError(
      'DATA_LOCKED',
      `Another Hookyard is using ${dataDir}. Close it, or choose another data folder with --data-dir.`,
      options,
    );
  if (code.startsWith('SQLITE_NOTADB') || code.startsWith('SQLITE_CORRUPT'))
    return new StartError(
      'DATA_CORRUPT',
      `${file} is damaged or not a data file (${code}). ${adviceFor(file)} It was not changed.`,
      options,
    );
  if (['EACCES', 'EPERM', 'EROFS'].includes(code) || code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN'))
    return new StartError(
      'DATA_READ_ONLY',
      `${dataDir} cannot be written to (${code}). Give yourself write access to it, or choose another data folder with --data-dir.`,
      options,
    );
  if (code === 'ENOSPC' || code.startsWith('SQLITE_FULL') || code.startsWith('SQLITE_IOERR'))
    return new StartError(
      'DISK_FULL',
      `The disk that holds ${dataDir} has no room or cannot be read (${code}). Free some space and start again.`,
      options,
    );
  if (code === 'ENOTDIR' || code === 'EEXIST')
    return new StartError('DATA_READ_ONLY', `${dataDir} is not a folder. Choose another data folder with --data-dir.`, options);
  return new StartError('DATA_CORRUPT', `${file} cannot be opened: ${error instanceof Error ? error.message : String(error)}.`, options);
}
