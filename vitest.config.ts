import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { useMemoryDisk } from './scripts/memory-disk.ts';

useMemoryDisk();
// Compiled code is kept between the many processes that tests start; each would spend most of its start on compiling again.
process.env['NODE_COMPILE_CACHE'] ??= resolve(import.meta.dirname, 'node_modules/.cache/node-compile');

export default defineConfig({
  resolve: {
    alias: [
      // No test needs Electron's binary: the stand-in keeps what the desktop app asks of Electron.
      { find: 'electron', replacement: resolve(import.meta.dirname, 'test/electron/stand-in/electron.ts') },
      // Some thousand engines are started; from the sources half of that time would go into loading each one's thread.
      {
        find: /^\.{1,2}\/(?:\.\.\/)*(?:base\/)?thread-url\.ts$/,
        replacement: resolve(import.meta.dirname, 'test/support/built-threads.ts'),
      },
      // Those of an engine that has stopped go to the next one: most of the time of a short test was spent on starting them.
      { find: '../base/thread.ts', replacement: resolve(import.meta.dirname, 'test/support/kept-threads.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.{ts,tsx}'],
    exclude: [...configDefaults.exclude, 'test/e2e/**'],
    globalSetup: 'test/support/built-main.ts',
    // Modules keep no state, so a worker reads each of them once for all its files: half of the time went into reading them anew.
    isolate: false,
    // The native SQLite addon and child processes want a process each, not a thread.
    pool: 'forks',
    // Many tests wait for a process or the disk, so that on two cores one fork at a time leaves a core idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // These end what hangs. Nothing is shown by them, so they leave room for a slow machine that is busy otherwise.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    teardownTimeout: 10_000,
    expect: { poll: { timeout: 60_000 } },
    // A suite that matches no file is a mistake in a path, not a success.
    passWithNoTests: false,
  },
});
