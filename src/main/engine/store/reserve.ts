import { rmSync, statSync } from 'node:fs';
import { open, rm, stat, statfs } from 'node:fs/promises';
import { randomFillSync } from 'node:crypto';
import { join } from 'node:path';

const nameOf = (dataDir: string) => join(dataDir, 'hookyard.reserve');
/** Room for commits that are not checkpointed yet; they have to be copied into the file before anything can be removed. */
const mostBytes = 16 * 1024 * 1024;
/** At most this share of the free space. */
const share = 1 / 4;
const pieceBytes = 256 * 1024;

/**
 * Keeps room on the disk beside the data file, to be given up for a clean-up when the disk is full: removing needs a little
 * room too. Returns false when there is too little.
 */
export async function makeReserve(dataDir: string): Promise<boolean> {
  const path = nameOf(dataDir);
  if ((await stat(path).catch(() => null)) !== null) return true;
  try {
    const { bavail, bsize } = await statfs(dataDir);
    const pieces = Math.floor(Math.min(mostBytes, bavail * bsize * share) / pieceBytes);
    if (pieces === 0) return false;
    const file = await open(path, 'wx', 0o600);
    try {
      // Not zeros, which some file systems store without using any space.
      const piece = randomFillSync(Buffer.alloc(pieceBytes));
      for (let written = 0; written < pieces; written += 1) await file.write(piece);
      await file.sync();
    } finally {
      await file.close();
    }
    return true;
  } catch {
    await rm(path, { force: true }).catch(() => undefined);
    return false;
  }
}

/** Releases the room; returns whether there was any. */
export function releaseReserve(dataDir: string): boolean {
  const path = nameOf(dataDir);
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return false;
  rmSync(path, { force: true });
  return true;
}
