import { closeSync, openSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Health } from '#shared/contract/system.ts';
import { hasAttempts, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { makeReserve } from '#engine/store/reserve.ts';
import { cleanUpNow, flawsOf, openFile } from '../retention/retention-support.ts';
import { makeSmallDisk, noSmallDisk } from '../../support/small-disk.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

/** A receiver whose answers wait until they are let out. */
async function startHeldReceiver() {
  const held: ServerResponse[] = [];
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      held.push(response);
      server.emit('held');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    nextHeld: async () => {
      if (held.length === 0) await once(server, 'held');
    },
    letOut: () => {
      for (const response of held.splice(0)) response.end('late');
    },
  };
}

/** The health once it is as asked, looked at after each change of it. */
async function healthWhen({ client }: ClockedEngine, isReached: (health: Health) => boolean): Promise<Health> {
  const stop = new AbortController();
  try {
    for await (const { topic } of await client.system.changes(undefined, { signal: stop.signal })) {
      const health = await client.system.health();
      if (topic === 'health' && isReached(health)) return health;
    }
    throw new Error('The change stream ended first.');
  } finally {
    stop.abort();
  }
}

/** Sends large messages until one is refused; answers how many were accepted, and the refusal. */
async function sendUntilRefused(
  { client }: ClockedEngine,
  most = 500,
): Promise<{ readonly accepted: readonly string[]; readonly refusal: unknown }> {
  const accepted: string[] = [];
  for (let number = 0; number < most; number += 1) {
    try {
      accepted.push((await client.messages.send({ type: 'fill.up', data: { number, padding: 'x'.repeat(100_000) } })).id);
    } catch (refusal) {
      return { accepted, refusal };
    }
  }
  return { accepted, refusal: null };
}

describe('an engine whose disk is full', () => {
  it('refuses in words, keeps the attempt under way, and carries on by itself when there is room', async ({ skip }) => {
    const disk = makeSmallDisk('4m');
    if (disk === null) return skip(noSmallDisk);
    const receiver = await startHeldReceiver();
    const engine = await startClockedEngine({ dataDir: disk.dataDir });
    const endpoint = await engine.client.endpoints.create({ name: 'Slow', url: receiver.url, events: ['order.made'] });
    const { deliveries } = await engine.client.messages.send({ type: 'order.made', data: { number: 1 } });
    const deliveryId = deliveries[0]?.id ?? '';
    await receiver.nextHeld();

    const degraded = healthWhen(engine, ({ isAccepting }) => !isAccepting);
    const { accepted, refusal } = await sendUntilRefused(engine);

    expect(accepted.length).toBeGreaterThan(5);
    expect(refusal).toMatchObject({
      code: 'STORE_UNAVAILABLE',
      status: 503,
      message: expect.stringContaining('The disk is full: free some space'),
    });
    expect(await degraded).toMatchObject({ status: 'degraded', problem: expect.stringContaining('The disk is full') });
    await expect(engine.client.messages.send({ type: 'order.made', data: { padding: 'x'.repeat(100_000) } })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
    // Its answer comes while nothing can be recorded.
    receiver.letOut();
    const again = healthWhen(engine, ({ isAccepting }) => isAccepting);
    disk.resize('64m');
    // One timer at a time: the try at recording, or at a write of any kind, whichever is first.
    engine.clock.advance(2000);

    expect(await again).toMatchObject({ status: 'ok', problem: null });
    const delivered = engine.deliveryWhen(deliveryId, hasAttempts(1));
    engine.clock.advance(2000);
    expect(await delivered).toMatchObject({ status: 'delivered', attempts: [{ outcome: { code: 'ok' } }] });
    for (const id of accepted) expect(await engine.client.messages.get({ id })).toMatchObject({ id });
    expect((await engine.client.messages.send({ type: 'order.made', data: {}, endpointIds: [endpoint.id] })).deliveries).toHaveLength(1);
    receiver.letOut();
    expect(engine.logLines.map(({ message }) => message)).toContain('The data file takes writes again');
  });
});

describe('a disk that Hookyard filled itself', () => {
  it('is cleaned up by a limit that is set while it is full, and then takes messages again', async ({ skip }) => {
    const disk = makeSmallDisk('40m');
    if (disk === null) return skip(noSmallDisk);
    // As it is made by itself a minute after the start.
    expect(await makeReserve(disk.dataDir)).toBe(true);
    const engine = await startClockedEngine({ dataDir: disk.dataDir });
    await engine.client.endpoints.create({ name: 'Nobody', url: 'http://127.0.0.1:9/', retryPolicy: { kind: 'none' } });
    const { accepted, refusal } = await sendUntilRefused(engine);
    expect(refusal).toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining('The disk is full') });

    await engine.client.system.updateSettings({ keepDeliveries: 3, confirm: true });
    const ended = await cleanUpNow(engine);

    expect({ status: ended.status, problem: ended.problem }).toEqual({ status: 'completed', problem: null });
    // All but three, and those whose attempt could not be recorded any more.
    expect(ended.removed.messages).toBeGreaterThan(accepted.length / 2);
    await expect(engine.client.messages.send({ type: 'order.made', data: { padding: 'x'.repeat(100_000) } })).resolves.toMatchObject({});
    expect(flawsOf(openFile(disk.dataDir))).toEqual([]);
  });
});

