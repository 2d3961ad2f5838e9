import { readdirSync, statSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { ExitError, usageError } from '#hosts/shared/exit-error.ts';

/** Files and folders that are watched for changes. */
export interface WatchedTree {
  readonly close: () => void;
}

/** More folders than this are hardly the sources of a receiver. */
const mostFolders = 5000;

const ignoredFolders: ReadonlySet<string> = new Set(['node_modules', '__pycache__', 'bower_components']);

/** What editors write beside a file while they save it. */
const passingFile = /~$|\.(?:swp|swx|swo|tmp|crswap)$|^\.#|^#.*#$|^4913$/;

/**
 * Watches files, and folders with all below them, and calls `onChange` with the path for each change; one save often makes several.
 * Each folder is watched by itself, since Node's own recursive watching follows `node_modules` too and runs out of watches there.
 * Throws a usage error for a path that cannot be watched; folders that come and go later are followed.
 */
export function watchTree(paths: readonly string[], onChange: (path: string) => void): WatchedTree {
  const watchers = new Map<string, FSWatcher>();
  let isClosed = false;

  const leave = (folder: string) => {
    watchers.get(folder)?.close();
    watchers.delete(folder);
  };
  const watchFolder = (folder: string, isOf: (name: string) => boolean, isDeep: boolean) => {
    if (isClosed || watchers.has(folder)) return;
    if (watchers.size >= mostFolders)
      throw usageError(`More than ${mostFolders} folders would be watched: name those with the receiver's sources, such as src.`);
    const watcher = watch(folder, (_kind, name) => {
      if (name === null) return onChange(folder);
      if (!isOf(name) || passingFile.test(name)) return;
      const path = join(folder, name);
      // A folder that is new holds files that were there before it could be watched.
      if (isDeep) follow(path);
      onChange(path);
    });
    watcher.on('error', () => leave(folder));
    watchers.set(folder, watcher);
    if (!isDeep) return;
    for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) enter(join(folder, entry.name));
  };
  const enter = (folder: string) => {
    const name = basename(folder);
    if (!name.startsWith('.') && !ignoredFolders.has(name)) watchFolder(folder, isNoIgnored, true);
  };
  const follow = (path: string) => {
    try {
      if (statSync(path).isDirectory()) enter(path);
    } catch {
      // It went again.
      leave(path);
    }
  };

  for (const path of paths.map((given) => resolve(given))) {
    try {
      if (statSync(path).isDirectory()) watchFolder(path, isNoIgnored, true);
      // Editors replace a file when they save it, which ends a watch on the file itself.
      else watchFolder(dirname(path), (name) => name === basename(path), false);
    } catch (error) {
      for (const folder of watchers.keys()) leave(folder);
      throw error instanceof ExitError ? error : usageError(unwatchable(path, codeOf(error)), { cause: error });
    }
  }
  return {
    close: () => {
      isClosed = true;
      for (const folder of watchers.keys()) leave(folder);
    },
  };
}

/** Changes of an ignored folder, such as an entry for it, say nothing of the sources. */
function isNoIgnored(name: string): boolean {
  return !ignoredFolders.has(name) && name !== '.git';
}

function unwatchable(path: string, code: string): string {
  if (code === 'ENOENT') return `${path} does not exist: name files or folders that do.`;
  if (code === 'ENOSPC' || code === 'EMFILE')
    return `There are no watches left for ${path} (${code}): name folders with fewer below them, or raise fs.inotify.max_user_watches.`;
  return `${path} cannot be watched (${code}): name files or folders that can be read.`;
}
