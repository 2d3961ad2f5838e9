import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Where a thread's own code is, seen from the module that starts it: the source `file` beside that module, or the built
 * entry of that name, beside which this module may have come to lie in a chunk one folder further down.
 */
export function threadUrl(moduleUrl: string, file: string, entry: string): URL {
  if (moduleUrl.endsWith('.ts')) return new URL(file, moduleUrl);
  const built = [`${entry}.js`, `../${entry}.js`].map((path) => new URL(path, moduleUrl));
  return built.find((url) => existsSync(fileURLToPath(url))) ?? new URL(`${entry}.js`, moduleUrl);
}
