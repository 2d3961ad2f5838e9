import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { builtEntry } from './command.ts';

/** Whether commands can be run on a terminal here: by `script` of util-linux, which makes one. */
export const hasTerminals = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0;

/** A command on a terminal of its own, of 80 columns: standard input, output and error are all it. */
export interface TerminalCommand {
  /** Settles once the terminal shows this text; rejects where the command ends without it. */
  readonly shows: (text: string) => Promise<void>;
  readonly type: (text: string) => void;
  /** All that it showed, with `\n` as line ends. */
  readonly ended: Promise<{ readonly code: number | null; readonly shown: string }>;
}

/** Starts the command line as it is built on a terminal, outside of any CI unless `env` says otherwise; it is killed when the test ends before it. */
export function startOnTerminal(args: readonly string[], env: Readonly<Record<string, string>> = {}): TerminalCommand {
  const { HOOKYARD_DATA_DIR: _dataDir, HOOKYARD_SECRET: _secret, HOOKYARD_TOKEN: _token, CI: _ci, ...inherited } = process.env;
  const line = [process.execPath, builtEntry('cli.js'), ...args].map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
  const child = spawn('script', ['--quiet', '--return', '--command', `stty cols 80 rows 24; exec ${line}`, '/dev/null'], {
    env: { ...inherited, ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let shown = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (shown += text.replaceAll('\r\n', '\n')));
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, shown }));
  return {
    shows: async (text) => {
      const isOver = ended.then(() => true);
      while (!shown.includes(text))
        if ((await Promise.race([once(child.stdout, 'data'), isOver])) === true && !shown.includes(text))
          throw new Error(`The terminal never showed ${JSON.stringify(text)}, but: ${shown}`);
    },
    type: (text) => void child.stdin.write(text),
    ended,
  };
}