describe('an engine whose data file another program has locked', () => {
  it('refuses in words and carries on by itself when the lock is gone', async () => {
    const engine = await startClockedEngine();
    const other = new BetterSqlite3(join(engine.dataDir, 'hookyard.db'));
    onTestFinished(() => void other.close());
    other.exec('BEGIN IMMEDIATE');
    const degraded = healthWhen(engine, ({ isAccepting }) => !isAccepting);

    await expect(engine.client.system.updateSettings({ isUtc: true })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: 'Another program has locked the data file (SQLITE_BUSY): close it there, then try again. Nothing was accepted.',
    });
    await degraded;
    other.exec('ROLLBACK');
    const again = healthWhen(engine, ({ isAccepting }) => isAccepting);
    engine.clock.advance(2000);

    expect(await again).toMatchObject({ status: 'ok' });
  });
});

describe('an engine whose data file is damaged while it runs', () => {
  it('stops accepting at the first sign of it, and says so, whatever could still be written', async () => {
    const dataDir = createTempFolder();
    const before = await startClockedEngine({ dataDir });
    const { accepted } = await sendUntilRefused(before, 40);
    await before.stop();
    const engine = await startClockedEngine({ dataDir });
    const path = join(dataDir, 'hookyard.db');
    const garbage = Buffer.alloc(statSync(path).size - 4096, 0xa5);
    const file = openSync(path, 'r+');
    // The page with the schema stays, as it would be in memory anyway.
    writeSync(file, garbage, 0, garbage.byteLength, 4096);
    closeSync(file);
    const degraded = healthWhen(engine, ({ isAccepting }) => !isAccepting);

    await expect(engine.client.messages.get({ id: accepted[20] ?? '' })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('The data file is damaged (SQLITE_CORRUPT'),
    });
    await expect(engine.client.messages.send({ type: 'order.made', data: {} })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect((await degraded).problem).toContain('put back a copy');
  });
});

describe('a data file that is damaged when it is loaded', () => {
  const spoilt = async (spoil: (file: BetterSqlite3.Database) => void, withCopy = false): Promise<unknown> => {
    const dataDir = createTempFolder();
    const before = await startClockedEngine({ dataDir });
    await before.client.endpoints.create({ name: 'Shop', url: 'http://127.0.0.1:9/' });
    await before.stop();
    if (withCopy) writeFileSync(join(dataDir, 'hookyard.db.format-6-1.bak'), '');
    const file = new BetterSqlite3(join(dataDir, 'hookyard.db'));
    spoil(file);
    file.close();
    return await startClockedEngine({ dataDir }).catch((error: unknown) => error);
  };
  const dropTable = (file: BetterSqlite3.Database) => file.exec('DROP TABLE policies');

  it.each([
    [
      'a broken column',
      (file: BetterSqlite3.Database) => file.exec(`UPDATE endpoints SET events_json = '{'`),
      /events_json of ep_\w+ in the table endpoints does not hold JSON/,
    ],
    [
      'a broken setting',
      (file: BetterSqlite3.Database) => file.exec(`INSERT INTO settings VALUES ('timeScale', 'x')`),
      /value_json of timeScale in the table settings/,
    ],
    ['a missing table', dropTable, /no such table: policies/],
  ])('by %s is refused with a sentence: what, and what to do', async (_, spoil, what) => {
    const refusal = await spoilt(spoil);
    expect(refusal).toMatchObject({ name: 'StartError', code: 'DATA_CORRUPT' });
    const { message } = refusal as Error;
    expect(message).toMatch(what);
    expect(message).toMatch(
      /hookyard\.db is damaged \(.*\)\. Move it away to start afresh, .*put back a copy of yours \(there is none beside it\)\.$/,
    );
  });

  it('names the newest copy beside it', async () => {
    const { message } = (await spoilt(dropTable, true)) as Error;
    expect(message).toMatch(/put back a copy \(the newest beside it is hookyard\.db\.format-6-1\.bak, of 20\d\d-\d\d-\d\d\)\.$/);
  });

  it('by garbage in a page of a table is refused alike', async () => {
    const dataDir = createTempFolder();
    const before = await startClockedEngine({ dataDir });
    await before.client.endpoints.create({ name: 'Shop', url: 'http://127.0.0.1:9/' });
    await before.stop();
    const path = join(dataDir, 'hookyard.db');
    const sqlite = new BetterSqlite3(path);
    const page = Number(sqlite.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'endpoints'").pluck().get());
    sqlite.close();
    const file = openSync(path, 'r+');
    writeSync(file, Buffer.alloc(4096, 0xa5), 0, 4096, (page - 1) * 4096);
    closeSync(file);
    await expect(startClockedEngine({ dataDir })).rejects.toMatchObject({
      code: 'DATA_CORRUPT',
      message: expect.stringMatching(/is damaged .*SQLITE_CORRUPT.*put back a copy/),
    });
  });
});
