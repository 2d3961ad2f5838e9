import { closeSync, constants, fstatSync, lstatSync, openSync, readFileSync, statSync, type Stats } from 'node:fs';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { ExitError, usageError } from '#hosts/shared/exit-error.ts';
import { shownName } from '#shared/text/shown-name.ts';

/**
 * The bytes of a file. Throws a usage error where it cannot be read, is larger, or is no regular file: a pipe or a device of this name, which somebody
 * else may have put there, would be waited for without end.
 */
export function bytesOf(path: string, mostBytes: number): Buffer {
  const name = shownName(path);
  let file: number | undefined;
  try {
    // Not waiting for somebody who writes into a pipe.
    file = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stats = fstatSync(file);
    assertRegular(path, stats);
    if (stats.size > mostBytes)
      throw usageError(`${name} has ${stats.size} bytes: the most that is read here is ${mostBytes}. Make it smaller.`);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof ExitError) throw error;
    throw unreadable(path, error);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** What a path of a project leads to; undefined for nothing. Throws a usage error where that cannot be known, as of a link to itself. */
export function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** Throws a usage error for a pipe, a device and the like. */
export function assertRegular(path: string, stats: Pick<Stats, 'isFile'>): void {
  if (!stats.isFile())
    throw usageError(`${shownName(path)} is not a regular file, so nothing was read: remove it, or give it another name.`);
}

function unreadable(path: string, error: unknown): ExitError {
  const code = codeOf(error);
  const name = shownName(path);
  if (code === 'ELOOP') {
    const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    const what = isLink ? 'is a link that leads back to itself' : 'is behind a link that leads back to itself';
    return usageError(`${name} ${what}, so nothing was read: remove the link.`, { cause: error });
  }
  const hint = code === 'EACCES' || code === 'EPERM' ? 'let this user read it' : 'see what is there';
  return usageError(`${name} cannot be read (${code}): ${hint}.`, { cause: error });
}
