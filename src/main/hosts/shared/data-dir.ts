import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ExitError } from './exit-error.ts';

/** The inputs for the default data folder. */
export interface Surroundings {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly homeDir: string;
}

/** The workspace's folder when none is asked for: `HOOKYARD_DATA_DIR`, else where the system keeps an app's data. */
export function defaultDataDir({ platform, env, homeDir }: Surroundings): string {
  const own = env['HOOKYARD_DATA_DIR'];
  if (own !== undefined && own !== '') return resolve(own);
  switch (platform) {
    case 'darwin':
      return join(homeDir, 'Library', 'Application Support', 'Hookyard');
    case 'win32':
      return join(env['APPDATA'] ?? join(homeDir, 'AppData', 'Roaming'), 'Hookyard');
    default:
      return join(env['XDG_DATA_HOME'] || join(homeDir, '.local', 'share'), 'hookyard');
  }
}

/** Makes the folder, closed to other users; throws an ExitError that says what to change when it cannot. */
export function makeDataDir(dataDir: string): void {
  try {
    makeFolder(resolve(dataDir));
  } catch (error) {
    throw new ExitError(
      `Hookyard cannot make its data folder ${dataDir} (${codeOf(error)}): choose a folder you may write to with --data-dir.`,
      2,
      {
        cause: error,
      },
    );
  }
}

/** A sentence for the user of a folder that other users of the machine can get into, or null. Its files are closed to them all the same. */
export function looseFolderWarning(dataDir: string): string | null {
  // Windows has no such mode bits; there the profile folder keeps other users out.
  if (process.platform === 'win32') return null;
  const mode = statSync(dataDir).mode & 0o777;
  if ((mode & 0o077) === 0) return null;
  const reach = (mode & 0o022) === 0 ? 'look into' : 'write to';
  return `Other users of this machine can ${reach} the data folder ${dataDir} (mode ${mode.toString(8)}): run chmod 700 on it. The files in it are readable by your user only.`;
}

/** One folder at a time: mkdir's own recursion never ends where the system refuses with ENOENT, as under /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

/** The system's code of a failed call, such as `EACCES`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : String(error);
}
