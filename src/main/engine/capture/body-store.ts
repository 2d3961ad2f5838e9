import { readFileSync, rmSync } from 'node:fs';
import { createBodyFile, type BodyFile } from './body-file.ts';

/** A body that came in: in memory, or in a file of its own. */
export type ReceivedBody =
  | { readonly size: number; readonly bytes: Uint8Array }
  /** The file is deleted once the body is released. */
  | { readonly size: number; readonly path: string };

/** Gathers one body up to a limit. */
export interface BodySink {
  /** Takes what fits: `full` when some did not, `no-room` when there is no room for more bodies, `not-written` when writing failed. */
  readonly add: (chunk: Uint8Array) => 'taken' | 'full' | 'no-room' | 'not-written';
  /** Settles when more can be taken, because enough of a large body is written; null when more can be taken at once. */
  readonly ready: () => Promise<void> | null;
  /** What arrived so far, once it is written, and whether all of it could be; nothing can be added afterwards. */
  readonly finish: () => Promise<{ readonly body: ReceivedBody; readonly isWhole: boolean }>;
  /** The error code of a failed write, or null. */
  readonly failure: () => string | null;
  /** Releases the room and deletes the file, once the body is kept or dropped. */
  readonly release: () => Promise<void>;
}

/** Room for all incoming bodies together: anyone may send, and nobody may crash the host or fill the disk that way. */
export interface BodyStore {
  /** `declaredBytes` is the length that the sender says; 0 where it says none. */
  readonly begin: (limitBytes: number, declaredBytes?: number) => BodySink;
}

export interface BodyRoom {
  /** A body up to this size stays in memory as long as there is room. */
  readonly smallBytes: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

/** The room there is unless another is given. */
export const usualRoom: BodyRoom = { smallBytes: 262_144, memoryBytes: 67_108_864, diskBytes: 2_147_483_648 };

/** Room for so much less than a whole one. */
export function partOf({ smallBytes, memoryBytes, diskBytes }: BodyRoom, parts: number): BodyRoom {
  return { smallBytes, memoryBytes: memoryBytes / parts, diskBytes: diskBytes / parts };
}

/** Memory is allocated in this size, doubling, unless the sender says that the body is smaller. */
const firstBytes = 4096;

const nothing = new Uint8Array(0);

/** Keeps large bodies in files of the folder, which is emptied first because a killed process leaves files behind. */
export function createBodyStore(folder: string, room: BodyRoom = usualRoom): BodyStore {
  rmSync(folder, { recursive: true, force: true });
  let made = 0;
  let memoryBytes = 0;
  let diskBytes = 0;

  const begin = (limitBytes: number, declaredBytes = 0): BodySink => {
    let buffer: Uint8Array = nothing;
    let file: BodyFile | null = null;
    let size = 0;

    /** Reserves memory; false when the body is too large for memory, or there is no room. */
    const grow = (neededBytes: number): boolean => {
      if (neededBytes <= buffer.byteLength) return true;
      if (neededBytes > room.smallBytes) return false;
      const usualBytes = declaredBytes > 0 && declaredBytes < firstBytes ? declaredBytes : firstBytes;
      const wantedBytes = Math.min(limitBytes, room.smallBytes, Math.max(neededBytes, buffer.byteLength * 2, usualBytes));
      if (memoryBytes + wantedBytes - buffer.byteLength > room.memoryBytes) return false;
      memoryBytes += wantedBytes - buffer.byteLength;
      // Keeping the chunks themselves would let a sender of one-byte chunks cost a hundred times the body's size.
      const grown = new Uint8Array(wantedBytes);
      grown.set(buffer.subarray(0, size));
      buffer = grown;
      return true;
    };

    const failure = () => file?.failure() ?? null;

    const forgetBuffer = () => {
      memoryBytes -= buffer.byteLength;
      buffer = nothing;
    };

    const append = (to: BodyFile, bytes: Uint8Array) => {
      diskBytes += bytes.byteLength;
      to.append(bytes);
    };

    /** Continues in a file. */
    const moveToFile = () => {
      file = createBodyFile(folder, `${(made += 1)}.body`);
      append(file, buffer.subarray(0, size));
      forgetBuffer();
      return file;
    };

    const store = (bytes: Uint8Array): boolean => {
      if (file === null && grow(size + bytes.byteLength)) {
        buffer.set(bytes, size);
      } else {
        if (diskBytes + bytes.byteLength + (file === null ? size : 0) > room.diskBytes) return false;
        append(file ?? moveToFile(), bytes);
      }
      size += bytes.byteLength;
      return true;
    };

    return {
      add: (chunk) => {
        const isWhole = size + chunk.byteLength <= limitBytes;
        const taken = isWhole ? chunk : chunk.subarray(0, Math.max(0, limitBytes - size));
        if (failure() !== null) return 'not-written';
        if (!store(taken)) return 'no-room';
        return isWhole ? 'taken' : 'full';
      },
      failure,
      ready: () => file?.ready() ?? null,
      finish: async () => {
        if (file === null) return { body: { size, bytes: size === buffer.byteLength ? buffer : buffer.subarray(0, size) }, isWhole: true };
        const writtenBytes = await file.finish();
        const body = writtenBytes === 0 ? { size: 0, bytes: nothing } : { size: writtenBytes, path: file.path };
        return { body, isWhole: writtenBytes === size };
      },
      release: async () => {
        forgetBuffer();
        if (file === null) return;
        const released = file;
        file = null;
        await released.remove();
        diskBytes -= size;
      },
    };
  };
  return { begin };
}

/** The bytes of a body, wherever they are. */
export function bytesOf(body: ReceivedBody): Uint8Array {
  return 'bytes' in body ? body.bytes : readFileSync(body.path);
}
