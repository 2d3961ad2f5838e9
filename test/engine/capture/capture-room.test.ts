import { describe, expect, it, onTestFinished } from 'vitest';
import { captureBytesSql } from '#engine/capture/store.ts';
import { createCaptureRoom } from '#engine/capture/capture-room.ts';
import { createSettingsBook } from '#engine/settings/settings.ts';
import { migrations } from '#engine/store/migrations/index.ts';
import { openStore } from '#engine/store/open.ts';
import { startCaptureWorkspace } from '../../support/capture-workspace.ts';
import { startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { createTempFolder, createTestLog } from '../../support/temp-workspace.ts';
import { cleanUpNow, countIn, flawsOf, openFile } from '../retention/retention-support.ts';

const mib = 1_048_576;
const gib = 1024 * mib;

/** Sends bodies that differ, one after the other; answers the statuses. */
async function capture(url: string, count: number, bytes: number): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (let number = 1; number <= count; number += 1) {
    const answer = await fetch(`${url}/${number}`, { method: 'POST', body: Buffer.alloc(bytes, `${number} `) });
    await answer.text();
    statuses.push(answer.status);
  }
  return statuses;
}

const targetsOf = async ({ client }: ClockedEngine) => (await client.captures.list({})).items.map(({ target }) => target);

