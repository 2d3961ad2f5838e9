import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Pool } from 'undici';

const root = join(import.meta.dirname, '../../..');

/** What the host's doors answered. */
export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/** A host that takes requests. */
export interface ReadyHost {
  readonly captureUrl: string;
  readonly readyMs: number;
  readonly call: (method: 'GET' | 'POST', path: string, body?: unknown) => Promise<Answer>;
  /** Calls back at each change of the engine's stream until it answers true, or the stream ends. */
  readonly followUntil: (isDone: () => Promise<boolean>) => Promise<boolean>;
}

/** A headless host in a process of its own. */
export interface SpawnedHost {
  readonly process: ChildProcess;
  /** Null when the process ended before it was ready. */
  readonly ready: Promise<ReadyHost | null>;
  /** Exit code and signal, once it has ended. */
  readonly ended: Promise<readonly [number | null, NodeJS.Signals | null]>;
}

/** Starts a host on a data folder with free ports; what it complains of goes to standard error. */
export function spawnHost(dataDir: string): SpawnedHost {
  const startedMs = performance.now();
  const flags = ['--port', '0', '--capture-port', '0', '--data-dir', dataDir, '--no-sample', '--json', '--log-level', 'error'];
  const child = spawn(process.execPath, ['src/main/serve.ts', ...flags], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit').then(([code, signal]) => [code as number | null, signal as NodeJS.Signals | null] as const);
  return { process: child, ready: readyHost(child, startedMs), ended };
}

async function readyHost(child: ChildProcess, startedMs: number): Promise<ReadyHost | null> {
  if (child.stdout === null) throw new Error('The host has no standard output.');
  for await (const line of createInterface({ input: child.stdout })) {
    const { url, captureUrl } = JSON.parse(line) as { readonly url: string; readonly captureUrl: string };
    const { origin, searchParams } = new URL(url);
    const pool = new Pool(origin, { connections: 32, pipelining: 1 });
    const headers = { authorization: `Bearer ${searchParams.get('token') ?? ''}`, 'content-type': 'application/json' };
    return {
      captureUrl,
      readyMs: performance.now() - startedMs,
      call: async (method, path, body) => {
        const answer = await pool.request({
          method,
          path: `/api${path}`,
          headers,
          body: body === undefined ? null : JSON.stringify(body),
        });
        return { status: answer.statusCode, json: await answer.body.json() };
      },
      followUntil: async (isDone) => {
        const stream = await pool.request({ method: 'GET', path: '/api/changes', headers, bodyTimeout: 0 });
        for await (const _ of stream.body) if (await isDone()) return true;
        return false;
      },
    };
  }
  return null;
}
