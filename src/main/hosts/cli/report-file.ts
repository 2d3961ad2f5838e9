import { writeFileSync } from 'node:fs';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { usageError } from '#hosts/shared/exit-error.ts';

/** Writes a report to the file that an option, such as `--junit`, names. Throws a usage error where that cannot be done. */
export function writeReport(file: string, option: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw usageError(`${option} cannot write ${file} (${codeOf(error)}): give a file in a folder that you may write to.`, { cause: error });
  }
}
