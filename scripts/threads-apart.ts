import { build, type Plugin, type ResolvedConfig } from 'vite';

/**
 * Builds the code of threads beside that of the main process, in files of its own. A thread reads only what its task needs; files shared with
 * it would be cut to fit, which would leave the main process with some two hundred pieces to read at each start.
 */
export function threadsApart(input: Readonly<Record<string, string>>): Plugin {
  let outer: ResolvedConfig | undefined;
  return {
    name: 'hookyard:threads-apart',
    apply: 'build',
    configResolved: (config) => void (outer = config),
    writeBundle: async () => {
      if (outer !== undefined) await buildThreads(outer, input);
    },
  };
}

async function buildThreads({ root, build: { outDir, target } }: ResolvedConfig, input: Readonly<Record<string, string>>): Promise<void> {
  await build({
    root,
    logLevel: 'warn',
    configFile: false,
    ssr: { noExternal: true },
    build: {
      outDir,
      target,
      emptyOutDir: false,
      copyPublicDir: false,
      ssr: true,
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input: { ...input },
        // It looks for its native part beside itself.
        external: ['better-sqlite3'],
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'threads/[name]-[hash].js' },
      },
    },
  });
}
