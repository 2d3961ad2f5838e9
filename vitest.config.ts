import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';

// Compiled code is kept between the many processes that tests start; each would spend most of its start on compiling again.
process.env['NODE_COMPILE_CACHE'] ??= resolve(import.meta.dirname, 'node_modules/.cache/node-compile');

export default defineConfig({
  // No test needs Electron's binary: the stand-in keeps what the desktop app asks of Electron.
  resolve: { alias: { electron: resolve(import.meta.dirname, 'test/electron/stand-in/electron.ts') } },
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: [...configDefaults.exclude, 'test/e2e/**'],
    // The native SQLite addon and child processes want a process each, not a thread.
    pool: 'forks',
    // Many tests wait for a process or the disk, so that on two cores one fork at a time leaves a core idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 20_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    // A suite that matches no file is a mistake in a path, not a success.
    passWithNoTests: false,
  },
});
