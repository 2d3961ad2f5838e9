import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { givenOf, type GivenData } from '#shared/contract/json.ts';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { usageError } from '#hosts/shared/exit-error.ts';

/** Reads the files that options name; `-` is standard input, which only one option may take. */
export interface FileReader {
  /** Of at most so many bytes; what has more is refused while it is read, as a device may have no end. */
  readonly bytes: (path: string, option: string, limitBytes?: number) => Uint8Array;
  /** As UTF-8; a usage error names the place where it is something else. */
  readonly text: (path: string, option: string) => string;
  /** As UTF-8 without the line end that editors put at the end of a file. */
  readonly secret: (path: string, option: string) => string;
}

/** A reader for one command line. */
export function createFileReader(): FileReader {
  let stdinOption: string | null = null;
  const bytes = (path: string, option: string, limitBytes = usualLimitBytes): Uint8Array => {
    if (path === '-') {
      if (stdinOption !== null)
        throw usageError(`Standard input can be read once: give a file to ${stdinOption} or to ${option} instead of "-".`);
      stdinOption = option;
    }
    try {
      if (path === '-') return readToEnd(0, limitBytes);
      return readFileWithin(path, limitBytes);
    } catch (error) {
      if (error instanceof TooLarge)
        throw usageError(
          `${path === '-' ? 'Standard input' : path} has more than ${limitBytes / 1_048_576} MiB, which is too large for ${option}: give only what is meant.`,
        );
      throw usageError(
        `${option} cannot read ${path === '-' ? 'standard input' : path} (${codeOf(error)}): give a file that exists and that you may read.`,
        { cause: error },
      );
    }
  };
  const text = (path: string, option: string) => decodedText(bytes(path, option), path === '-' ? 'Standard input' : path, option);
  const secret = (path: string, option: string) => {
    const [content, name] = [bytes(path, option, secretLimitBytes), path === '-' ? 'Standard input' : path];
    return withoutLineEnd(decodedText(content, name, option, bytesOfSecret));
  };
  return { bytes, text, secret };
}

/** More than any request is; memory has room for it several times. */
const usualLimitBytes = 256 * 1_048_576;
/** Enough for keys of any kind. */
const secretLimitBytes = 1_048_576;

const bytesOfSecret =
  ' A secret that is bytes and no text is given in base64 or hex where its scheme takes that, as custom does with --option secretEncoding=base64.';

/** Text in UTF-8, without the mark at its beginning. Anything else would be sent or signed with other characters than the file has. */
function decodedText(bytes: Uint8Array, name: string, option: string, more = ''): string {
  if (isUtf16(bytes))
    throw usageError(`${name} is UTF-16, as > of Windows PowerShell writes it, and ${option} takes UTF-8: save it as UTF-8.`);
  try {
    return decodeWhole(bytes);
  } catch {
    throw usageError(
      `${name} is not UTF-8, which ${option} takes: from byte ${badByte(bytes)} on (the first is 0). Save it as UTF-8.${more}`,
    );
  }
}

function decodeWhole(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
}

/** Its mark, or, without that, a zero in every second byte, which no text in UTF-8 has. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const start = bytes.subarray(0, 64);
  const isZeroAt = (odd: number) => start.length > 3 && start.every((byte, index) => (byte === 0) === (index % 2 === odd));
  return isZeroAt(0) || isZeroAt(1);
}

/** The index of the first byte that is part of no character. */
function badByte(bytes: Uint8Array): number {
  const isGood = (end: number, stream: boolean) => {
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, end), { stream });
      return true;
    } catch {
      return false;
    }
  };
  // The longest beginning that could go on as text.
  let [good, bad] = [0, bytes.length + 1];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isGood(middle, true)) good = middle;
    else bad = middle;
  }
  // Without the beginning of the character that does not end.
  while (!isGood(good, false)) good -= 1;
  return good;
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
function readToEnd(file: number, limitBytes: number): Uint8Array {
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
