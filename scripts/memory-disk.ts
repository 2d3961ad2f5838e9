import { accessSync, constants, readFileSync, statfsSync } from 'node:fs';

/** The file system in memory that Linux has for programs. */
const folder = '/dev/shm';
const neededBytes = 2 * 1024 ** 3;
/** The `f_type` of tmpfs; a container may have a real disk there. */
const tmpfs = 0x01021994;

/**
 * Makes temporary folders of this process and of those it starts be made in memory, where there is room: each commit of a test
 * waits until it is on the disk, which shows nothing, since no test takes the power away. A TMPDIR that somebody has set stays.
 */
export function useMemoryDisk(): void {
  if (process.env['TMPDIR'] === undefined && hasRoom()) process.env['TMPDIR'] = folder;
}

function hasRoom(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    accessSync(folder, constants.W_OK);
    const { type, bavail, bsize } = statfsSync(folder);
    return type === tmpfs && bavail * bsize >= neededBytes && mayRun();
  } catch {
    return false;
  }
}

/** Whether programs may be started from there; some tests write one. */
function mayRun(): boolean {
  const options = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .findLast(([, place]) => place === folder)?.[3];
  return options?.split(',').includes('noexec') === false;
}
