import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build.ts';
import { toolEnvironment } from './run-step.ts';

/** Folder of the package that holds the providers' big libraries; only tests use them. */
export const vendorFolder = join(root, 'test/vendors/libraries');

/** Whether the libraries are installed as the lock file has them. */
export function hasVendorLibraries(): boolean {
  const installed = join(vendorFolder, 'node_modules/.package-lock.json');
  // npm writes this file last, so an installation that was cut short has none.
  return existsSync(installed) && statSync(installed).mtimeMs >= statSync(join(vendorFolder, 'package-lock.json')).mtimeMs;
}

/** How to get the libraries by hand. */
export const vendorCommand = 'npm ci --ignore-scripts --prefix test/vendors/libraries';

/** The result of an installation; `why` is a clause. */
export type Installed = { readonly kind: 'ready' } | { readonly kind: 'unreachable' | 'failed'; readonly why: string };

/** Installs the libraries where they are missing or older than the lock file. None of their scripts is run. */
export async function installVendorLibraries(): Promise<Installed> {
  if (hasVendorLibraries()) return { kind: 'ready' };
  process.stdout.write('Installing them into test/vendors/libraries (once for each change of its lock file) ...\n');
  const { code, output } = await npmCi();
  process.stdout.write(output);
  if (code === 0) return { kind: 'ready' };
  const why = errorCodeOf(output);
  return { kind: isUnreachable(why) ? 'unreachable' : 'failed', why: `npm says ${why}` };
}

/** The code that npm ends with, such as `ENOTFOUND`. */
export function errorCodeOf(output: string): string {
  return /^npm (?:error|ERR!) code (\S+)$/m.exec(output)?.[1] ?? 'nothing';
}

/** Whether an error code of npm means that the registry did not answer, and not that the package here is wrong. */
export function isUnreachable(code: string): boolean {
  return /^(ENOTFOUND|EAI_AGAIN|E(CONN|NET|HOST|SOCKET)[A-Z]*|E?TIMEDOUT|ERR_SOCKET_TIMEOUT|E40[13]|E407|E429|E5\d\d|[A-Z_]*CERT[A-Z_]*)$/.test(
    code,
  );
}

async function npmCi(): Promise<{ readonly code: number; readonly output: string }> {
  // One short retry, so that a machine without a network does not wait for minutes; errors are wanted under "npm -s test", too.
  const network = ['--prefer-offline', '--fetch-retries=1', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=1000'];
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...network];
  const npmScript = process.env['npm_execpath'] ?? '';
  // Under "npm test" npm names its own script; otherwise it is found on the path, which takes a shell on Windows.
  const [command, all, isShell] = /npm-cli\.[cm]?js$/.test(npmScript)
    ? [process.execPath, [npmScript, ...args], false]
    : ['npm', args, process.platform === 'win32'];
  const child = spawn(command, all, { cwd: vendorFolder, env: toolEnvironment(), stdio: ['ignore', 'pipe', 'pipe'], shell: isShell });
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => chunks.push(text));
  return await new Promise((done) => {
    child.once('error', (error) => done({ code: 1, output: `${error.message}\n` }));
    child.once('close', (code) => done({ code: code ?? 1, output: chunks.join('') }));
  });
}
