import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';

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

/** Starts the command line as it is built; it is killed when the test ends before it. */
export function startCommand(
  args: readonly string[],
  { input, env = {}, entry = 'cli.js', openFiles }: CommandOptions = {},
): RunningCommand {
  const { HOOKYARD_DATA_DIR: _dataDir, HOOKYARD_SECRET: _secret, HOOKYARD_TOKEN: _token, ...inherited } = process.env;
  const node = [process.execPath, builtEntry(entry), ...args];
  const [program = '', ...rest] = openFiles === undefined ? node : ['sh', '-c', `ulimit -n ${openFiles}; exec "$0" "$@"`, ...node];
  const child: ChildProcessWithoutNullStreams = spawn(program, rest, {
    env: { ...inherited, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // A command that refuses its arguments leaves without reading its input.
  child.stdin.on('error', () => undefined).end(input);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stdout, stderr }));
  return {
    pid: child.pid ?? 0,
    nextLine: async () => {
      const line = await lines.next();
      if (line.done === true) throw new Error(`The command printed no further line. Standard error: ${stderr}`);
      return line.value;
    },
    noted: async (text) => {
      while (!stderr.includes(text)) await once(child.stderr, 'data');
    },
    signal: (signal) => void child.kill(signal),
    ended,
  };
}

/** Runs a command to its end. */
export async function runCommand(args: readonly string[], options: CommandOptions = {}): Promise<EndedCommand> {
  return await startCommand(args, options).ended;
}
