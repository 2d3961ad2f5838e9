import { readdirSync, statSync, watch, type FSWatcher, type WatchEventType } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { ExitError, usageError } from '#hosts/shared/exit-error.ts';

/** Files and folders that are watched for changes. */
export interface WatchedTree {
  readonly close: () => void;
}

/** More folders than this are hardly the sources of a receiver. */
const mostFolders = 5000;

/** Between a folder and a name in it; no path has it. */
const nameMark = '\0';

/** Changes of these say nothing of the sources. */
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

  const leave = (key: string) => {
    watchers.get(key)?.close();
    watchers.delete(key);
  };
  const leaveTree = (folder: string) => {
    for (const key of watchers.keys()) if (key === folder || key.startsWith(join(folder, sep))) leave(key);
  };
  const add = (key: string, folder: string, onName: (kind: WatchEventType, name: string) => void) => {
    if (isClosed || watchers.has(key)) return false;
    if (watchers.size >= mostFolders)
      throw usageError(`More than ${mostFolders} folders would be watched: name those with the receiver's sources, such as src.`);
    const watcher = watch(folder, (kind, name) => {
      if (name === null) onChange(folder);
      else onName(kind, name);
    });
    watcher.on('error', () => leave(key));
    watchers.set(key, watcher);
    return true;
  };
  const watchFolder = (folder: string) => {
    const isNew = add(folder, folder, (kind, name) => {
      if (ignoredFolders.has(name) || name === '.git' || passingFile.test(name)) return;
      const path = join(folder, name);
      // A folder that is new holds files that were there before it could be watched.
      follow(path, kind, enter);
      onChange(path);
    });
    if (!isNew) return;
    for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) enter(join(folder, entry.name));
  };
  /** Watches one name of a folder: editors replace a file when they save it, and builds their folder, which ends a watch on these themselves. */
  const watchName = (path: string, onName: (kind: WatchEventType) => void) =>
    add(`${dirname(path)}${nameMark}${basename(path)}`, dirname(path), (kind, name) => {
      if (name === basename(path)) onName(kind);
    });
  const enter = (folder: string) => {
    const name = basename(folder);
    if (!name.startsWith('.') && !ignoredFolders.has(name)) watchFolder(folder);
  };
  const follow = (path: string, kind: WatchEventType, into: (folder: string) => void) => {
    // What has come, gone or been replaced: a watch on what was there before sees nothing of what is there now.
    if (kind === 'rename') leaveTree(path);
    try {
      if (statSync(path).isDirectory()) into(path);
    } catch {
      // It went again.
      leaveTree(path);
    }
  };
  const watchRoot = (path: string) => {
    watchFolder(path);
    try {
      watchName(path, (kind) => {
        if (kind !== 'rename') return;
        follow(path, kind, watchFolder);
        onChange(path);
      });
    } catch (error) {
      // Of a folder in one that this user may not read, only what is in it is followed.
      if (error instanceof ExitError) throw error;
    }
  };

  for (const path of paths.map((given) => resolve(given))) {
    try {
      if (statSync(path).isDirectory()) watchRoot(path);
      else watchName(path, () => onChange(path));
    } catch (error) {
      for (const key of watchers.keys()) leave(key);
      throw error instanceof ExitError ? error : usageError(unwatchable(path, codeOf(error)), { cause: error });
    }
  }
  return {
    close: () => {
      isClosed = true;
      for (const key of watchers.keys()) leave(key);
    },
  };
}

function unwatchable(path: string, code: string): string {
  if (code === 'ENOENT') return `${path} does not exist: name files or folders that do.`;
  if (code === 'ENOSPC' || code === 'EMFILE')
    return `There are no watches left for ${path} (${code}): name folders with fewer below them, or raise fs.inotify.max_user_watches.`;
  return `${path} cannot be watched (${code}): name files or folders that can be read.`;
}
