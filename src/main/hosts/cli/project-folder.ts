import { existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { shownName } from '#shared/text/shown-name.ts';
import { assertRegular, statsOf } from './project-bytes.ts';

/** Whether a path is a folder or inside of it; both without links. */
export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`);
}

/**
 * Throws a usage error for a path of a project that leads out of its folder by a link, or to nothing: somebody else may have put the link into the
 * repository, and errors tell parts of what is read. Files of a project are written by the same rule.
 */
export function assertInFolder(folder: string, path: string): void {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
  if (isLink && statsOf(path) === undefined) throw usageError(`${shownName(path)} is a link to nothing, so nothing was read: remove it.`);
  if (!existsSync(path)) return;
  const at = realpathSync(path);
  if (isInside(realpathSync(folder), at)) return;
  throw usageError(
    `${shownName(path)} is outside of ${shownName(folder)}, at ${shownName(at)}, so nothing was read: a project is read from its own folder only. Put what it needs there in the place of the link.`,
  );
}

/**
 * Files in YAML in a folder of a project and all below it, in the order of their paths. Links within the folder of the project are followed, and
 * what several lead to is there once. Throws a usage error for a link that leads out of it.
 */
export function yamlFilesOf(folder: string, place: string): readonly string[] {
  const met = new Set<string>();
  // What is there itself comes before what links lead to, so that a file is told by its own name.
  const levels: { readonly paths: string[]; readonly links: string[] } = { paths: [place], links: [] };
  const files: string[] = [];
  for (let path = next(levels); path !== undefined; path = next(levels)) {
    const at = realpathSync(path);
    if (met.has(at)) continue;
    met.add(at);
    if (statsOf(path)?.isDirectory() !== true) {
      files.push(path);
      continue;
    }
    for (const entry of entriesOf(path)) {
      const below = join(path, entry.name);
      const isLink = entry.isSymbolicLink();
      const stats = isLink ? statsOf(below) : entry;
      // Emacs marks a file that it edits by a link to nothing of this name.
      const isYaml = /\.ya?ml$/.test(entry.name) && !entry.name.startsWith('.#');
      if (stats?.isDirectory() !== true && !isYaml) continue;
      if (isLink) assertInFolder(folder, below);
      if (stats?.isDirectory() === false) assertRegular(below, stats);
      levels[isLink ? 'links' : 'paths'].push(below);
    }
  }
  return files.toSorted();
}

const next = ({ paths, links }: { readonly paths: string[]; readonly links: string[] }) => paths.pop() ?? links.pop();

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    throw usageError(`${shownName(folder)} cannot be read (${codeOf(error)}): let this user read it.`, { cause: error });
  }
}
