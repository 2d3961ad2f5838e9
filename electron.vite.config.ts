import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { threadsApart } from './scripts/threads-apart.ts';

const root = import.meta.dirname;

export default defineConfig({
  main: {
    plugins: [
      // The code of a thread, which is started by the path of its file.
      threadsApart({
        'writer-thread': resolve(root, 'src/main/engine/log/writer-thread.ts'),
        'retention-thread': resolve(root, 'src/main/engine/retention/retention-thread.ts'),
        'solver-worker': resolve(root, 'src/main/engine/verifying/solver/worker.ts'),
        'background-thread': resolve(root, 'src/main/engine/threads/background-thread.ts'),
      }),
    ],
    build: {
      outDir: 'out/main',
      // Libraries are built in: reading them as hundreds of files took half of each start, and again for each thread.
      externalizeDeps: false,
      rolldownOptions: {
        // It looks for its native part beside itself.
        external: ['better-sqlite3'],
        input: {
          index: resolve(root, 'src/main/index.ts'),
          serve: resolve(root, 'src/main/serve.ts'),
          cli: resolve(root, 'src/main/cli.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      // A sandboxed preload can only be one CommonJS file that requires nothing but Electron.
      externalizeDeps: false,
      rolldownOptions: { input: resolve(root, 'src/preload/index.ts'), output: { format: 'cjs', entryFileNames: 'index.cjs' } },
    },
  },
  renderer: {
    root: resolve(root, 'src/renderer'),
    plugins: [react()],
    build: {
      outDir: resolve(root, 'out/renderer'),
      minify: true,
      // The editor is one large chunk of its own, loaded only when it is shown and always from this machine.
      chunkSizeWarningLimit: 8_000,
      rolldownOptions: { input: resolve(root, 'src/renderer/index.html') },
    },
  },
});
