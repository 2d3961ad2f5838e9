import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { cpSync, existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import BetterSqlite3 from 'better-sqlite3';
import { expect, it, onTestFinished } from 'vitest';
import { createTempFolder } from '../support/temp-workspace.ts';

const root = join(import.meta.dirname, '../..');
const rounds = 3;
/** Posts under way at once. */
const posters = 8;

interface Host {
  readonly process: ChildProcess;
  readonly call: (method: string, path: string, body?: unknown) => Promise<Response>;
}

async function startHost(dataDir: string): Promise<Host> {
  const child = spawn(
    process.execPath,
    ['src/main/serve.ts', '--port', '0', '--capture-port', '0', '--data-dir', dataDir, '--no-sample', '--json', '--log-level', 'error'],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout })) {
    const { url } = JSON.parse(line) as { readonly url: string };
    const { origin, searchParams } = new URL(url);
    const headers = { authorization: `Bearer ${searchParams.get('token') ?? ''}`, 'content-type': 'application/json' };
    return {
      process: child,
      call: (method, path, body) =>
        fetch(`${origin}/api${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
    };
  }
  throw new Error('The host ended before it was ready.');
}

/** A receiver that counts how often each message came. */
async function startCounter() {
  const receipts = new Map<string, number>();
  const news = new EventEmitter();
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      const id = String(request.headers['webhook-id']);
      receipts.set(id, (receipts.get(id) ?? 0) + 1);
      response.end('ok');
      news.emit('receipt');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const hasAll = (ids: readonly string[]) => ids.every((id) => receipts.has(id));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    receipts,
    all: async (ids: readonly string[]) => {
      while (!hasAll(ids)) await once(news, 'receipt');
    },
  };
}

/** Posts until the host is killed, which happens after `killAfter` answers. Answers the ids that got their 202. */
async function postUntilKilled(host: Host, round: number, killAfter: number): Promise<readonly string[]> {
  const accepted: string[] = [];
  const exited = once(host.process, 'exit');
  const post = async (poster: number) => {
    for (let count = 0; ; count += 1) {
      const id = `m-${round}-${poster}-${count}`;
      try {
        const response = await host.call('POST', '/messages', { type: 'load.test', id, data: { round, poster, count } });
        const answer = (await response.json()) as { readonly id: string };
        expect([response.status, answer.id]).toEqual([202, id]);
      } catch (error) {
        // The host is gone: what was under way has no answer.
        if (error instanceof TypeError) return;
        throw error;
      }
      accepted.push(id);
      if (accepted.length === killAfter) host.process.kill('SIGKILL');
    }
  };
  await Promise.all([...Array.from({ length: posters }, (_, poster) => post(poster)), exited]);
  return accepted;
}

/** Looks into a copy, so that the next start finds the file just as the kill left it. */
function inspect<T>(dataDir: string, read: (file: BetterSqlite3.Database) => T): T {
  const copy = join(createTempFolder(), 'copy.db');
  for (const end of ['', '-wal'])
    if (existsSync(join(dataDir, `hookyard.db${end}`))) cpSync(join(dataDir, `hookyard.db${end}`), `${copy}${end}`);
  const file = new BetterSqlite3(copy);
  try {
    return read(file);
  } finally {
    file.close();
  }
}

const countOf = (file: BetterSqlite3.Database, sql: string) => Number(file.prepare(sql).pluck().get());

it(
  'loses no accepted message when the host is killed under load, and repeats no more than what was in flight',
  { timeout: 120_000 },
  async () => {
    const dataDir = createTempFolder();
    const counter = await startCounter();
    const accepted: string[] = [];
    let inFlightAtKills = 0;
    let host = await startHost(dataDir);
    expect((await host.call('POST', '/endpoints', { name: 'Own', url: counter.url, retryPolicy: 'quick' })).status).toBe(201);

    for (let round = 1; round <= rounds; round += 1) {
      const killAfter = 50 + Math.floor(Math.random() * 250);
      const ids = await postUntilKilled(host, round, killAfter);
      accepted.push(...ids);
      const left = inspect(dataDir, (file) => ({
        integrity: file.pragma('integrity_check', { simple: true }),
        messages: countOf(file, 'SELECT count(*) FROM messages'),
        inFlight: countOf(file, 'SELECT count(*) FROM deliveries WHERE in_flight_attempt_id IS NOT NULL'),
        waiting: countOf(file, 'SELECT count(*) FROM deliveries WHERE due_at_ms IS NOT NULL'),
      }));
      console.log(
        `round ${round}: killed after ${ids.length} answers; on disk ${left.messages} messages, ${left.inFlight} attempts in flight, ${left.waiting} waiting`,
      );
      expect(left.integrity).toBe('ok');
      expect(left.messages).toBeGreaterThanOrEqual(accepted.length);
      inFlightAtKills += left.inFlight;
      host = await startHost(dataDir);
    }

    await counter.all(accepted);
    for (const id of accepted.filter((_, index) => index % 25 === 0)) {
      const { deliveries } = (await (await host.call('GET', `/messages/${id}`)).json()) as { readonly deliveries: readonly unknown[] };
      expect(deliveries).toHaveLength(1);
    }
    const stopped = once(host.process, 'exit');
    host.process.kill('SIGTERM');
    expect(await stopped).toEqual([0, null]);

    const final = inspect(dataDir, (file) => ({
      integrity: file.pragma('integrity_check', { simple: true }),
      brokenLinks: file.pragma('foreign_key_check'),
      unsettled: countOf(file, `SELECT count(*) FROM deliveries WHERE status <> 'delivered' AND due_at_ms IS NULL`),
      interrupted: countOf(file, `SELECT count(*) FROM attempts WHERE outcome_code = 'interrupted'`),
      messages: countOf(file, 'SELECT count(*) FROM messages'),
      deliveries: countOf(file, 'SELECT count(*) FROM deliveries'),
    }));
    const repeats = [...counter.receipts.values()].reduce((sum, count) => sum + count - 1, 0);
    console.log(
      `accepted ${accepted.length}, received ${counter.receipts.size} different and ${repeats} again; in flight at the kills ${inFlightAtKills}, recorded as interrupted ${final.interrupted}`,
    );
    expect(final).toMatchObject({ integrity: 'ok', brokenLinks: [], unsettled: 0 });
    expect(final.deliveries).toBe(final.messages);
    expect(accepted.filter((id) => !counter.receipts.has(id))).toEqual([]);
    expect(repeats).toBeLessThanOrEqual(inFlightAtKills);
  },
);
