import { readFileSync } from 'node:fs';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { usageError } from '#hosts/shared/exit-error.ts';

/** Reads the files that options name; `-` is standard input, which only one option may take. */
export interface FileReader {
  readonly bytes: (path: string, option: string) => Uint8Array;
  /** As UTF-8. */
  readonly text: (path: string, option: string) => string;
}

/** A reader for one command line. */
export function createFileReader(): FileReader {
  let stdinOption: string | null = null;
  const bytes = (path: string, option: string): Uint8Array => {
    if (path === '-') {
      if (stdinOption !== null)
        throw usageError(`Standard input can be read once: give a file to ${stdinOption} or to ${option} instead of "-".`);
      stdinOption = option;
    }
    try {
      return readFileSync(path === '-' ? 0 : path);
    } catch (error) {
      throw usageError(
        `${option} cannot read ${path === '-' ? 'standard input' : path} (${codeOf(error)}): give a file that exists and that you may read.`,
        { cause: error },
      );
    }
  };
  return { bytes, text: (path, option) => new TextDecoder().decode(bytes(path, option)) };
}

/** JSON text that an option gave; a usage error names the option and the place. */
export function parseJsonOption(text: string, option: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usageError(`${option} is not JSON: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
}
