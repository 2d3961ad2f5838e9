import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { EnginePorts } from '#engine/index.ts';
import { hasAttempts, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';
import { testVault } from '../../support/temp-vault.ts';

async function receiver(...script: readonly Step[]) {
  const started = await startReceiver(script);
  onTestFinished(started.close);
  return started;
}

const url = 'http://127.0.0.1:9/';

async function deliver(engine: ClockedEngine, type = 'a.b'): Promise<string> {
  const id = (await engine.client.messages.send({ type })).deliveries[0]?.id ?? '';
  await engine.deliveryWhen(id, hasAttempts(1));
  return id;
}

describe('secrets', () => {
  it('stand in no read but the one that makes them, not in the files, and not in the log', async () => {
    const target = await receiver(respond({ status: 500 }));
    const engine = await startClockedEngine();
    const given = 'whsec_R2l2ZW5TZWNyZXRUaGF0TWF5Tm90QmVTZWVu';
    const header = 'header-value-that-may-not-be-seen';
    const created = await engine.client.endpoints.create({
      name: 'Own',
      url: target.url,
      secret: given,
      secretHeaders: { 'X-Token': header },
    });
    const rotated = await engine.client.endpoints.rotateSecret({ id: created.id });
    expect(created.secret).toBe(given);
    const oneOff = 'whsec_T25lT2ZmU2VjcmV0VGhhdE1heU5vdEJlU2Vlbg==';
    await engine.client.messages.send({
      type: 'a.b',
      target: { name: 'Once', url: target.url, secret: oneOff, secretHeaders: { 'X-Once': `${header}-once` } },
    });
    const id = await deliver(engine);
    expect(target.requests.at(-1)?.header('x-token')).toBe(header);
    const { deliveries: log } = engine.client;
    const reads = [
      await engine.client.endpoints.get({ id: created.id }),
      await engine.client.endpoints.list({}),
      await engine.client.endpoints.update({ id: created.id, description: 'x' }),
      await engine.client.preview.render({ endpointId: created.id, event: { type: 'a.b' } }),
      await engine.client.preview.render({ draft: { url, secret: given, secretHeaders: { 'X-Token': header } }, event: { type: 'a.b' } }),
      await log.list({}),
      await log.get({ id }),
      engine.logLines,
    ].map((read) => JSON.stringify(read));
    await engine.stop();
    const files = readdirSync(engine.dataDir).map((name) => readFileSync(join(engine.dataDir, name)).toString('latin1'));
    expect(files.some((file) => file.includes(created.id))).toBe(true);
    const forms = [given, rotated.secret, oneOff, header].flatMap((secret) => [
      secret,
      secret.replace('whsec_', ''),
      Buffer.from(secret).toString('base64').replace(/=+$/, ''),
      Buffer.from(secret.replace('whsec_', ''), 'base64').toString('latin1'),
    ]);
    for (const form of forms.filter((each) => each.length > 8))
      for (const text of [...reads, ...files]) expect(text.includes(form)).toBe(false);
  });

  it('stand in no file while the engine runs either, as the log of the database is one', async () => {
    const engine = await startClockedEngine();
    const { secret, id } = await engine.client.endpoints.create({ name: 'Own', url });
    const wal = readFileSync(join(engine.dataDir, 'hookyard.db-wal')).toString('latin1');
    expect(wal).toContain(id);
    expect(wal).not.toContain(secret);
  });

  it('are gone from the row of a deleted endpoint', async () => {
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url, secretHeaders: { 'X-A': '1' } });
    await engine.client.endpoints.remove({ id });
    for (const call of [
      engine.client.endpoints.get({ id }),
      engine.client.endpoints.update({ id, name: 'x' }),
      engine.client.endpoints.rotateSecret({ id }),
      engine.client.endpoints.remove({ id }),
      engine.client.endpoints.test({ id }),
    ])
      await expect(call).rejects.toMatchObject({ code: 'NOT_FOUND', data: { kind: 'endpoint', id } });
  });

  it('are gone from the copies of a deleted endpoint that tests and runs were sent to, also where the end of the process cut that off', async () => {
    const target = await receiver(respond(), respond(), respond(), respond());
    const first = await startClockedEngine();
    const { dataDir, clock } = first;
    const deleted = await first.client.endpoints.create({ name: 'Own', url: target.url });
    const cutOff = await first.client.endpoints.create({ name: 'Cut', url: target.url });
    const tests: string[] = [];
    for (const { id, name } of [deleted, cutOff]) {
      const [made] = (await first.client.endpoints.test({ id })).deliveries;
      await first.deliveryWhen(made?.id ?? '', hasAttempts(1));
      const text = `hookyard: 1\nruns: { moved: { to: ${name}, steps: [{ event: a.b }] } }\n`;
      const run = await first.client.runs.run({ text, name: 'moved', to: `${target.url}/moved` });
      for await (const event of run) if (event.kind === 'step') tests.push(made?.id ?? '', event.deliveryId ?? '');
    }
    await first.client.endpoints.remove({ id: deleted.id });
    for (const id of tests.slice(0, 2))
      await expect(first.client.deliveries.redeliver({ id })).rejects.toThrow('The endpoint of this delivery was deleted.');
    await first.stop();
    const file = new BetterSqlite3(join(dataDir, 'hookyard.db'));
    file.prepare('UPDATE endpoints SET deleted_at_ms = ?, is_active = 0 WHERE id = ?').run(clock.now(), cutOff.id);
    file.close();

    const { client } = await startClockedEngine({ dataDir, clock });
    for (const id of tests.slice(2))
      await expect(client.deliveries.redeliver({ id })).rejects.toThrow('The endpoint of this delivery was deleted.');
    const rows = new BetterSqlite3(join(dataDir, 'hookyard.db'), { readonly: true });
    const sealed = rows.prepare('SELECT secrets_sealed AS sealed FROM endpoints WHERE is_one_off = 1').all() as { sealed: Buffer }[];
    rows.close();
    expect(sealed.map((row) => Buffer.from(testVault.decrypt(row.sealed)).toString('utf8'))).toEqual(['[]', '[]', '[]', '[]']);
    expect(tests).toHaveLength(4);
    expect(target.requests).toHaveLength(4);
  });

  it('sealed by another key are told at the start, not at the first delivery', async () => {
    const first = await startClockedEngine();
    await first.client.endpoints.create({ name: 'Own', url });
    await first.stop();
    const otherVault: EnginePorts['vault'] = {
      encrypt: (plain) => plain,
      decrypt: () => {
        throw new Error('another key');
      },
    };
    await expect(startClockedEngine({ dataDir: first.dataDir, vault: otherVault })).rejects.toMatchObject({
      code: 'KEY_MISMATCH',
      message: expect.stringContaining('another key'),
    });
    const again = await startClockedEngine({ dataDir: first.dataDir });
    expect((await again.client.endpoints.list({})).items).toHaveLength(1);
  });
});

