import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * The URL of a thread's code for the module that starts it: the source `file` beside that module, or the built entry of that
 * name, which is one folder up when the build put this module into a chunk.
 */
export function threadUrl(moduleUrl: string, file: string, entry: string): URL {
  if (moduleUrl.endsWith('.ts')) return new URL(file, moduleUrl);
  const built = [`${entry}.js`, `../${entry}.js`].map((path) => new URL(path, moduleUrl));
  return built.find((url) => existsSync(fileURLToPath(url))) ?? new URL(`${entry}.js`, moduleUrl);
}
