import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** The headless host in a process of its own, with an empty workspace. */
export interface BenchHost {
  /** Such as `http://127.0.0.1:4600`. */
  readonly url: string;
  readonly token: string;
  /** Calls the REST door below `/api`. Rejects with what a refusal says. */
  readonly call: <T>(method: string, path: string, body?: unknown) => Promise<T>;
  /** What the process holds in memory after a collection of garbage. */
  readonly residentBytes: () => Promise<number>;
  /** How much of the processor its main thread took in the longest turn of its event loop while work was under way, in milliseconds. */
  readonly longestTurn: <T>(work: () => Promise<T>) => Promise<{ readonly longestMs: number; readonly value: T }>;
  readonly stop: () => Promise<void>;
}

const root = resolve(import.meta.dirname, '../..');

/** Starts the host on a data folder and a free port, and waits until it says that it is ready. */
export async function startHost(dataDir: string): Promise<BenchHost> {
  const command = [
    '--expose-gc',
    '--import',
    new URL('turn-watch.ts', import.meta.url).href,
    resolve(root, 'src/main/serve.ts'),
    '--data-dir',
    dataDir,
    '--port',
    '0',
    '--capture-port',
    '0',
    '--no-sample',
    '--json',
  ];
  const child = spawn(process.execPath, command, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  if (child.stdout === null) throw new Error('The host has no output.');
  const lines = createInterface({ input: child.stdout });
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`The host ended early with code ${code}; its own message is above.`);
  });
  const [line] = await Promise.race([once(lines, 'line'), exited]);
  exited.catch(() => undefined);
  const { url } = JSON.parse(String(line)) as { readonly url: string };
  const ready = new URL(url);
  const token = ready.searchParams.get('token') ?? '';
  const ask = async <T>(question: string): Promise<T> => {
    const answered = once(child, 'message');
    child.send(question);
    const [answer] = (await answered) as [T];
    return answer;
  };
  return {
    url: ready.origin,
    token,
    call: async (method, path, body) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const answer = await fetch(`${ready.origin}/api${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text.slice(0, 300)}`);
      return JSON.parse(text);
    },
    residentBytes: async () => (await ask<{ readonly residentBytes: number }>('memory')).residentBytes,
    longestTurn: async (work) => {
      child.send('begin');
      const value = await work();
      return { value, longestMs: (await ask<{ readonly longestMs: number }>('end')).longestMs };
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
