import type { Changes } from '../base/changes.ts';
import type { Log } from '../base/ports.ts';

/** Whether bodies of captures can be written. A small write may still succeed when a large body does not. */
export interface DiskTrouble {
  /** A body could not be kept; with the error code of the system or of SQLite. */
  readonly failed: (code: string) => void;
  /** A body that lay in a file was kept. */
  readonly kept: () => void;
  /** What happened and what to change, or null. */
  readonly problem: () => string | null;
}

export interface DiskTroubleDeps {
  /** Folder of incoming bodies. */
  readonly folder: string;
  readonly changes: Pick<Changes, 'publish'>;
  readonly log: Pick<Log, 'error' | 'info'>;
}

export function createDiskTrouble({ folder, changes, log }: DiskTroubleDeps): DiskTrouble {
  let problem: string | null = null;
  const become = (next: string | null) => {
    if (next === problem) return;
    problem = next;
    changes.publish('health', []);
    if (next === null) log.info({}, 'The disk takes the bodies of captures again');
    else log.error({ problem: next }, 'The body of a capture could not be kept');
  };
  return {
    failed: (code) => become(`${seenOf(code, folder)} This is shown until a large body can be kept again.`),
    kept: () => become(null),
    problem: () => problem,
  };
}

/** Whether a code of the system or of SQLite says that there is no space left. */
export function isDiskFull(code: string): boolean {
  return /^(ENOSPC|EDQUOT|SQLITE_FULL)/.test(code);
}

function seenOf(code: string, folder: string): string {
  if (isDiskFull(code))
    return `The disk that holds ${folder} was full (${code}) when the body of a capture was to be kept: free some space there, or lower the limit on the size of captures in the settings.`;
  if (code === 'EMFILE' || code === 'ENFILE')
    return `No more files could be opened (${code}) when the body of a capture was to be kept: close programs, or raise the limit (ulimit -n).`;
  if (/^(EACCES|EPERM|EROFS|ENOTDIR|EEXIST|SQLITE_READONLY)/.test(code))
    return `The body of a capture could not be written into ${folder} (${code}): give yourself write access to it, and make sure that it is a folder.`;
  return `The disk failed when the body of a capture was to be kept in ${folder} (${code}): check the disk.`;
}
