import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A body that came in: in memory, or in a file of its own. */
export type ReceivedBody =
  | { readonly size: number; readonly bytes: Uint8Array }
  /** The file goes once the body is released. */
  | { readonly size: number; readonly path: string };

/** Gathers one body up to a limit. */
export interface BodySink {
  /** Takes what fits: `full` when some did not, `no-room` when there is no room for more bodies. */
  readonly add: (chunk: Uint8Array) => 'taken' | 'full' | 'no-room';
  /** What came so far; nothing can be added from then on. */
  readonly finish: () => ReceivedBody;
  /** Gives the room back, and takes the file away; once the body is kept or given up. */
  readonly release: () => void;
}

/** Room for the bodies that are coming in, all together: anyone may send, and nobody is to end the host or fill the disk by it. */
export interface BodyStore {
  readonly begin: (limitBytes: number) => BodySink;
}

export interface BodyRoom {
  /** A body up to this stays in memory as long as there is room. */
  readonly smallBytes: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

const usualRoom: BodyRoom = { smallBytes: 262_144, memoryBytes: 67_108_864, diskBytes: 2_147_483_648 };

/** Memory is asked for in doubles of this. */
const firstBytes = 4096;

/** Keeps large bodies in files of the folder, which is emptied first: a killed process leaves some. */
export function createBodyStore(folder: string, room: BodyRoom = usualRoom): BodyStore {
  rmSync(folder, { recursive: true, force: true });
  let made = 0;
  let memoryBytes = 0;
  let diskBytes = 0;

  const begin = (limitBytes: number): BodySink => {
    let buffer: Uint8Array = new Uint8Array(0);
    let file: { readonly path: string; readonly descriptor: number } | null = null;
    let size = 0;
    let isFinished = false;

    /** Makes room in memory; false when the body is too large to stay there, or there is no room. */
    const grow = (neededBytes: number): boolean => {
      if (neededBytes <= buffer.byteLength) return true;
      if (neededBytes > room.smallBytes) return false;
      const wantedBytes = Math.min(limitBytes, room.smallBytes, Math.max(neededBytes, buffer.byteLength * 2, firstBytes));
      if (memoryBytes + wantedBytes - buffer.byteLength > room.memoryBytes) return false;
      memoryBytes += wantedBytes - buffer.byteLength;
      // Keeping the chunks themselves would let a sender of one-byte chunks cost a hundred times the body's size.
      const grown = new Uint8Array(wantedBytes);
      grown.set(buffer.subarray(0, size));
      buffer = grown;
      return true;
    };

    const forgetBuffer = () => {
      memoryBytes -= buffer.byteLength;
      buffer = new Uint8Array(0);
    };

    const append = (descriptor: number, bytes: Uint8Array) => {
      for (let at = 0; at < bytes.byteLength;) at += writeSync(descriptor, bytes, at);
      diskBytes += bytes.byteLength;
    };

    /** Goes on in a file. Throws the file system's error. */
    const moveToFile = () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const path = join(folder, `${(made += 1)}.body`);
      file = { path, descriptor: openSync(path, 'wx', 0o600) };
      append(file.descriptor, buffer.subarray(0, size));
      forgetBuffer();
      return file;
    };

    const store = (bytes: Uint8Array): boolean => {
      if (file === null && grow(size + bytes.byteLength)) {
        buffer.set(bytes, size);
      } else {
        if (diskBytes + bytes.byteLength + (file === null ? size : 0) > room.diskBytes) return false;
        try {
          append((file ?? moveToFile()).descriptor, bytes);
        } catch {
          // A full disk, or no descriptors: either way there is no room.
          return false;
        }
      }
      size += bytes.byteLength;
      return true;
    };

    const close = () => {
      if (file !== null && !isFinished) closeSync(file.descriptor);
      isFinished = true;
    };

    return {
      add: (chunk) => {
        const taken = chunk.subarray(0, Math.max(0, limitBytes - size));
        if (!store(taken)) return 'no-room';
        return taken.byteLength === chunk.byteLength ? 'taken' : 'full';
      },
      finish: () => {
        close();
        return file === null ? { size, bytes: buffer.subarray(0, size) } : { size, path: file.path };
      },
      release: () => {
        close();
        forgetBuffer();
        if (file === null) return;
        rmSync(file.path, { force: true });
        diskBytes -= size;
        file = null;
      },
    };
  };
  return { begin };
}

/** The bytes of a body, wherever they are. */
export function bytesOf(body: ReceivedBody): Uint8Array {
  return 'bytes' in body ? body.bytes : readFileSync(body.path);
}
