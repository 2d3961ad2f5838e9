import { call } from '@orpc/server';
import { expect, onTestFinished, test } from 'vitest';
import { admit } from '#engine/base/admission.ts';
import { insertCapture, toCaptureOrder, type NewCapture } from '#engine/capture/store.ts';
import { migrations } from '#engine/store/migrations/index.ts';
import { openStore } from '#engine/store/open.ts';
import { startCaptureWorkspace, type CaptureWorkspace } from '../../support/capture-workspace.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { connectRaw } from '../../support/raw-http-client.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

const context = admit('test');

async function send({ port }: CaptureWorkspace, request: string) {
  const client = await connectRaw(port);
  client.write(request);
  return client.answer();
}

function captureRow(id: string, binId: string): NewCapture {
  return {
    id,
    bin_id: binId,
    method: 'POST',
    target: '/orders',
    http_version: '1.1',
    headers_json: '[]',
    trailers_json: '[]',
    content_type: null,
    body_bytes: 3,
    is_body_truncated: 0,
    remote_address: '127.0.0.1',
    status: 200,
    answered_json: null,
    response_json: '{"status":200,"headers":[],"bodyBytes":0,"delayMs":0}',
    verdict: null,
    verification_json: null,

    delivery_id: null,
    body_ms: 1,
    received_at_ms: 1,
    source_json: null,
    arrival_json: null,
  };
}

test('a slug comes from the name, with a suffix when another bin has it', async () => {
  const { capture, port } = await startCaptureWorkspace();
  expect(await capture.createBin({ name: 'My Orders' })).toMatchObject({
    slug: 'my-orders',
    url: `http://127.0.0.1:${port}/my-orders`,
    captureCount: 0,
    lastCaptureAtMs: null,
  });
  expect((await capture.createBin({ name: 'My Orders' })).slug).toMatch(/^my-orders-[a-z0-9]{6}$/);
  expect(capture.slugs()).toHaveLength(2);
});

test('a slug that was asked for and is taken is a conflict at its field', async () => {
  const { capture, handlers } = await startCaptureWorkspace();
  await capture.createBin({ name: 'Orders', slug: 'in' });
  const other = await capture.createBin({ name: 'Other' });
  const conflict = {
    code: 'CONFLICT',
    data: { issues: [{ path: 'slug', message: 'Another bin has the slug in: choose another one, or delete that bin.' }] },
  };
  await expect(call(handlers.bins.create, { name: 'Third', slug: 'in' }, { context })).rejects.toMatchObject(conflict);
  await expect(call(handlers.bins.update, { id: other.id, slug: 'in' }, { context })).rejects.toMatchObject(conflict);
  expect((await call(handlers.bins.update, { id: other.id, slug: 'other' }, { context })).slug).toBe('other');
});

