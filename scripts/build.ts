import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Root folder of the checkout. */
export const root = resolve(import.meta.dirname, '..');

/** The files of a build; if one is missing or older than a source, the build is stale. */
const mainProducts = ['out/main/index.js', 'out/main/serve.js', 'out/main/cli.js', 'out/main/background-thread.js'];
const clientProducts = ['out/client/index.js', 'out/client/index.d.ts'];
const products = [...mainProducts, ...clientProducts, 'out/preload/index.cjs', 'out/renderer/index.html'];
const settings = ['package.json', 'package-lock.json', 'electron.vite.config.ts'];

/** Whether `out/` lacks something: nothing was built yet. */
export function isBuildMissing(): boolean {
  return products.some((product) => modifiedAtMs(join(root, product)) === undefined);
}

/** Whether `out/` lacks something or is older than the newest source. */
function isBuildStale(): boolean {
  return isStale(products, ['src', ...settings]);
}

/**
 * Builds what runs in Node when it is stale, without the window: `out/main`, which is the command line, the headless host and the threads,
 * and `out/client`. Throws when it cannot be built.
 */
export async function buildMainIfStale(): Promise<void> {
  if (isStale(clientProducts, ['src/client', 'src/shared/names', ...settings]) && !buildClient())
    throw new Error('src/client cannot be compiled.');
  if (!isStale(mainProducts, ['src/main', 'src/shared', ...settings])) return;
  // Loaded only when there is something to build: loading takes longer than looking.
  const [{ resolveConfig }, vite] = await Promise.all([import('electron-vite'), import('vite')]);
  const { config } = await resolveConfig({ root, logLevel: 'warn' }, 'build', 'production');
  if (config?.main === undefined)
    throw new Error('electron.vite.config.ts has no part named main, so nothing that runs in Node can be built.');
  // The previous build stays until the next full build, since another test run may be using it.
  await vite.build({ ...config.main, build: { ...config.main.build, emptyOutDir: false } });
}

/**
 * Builds `out/` when it is stale and says so on standard error, so that standard output stays the program's own.
 * Returns whether `out/` can be used; if not, the builder's output is on standard error.
 */
export function buildIfStale(): boolean {
  if (!isBuildStale()) return true;
  process.stderr.write('Building Hookyard (only when its sources have changed) ...\n');
  return build();
}

/** Builds main, preload, renderer and client into `out/`; returns whether that worked. */
export function build(): boolean {
  const isBuilt = runBuilder('electron-vite/bin/electron-vite.js', ['build', '--logLevel', 'warn']) && buildClient();
  if (!isBuilt) process.stderr.write('\nThe build failed; the message above says where. "npm run build" repeats it.\n');
  return isBuilt;
}

/** The client is compiled file by file, with its types: tests of others import it as it is. */
function buildClient(): boolean {
  return runBuilder('typescript/bin/tsc', ['-p', 'src/client/tsconfig.build.json']);
}

/** Runs a builder of the checkout; what it prints is on standard error where it fails. */
function runBuilder(tool: string, args: readonly string[]): boolean {
  const result = spawnSync(process.execPath, [join(root, 'node_modules', tool), ...args], { cwd: root, encoding: 'utf8' });
  if (result.status !== 0) process.stderr.write(`${result.stdout}${result.stderr}`);
  return result.status === 0;
}

function isStale(built: readonly string[], from: readonly string[]): boolean {
  const builtAtMs = Math.min(...built.map((product) => modifiedAtMs(join(root, product)) ?? 0));
  return builtAtMs < Math.max(...from.map((source) => newestAtMs(join(root, source))));
}

function newestAtMs(path: string): number {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newestAtMs(join(path, name))));
}

function modifiedAtMs(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
