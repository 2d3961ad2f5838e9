import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Installs the locked packages of a peer into its own folder, without running their scripts, unless they are there. */
async function installPeer(folder: string): Promise<void> {
  if (isInstalled(folder)) return;
  process.stderr.write(`Installing the packages of ${folder} with npm ci.\n`);
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder });
}

/** Why the packages of a peer cannot be installed, in a clause, or null once they are there. */
export async function whyNotInstalled(folder: string): Promise<string | null> {
  try {
    await installPeer(folder);
    return null;
  } catch (error) {
    return `its packages could not be installed (${error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error)})`;
  }
}

function isInstalled(folder: string): boolean {
  const { dependencies } = readPackage(folder);
  return Object.entries(dependencies ?? {}).every(([name, version]) => {
    const installed = join(folder, 'node_modules', name);
    return existsSync(join(installed, 'package.json')) && readPackage(installed).version === version;
  });
}

interface PackageFile {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

function readPackage(folder: string): PackageFile {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFile;
}
