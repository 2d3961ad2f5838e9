import { mkdir, open, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** A body on its way into a file. It is written beside everything else, so that a slow disk holds only its sender up. */
export interface BodyFile {
  readonly path: string;
  /** Takes bytes to be written after those before them; they are not to be changed from then on. */
  readonly append: (bytes: Uint8Array) => void;
  /** Settles when little waits to be written; null when that is so at once. */
  readonly ready: () => Promise<void> | null;
  /** The code of why the disk refused to take it, such as ENOSPC or EMFILE, or null. */
  readonly failure: () => string | null;
  /** Settles when all is written or could not be; answers how many bytes are in the file. */
  readonly finish: () => Promise<number>;
  readonly remove: () => Promise<void>;
}

/** More than this waiting, and the sender is not read until it is written. */
const waitingLimitBytes = 262_144;

/** Makes a file for its owner alone, in a folder that is made where it is missing. */
export function createBodyFile(folder: string, name: string): BodyFile {
  const path = join(folder, name);
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  let writing: Promise<void> | null = null;
  let handle: FileHandle | null = null;
  let failure: string | null = null;

  const openFile = async () => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await open(path, 'wx', 0o600);
  };

  const writeWaiting = async () => {
    try {
      handle ??= await openFile();
      while (waiting.length > 0) {
        const bytes = waiting.length === 1 ? waiting[0] : Buffer.concat(waiting);
        waiting = [];
        if (bytes !== undefined) await handle.writeFile(bytes);
        waitingBytes -= bytes?.byteLength ?? 0;
      }
    } catch (error) {
      failure = codeOf(error);
      waiting = [];
      waitingBytes = 0;
    }
    writing = null;
  };

  const settled = async () => {
    while (writing !== null) await writing;
  };

  const close = async () => {
    await settled();
    const closing = handle;
    handle = null;
    await closing?.close().catch((error: unknown) => (failure ??= codeOf(error)));
  };

  return {
    path,
    append: (bytes) => {
      if (failure !== null) return;
      waiting.push(bytes);
      waitingBytes += bytes.byteLength;
      writing ??= writeWaiting();
    },
    ready: () => (waitingBytes > waitingLimitBytes ? settled() : null),
    failure: () => failure,
    finish: async () => {
      await close();
      return await stat(path).then(
        ({ size }) => size,
        () => 0,
      );
    },
    remove: async () => {
      await close();
      await rm(path, { force: true }).catch(() => undefined);
    },
  };
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