test('two bins that ask for one slug at the same time: one gets it', async () => {
  const { handlers } = await startCaptureWorkspace();
  const made = await Promise.allSettled([1, 2].map(() => call(handlers.bins.create, { name: 'Orders', slug: 'in' }, { context })));
  expect(made.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
});

test('bins are listed newest first, page by page', async () => {
  const { capture, clock, handlers } = await startCaptureWorkspace();
  for (const name of ['One', 'Two', 'Three']) {
    clock.advance(1);
    await capture.createBin({ name });
  }
  const first = await call(handlers.bins.list, { limit: 2 }, { context });
  expect(first.items.map(({ name }) => name)).toEqual(['Three', 'Two']);
  const second = await call(handlers.bins.list, { limit: 2, cursor: first.next ?? '' }, { context });
  expect([second.items.map(({ name }) => name), second.next]).toEqual([['One'], null]);
});

test('a bin counts its captures and knows the last one', async () => {
  const workspace = await startCaptureWorkspace();
  const { capture, clock, handlers } = workspace;
  await capture.createBin({ name: 'Orders' });
  await send(workspace, 'GET /orders HTTP/1.1\r\nHost: x\r\n\r\n');
  clock.advance(1000);
  await send(workspace, 'GET /orders HTTP/1.1\r\nHost: x\r\n\r\n');
  const { items } = await call(handlers.bins.list, {}, { context });
  expect(items).toMatchObject([{ captureCount: 2, lastCaptureAtMs: clock.now() }]);
  expect(await call(handlers.bins.get, { id: items[0]?.id ?? '' }, { context })).toEqual(items[0]);
  await expect(call(handlers.bins.get, { id: 'bin_none' }, { context })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('deleting a bin deletes its captures and frees its slug', async () => {
  const workspace = await startCaptureWorkspace();
  const { capture, handlers, captures } = workspace;
  const bin = await capture.createBin({ name: 'Orders' });
  await capture.createBin({ name: 'Other' });
  await send(workspace, 'GET /orders HTTP/1.1\r\nHost: x\r\n\r\n');
  await send(workspace, 'GET /other HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(await call(handlers.bins.remove, { id: bin.id }, { context })).toMatchObject({ id: bin.id, removedCaptures: 1 });
  expect((await captures()).map(({ target }) => target)).toEqual(['/other']);
  expect((await send(workspace, 'GET /orders HTTP/1.1\r\nHost: x\r\n\r\n')).status).toBe(404);
  await expect(call(handlers.bins.remove, { id: bin.id }, { context })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect((await capture.createBin({ name: 'Orders' })).slug).toBe('orders');
});

test('a request whose bin is deleted while its body comes finds no bin', async () => {
  const { capture, port, handlers, captures, log } = await startCaptureWorkspace();
  const bin = await capture.createBin({ name: 'Orders' });
  const client = await connectRaw(port);
  client.write('POST /orders HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n');
  await client.answer({ hasBody: false });
  await call(handlers.bins.remove, { id: bin.id }, { context });
  client.write('ok');
  expect((await client.answer()).status).toBe(404);
  expect(await captures()).toEqual([]);
  expect(log.lines).toEqual([]);
});

test('one capture or all of a bin can be deleted', async () => {
  const workspace = await startCaptureWorkspace();
  const { capture, handlers, captures } = workspace;
  const bin = await capture.createBin({ name: 'Orders' });
  for (const path of ['a', 'b', 'c']) await send(workspace, `GET /orders/${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const [newest] = await captures();
  const id = newest?.id ?? '';
  expect(await call(handlers.captures.remove, { id }, { context })).toMatchObject({ id });
  await expect(call(handlers.captures.remove, { id }, { context })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(call(handlers.captures.get, { id }, { context })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(await call(handlers.captures.clear, { binId: bin.id }, { context })).toMatchObject({ removedCaptures: 2 });
  expect(await captures()).toEqual([]);
  await expect(call(handlers.captures.clear, { binId: 'bin_gone' }, { context })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('captures are paged newest first and kept apart by bin', async () => {
  const workspace = await startCaptureWorkspace();
  const { capture, handlers } = workspace;
  const bin = await capture.createBin({ name: 'Orders' });
  await capture.createBin({ name: 'Other' });
  for (const path of ['orders/1', 'other/x', 'orders/2', 'orders/3']) await send(workspace, `GET /${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const first = await call(handlers.captures.list, { binId: bin.id, limit: 2 }, { context });
  expect(first.items.map(({ target }) => target)).toEqual(['/orders/3', '/orders/2']);
  const second = await call(handlers.captures.list, { binId: bin.id, limit: 2, cursor: first.next ?? '' }, { context });
  expect([second.items.map(({ target }) => target), second.next]).toEqual([['/orders/1'], null]);
  await expect(call(handlers.captures.list, { cursor: 'no!' }, { context })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
});

test.each([
  ['put', ['/orders/q2']],
  ['ORDERS/Q1', ['/orders/q1']],
  ['x-shop: Zürich', ['/orders/q2']],
  ['"quoted"', ['/orders/q2']],
  ['wört', ['/orders/q1']],
  ['%', []],
  ['after nul', ['/orders/q1']],
])('a search for %j finds what has it in method, target, headers or body', async (q, targets) => {
  const workspace = await startCaptureWorkspace();
  const { capture, handlers } = workspace;
  await capture.createBin({ name: 'Orders' });
  const body = Buffer.from('wört\0after nul', 'utf8').toString('latin1');
  await send(workspace, `POST /orders/q1 HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
  const zurich = Buffer.from('Zürich', 'utf8').toString('latin1');
  await send(workspace, `PUT /orders/q2 HTTP/1.1\r\nHost: x\r\nX-Shop: ${zurich} "quoted"\r\n\r\n`);
  const page = await call(handlers.captures.list, { q }, { context });
  expect(page.items.map(({ target }) => target)).toEqual(targets);
});

test('a search through many captures finds them all, page by page', async () => {
  const { capture, database, handlers } = await startCaptureWorkspace();
  const bin = await capture.createBin({ name: 'Orders' });
  await database.write((writer) => {
    for (let number = 1; number <= 3000; number += 1)
      insertCapture(writer, toCaptureOrder(captureRow(`cap_${number}`, bin.id), Buffer.from(number % 1000 === 1 ? 'needle' : 'hay')));
  });
  const first = await call(handlers.captures.list, { q: 'needle', limit: 2 }, { context });
  expect(first.items.map(({ id }) => id)).toEqual(['cap_2001', 'cap_1001']);
  const second = await call(handlers.captures.list, { q: 'needle', limit: 2, cursor: first.next ?? '' }, { context });
  expect([second.items.map(({ id }) => id), second.next]).toEqual([['cap_1'], null]);
});

test('each capture is announced with its id and its bin, and a burst in one change', async () => {
  const workspace = await startCaptureWorkspace();
  const { capture, port, captures, nextChange } = workspace;
  const bin = await capture.createBin({ name: 'Orders' });
  const captured = nextChange('captures');
  const counted = nextChange('bins');
  const client = await connectRaw(port);
  client.write('GET /orders HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3));
  const change = await captured;
  expect(change.ids).toHaveLength(3);
  expect(new Set((await captures()).map(({ id }) => id))).toEqual(new Set(change.ids));
  expect((await counted).ids).toEqual([bin.id]);
});

test('what was deleted can be restored as it was: one capture, or what one clearing took', async () => {
  const workspace = await startCaptureWorkspace();
  const { capture, handlers, captures } = workspace;
  const bin = await capture.createBin({ name: 'Orders' });
  for (const path of ['a', 'b', 'c']) await send(workspace, `GET /orders/${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const ids = (await captures()).map((each) => each.id);
  const id = ids[0] ?? '';
  await call(handlers.captures.remove, { id }, { context });
  expect(await captures()).toHaveLength(2);
  expect((await call(handlers.bins.list, {}, { context })).items[0]?.captureCount).toBe(2);
  expect(await call(handlers.captures.restore, { id }, { context })).toEqual({ restoredCaptures: 1 });
  expect((await captures()).map((each) => each.id)).toEqual(ids);
  await expect(call(handlers.captures.restore, { id }, { context })).rejects.toMatchObject({ code: 'NOT_FOUND' });

  const { removedAtMs } = await call(handlers.captures.clear, { binId: bin.id }, { context });
  expect(await captures()).toEqual([]);
  expect(await call(handlers.captures.restore, { binId: bin.id, removedAtMs }, { context })).toEqual({ restoredCaptures: 3 });
  expect((await captures()).map((each) => each.id)).toEqual(ids);

  await call(handlers.captures.remove, { id }, { context });
  await call(handlers.bins.remove, { id: bin.id }, { context });
  await expect(call(handlers.captures.restore, { id }, { context })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a deleted bin can be restored with its answer, its secrets and what it had captured', async () => {
  const workspace = await startCaptureWorkspace();
  const { capture, handlers, captures } = workspace;
  const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
  const bin = await capture.createBin({
    name: 'Orders',
    response: { status: 202, body: 'kept' },
    signing: { scheme: 'standard-webhooks' },
    secrets,
  });
  for (const path of ['a', 'b', 'c']) await send(workspace, `GET /orders/${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const [deletedBefore, ...ids] = (await captures()).map(({ id }) => id);
  await call(handlers.captures.remove, { id: deletedBefore ?? '' }, { context });
  workspace.clock.advance(1000);
  const { removedCaptures, removedAtMs } = await call(handlers.bins.remove, { id: bin.id }, { context });
  expect(removedCaptures).toBe(2);
  expect((await call(handlers.bins.list, {}, { context })).items).toEqual([]);
  await expect(call(handlers.bins.update, { id: bin.id, name: 'New' }, { context })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(call(handlers.captures.restore, { id: ids[0] ?? '' }, { context })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  await expect(call(handlers.captures.restore, { binId: bin.id, removedAtMs }, { context })).rejects.toMatchObject({ code: 'NOT_FOUND' });

  const restored = await call(handlers.bins.restore, { id: bin.id }, { context });
  expect(restored).toMatchObject({ ...bin, captureCount: 2, lastCaptureAtMs: workspace.clock.now() - 1000 });
  expect((await captures()).map(({ id }) => id)).toEqual(ids);
  const answer = await send(workspace, 'GET /orders HTTP/1.1\r\nHost: x\r\n\r\n');
  expect([answer.status, answer.body.toString()]).toEqual([202, 'kept']);
  await expect(call(handlers.bins.restore, { id: bin.id }, { context })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

test('a bin whose slug another one took is restored only when that is free again', async () => {
  const { capture, handlers } = await startCaptureWorkspace();
  const bin = await capture.createBin({ name: 'Orders' });
  await call(handlers.bins.remove, { id: bin.id }, { context });
  const other = await capture.createBin({ name: 'Orders' });
  await expect(call(handlers.bins.restore, { id: bin.id }, { context })).rejects.toMatchObject({
    code: 'CONFLICT',
    message: 'Another bin has the slug orders: give that one another slug first.',
  });
  await call(handlers.bins.update, { id: other.id, slug: 'newer' }, { context });
  expect(await call(handlers.bins.restore, { id: bin.id }, { context })).toMatchObject({ slug: 'orders' });
});

test('a bin goes and comes back with its captures by its own row, so that nothing can be left half done', async () => {
  const { capture, database, handlers, captures } = await startCaptureWorkspace();
  const bin = await capture.createBin({ name: 'Orders' });
  await database.write((writer) => {
    for (let number = 1; number <= 3000; number += 1)
      insertCapture(writer, toCaptureOrder(captureRow(`cap_${number}`, bin.id), Buffer.from('x')));
  });
  // Cuts off whatever would go on to change the captures themselves, in this write or in later ones.
  await database.write((writer) =>
    writer.runRaw(`CREATE TRIGGER cut BEFORE UPDATE ON captures BEGIN SELECT RAISE(ABORT, 'cut off'); END`, []),
  );
  const seen = async () => {
    const listed = (await call(handlers.bins.list, {}, { context })).items.map(({ captureCount }) => captureCount);
    const found = await call(handlers.captures.get, { id: 'cap_1' }, { context }).then(
      ({ id }) => id,
      () => null,
    );
    const searched = (await call(handlers.captures.list, { q: 'cap_1' }, { context })).items.map(({ id }) => id);
    return { listed, found, searched, shown: (await captures()).length > 0 };
  };

  expect(await call(handlers.bins.remove, { id: bin.id }, { context })).toMatchObject({ removedCaptures: 3000 });
  expect(await seen()).toEqual({ listed: [], found: null, searched: [], shown: false });
  await expect(call(handlers.captures.remove, { id: 'cap_1' }, { context })).rejects.toMatchObject({ code: 'NOT_FOUND' });

  await call(handlers.bins.restore, { id: bin.id }, { context });
  expect(await seen()).toEqual({ listed: [3000], found: 'cap_1', searched: ['cap_1'], shown: true });
});

test('clearing a bin that was cut off in the middle is ended by the next start, and so is undoing it', async () => {
  const folder = createTempFolder();
  const before = await startCaptureWorkspace({ folder });
  const bin = await before.capture.createBin({ name: 'Orders' });
  await before.database.write((writer) => {
    for (let number = 1; number <= 3000; number += 1)
      insertCapture(writer, toCaptureOrder(captureRow(`cap_${number}`, bin.id), Buffer.from('x')));
    // Some hundred captures of the first steps are marked, and then no more.
    writer.runRaw(`CREATE TRIGGER cut BEFORE UPDATE ON captures WHEN OLD.seq > 400 BEGIN SELECT RAISE(ABORT, 'cut off'); END`, []);
  });
  const isMarked = () =>
    before.database.raw<{ readonly n: number }>('SELECT count(*) AS n FROM captures WHERE removed_at_ms IS NOT NULL', [])[0]?.n ?? 0;
  const removedAtMs = before.clock.now();
  await expect(call(before.handlers.captures.clear, { binId: bin.id }, { context })).rejects.toThrow();
  expect(isMarked()).toBeGreaterThan(0);
  expect(isMarked()).toBeLessThan(3000);
  await before.database.write((writer) => {
    writer.runRaw('DROP TRIGGER cut', []);
    // One that came after the clearing, and before the crash.
    insertCapture(writer, toCaptureOrder(captureRow('cap_later', bin.id), Buffer.from('x')));
  });
  await before.close();

  const after = await startClockedEngine({ dataDir: folder, clock: before.clock });
  expect((await after.client.captures.list({})).items.map(({ id }) => id)).toEqual(['cap_later']);
  expect(await after.client.captures.restore({ binId: bin.id, removedAtMs })).toEqual({ restoredCaptures: 3000 });
  await after.stop();

  const { database } = openStore(folder);
  await database.write((writer) =>
    writer.runRaw('INSERT INTO capture_marks (bin_id, from_ms, to_ms, upto_seq) VALUES (?, NULL, 5, 3000), (?, 5, NULL, 3000)', [
      bin.id,
      bin.id,
    ]),
  );
  await database.close();
  const again = await startClockedEngine({ dataDir: folder, clock: before.clock });
  expect((await again.client.bins.list({})).items).toMatchObject([{ captureCount: 3001 }]);
});

test('deleting and restoring a bin at the same time leaves it whole, and the listener at one with the list', async () => {
  const workspace = await startCaptureWorkspace();
  const { capture, handlers, captures } = workspace;
  const bin = await capture.createBin({ name: 'Orders' });
  await send(workspace, 'GET /orders HTTP/1.1\r\nHost: x\r\n\r\n');
  for (let round = 0; round < 20; round += 1) {
    const remove = () => call(handlers.bins.remove, { id: bin.id }, { context });
    const restore = () => call(handlers.bins.restore, { id: bin.id }, { context });
    await Promise.allSettled([remove(), restore(), remove(), restore()]);
    const listed = (await call(handlers.bins.list, {}, { context })).items;
    expect(capture.slugs()).toEqual(listed.map(({ slug }) => slug));
    expect(await captures()).toHaveLength(listed.length);
  }
});

test('captures that were marked one by one when their bin was deleted come back with it', async () => {
  const folder = createTempFolder();
  const before = openStore(folder, { migrations: migrations.filter(({ version }) => version < 16) });
  await before.database.write((writer) => {
    writer.runRaw(
      `INSERT INTO bins (id, name, slug, response_json, secrets_sealed, fingerprints_json, created_at_ms, removed_at_ms)
       VALUES ('bin_1', 'a', 'a', '{}', x'', '[]', 1, NULL)`,
      [],
    );
    for (const id of ['cap_early', 'cap_with', 'cap_missed']) {
      // As the program of that time did it, without the columns that came later.
      const { answered_json, source_json, arrival_json, ...row } = captureRow(id, 'bin_1');
      const columns = Object.keys(row);
      writer.runRaw(`INSERT INTO captures (${columns.join(', ')}, body_hash) VALUES (${columns.map(() => '?').join(', ')}, ?)`, [
        ...Object.values(row),
        writer.putBody(Buffer.from('x')),
      ]);
    }
    writer.runRaw(`UPDATE captures SET removed_at_ms = 50 WHERE id = 'cap_early'`, []);
    // Killed in the middle: one was marked with the bin, one was not.
    writer.runRaw(`UPDATE captures SET removed_at_ms = 100 WHERE id = 'cap_with'`, []);
    writer.runRaw(`UPDATE bins SET removed_at_ms = 100, slug = 'a~bin_1'`, []);
  });
  await before.database.close();
  const { database } = openStore(folder);
  onTestFinished(database.close);
  expect(database.raw('SELECT id FROM captures WHERE removed_at_ms IS NULL ORDER BY seq', [])).toEqual([
    { id: 'cap_with' },
    { id: 'cap_missed' },
  ]);
});
