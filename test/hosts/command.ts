import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { onTestFinished } from 'vitest';
import { startKept, type KeptRun } from '../support/kept-process.ts';

/** Where a built entry lies. */
export function builtEntry(entry: 'cli.js' | 'serve.js'): string {
  return resolve(import.meta.dirname, '../../out/main', entry);
}

export interface CommandOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Entry of the build; the whole command line by default. */
  readonly entry?: 'cli.js' | 'serve.js';
  /** How many files it may have open at once; needs a POSIX shell. */
  readonly openFiles?: number;
  /** For a test of how a process starts: a new one, and not one that an earlier command has left. */
  readonly isNewProcess?: boolean;
}

/** A command that runs. */
export interface RunningCommand {
  readonly pid: number;
  /** The next line of standard output; rejects when there is none any more. */
  readonly nextLine: () => Promise<string>;
  /** Settles once standard error has this text. */
  readonly noted: (text: string) => Promise<void>;
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly ended: Promise<EndedCommand>;
}

export interface EndedCommand {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command line as it is built; it is ended when the test ends before it. */
export function startCommand(args: readonly string[], options: CommandOptions = {}): RunningCommand {
  const { HOOKYARD_DATA_DIR: _dataDir, HOOKYARD_SECRET: _secret, HOOKYARD_TOKEN: _token, ...inherited } = process.env;
  const env = { ...inherited, ...options.env } as Record<string, string>;
  const { pid, stdout, stderr, signal, isEnded, ended } = needsNewProcess(options)
    ? startNew(args, env, options)
    : startKept({ entry: builtEntry(options.entry ?? 'cli.js'), args, env });
  let [printed, noted] = ['', ''];
  stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
  stderr.setEncoding('utf8').on('data', (text: string) => (noted += text));
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  const whole = Promise.all([ended, finished(stdout), finished(stderr)]).then(([code]) => ({ code, stdout: printed, stderr: noted }));
  onTestFinished(async () => {
    if (isEnded()) return;
    signal('SIGTERM');
    const timer = setTimeout(signal, stopLimitMs, 'SIGKILL');
    await whole;
    clearTimeout(timer);
  });
  return {
    pid,
    nextLine: async () => {
      const line = await lines.next();
      if (line.done === true) throw new Error(`The command printed no further line. Standard error: ${noted}`);
      return line.value;
    },
    noted: async (text) => {
      while (!noted.includes(text)) await once(stderr, 'data');
    },
    signal,
    ended: whole,
  };
}

/** A command that a test leaves running has this long to end before it is killed; one that ends leaves its process to the next. */
const stopLimitMs = 15_000;

/** Node reads its own variables at its start. */
function needsNewProcess({ input, openFiles, isNewProcess = false, env = {} }: CommandOptions): boolean {
  return isNewProcess || input !== undefined || openFiles !== undefined || Object.keys(env).some((name) => name.startsWith('NODE_'));
}

function startNew(args: readonly string[], env: Record<string, string>, { input, entry = 'cli.js', openFiles }: CommandOptions): KeptRun {
  const node = [process.execPath, builtEntry(entry), ...args];
  const [program = '', ...rest] = openFiles === undefined ? node : ['sh', '-c', `ulimit -n ${openFiles}; exec "$0" "$@"`, ...node];
  const child = spawn(program, rest, { env });
  // A command that refuses its arguments leaves without reading its input.
  child.stdin.on('error', () => undefined).end(input);
  return {
    pid: child.pid ?? 0,
    stdout: child.stdout,
    stderr: child.stderr,
    signal: (signal) => void child.kill(signal),
    isEnded: () => child.exitCode !== null || child.signalCode !== null,
    ended: once(child, 'close').then(([code]) => code as number | null),
  };
}

/** Runs a command to its end. */
export async function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<EndedCommand> {
  return await startCommand(args, options).ended;
}
