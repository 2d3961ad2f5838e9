import { writeSync } from 'node:fs';
import { codeOf } from './data-dir.ts';

/** Takes whole lines, each with its line end. */
export interface LogLines {
  readonly write: (line: string) => void;
}

/** Writes bytes to a file, at once; returns how many of them. Throws as node:fs does. */
export type WriteSome = (bytes: Uint8Array) => number;

/** A full pipe is tried this often: its reader may only be slow, and everything waits meanwhile. */
const tries = 4;
const pauseMs = 5;

/**
 * Writes lines of a log, each at once, since the last line before an exit is the one that says why. A line that cannot be written, as on
 * a full disk, is lost and ends nothing: the next that can be written comes after one that says how many were lost.
 */
export function createLogLines(writeSome: WriteSome = (bytes) => writeSync(2, bytes), now: () => number = Date.now): LogLines {
  let lost = 0;
  let code = '';
  let isTorn = false;
  const put = (line: string): boolean => {
    // A line of which only the beginning came is ended first.
    const bytes = Buffer.from(isTorn ? `\n${line}` : line, 'utf8');
    let written = 0;
    try {
      for (let left = tries; written < bytes.byteLength;) {
        try {
          written += writeSome(bytes.subarray(written));
        } catch (error) {
          if (codeOf(error) !== 'EAGAIN' || (left -= 1) === 0) throw error;
          pause();
        }
      }
      isTorn = false;
      return true;
    } catch (error) {
      code = codeOf(error);
      if (written > 0) isTorn = !(isTorn && written === 1);
      return false;
    }
  };
  const tellLost = (): boolean => {
    const msg = `${lost} ${lost === 1 ? 'line' : 'lines'} of the log could not be written (${code})`;
    return put(`${JSON.stringify({ level: 40, time: now(), lost, msg })}\n`);
  };
  return {
    write: (line) => {
      if (lost > 0 && tellLost()) lost = 0;
      if (lost > 0 || !put(line)) lost += 1;
    },
  };
}

function pause(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, pauseMs);
}