describe('the limit on the size of captures', () => {
  it('is 1 GiB at first, can be lifted, and asks before it takes anything out', async () => {
    const engine = await startClockedEngine({ capturePort: 0 });
    const { url } = await engine.client.bins.create({ name: 'Bin', slug: 'bin' });
    await capture(url, 5, 300_000);

    expect(await engine.client.system.getSettings()).toMatchObject({ keepCaptureBytes: gib });
    expect(await engine.client.system.updateSettings({ keepCaptureBytes: null })).toMatchObject({ keepCaptureBytes: null });
    await expect(engine.client.system.updateSettings({ keepCaptureBytes: mib })).rejects.toMatchObject({
      code: 'CONFIRMATION_NEEDED',
      data: { wouldGo: { messages: 0, deliveries: 0, captures: 2 } },
    });
    expect(await targetsOf(engine)).toHaveLength(5);
  });

  it('takes the oldest out with their bodies, those that were deleted before them included', async () => {
    const engine = await startClockedEngine({ capturePort: 0 });
    const { url } = await engine.client.bins.create({ name: 'Bin', slug: 'bin' });
    await capture(url, 6, 300_000);
    const oldest = (await engine.client.captures.list({})).items.at(-1);
    await engine.client.captures.remove({ id: oldest?.id ?? '' });
    const previewed = await engine.client.retention.preview({ keepCaptureBytes: mib });
    await engine.client.system.updateSettings({ keepCaptureBytes: mib, confirm: true });

    const ended = await cleanUpNow(engine);

    const file = openFile(engine.dataDir);
    expect(previewed.wouldGo.captures).toBe(2);
    expect(ended.removed).toMatchObject({ captures: 3, bodies: 3 });
    expect(await targetsOf(engine)).toEqual(['/bin/6', '/bin/5', '/bin/4']);
    expect((await engine.client.retention.stored()).captureBytes).toBe(
      file.prepare(`SELECT sum(${captureBytesSql}) FROM captures`).pluck().get(),
    );
    expect(countIn(file, 'bodies')).toBe(3);
    expect(flawsOf(file)).toEqual([]);
  });

  it.each([
    { framing: 'whose length is told', body: () => Buffer.alloc(2 * mib, 'x') },
    { framing: 'that comes in chunks', body: () => new Blob([Buffer.alloc(2 * mib, 'x')]).stream() },
  ])('refuses a body $framing when it is larger than all captures may be, and costs no other its place', async ({ body }) => {
    const engine = await startClockedEngine({ capturePort: 0 });
    const { url } = await engine.client.bins.create({ name: 'Bin', slug: 'bin' });
    await engine.client.system.updateSettings({ keepCaptureBytes: mib });
    await capture(url, 2, 1000);

    const request: RequestInit & { readonly duplex: 'half' } = { method: 'POST', body: body(), duplex: 'half' };
    const answer = await fetch(`${url}/large`, request);
    expect([answer.status, await answer.text()]).toEqual([
      413,
      `The body is over the limit of ${mib} bytes for all captures together, so it was not kept. Send less, or raise that limit in Hookyard's settings.\n`,
    ]);
    await cleanUpNow(engine);

    expect(await targetsOf(engine)).toEqual(['/bin/2', '/bin/1']);
    expect((await engine.client.refusedRequests.list({})).items).toMatchObject([{ reason: 'over-capture-limit', status: 413 }]);
  });

  it('tells at the restore of a bin how many of its captures went meanwhile', async () => {
    const engine = await startClockedEngine({ capturePort: 0 });
    const early = await engine.client.bins.create({ name: 'Early', slug: 'early' });
    const late = await engine.client.bins.create({ name: 'Late', slug: 'late' });
    await capture(early.url, 3, 300_000);
    await engine.client.bins.remove({ id: early.id });
    await engine.client.system.updateSettings({ keepCaptureBytes: mib, confirm: true });
    await capture(late.url, 2, 300_000);
    await cleanUpNow(engine);
    expect(await engine.client.bins.restore({ id: early.id })).toMatchObject({ captureCount: 1, missingCaptures: 2 });
  });

  it('leaves what was deleted to its undo, unless a clean-up is asked to take it, which says so first', async () => {
    const engine = await startClockedEngine({ capturePort: 0 });
    const { client, dataDir } = engine;
    const kept = await client.bins.create({ name: 'Kept', slug: 'kept' });
    const gone = await client.bins.create({ name: 'Gone', slug: 'gone' });
    await capture(kept.url, 4, 1000);
    await capture(gone.url, 2, 2000);
    const [single, ...others] = (await client.captures.list({ binId: kept.id })).items;
    const { removedAtMs } = await client.captures.clear({ binId: kept.id });
    await client.captures.restore({ binId: kept.id, removedAtMs });
    await client.captures.remove({ id: single?.id ?? '' });
    await client.bins.remove({ id: gone.id });

    expect(await client.retention.stored()).toMatchObject({ captures: { rows: 3 }, deletedCaptures: 3 });
    await cleanUpNow(engine);
    expect(await client.retention.stored()).toMatchObject({ deletedCaptures: 3 });
    await expect(client.retention.cleanUp({ withDeleted: true })).rejects.toMatchObject({
      code: 'CONFIRMATION_NEEDED',
      message: 'This would remove for good 3 deleted captures that can still be restored. Give confirm: true to do it all the same.',
    });

    const ended = await cleanUpNow(engine, { withDeleted: true });
    expect(ended.removed).toMatchObject({ captures: 3, bodies: 3 });
    expect(await client.retention.stored()).toMatchObject({ captures: { rows: 3 }, deletedCaptures: 0 });
    expect((await client.captures.list({})).items.map(({ id }) => id)).toEqual(others.map(({ id }) => id));
    await expect(client.captures.restore({ id: single?.id ?? '' })).rejects.toMatchObject({
      message: expect.stringContaining('or before when new ones need their room, a clean-up is asked to take them') as string,
    });
    await expect(client.bins.restore({ id: gone.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(flawsOf(openFile(dataDir))).toEqual([]);
  });

  it('keeps the newest, also where that alone is over a limit that was lowered', async () => {
    const engine = await startClockedEngine({ capturePort: 0 });
    const { url } = await engine.client.bins.create({ name: 'Bin', slug: 'bin' });
    await capture(url, 2, 2 * mib);
    await engine.client.system.updateSettings({ keepCaptureBytes: mib, confirm: true });
    await cleanUpNow(engine);
    expect(await targetsOf(engine)).toEqual(['/bin/2']);
  });

  it('is kept to while captures come, without anyone asking for a clean-up', async () => {
    const engine = await startClockedEngine({ capturePort: 0, withCleanUps: true });
    const { url } = await engine.client.bins.create({ name: 'Bin', slug: 'bin' });
    await engine.client.system.updateSettings({ keepCaptureBytes: mib });
    const stop = new AbortController();
    onTestFinished(() => stop.abort());
    const changes = await engine.client.system.changes(undefined, { signal: stop.signal });

    const statuses = await capture(url, 12, 200_000);
    const file = openFile(engine.dataDir);
    const keptBytes = () => Number(file.prepare('SELECT bytes FROM capture_room').pluck().get());
    for (let next = await changes.next(); keptBytes() > mib * (17 / 16); next = await changes.next()) expect(next.done).toBe(false);

    // One that comes while much has to go is told to come again; none is lost without a word.
    expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThan(5);
    expect((await engine.client.retention.lastCleanUp()).cleanUp).toMatchObject({ trigger: 'schedule' });
  });

  it.each([
    { held: 'little', bytes: 1000, kept: gib },
    { held: 'more than half of it', bytes: 600 * mib, kept: 2 * gib },
    { held: 'more than it', bytes: 3.2 * gib, kept: 7 * gib },
  ])('removes nothing from a folder of an older format that holds $held', async ({ bytes, kept }) => {
    const folder = createTempFolder();
    const before = openStore(folder, { migrations: migrations.filter(({ version }) => version < 13) });
    const sqlite = openFile(folder);
    sqlite.pragma('foreign_keys = OFF');
    sqlite.exec(`INSERT INTO bodies (hash, size, bytes) VALUES (x'00', 0, x'');
      INSERT INTO bins (id, name, slug, response_json, secrets_sealed, fingerprints_json, created_at_ms) VALUES ('bin', 'b', 'b', '{}', x'', '[]', 1);
      INSERT INTO captures (id, bin_id, method, target, http_version, headers_json, trailers_json, body_hash, body_bytes, is_body_truncated,
        remote_address, status, response_json, body_ms, received_at_ms)
      VALUES ('cap', 'bin', 'POST', '/b', '1.1', '[]', '[]', x'00', ${Math.floor(bytes)}, 0, '', 200, '{}', 1, 1)`);
    sqlite.close();
    await before.database.close();

    const { database } = openStore(folder);
    onTestFinished(database.close);
    expect(createSettingsBook(database, { timeScale: undefined }).get().keepCaptureBytes).toBe(kept);
    expect(database.raw(`SELECT bytes - (SELECT sum(${captureBytesSql}) FROM captures) AS off FROM capture_room`, [])).toEqual([
      { off: 0 },
    ]);
  });
});

describe('the room for captures', () => {
  const start = (limit: number | null) => {
    const state = { kept: 0, limit, cleanUps: 0 };
    const log = createTestLog();
    const room = createCaptureRoom({
      limitBytes: () => state.limit,
      keptBytes: () => state.kept,
      cleanUp: () => (state.cleanUps += 1),
      log,
    });
    return { state, room, log };
  };

  it('asks for a clean-up a sixteenth over the limit, and is full a quarter over it until the oldest went', () => {
    const { state, room, log } = start(1000);
    room.note(1062);
    expect(state.cleanUps).toBe(0);
    room.note(1063);
    expect(state.cleanUps).toBe(1);
    expect(room.hasRoom()).toBe(true);
    room.note(1251);
    state.kept = 1251;
    expect([room.hasRoom(), room.hasRoom()]).toEqual([false, false]);
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    state.kept = 1000;
    expect(room.hasRoom()).toBe(true);
  });

  it('ends nowhere without a limit, and where the limit was raised', () => {
    const { state, room } = start(null);
    room.note(1e15);
    state.kept = 1e15;
    expect(room.hasRoom()).toBe(true);
    state.limit = 1000;
    expect(room.hasRoom()).toBe(false);
    state.limit = 1e15;
    expect(room.hasRoom()).toBe(true);
  });

  it('answers 503 with a sentence and when to come again while it is full, before the body came, and keeps nothing of it', async () => {
    const room = { hasRoom: () => false, limitBytes: () => null, note: () => undefined };
    const { capture: captures, port, captures: kept } = await startCaptureWorkspace({ room });
    await captures.createBin({ name: 'Own', slug: 'own' });
    const answer = await fetch(`http://127.0.0.1:${port}/own`, { method: 'POST', body: 'x'.repeat(100_000) });
    expect([answer.status, answer.headers.get('retry-after'), answer.headers.get('connection')]).toEqual([503, '5', 'close']);
    expect(await answer.text()).toContain('so this one was not kept');
    expect(await kept()).toEqual([]);
  });
});