describe('changing an endpoint', () => {
  it('leaves what is absent, and in secret headers only null removes', async () => {
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({
      name: 'Own',
      url,
      headers: { A: '1' },
      secretHeaders: { One: '1', Two: '2' },
      description: 'd',
    });
    const before = await engine.client.endpoints.get({ id });
    const changed = await engine.client.endpoints.update({ id, secretHeaders: { one: null, Three: '3' } });
    expect(changed).toMatchObject({
      secretHeaderNames: ['Two', 'Three'],
      headers: { A: '1' },
      description: 'd',
      secretFingerprints: before.secretFingerprints,
    });
    expect(await engine.client.endpoints.update({ id, headers: {} })).toMatchObject({ headers: {}, secretHeaderNames: ['Two', 'Three'] });
  });

  it('keeps both of two changes made at once', async () => {
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url });
    await Promise.all([
      engine.client.endpoints.update({ id, name: 'New name' }),
      engine.client.endpoints.update({ id, description: 'New text' }),
      engine.client.endpoints.update({ id, secretHeaders: { A: '1' } }),
    ]);
    const expected = { name: 'New name', description: 'New text', secretHeaderNames: ['A'] };
    expect(await engine.client.endpoints.get({ id })).toMatchObject(expected);
    await engine.stop();
    const again = await startClockedEngine({ dataDir: engine.dataDir });
    expect(await again.client.endpoints.get({ id })).toMatchObject(expected);
  });

  it('does not bring back an endpoint that is being deleted', async () => {
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url });
    const [removed, changed] = await Promise.allSettled([
      engine.client.endpoints.remove({ id }),
      engine.client.endpoints.update({ id, name: 'Back' }),
    ]);
    expect([removed.status, changed.status]).toEqual(['fulfilled', 'rejected']);
    await engine.stop();
    const again = await startClockedEngine({ dataDir: engine.dataDir });
    expect((await again.client.endpoints.list({})).items).toEqual([]);
  });

  it('stops signing with null and signs again with the secret it had', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url: target.url });
    await engine.client.endpoints.update({ id, signing: null });
    await deliver(engine);
    expect(target.requests[0]?.header('webhook-signature')).toBeNull();
    await engine.client.endpoints.update({ id, signing: { scheme: 'standard-webhooks' } });
    await deliver(engine);
    expect(target.requests[1]?.header('webhook-signature')).toMatch(/^v1,/);
  });

  it('refuses a scheme that cannot use the secret, unless a fitting one comes with it', async () => {
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url, signing: { scheme: 'custom' }, secret: 'not base64 at all' });
    await expect(engine.client.endpoints.update({ id, signing: { scheme: 'standard-webhooks' } })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'secret' }] },
    });
    expect((await engine.client.endpoints.get({ id })).signing).toMatchObject({ scheme: 'custom' });
    const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
    expect(await engine.client.endpoints.update({ id, signing: { scheme: 'standard-webhooks' }, secret })).toMatchObject({
      signing: { scheme: 'standard-webhooks' },
    });
  });

  it('asks for a secret when an endpoint that never had one is to sign', async () => {
    const engine = await startClockedEngine();
    const { id, secret } = await engine.client.endpoints.create({ name: 'Own', url, signing: null });
    expect(secret).toBeNull();
    await expect(engine.client.endpoints.update({ id, signing: { scheme: 'standard-webhooks' } })).rejects.toMatchObject({
      data: { issues: [{ path: 'secret', message: expect.stringContaining('Give the secret') }] },
    });
    await expect(engine.client.endpoints.rotateSecret({ id })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('enables twice as well as once', async () => {
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url, isActive: false });
    for (let time = 0; time < 2; time += 1)
      expect(await engine.client.endpoints.update({ id, isActive: true })).toMatchObject({ isActive: true, health: 'pending' });
  });
});

