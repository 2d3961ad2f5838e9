import { writeFileSync } from 'node:fs';
import { codeOf } from '#hosts/shared/data-dir.ts';
import { usageError } from '#hosts/shared/exit-error.ts';

/** Writes a report to the file that an option, such as `--junit`, names. Throws a usage error where that cannot be done. */
export function writeReport(file: string, option: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const code = codeOf(error);
    throw usageError(`${option} cannot write ${file} (${code}): ${adviceOn(code)}.`, { cause: error });
  }
}

/** What to do about a report that cannot be written. */
function adviceOn(code: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'there is no room left, so free some space there';
  if (code === 'EISDIR') return 'it is a folder, so give a file in it';
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'give a file in a folder that exists';
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) return 'give a file in a folder that you may write to';
  return 'give another file';
}
