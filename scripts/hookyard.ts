import { buildIfStale } from './build.ts';

// The command line runs straight from the sources; only `serve` shows the window and so needs it built.
if (process.argv[2] === 'serve' && !buildIfStale()) process.exit(1);
// npm runs its scripts in the package's folder; files on the command line are relative to the user's folder.
if (process.env['INIT_CWD'] !== undefined) process.chdir(process.env['INIT_CWD']);
await import('../src/main/cli.ts');