describe('rotating', () => {
  it('keeps the old secret for the overlap, forgets it after, and never piles up more than ten', async () => {
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url });
    const fingerprints = async () => (await engine.client.endpoints.get({ id })).secretFingerprints.length;
    await engine.client.endpoints.rotateSecret({ id, overlapMs: 1000 });
    expect(await fingerprints()).toBe(2);
    engine.clock.advance(1000);
    expect(await fingerprints()).toBe(1);
    await engine.client.endpoints.rotateSecret({ id, overlapMs: 0 });
    expect(await fingerprints()).toBe(1);
    for (let time = 0; time < 15; time += 1) await engine.client.endpoints.rotateSecret({ id });
    expect(await fingerprints()).toBe(10);
  });

  it('at once from two sides leaves both new secrets signing', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url: target.url });
    await Promise.all([engine.client.endpoints.rotateSecret({ id }), engine.client.endpoints.rotateSecret({ id })]);
    await deliver(engine);
    expect(target.requests[0]?.header('webhook-signature')?.split(' ')).toHaveLength(3);
  });
});

describe('deleting', () => {
  it('cancels what waits and tells how many', async () => {
    const target = await receiver(respond({ status: 500 }), respond({ status: 500 }));
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url: target.url });
    const waiting = [await deliver(engine), await deliver(engine)];
    expect(await engine.client.endpoints.remove({ id })).toEqual({ id, cancelledDeliveries: 2 });
    for (const each of waiting)
      expect(await engine.client.deliveries.get({ id: each })).toMatchObject({
        status: 'cancelled',
        endpointName: 'Own',
        nextAttemptAtMs: null,
      });
    expect(engine.clock.nextAtMs()).toBeNull();
  });

  it('that the end of the process cut off goes on at the next start', async () => {
    const first = await startClockedEngine();
    const { dataDir, clock } = first;
    const { id } = await first.client.endpoints.create({ name: 'Own', url });
    const other = await first.client.endpoints.create({ name: 'Other', url });
    const { deliveries } = await first.client.messages.send({ type: 'a.b' });
    for (const each of deliveries) await first.deliveryWhen(each.id, hasAttempts(1));
    await first.stop();
    // What a kill leaves after the first write of a deletion: the endpoint is gone, and its deliveries still wait.
    const file = new BetterSqlite3(join(dataDir, 'hookyard.db'));
    file.prepare('UPDATE endpoints SET deleted_at_ms = ?, is_active = 0 WHERE id = ?').run(clock.now(), id);
    file.close();

    const { client } = await startClockedEngine({ dataDir, clock });
    const { items } = await client.deliveries.list({});
    expect(Object.fromEntries(items.map((each) => [each.endpointId, [each.status, each.nextAttemptAtMs === null]]))).toEqual({
      [id]: ['cancelled', true],
      [other.id]: ['failed', false],
    });
  });

  it('while messages come in leaves none waiting for it', async () => {
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url, retryPolicy: 'quick' });
    const sends = () => Array.from({ length: 10 }, () => engine.client.messages.send({ type: 'a.b' }));
    await Promise.all([...sends(), engine.client.endpoints.remove({ id }), ...sends()]);
    const log = await engine.client.deliveries.list({ limit: 200 });
    const settled = await Promise.all(
      log.items.map((each) => engine.deliveryWhen(each.id, (delivery) => !delivery.isInFlight && delivery.nextAttemptAtMs === null)),
    );
    expect(settled.map((each) => each.status).filter((status) => status !== 'cancelled')).toEqual([]);
    expect((await engine.client.system.health()).pendingDeliveries).toBe(0);
  });
});

