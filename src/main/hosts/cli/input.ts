import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { givenOf, type GivenData } from '#shared/contract/json.ts';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { usageError } from '#hosts/shared/exit-error.ts';

/** Reads the files that options name; `-` is standard input, which only one option may take. */
export interface FileReader {
  /** Of at most so many bytes, where a limit is given; what has more is refused while it is read, as a device may have no end. */
  readonly bytes: (path: string, option: string, limitBytes?: number) => Uint8Array;
  /** As UTF-8. */
  readonly text: (path: string, option: string) => string;
  /** As UTF-8 without the line end that editors put at the end of a file. */
  readonly secret: (path: string, option: string) => string;
}

/** A reader for one command line. */
export function createFileReader(): FileReader {
  let stdinOption: string | null = null;
  const bytes = (path: string, option: string, limitBytes?: number): Uint8Array => {
    if (path === '-') {
      if (stdinOption !== null)
        throw usageError(`Standard input can be read once: give a file to ${stdinOption} or to ${option} instead of "-".`);
      stdinOption = option;
    }
    try {
      if (path === '-') return readToEnd(0, limitBytes);
      return limitBytes === undefined ? readFileSync(path) : readFileWithin(path, limitBytes);
    } catch (error) {
      if (error instanceof TooLarge)
        throw usageError(
          `${path === '-' ? 'Standard input' : path} has more than ${(limitBytes ?? 0) / 1_048_576} MiB, which is too large: give only the request that is meant.`,
        );
      throw usageError(
        `${option} cannot read ${path === '-' ? 'standard input' : path} (${codeOf(error)}): give a file that exists and that you may read.`,
        { cause: error },
      );
    }
  };
  const text = (path: string, option: string) => new TextDecoder().decode(bytes(path, option));
  return { bytes, text, secret: (path, option) => withoutLineEnd(text(path, option)) };
}

/** A text without its last line end. */
export function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}

const stdinPauseMs = 10;

/** There is more to read than is wanted. */
class TooLarge extends Error {}

function readFileWithin(path: string, limitBytes: number): Uint8Array {
  const file = openSync(path, 'r');
  try {
    // A sparse file has a size without its bytes.
    if (fstatSync(file).size > limitBytes) throw new TooLarge();
    return readToEnd(file, limitBytes);
  } finally {
    closeSync(file);
  }
}

/**
 * Reads a file or standard input to its end. A pipe from a Node process may be non-blocking: then a read finds nothing yet
 * (EAGAIN) while the writer is still at work, which is no end.
 */
function readToEnd(file: number, limitBytes = Number.POSITIVE_INFINITY): Uint8Array {
  const chunks: Buffer[] = [];
  let total = 0;
  const pause = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  for (;;) {
    const chunk = Buffer.allocUnsafe(65_536);
    try {
      const bytes = readSync(file, chunk);
      if (bytes === 0) return Buffer.concat(chunks);
      total += bytes;
      if (total > limitBytes) throw new TooLarge();
      chunks.push(chunk.subarray(0, bytes));
    } catch (error) {
      // Windows reports the end of a pipe as an error.
      if (codeOf(error) === 'EOF') return Buffer.concat(chunks);
      if (codeOf(error) !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, stdinPauseMs);
    }
  }
}

/** JSON text that an option gave; a usage error names the option and the place. */
export function parseJsonOption(text: string, option: string): unknown {
  return readJson(() => JSON.parse(text) as unknown, option);
}

/** Data for a call from the JSON text that an option gave, to the digit; a usage error names the option and the place. */
export function readDataOption(text: string, option: string): GivenData {
  return readJson(() => givenOf(text), option);
}

function readJson<T>(read: () => T, option: string): T {
  try {
    return read();
  } catch (error) {
    throw usageError(`${option} is not JSON: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
}
