import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The file of the first of these programs on the path; null where there is none. */
export function findProgram(commands: readonly string[], environment: Readonly<Record<string, string | undefined>>): string | null {
  const folders = (environment['PATH'] ?? environment['Path'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const ending = process.platform === 'win32' ? '.exe' : '';
  const files = commands.flatMap((command) => folders.map((folder) => join(folder, `${command}${ending}`)));
  return files.find(isProgram) ?? null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