describe('the list', () => {
  it('pages over 120 endpoints, newest first, each once, and finds by name, URL and event', async () => {
    const engine = await startClockedEngine();
    for (let count = 0; count < 120; count += 1)
      await engine.client.endpoints.create({
        name: `Number ${count}`,
        url: `http://127.0.0.1:9/p${count}`,
        events: [count === 7 ? 'special.one' : 'a.b'],
        signing: null,
      });
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await engine.client.endpoints.list({ limit: 50, ...(cursor === undefined ? {} : { cursor }) });
      names.push(...page.items.map((each) => each.name));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(names).toEqual(Array.from({ length: 120 }, (_, index) => `Number ${119 - index}`));
    const found = async (q: string) => (await engine.client.endpoints.list({ q })).items.map((each) => each.name);
    expect(await found('number 11')).toHaveLength(11);
    expect(await found('/p42')).toEqual(['Number 42']);
    expect(await found('special')).toEqual(['Number 7']);
    expect(await found('%')).toEqual([]);
    await expect(engine.client.endpoints.list({ cursor: '!!' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'cursor' }] },
    });
  });

  it('tells who made it, its health by the last attempt, and up to twenty attempts', async () => {
    const target = await receiver(...Array.from({ length: 25 }, (_, index) => respond({ status: index === 24 ? 500 : 200 })));
    const engine = await startClockedEngine();
    const { id, creator, health } = await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: 'none' });
    expect([creator, health]).toEqual(['tester', 'pending']);
    await deliver(engine);
    expect(await engine.client.endpoints.get({ id })).toMatchObject({
      health: 'healthy',
      lastDelivery: { outcomeCode: 'ok', status: 200 },
    });
    for (let count = 0; count < 24; count += 1) await deliver(engine);
    const failing = await engine.client.endpoints.get({ id });
    expect(failing).toMatchObject({ health: 'failing', lastDelivery: { outcomeCode: 'http_status', status: 500 } });
    expect(failing.recentAttempts.map((each) => each.ok)).toEqual([...Array.from({ length: 19 }, () => true), false]);
    expect(await engine.client.endpoints.update({ id, isActive: false })).toMatchObject({ health: 'disabled' });
  });
});

describe('a saved template', () => {
  it('that this version cannot compile does not keep the workspace from opening, and its deliveries say so', async () => {
    const target = await receiver();
    const first = await startClockedEngine();
    const { id } = await first.client.endpoints.create({ name: 'Own', url: target.url, template: '{"a": 1}' });
    await first.stop();
    const file = new BetterSqlite3(join(first.dataDir, 'hookyard.db'));
    file.prepare(`UPDATE endpoints SET config_json = json_set(config_json, '$.template', ?)`).run('{% gone %}');
    file.close();
    const second = await startClockedEngine({ dataDir: first.dataDir });
    expect((await second.client.endpoints.get({ id })).template).toBe('{% gone %}');
    const sent = await second.client.messages.send({ type: 'a.b' });
    expect(sent).toMatchObject({
      deliveries: [{ status: 'exhausted' }],
      warnings: expect.arrayContaining([expect.objectContaining({ code: 'TEMPLATE_INVALID' })]),
    });
    await second.client.endpoints.update({ id, template: '{"a": 2}' });
    await second.client.deliveries.redeliver({ id: sent.deliveries[0]?.id ?? '' });
    expect((await target.nextRequest()).body.toString()).toBe('{"a": 2}');
  });
});
