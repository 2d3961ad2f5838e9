import { accessSync, constants, existsSync, lstatSync, mkdirSync, realpathSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { projectSchemaFile } from '#shared/contract/project-file.ts';
import { settle, writeDraft } from '#engine/store/write-whole.ts';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { ExitError, usageError } from '#hosts/shared/exit-error.ts';
import { textOf } from './project-files.ts';
import { shownName } from '#shared/text/shown-name.ts';
import { isInside } from './project-folder.ts';
import { isProjectSchema } from './project-schema.ts';

/** A file of a project that is to be written. */
export interface ProjectFileText {
  /** From the folder of the project. */
  readonly path: string;
  readonly content: Uint8Array;
  /** The text that it had when it was read, empty for none: where somebody else has changed it since, nothing is written. */
  readonly before?: string;
}

/**
 * Writes files of a project, in their order and each whole, once it is sure that all can be: a full disk, a file that was changed meanwhile, a link
 * that leads out of the folder, or a file that may not be written leaves all as they were, and no new folder. A link within the folder stays one.
 * Throws a usage error where that cannot be done.
 */
export function writeProjectFiles(folder: string, files: readonly ProjectFileText[]): void {
  const drafts: { readonly draft: string; readonly target: string }[] = [];
  const folders: string[] = [];
  try {
    for (const { path } of files) targetIn(folder, path);
    for (const file of files) assertUnchanged(folder, file);
    for (const { path, content } of files) {
      const target = targetIn(folder, path);
      try {
        folders.push(...foldersMade(dirname(target)));
        // A file that may not be written stays, also where its folder could be.
        if (existsSync(target)) assertWritableFile(target);
        drafts.push({
          draft: writeDraft(target, content, existsSync(target) ? statSync(target).mode & 0o777 : 0o666 & ~process.umask()),
          target,
        });
      } catch (error) {
        throw notWritten(join(folder, path), error);
      }
    }
    // Again, since writing took its time.
    for (const file of files) assertUnchanged(folder, file);
  } catch (error) {
    for (const { draft } of drafts) rmSync(draft, { force: true });
    for (const made of folders.toReversed()) removeEmpty(made);
    throw error;
  }
  for (const { draft, target } of drafts) settle(draft, target);
}

/** The text of the JSON Schema that is beside a project now, empty for none. Throws a usage error for a file that is something else. */
export function schemaBefore(folder: string): string {
  const target = targetIn(folder, projectSchemaFile);
  if (!existsSync(target)) return '';
  const text = textOf(target);
  if (isProjectSchema(text)) return text;
  throw usageError(
    `${join(folder, projectSchemaFile)} is not the JSON Schema of a Hookyard project, so it is not written over: move it away, or remove it.`,
  );
}

/**
 * Where a file of a project is, past links. Throws a usage error for a link out of the folder, or to nothing: somebody else may have put it into
 * the repository.
 */
function targetIn(folder: string, path: string): string {
  const place = join(folder, path);
  if (!existsSync(folder)) return place;
  const root = realpathSync(folder);
  let at = root;
  try {
    for (const step of relative(folder, place).split(sep)) {
      at = join(at, step);
      if (lstatSync(at, { throwIfNoEntry: false })?.isSymbolicLink() === true) {
        const link = at;
        if (!existsSync(link)) throw usageError(`${shownName(link)} is a link to nothing, so nothing was written: remove it.`);
        at = realpathSync(link);
      }
      if (!isInside(root, at))
        throw usageError(
          `${shownName(place)} is outside of ${shownName(folder)}, at ${shownName(at)}, so nothing was written: a project is written into its own folder only. Remove the link that leads there, or give the folder itself.`,
        );
    }
  } catch (error) {
    throw error instanceof ExitError ? error : notWritten(place, error);
  }
  return at;
}

function notWritten(place: string, error: unknown): ExitError {
  return usageError(`${shownName(place)} cannot be written (${codeOf(error)}): ${writeHint(codeOf(error))}.`, { cause: error });
}

function assertUnchanged(folder: string, { path, before }: ProjectFileText): void {
  const place = join(folder, path);
  if (before !== undefined && (existsSync(place) ? textOf(place) : '') !== before)
    throw usageError(`${shownName(place)} was changed meanwhile, so nothing was written: do this again.`);
}

function assertWritableFile(path: string): void {
  if (statSync(path).isDirectory()) throw Object.assign(new Error('It is a folder.'), { code: 'EISDIR' });
  accessSync(path, constants.W_OK);
}

/** Makes a folder; returns those that were made for it, the outermost first. */
function foldersMade(folder: string): readonly string[] {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return [];
  const made: string[] = [];
  for (let each = folder; each.length >= first.length; each = dirname(each)) made.unshift(each);
  return made;
}

/** Somebody else may have put something there meanwhile; then it stays. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(codeOf(error))) throw error;
  }
}

function writeHint(code: string): string {
  if (code === 'ENOSPC') return 'free some space on its disk';
  return code === 'EISDIR' || code === 'ENOTDIR' ? 'something else has this name; move it away' : 'give a folder that you may write to';
}
