import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './build.ts';

/** Either something usable, or one sentence about why not. */
export type Found = { readonly path: string } | { readonly why: string };

const packageDir = join(root, 'node_modules/electron');
const fetchLimitMs = 120_000;

/** Electron's executable, if it was fetched before; never uses the network. */
export function findElectron(): Found {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const pathFile = join(packageDir, 'path.txt');
  if (existsSync(pathFile)) {
    const path = join(override ?? join(packageDir, 'dist'), readFileSync(pathFile, 'utf8'));
    if (existsSync(path)) return { path };
  }
  return { why: "Electron's binary is not installed (npx install-electron fetches it)" };
}

/** Electron's executable, fetched on first use with a time limit. */
export function fetchElectron(): Found {
  const found = findElectron();
  if ('path' in found) return found;
  process.stderr.write('Fetching Electron (first start only) ...\n');
  const result = spawnSync(process.execPath, [join(packageDir, 'install.js')], { timeout: fetchLimitMs, encoding: 'utf8', stdio: 'pipe' });
  const fetched = findElectron();
  if ('path' in fetched) return fetched;
  if (result.error !== undefined && 'code' in result.error && result.error.code === 'ETIMEDOUT') {
    return { why: `Electron's binary could not be fetched within ${fetchLimitMs / 1000} seconds` };
  }
  return { why: `Electron's binary could not be fetched (${firstLine(result.stderr)})` };
}

/** Why no window can be shown here, or null when one can. */
export function displayProblem(): string | null {
  if (process.platform !== 'linux') return null;
  if ((process.env['DISPLAY'] ?? '') !== '' || (process.env['WAYLAND_DISPLAY'] ?? '') !== '') return null;
  return 'There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)';
}

/** Why the desktop app cannot be run on this machine, or null when it can. */
export function desktopProblem(electron: Found = findElectron()): string | null {
  return 'why' in electron ? electron.why : displayProblem();
}

/** Arguments that Electron needs on this machine: Chromium's sandbox refuses to start for root on Linux. */
export function sandboxArguments(): readonly string[] {
  return process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : [];
}

function firstLine(text: string): string {
  const line = text.split('\n').find((each) => each.trim() !== '') ?? 'no reason given';
  return line.trim().replace(/^(?:\w*Error): /, '');
}
