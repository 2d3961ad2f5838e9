import { spawn } from 'node:child_process';
import { StringDecoder } from 'node:string_decoder';

/** A program that ends with this process, however this process ends. */
export interface GuardedProcess {
  /** Ends it; settles when it is gone. */
  readonly stop: () => Promise<void>;
  /** Settles when it has ended, with its exit code; null for one that a signal ended. */
  readonly ended: Promise<number | null>;
}

/**
 * A shell that runs the program and ends it when its standard input ends. That is a pipe of ours, which the system closes when this
 * process is gone, also after kill -9. Windows has no such shell: there the program is ended when the host stops in order.
 */
const guard = `
exec 3<&0
"$@" </dev/null 3<&- &
child=$!
( exec >/dev/null 2>&1; cat <&3; kill "$child"; n=0
  while kill -0 "$child" && [ $n -lt 20 ]; do sleep 0.1; n=$((n+1)); done; kill -9 "$child" ) &
watch=$!
exec 3<&-
wait "$child"
code=$?
kill "$watch" 2>/dev/null
exit $code`;

/** How long it may take to end. */
const graceMs = 4000;

/** Of a longer line the rest is not kept. */
const lineCharacters = 4000;

/** Starts a program; each line of its output goes to `onLine`, its first 4,000 characters of a longer one. */
export function startGuarded(
  file: string,
  args: readonly string[],
  { environment, onLine }: { readonly environment: Readonly<Record<string, string | undefined>>; readonly onLine: (line: string) => void },
): GuardedProcess {
  const isWindows = process.platform === 'win32';
  const [command, all] = isWindows ? [file, args] : ['/bin/sh', ['-c', guard, 'hookyard-tunnel', file, ...args]];
  // A group of its own, so that Ctrl-C in the terminal of the host lets the host end it in order.
  const child = spawn(command, [...all], { env: environment, stdio: ['pipe', 'pipe', 'pipe'], detached: !isWindows, windowsHide: true });
  for (const stream of [child.stdout, child.stderr]) {
    const lines = createLines(onLine);
    stream.on('data', lines.take).on('end', lines.end);
  }
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      onLine(error.message);
      resolve(null);
    });
    child.once('exit', (code) => {
      child.stdin.destroy();
      resolve(code);
    });
  });
  return {
    ended,
    stop: async () => {
      if (isWindows) child.kill();
      else child.stdin.end();
      const timer = setTimeout(() => endGroup(child.pid), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Cuts output into lines without keeping a whole long one, as node:readline does. */
function createLines(onLine: (line: string) => void) {
  const decoder = new StringDecoder('utf8');
  let line = '';
  const keep = (text: string) => {
    if (line.length < lineCharacters) line += text.slice(0, lineCharacters - line.length);
  };
  const tell = () => {
    onLine(line.endsWith('\r') ? line.slice(0, -1) : line);
    line = '';
  };
  return {
    take: (chunk: Buffer) => {
      const [first = '', ...others] = decoder.write(chunk).split('\n');
      keep(first);
      for (const other of others) {
        tell();
        keep(other);
      }
    },
    end: () => {
      if (line !== '') tell();
    },
  };
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
