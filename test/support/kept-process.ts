import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { resolve } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';

/** What a kept process is to run: a file of the build, its arguments, and all of its environment. */
export interface KeptOrder {
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A program that runs in a kept process. Its standard input is empty. */
export interface KeptRun {
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Does nothing once the program has ended: its process may run another one. */
  readonly signal: (signal: NodeJS.Signals) => void;
  readonly isEnded: () => boolean;
  /** The exit code; null if a signal ended it. */
  readonly ended: Promise<number | null>;
}

interface KeptProcess {
  readonly child: ChildProcessByStdio<null, Readable, Readable>;
  /** What it writes behind the output of each program. */
  readonly endMark: Buffer;
}

/** Those that wait for the next program. They end with this process. */
const idle: KeptProcess[] = [];

/**
 * Starts a program in a process that an earlier one has left. Reading the code of the product takes most of a short command, and there are many.
 * Tests of how a process starts or reads its input start a new one.
 */
export function startKept(order: KeptOrder): KeptRun {
  const kept = takeIdle();
  const { child, endMark } = kept;
  const [stdout, stderr] = [child.stdout, child.stderr].map((source) => untilMark(source, endMark)) as [Marked, Marked];
  let isEnded = false;
  const ended = new Promise<number | null>((tell) => {
    const settle = (code: number | null) => {
      isEnded = true;
      tell(code);
    };
    child.once('message', async ({ code }: { readonly code: number }) => {
      // It may come before the last of the output.
      await Promise.all([stdout.isMarked, stderr.isMarked]);
      settle(code);
      keep(kept);
    });
    child.once('close', (code) => {
      for (const { stream } of [stdout, stderr]) stream.end();
      settle(code);
    });
  });
  // A process that has ended meanwhile says so by closing.
  child.send(order, () => undefined);
  return {
    pid: child.pid ?? 0,
    stdout: stdout.stream,
    stderr: stderr.stream,
    signal: (signal) => void (isEnded || child.kill(signal)),
    isEnded: () => isEnded,
    ended,
  };
}

function takeIdle(): KeptProcess {
  let kept = idle.pop();
  while (kept?.child.connected === false) kept = idle.pop();
  if (kept === undefined) return startProcess();
  for (const part of partsOf(kept)) part.ref();
  return kept;
}

function startProcess(): KeptProcess {
  // No output of a program has this by chance.
  const endMark = `<ended ${randomBytes(16).toString('hex')}>`;
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'kept-process-child.ts'), endMark], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  return { child: child as unknown as KeptProcess['child'], endMark: Buffer.from(endMark) };
}

/** Lets a process wait without keeping this one, once it has said that it is there: a signal may have ended it behind its program. */
function keep(kept: KeptProcess): void {
  kept.child.removeAllListeners();
  kept.child.once('message', () => {
    for (const part of partsOf(kept)) part.unref();
    idle.push(kept);
  });
  kept.child.send('are you there?', () => undefined);
}

function partsOf({ child }: KeptProcess): readonly { ref: () => unknown; unref: () => unknown }[] {
  const streams = [child.stdout, child.stderr] as unknown as Socket[];
  return [child, ...(child.channel ? [child.channel] : []), ...streams];
}

interface Marked {
  readonly stream: PassThrough;
  readonly isMarked: Promise<void>;
}

/** What comes from a source before the mark. */
function untilMark(source: Readable, mark: Buffer): Marked {
  const stream = new PassThrough();
  const isMarked = new Promise<void>((settle) => {
    let held: Buffer = Buffer.alloc(0);
    const take = (chunk: Buffer) => {
      const bytes = Buffer.concat([held, chunk]);
      const isEnd = bytes.subarray(-mark.length).equals(mark);
      const passed = bytes.length - (isEnd ? mark.length : begunLength(bytes, mark));
      stream.write(bytes.subarray(0, passed));
      held = bytes.subarray(passed);
      if (!isEnd) return;
      source.off('data', take);
      stream.end();
      settle();
    };
    source.on('data', take);
  });
  return { stream, isMarked };
}

/** How many of the last bytes may be the beginning of the mark. */
function begunLength(bytes: Buffer, mark: Buffer): number {
  const at = bytes.indexOf(mark[0] ?? 0, Math.max(0, bytes.length - mark.length + 1));
  return at !== -1 && mark.subarray(0, bytes.length - at).equals(bytes.subarray(at)) ? bytes.length - at : 0;
}
