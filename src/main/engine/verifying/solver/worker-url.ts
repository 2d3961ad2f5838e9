import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Where the thread's own code is, seen from the module that starts it: beside it among the sources, and in the folder of
 * the entries once it is built, where this module may have come to lie in a chunk one folder further down.
 */
export function solverWorkerUrl(moduleUrl: string): URL {
  if (moduleUrl.endsWith('.ts')) return new URL('worker.ts', moduleUrl);
  const built = ['solver-worker.js', '../solver-worker.js'].map((path) => new URL(path, moduleUrl));
  return built.find((url) => existsSync(fileURLToPath(url))) ?? new URL('solver-worker.js', moduleUrl);
}
