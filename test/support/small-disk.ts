import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createTempFolder } from './temp-workspace.ts';

/** A disk of its own with an empty folder for data, which a test may make larger, smaller or read-only. */
export interface SmallDisk {
  readonly dataDir: string;
  /** As `mount` takes it, such as `4m`. */
  readonly resize: (size: string) => void;
  readonly setReadOnly: (isReadOnly: boolean) => void;
}

/** Why there may be none: a reason to skip a test. */
export const noSmallDisk = 'Only root on Linux may mount a small disk.';

/** Mounts a disk of this size until the test ends; null where that may not be done. */
export function makeSmallDisk(size: string): SmallDisk | null {
  const disk = createTempFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return null;
  }
  onTestFinished(() => void execFileSync('umount', ['-l', disk]));
  const dataDir = join(disk, 'data');
  mkdirSync(dataDir);
  const remount = (options: string) => void execFileSync('mount', ['-o', `remount,${options}`, disk]);
  return {
    dataDir,
    resize: (to) => remount(`size=${to}`),
    setReadOnly: (isReadOnly) => remount(isReadOnly ? 'ro' : 'rw'),
  };
}
