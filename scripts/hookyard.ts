import { buildIfStale } from './build.ts';

// The command line runs straight from the sources; only `serve` shows the window and so needs it built.
if (process.argv[2] === 'serve' && !buildIfStale()) process.exit(1);
await import('../src/main/cli.ts');
