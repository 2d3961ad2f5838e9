import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfStale, root } from './build.ts';
import { displayProblem, fetchElectron, sandboxArguments } from './electron-binary.ts';

/** A crash this soon means that Electron cannot run here, and not that the app itself failed. */
const earlyCrashMs = 15_000;

const [first, ...others] = process.argv.slice(2);
const headlessOnly = first === '--headless';
const passedOn = headlessOnly ? others : process.argv.slice(2);

if (!buildIfStale()) process.exit(1);
if (headlessOnly) await serve();
else await openDesktop();

async function openDesktop(): Promise<void> {
  const noDisplay = displayProblem();
  if (noDisplay !== null) return await serveInstead(noDisplay);
  const electron = fetchElectron();
  if ('why' in electron) return await serveInstead(electron.why);
  const sandbox = sandboxArguments();
  if (sandbox.length > 0) process.stderr.write('Running as root, where Chromium has no sandbox: Electron is started with --no-sandbox.\n');
  const crash = await runElectron(electron.path, [...sandbox, root, ...passedOn]);
  if (crash !== null) await serveInstead(`Electron cannot run here (it ended with ${crash} right after its start)`);
}

/** Runs the desktop app to its end; returns the crash if it happened right after the start. */
async function runElectron(executable: string, args: readonly string[]): Promise<string | null> {
  const startedAtMs = Date.now();
  const child = spawn(executable, args, { stdio: 'inherit' });
  const passOn = (signal: NodeJS.Signals) => void child.kill(signal);
  process.on('SIGINT', passOn).on('SIGTERM', passOn);
  const [code, ending] = await new Promise<readonly [number | null, string | null]>((done) => {
    child.once('error', (error) => done([null, error.message]));
    child.once('exit', (exitCode, signal) => done([exitCode, signal]));
  });
  process.off('SIGINT', passOn).off('SIGTERM', passOn);
  const isOurs = ending === 'SIGINT' || ending === 'SIGTERM';
  if (ending !== null && !isOurs && Date.now() - startedAtMs < earlyCrashMs) return ending;
  process.exitCode = code ?? 0;
  return null;
}

async function serveInstead(why: string): Promise<void> {
  process.stdout.write(`${why}, so Hookyard serves the same window to your browser instead.\n`);
  await serve();
}

/** Becomes the headless host: it runs in this process, so that it gets signals directly. */
async function serve(): Promise<void> {
  const entry = join(root, 'out/main/serve.js');
  process.argv = [process.execPath, entry, ...passedOn];
  await import(pathToFileURL(entry).href);
}
