import { statSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStore } from '#engine/store/open.ts';
import { createBodyKeys } from '#engine/store/body-keys.ts';
import { migrations } from '#engine/store/migrations/index.ts';
import { seedLog } from '../../../bench/support/seed-log.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { hasAttempts, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';
import { whenIdle } from '../../support/idle.ts';
import { cleanUpFile, cleanUpNow, countIn, dayMs, flawsOf, openFile } from './retention-support.ts';

async function receive(...steps: readonly Step[]) {
  const receiver = await startReceiver(steps);
  onTestFinished(receiver.close);
  return receiver;
}

/** Sends an event and waits until its delivery has ended or waits. */
async function send(
  engine: ClockedEngine,
  data: { readonly order: number },
): Promise<{ readonly id: string; readonly deliveryId: string }> {
  const { id, deliveries } = await engine.client.messages.send({ type: 'order.made', data });
  const deliveryId = deliveries[0]?.id ?? '';
  await engine.deliveryWhen(deliveryId, hasAttempts(1));
  return { id, deliveryId };
}

const idsOf = async ({ client }: ClockedEngine) => (await client.deliveries.list({ limit: 200 })).items.map(({ id }) => id);

/** A log of this many attempts in a folder that no engine has open. */
async function seeded(attempts: number): Promise<string> {
  const dataDir = createTempFolder();
  const engine = await startClockedEngine({ dataDir });
  const { id, url } = await engine.client.endpoints.create({ name: 'Shop', url: 'http://127.0.0.1:9/' });
  await engine.stop();
  await seedLog(dataDir, { attempts, bodyBytes: 1000, endpoints: [{ id, url }] });
  return dataDir;
}

