import { mkdir, open, rm, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** A body that is being written to a file, asynchronously, so that a slow disk delays only its sender. */
export interface BodyFile {
  readonly path: string;
  /** Appends bytes; they must not be changed afterwards. */
  readonly append: (bytes: Uint8Array) => void;
  /** Settles when little is left to be written; null when that is already so. */
  readonly ready: () => Promise<void> | null;
  /** The error code of a failed write, such as ENOSPC or EMFILE, or null. */
  readonly failure: () => string | null;
  /** Settles when everything is written or writing failed; returns how many bytes are in the file. */
  readonly finish: () => Promise<number>;
  readonly remove: () => Promise<void>;
}

/** With more than this to be written, reading from the sender stops until it is. */
const waitingLimitBytes = 262_144;

/** Creates a file that only its owner may read, and its folder if missing. */
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