describe('a clean-up by age', () => {
  it('takes a message with its deliveries, attempts and bodies, and keeps what waits, however old it is', async () => {
    const target = await receive(respond({ body: 'thanks' }), respond({ status: 500 }), respond({ body: 'thanks' }));
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({
      name: 'Shop',
      url: target.url,
      retryPolicy: { kind: 'schedule', delaysMs: [30 * dayMs, 30 * dayMs, 30 * dayMs, 30 * dayMs] },
    });
    const old = await send(engine, { order: 1 });
    const waiting = await send(engine, { order: 2 });
    await engine.client.system.updateSettings({ keepDays: 10 });
    engine.clock.advance(11 * dayMs);
    const young = await send(engine, { order: 3 });

    const stored = await engine.client.retention.stored();
    const ended = await cleanUpNow(engine);

    expect(stored).toMatchObject({
      messages: { rows: 3 },
      deliveries: { rows: 3 },
      attempts: { rows: 3 },
      wouldGo: { messages: 1, deliveries: 1, captures: 0 },
      heldBack: 1,
    });
    expect(ended).toMatchObject({
      status: 'completed',
      phase: null,
      trigger: 'manual',
      // The body of the order alone: the answer "thanks" is that of the young one as well.
      removed: { messages: 1, deliveries: 1, attempts: 1, captures: 0, bodies: 1 },
    });
    expect(await idsOf(engine)).toEqual([young.deliveryId, waiting.deliveryId]);
    await expect(engine.client.messages.get({ id: old.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await engine.client.deliveries.get({ id: young.deliveryId })).attempts[0]?.response?.bodyBase64).toBe(
      Buffer.from('thanks').toString('base64'),
    );
    expect(flawsOf(openFile(engine.dataDir))).toEqual([]);
  });

  it('counts from the last change, so that a delivery which was just redelivered stays', async () => {
    const target = await receive(respond(), respond());
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Shop', url: target.url });
    const { deliveryId } = await send(engine, { order: 1 });
    await engine.client.system.updateSettings({ keepDays: 10 });
    engine.clock.advance(11 * dayMs);
    await engine.client.deliveries.redeliver({ id: deliveryId });
    await engine.deliveryWhen(deliveryId, hasAttempts(2));

    expect((await cleanUpNow(engine)).removed).toMatchObject({ messages: 0 });
    engine.clock.advance(11 * dayMs);
    expect((await cleanUpNow(engine)).removed).toMatchObject({ messages: 1, attempts: 2 });
  });

  it('begins by itself a minute after the start and every hour from then on', async () => {
    const target = await receive(respond(), respond());
    const engine = await startClockedEngine({ withCleanUps: true });
    await engine.client.endpoints.create({ name: 'Shop', url: target.url });
    await engine.client.system.updateSettings({ keepDays: 1 });
    await send(engine, { order: 1 });
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const changes = await engine.client.system.changes(undefined, { signal: stop.signal });
    const nextEnd = async () => {
      for (let next = await changes.next(); next.done !== true; next = await changes.next()) {
        const { topic } = next.value;
        const { cleanUp } = await engine.client.retention.lastCleanUp();
        if (topic === 'retention' && cleanUp !== null && cleanUp.status !== 'running') return cleanUp;
      }
      throw new Error('The change stream ended.');
    };

    engine.clock.advance(60_000);
    expect(await nextEnd()).toMatchObject({ trigger: 'schedule', status: 'completed', removed: { messages: 0 } });
    // Beyond the limit an hour before the next.
    engine.clock.advance(dayMs);
    await nextEnd();
    engine.clock.advance(3_600_000);
    expect(await nextEnd()).toMatchObject({ trigger: 'schedule', removed: { messages: 1, attempts: 1 } });
  });
});

describe('a clean-up by number and size', () => {
  it('takes the oldest first until so many deliveries are left', async () => {
    const dataDir = await seeded(140);
    const file = openFile(dataDir);
    const before = countIn(file, 'deliveries');
    const newest = file
      .prepare("SELECT id FROM deliveries WHERE status NOT IN ('pending', 'failed') ORDER BY seq DESC LIMIT 20")
      .pluck()
      .all();

    cleanUpFile(dataDir, { keepDeliveries: 30 });

    expect(before).toBe(100);
    expect(countIn(file, 'deliveries')).toBe(30);
    expect(countIn(file, 'messages')).toBe(30);
    expect(
      file.prepare('SELECT count(*) FROM deliveries WHERE id IN (SELECT value FROM json_each(?))').pluck().get(JSON.stringify(newest)),
    ).toBe(20);
    // One in twenty still fails and has an attempt to come.
    expect(file.prepare("SELECT count(*) FROM deliveries WHERE status = 'failed'").pluck().get()).toBe(5);
    expect(flawsOf(file)).toEqual([]);
  });

  it('keeps captures to their number', async () => {
    const engine = await startClockedEngine({ capturePort: 0 });
    const bin = await engine.client.bins.create({ name: 'Bin', slug: 'bin' });
    for (let number = 1; number <= 5; number += 1) await fetch(`${bin.url}/${number}`, { method: 'POST', body: `body ${number}` });
    await engine.client.system.updateSettings({ keepCaptures: 2, confirm: true });

    const stored = await engine.client.retention.stored();
    const ended = await cleanUpNow(engine);

    expect(stored.wouldGo.captures).toBe(3);
    expect(ended.removed).toMatchObject({ captures: 3, bodies: 3 });
    expect((await engine.client.captures.list({})).items.map(({ target }) => target)).toEqual(['/bin/5', '/bin/4']);
    expect(flawsOf(openFile(engine.dataDir))).toEqual([]);
  });

  it('takes the oldest messages that went to nobody beyond the same number, and costs no delivery its place for them', async () => {
    const target = await receive(...Array.from({ length: 3 }, () => respond()));
    const engine = await startClockedEngine();
    const sendToNobody = async (count: number) => {
      const ids: string[] = [];
      for (let number = 0; number < count; number += 1)
        ids.push((await engine.client.messages.send({ type: 'order.lost', data: { number } })).id);
      return ids;
    };
    const unheard = await sendToNobody(6);
    await engine.client.endpoints.create({ name: 'Shop', url: target.url, events: ['order.made'] });
    const delivered = [await send(engine, { order: 1 }), await send(engine, { order: 2 }), await send(engine, { order: 3 })];

    const previewed = await engine.client.retention.preview({ keepDeliveries: 3 });
    await engine.client.system.updateSettings({ keepDeliveries: 3, confirm: true });
    const ended = await cleanUpNow(engine);

    expect(previewed.wouldGo).toEqual({ messages: 3, deliveries: 0, captures: 0 });
    expect(ended.removed).toMatchObject({ messages: 3, deliveries: 0 });
    for (const id of unheard.slice(0, 3)) await expect(engine.client.messages.get({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    for (const id of unheard.slice(3)) expect(await engine.client.messages.get({ id })).toMatchObject({ id });
    expect(await idsOf(engine)).toEqual(delivered.map(({ deliveryId }) => deliveryId).toReversed());
    expect(flawsOf(openFile(engine.dataDir))).toEqual([]);
  });

  it('takes a deleted bin once it can no longer be restored, with its captures and bodies', async () => {
    const dataDir = createTempFolder();
    const engine = await startClockedEngine({ dataDir, capturePort: 0 });
    const bin = await engine.client.bins.create({ name: 'Shop' });
    for (let order = 1; order <= 3; order += 1) await fetch(bin.url, { method: 'POST', body: `order ${order}` });
    await engine.client.bins.remove({ id: bin.id });
    engine.clock.advance(500_000);
    await cleanUpNow(engine);
    const file = openFile(dataDir);
    expect([countIn(file, 'bins'), countIn(file, 'captures')]).toEqual([1, 3]);
    engine.clock.advance(200_000);
    await cleanUpNow(engine);
    expect([countIn(file, 'bins'), countIn(file, 'captures'), flawsOf(file)]).toEqual([0, 0, []]);
    await expect(engine.client.bins.restore({ id: bin.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('makes a file fit that is full of messages that went to nobody', async () => {
    const engine = await startClockedEngine();
    const dataDir = engine.dataDir;
    for (let number = 0; number < 40; number += 1)
      await engine.client.messages.send({ type: 'order.lost', data: { number, filler: 'x'.repeat(100_000) } });
    const previewed = await engine.client.retention.preview({ keepBytes: 2_000_000 });
    await engine.stop();

    const file = openFile(dataDir);
    const usedBytes = () =>
      (Number(file.pragma('page_count', { simple: true })) - Number(file.pragma('freelist_count', { simple: true }))) *
      Number(file.pragma('page_size', { simple: true }));
    expect(usedBytes()).toBeGreaterThan(4_000_000);
    cleanUpFile(dataDir, { keepBytes: 2_000_000 });

    expect(previewed.wouldGo.messages).toBeGreaterThan(0);
    expect(usedBytes()).toBeLessThanOrEqual(2_000_000);
    expect(countIn(file, 'messages')).toBeGreaterThan(0);
    expect(flawsOf(file)).toEqual([]);
  });

  it('makes the file smaller until it fits', async () => {
    const dataDir = await seeded(3000);
    const path = join(dataDir, 'hookyard.db');
    const fileBytes = () => {
      const file = new BetterSqlite3(path);
      file.pragma('wal_checkpoint(TRUNCATE)');
      file.close();
      return statSync(path).size;
    };
    const before = fileBytes();

    cleanUpFile(dataDir, { keepBytes: 2_000_000 });

    const spareBytes = 256 * 4096;
    expect(before).toBeGreaterThan(5_000_000);
    expect(fileBytes()).toBeLessThanOrEqual(2_000_000 + spareBytes);
    expect(countIn(openFile(dataDir), 'deliveries')).toBeGreaterThan(100);
    expect(flawsOf(openFile(dataDir))).toEqual([]);
  });
});

describe('a clean-up beside other work', () => {
  it('leaves what a replay under way or paused still has to look at', async () => {
    const target = await receive(
      ...Array.from({ length: 3 }, () => respond({ status: 500 })),
      ...Array.from({ length: 3 }, () => respond()),
    );
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Shop', url: target.url, retryPolicy: 'none' });
    for (const order of [1, 2, 3]) await send(engine, { order });
    const replay = await engine.client.replays.start({ source: { kind: 'redeliver', filter: {} }, ratePerSecond: 0.1 });
    await engine.client.replays.pause({ id: replay.id });
    await whenIdle(engine);
    await engine.client.system.updateSettings({ keepDays: 1 });
    engine.clock.advance(2 * dayMs);
    const { replayed } = await engine.client.replays.get({ id: replay.id });

    const paused = await cleanUpNow(engine);
    await engine.client.replays.cancel({ id: replay.id });
    const cancelled = await cleanUpNow(engine);

    // What it has replayed already may go; the others are still to come.
    expect(paused.removed.messages).toBe(replayed);
    expect(cancelled.removed.messages).toBe(3 - replayed);
  });

  it('keeps a body that comes to be referred to while bodies are looked for', async () => {
    const dataDir = await seeded(60);
    const other = openFile(dataDir);
    other.pragma('foreign_keys = ON');
    other.prepare('INSERT INTO bodies (hash, size, bytes) VALUES (?, 3, ?)').run(Buffer.alloc(32, 7), Buffer.from('new'));
    other.prepare('INSERT INTO bodies (hash, size, bytes) VALUES (?, 3, ?)').run(Buffer.alloc(32, 9), Buffer.from('old'));
    other.prepare('INSERT INTO bodies (hash, size, bytes) VALUES (?, 3, ?)').run(Buffer.alloc(32, 11), Buffer.from('not'));
    const total = countIn(other, 'bodies');
    let isMarked = false;

    const told = cleanUpFile(
      dataDir,
      {},
      {
        between: () => {
          if (isMarked) return;
          // Before any is removed, a new row and one that was there already refer to two of them.
          other
            .prepare("INSERT INTO messages (id, event_type, data_json, body_hash, created_at_ms) VALUES ('msg_new', 'a.b', '{}', ?, 0)")
            .run(Buffer.alloc(32, 7));
          other.prepare('UPDATE deliveries SET body_hash = ? WHERE seq = 1').run(Buffer.alloc(32, 9));
          isMarked = true;
        },
      },
    );

    expect(told.filter(({ phase }) => phase !== undefined).map(({ phase }) => phase)).toContain('removing_bodies');
    const left = other.prepare('SELECT bytes FROM bodies WHERE size = 3 ORDER BY hash').pluck().all() as readonly Buffer[];
    expect(left.map(String)).toEqual(['new', 'old']);
    // The one that nothing refers to; and the first delivery's attempt still refers to the body it had.
    expect(countIn(other, 'bodies')).toBe(total - 1);
    expect(flawsOf(other)).toEqual([]);
  });

  it('comes to its end while bodies come in that sort behind those it looks at', async () => {
    const dataDir = await seeded(60);
    const other = openFile(dataDir);
    const keyOf = createBodyKeys(() => 1000);
    const insert = other.prepare('INSERT INTO bodies (hash, size, bytes) VALUES (?, 3, ?)');
    let steps = 0;

    cleanUpFile(
      dataDir,
      {},
      {
        between: () => {
          steps += 1;
          if (steps > 1000) throw new Error('The clean-up goes on for as long as bodies come in.');
          insert.run(keyOf(Buffer.from(String(steps))), Buffer.from('new'));
        },
      },
    );

    expect(countIn(other, 'bodies WHERE size = 3')).toBeGreaterThan(0);
  });

  it('loses nothing that is accepted, sent and captured at the same time', async () => {
    const engine = await startClockedEngine({ capturePort: 0 });
    const bin = await engine.client.bins.create({ name: 'Bin', slug: 'bin' });
    await engine.client.endpoints.create({ name: 'Own bin', url: bin.url });
    await engine.client.system.updateSettings({ keepDeliveries: 5, keepCaptures: 5 });
    const sent: string[] = [];
    const sendSome = async (count: number) => {
      for (let number = 0; number < count; number += 1)
        sent.push((await engine.client.messages.send({ type: 'a.b', data: { same: number % 3 } })).id);
    };

    const sending = Promise.all([sendSome(100), sendSome(100), sendSome(100)]);
    const ended = [await cleanUpNow(engine), await cleanUpNow(engine), await cleanUpNow(engine)];
    await sending;
    await whenIdle(engine);
    ended.push(await cleanUpNow(engine));

    expect(ended.map(({ status, problem }) => ({ status, problem }))).toEqual(
      Array.from({ length: 4 }, () => ({ status: 'completed', problem: null })),
    );
    const left = (await engine.client.deliveries.list({ limit: 200 })).items;
    expect(left).toHaveLength(5);
    expect(ended.reduce((sum, { removed }) => sum + removed.deliveries, 0)).toBe(sent.length - 5);
    for (const { id } of left) expect((await engine.client.deliveries.get({ id })).attempts[0]?.request?.bodyBase64).not.toBe('');
    expect(flawsOf(openFile(engine.dataDir))).toEqual([]);
  });

  it('ends at the step under way when it is cancelled or the engine stops, and refuses to cancel nothing', async () => {
    const dataDir = await seeded(4000);
    const engine = await startClockedEngine({ dataDir });
    await engine.client.system.updateSettings({ keepDeliveries: 0, confirm: true });
    await engine.client.retention.cleanUp({ confirm: true });
    const cancelled = await engine.client.retention.cancel();
    expect(cancelled.status).toBe('cancelled');
    await expect(engine.client.retention.cancel()).rejects.toMatchObject({ code: 'CONFLICT' });
    await engine.client.retention.cleanUp({ confirm: true });
    await engine.stop();
    const file = openFile(dataDir);
    expect(countIn(file, 'deliveries')).toBeGreaterThan(500);
    expect(flawsOf(file)).toEqual([]);
  });
});

describe('a limit that would take something out', () => {
  it('is refused with what would go, by number, by age and by size, until it is confirmed', async () => {
    const dataDir = await seeded(3000);
    // The log is of the days before today.
    const engine = await startClockedEngine({ dataDir, clock: createFakeClock(Date.now() + 30 * dayMs) });
    const { system, retention } = engine.client;
    // It goes ahead of the run before, as a clock does that is set wrong.
    await retention.trustClock();
    const before = await system.getSettings();

    for (const patch of [{ keepDeliveries: 100 }, { keepDays: 1 }, { keepBytes: 1_048_576 }]) {
      const previewed = await retention.preview(patch);
      expect(previewed.wouldGo.deliveries, Object.keys(patch)[0]).toBeGreaterThan(0);
      await expect(system.updateSettings(patch)).rejects.toMatchObject({
        code: 'CONFIRMATION_NEEDED',
        message: expect.stringMatching(/^This would remove for good [\d,]+ messages?, [\d,]+ deliver(y|ies)\./),
        data: { wouldGo: previewed.wouldGo, issues: [{ path: Object.keys(patch)[0] }] },
      });
    }
    expect(await system.getSettings()).toEqual(before);
    expect((await retention.stored()).wouldGo).toEqual({ messages: 0, deliveries: 0, captures: 0 });

    const after = await system.updateSettings({ keepDeliveries: 100, confirm: true });

    expect(after).toEqual({ ...before, keepDeliveries: 100 });
    // A limit that is raised takes nothing out, so it asks nothing.
    expect((await system.updateSettings({ keepDeliveries: 200 })).keepDeliveries).toBe(200);
    await expect(retention.cleanUp()).rejects.toMatchObject({ code: 'CONFIRMATION_NEEDED' });
    expect(countIn(openFile(dataDir), 'deliveries')).toBe((await retention.stored()).deliveries.rows);
    await retention.cleanUp({ confirm: true });
  });
});

describe('a data file from before there was a retention', () => {
  it('is written anew once when it is brought to this version, so that it can give room back', async () => {
    const dataDir = createTempFolder();
    const path = join(dataDir, 'hookyard.db');
    const old = openStore(dataDir, { migrations: migrations.filter(({ version }) => version < 6) });
    await old.database.close();
    const file = new BetterSqlite3(path);
    file.pragma('journal_mode = DELETE');
    file.pragma('auto_vacuum = NONE');
    file.exec('VACUUM');
    expect(file.pragma('auto_vacuum', { simple: true })).toBe(0);
    file.close();

    await openStore(dataDir).database.close();

    expect(openFile(dataDir).pragma('auto_vacuum', { simple: true })).toBe(2);
  });
});
