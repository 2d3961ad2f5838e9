import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { deliveryStatus } from '#shared/contract/delivery-status.ts';
import { backgroundThread } from '#engine/threads/background-url.ts';
import { insertDelivery, newDelivery } from '#engine/log/deliveries.ts';
import { createBackground } from '#engine/background/background.ts';
import { createSearcher } from '#engine/store/searcher.ts';
import { statsOf } from '#engine/deliveries/stats.ts';
import { searchDeliveries } from '#engine/deliveries/search.ts';
import { openStore } from '#engine/store/open.ts';
import { hasAttempts, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { allDeliveries, whenIdle } from '../../support/idle.ts';
import { hang, reset, respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

async function receiver(...script: readonly Step[]) {
  const started = await startReceiver(script);
  onTestFinished(started.close);
  return started;
}

async function send(
  engine: ClockedEngine,
  type: string,
  data: Parameters<ClockedEngine['client']['messages']['send']>[0]['data'] = {},
): Promise<string> {
  return (await engine.client.messages.send({ type, data })).deliveries[0]?.id ?? '';
}

/** Reads with looks that are made in this thread. */
const searchedHere = (database: ReturnType<typeof openStore>['database']) => ({
  database,
  searcher: createSearcher({ database, background: createBackground({ threadCode: backgroundThread }) }),
});

describe('the log', () => {
  async function filled() {
    const target = await receiver(respond({ status: 500 }), reset(), respond());
    const engine = await startClockedEngine();
    const shop = await engine.client.endpoints.create({
      name: 'Shop 100%',
      url: `${target.url}/shop_one`,
      events: ['invoice.*'],
      retryPolicy: 'none',
    });
    const mail = await engine.client.endpoints.create({
      name: 'Mail',
      url: `${target.url}/mail`,
      events: ['mail.*'],
      retryPolicy: { kind: 'schedule', delaysMs: [60_000] },
    });
    const ids: string[] = [];
    for (const [type, text] of [
      ['invoice.paid', 'Größe'],
      ['mail.sent', 'reset_mark'],
      ['mail.read', 'a%b'],
    ] as const) {
      engine.clock.advance(1000);
      const id = await send(engine, type, { text });
      await engine.deliveryWhen(id, hasAttempts(1));
      ids.push(id);
    }
    const [first = '', second = '', third = ''] = ids;
    return { engine, shop, mail, first, second, third };
  }

  it('narrows by each filter', async () => {
    const { engine, shop, mail, first, second, third } = await filled();
    const found = async (filter: Parameters<typeof engine.client.deliveries.list>[0]) =>
      (await engine.client.deliveries.list(filter)).items.map((each) => each.id);
    const { messageId, createdAtMs } = await engine.client.deliveries.get({ id: second });
    expect(await found({})).toEqual([third, second, first]);
    expect(await found({ endpointId: shop.id })).toEqual([first]);
    expect(await found({ endpointId: mail.id, status: 'failed' })).toEqual([second]);
    expect(await found({ status: 'exhausted' })).toEqual([first]);
    expect(await found({ eventType: 'mail.read' })).toEqual([third]);
    expect(await found({ messageId })).toEqual([second]);
    expect(await found({ fromMs: createdAtMs })).toEqual([third, second]);
    expect(await found({ toMs: createdAtMs })).toEqual([first]);
    expect(await found({ fromMs: createdAtMs, toMs: createdAtMs })).toEqual([]);
  });

  it('is searched by id, event type, endpoint, URL, outcome and what is in the body, and wildcards mean themselves', async () => {
    const { engine, first, second, third } = await filled();
    const found = async (q: string) => (await engine.client.deliveries.list({ q })).items.map((each) => each.id);
    const { messageId } = await engine.client.deliveries.get({ id: second });
    expect(await found(first)).toEqual([first]);
    expect(await found(messageId)).toEqual([second]);
    // Whatever the headers have: the ids of a run's messages begin with its name.
    expect(await found(messageId.slice(0, -2).toUpperCase())).toContain(second);
    expect(await found('INVOICE')).toEqual([first]);
    expect(await found('shop 100%')).toEqual([first]);
    expect(await found('/mail')).toEqual([third, second]);
    expect(await found('reset')).toEqual([second]);
    // With its word, since the port of the receiver may have these digits.
    expect(await found('answered 500')).toEqual([first]);
    expect(await found('Größe')).toEqual([first]);
    expect(await found('reset_mark')).toEqual([second]);
    expect(await found('a%b')).toEqual([third]);
    expect(await found('%')).toEqual([third, first]);
    expect(await found('t_m')).toEqual([second]);
    expect(await found('t%m')).toEqual([]);
    expect(await found('\\')).toEqual([]);
    expect(await found("';--")).toEqual([]);
    // Names of the fields that the outcome is stored with are nothing that anyone wrote.
    for (const name of ['"code"', 'reason', 'null']) expect(await found(name)).toEqual([]);
    expect(await found('')).toEqual([third, second, first]);
  });

  it('gives each row once over pages while new rows arrive, with a search too', async () => {
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: 'http://127.0.0.1:9/', retryPolicy: 'none' });
    const old: string[] = [];
    for (let count = 0; count < 25; count += 1) old.push(await send(engine, 'a.b'));
    for (const q of [undefined, 'a.b']) {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await engine.client.deliveries.list({
          limit: 7,
          ...(q === undefined ? {} : { q }),
          ...(cursor === undefined ? {} : { cursor }),
        });
        seen.push(...page.items.map((each) => each.id));
        cursor = page.next ?? undefined;
        await send(engine, 'a.b');
      } while (cursor !== undefined);
      expect(new Set(seen).size).toBe(seen.length);
      expect(old.filter((id) => !seen.includes(id))).toEqual([]);
    }
    await expect(engine.client.deliveries.list({ cursor: 'NOT ONE' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'cursor' }] },
    });
  });

  it('knows what it does not have', async () => {
    const { client } = await startClockedEngine();
    for (const call of [
      client.deliveries.get({ id: 'dlv_none' }),
      client.deliveries.redeliver({ id: 'dlv_none' }),
      client.deliveries.attemptNow({ id: 'dlv_none' }),
      client.deliveries.cancel({ id: 'dlv_none' }),
      client.deliveries.attempt({ id: 'att_none' }),
    ])
      await expect(call).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('leaves bodies out of a delivery when they are not asked for', async () => {
    const target = await receiver(respond({ body: 'thanks' }));
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url });
    const id = await send(engine, 'a.b');
    await engine.deliveryWhen(id, hasAttempts(1));
    const { attempts } = await engine.client.deliveries.get({ id, bodies: false });
    expect(attempts[0]).toMatchObject({ request: { bodyBase64: null }, response: { bodyBase64: null, bodyBytes: 6 }, signature: null });
    expect((await engine.client.deliveries.attempt({ id: attempts[0]?.id ?? '' })).response?.bodyBase64).toBe(
      Buffer.from('thanks').toString('base64'),
    );
  });
});

/** A log of rows at random times and in random states. */
async function logOf(rows: readonly { readonly createdAtMs: number; readonly status: string; readonly isTest?: boolean }[]) {
  const { database } = openStore(createTempFolder());
  await database.write((writer) => {
    writer.runRaw(
      `INSERT INTO endpoints (id, name, url, description, events_json, retry_policy_json, config_json, secret_headers_sealed, secrets_sealed, is_active, is_one_off, creator, created_at_ms, updated_at_ms)
       VALUES ('ep', 'Own', 'http://x/', '', '[]', '"none"', '{}', x'00', x'00', 1, 0, 'test', 0, 0)`,
      [],
    );
    writer.runRaw(`INSERT INTO messages (id, event_type, data_json, created_at_ms) VALUES ('msg', 'a.b', '{}', 0)`, []);
    const bodyHash = writer.putBody(Buffer.from('body of all'));
    for (const [index, { createdAtMs, status, isTest = false }] of rows.entries())
      insertDelivery(writer, {
        ...newDelivery({
          id: `dlv_${index}`,
          messageId: 'msg',
          endpointId: 'ep',
          eventType: 'a.b',
          problem: null,
          environmentId: null,
          isTest,
          maxAttempts: 1,
          nowMs: createdAtMs,
        }),
        body_hash: bodyHash,
        head_hash: null,
        status,
        due_at_ms: null,
      });
  });
  return database;
}

describe('the counts over time', () => {
  it('add up to the total and to the counts by status, with a text search as without', async () => {
    const row = fc.record({
      createdAtMs: fc.integer({ min: 1_000_000, max: 1_100_000 }),
      status: fc.constantFrom(...deliveryStatus.options),
      isTest: fc.boolean(),
    });
    const bound = fc.option(fc.integer({ min: 990_000, max: 1_110_000 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 60 }),
        bound,
        bound,
        fc.integer({ min: 1, max: 200 }),
        async (rows, fromMs, toMs, buckets) => {
          const database = await logOf(rows);
          try {
            const asked = { buckets, nowMs: 1_105_000 };
            const stats = await statsOf(searchedHere(database), { fromMs, toMs }, asked, undefined);
            const found = rows.filter(
              (each) => (fromMs === undefined || each.createdAtMs >= fromMs) && (toMs === undefined || each.createdAtMs < toMs),
            );
            const expected = found.filter(({ isTest }) => !isTest);
            const ofTests = await statsOf(searchedHere(database), { fromMs, toMs, isTest: true }, asked, undefined);
            expect(stats.total).toBe(expected.length);
            expect(Object.values(ofTests.testsByStatus).every((count) => count === 0)).toBe(true);
            expect(stats.buckets).toHaveLength(buckets);
            for (const status of deliveryStatus.options) {
              expect(stats.byStatus[status]).toBe(expected.filter((each) => each.status === status).length);
              const tests = found.filter((each) => each.isTest && each.status === status).length;
              expect(stats.testsByStatus[status]).toBe(tests);
              expect(ofTests.byStatus[status]).toBe(tests);
              expect(stats.buckets.reduce((sum, bucket) => sum + (bucket.counts[status] ?? 0), 0)).toBe(stats.byStatus[status]);
            }
            const stepMs = (stats.buckets[1]?.startMs ?? stats.toMs) - stats.fromMs;
            for (const [index, bucket] of stats.buckets.entries()) expect(bucket.startMs).toBe(stats.fromMs + index * stepMs);
            expect(await statsOf(searchedHere(database), { fromMs, toMs, q: 'body of' }, asked, undefined)).toEqual(stats);
          } finally {
            database.close();
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('are all nought in an empty log', async () => {
    const { client, clock } = await startClockedEngine();
    expect(await client.deliveries.stats({ buckets: 3 })).toMatchObject({
      total: 0,
      fromMs: clock.now(),
      buckets: [{ counts: {} }, { counts: {} }, { counts: {} }],
    });
  });
});

describe('a text search in a large log', () => {
  it('lets other work in between its steps, and stops when nobody waits for it any more', async () => {
    const database = await logOf(Array.from({ length: 20_000 }, (_, index) => ({ createdAtMs: index, status: 'delivered' })));
    onTestFinished(database.close);
    let turns = 0;
    let isCounting = true;
    const count = () => {
      turns += 1;
      if (isCounting) setImmediate(count);
    };
    setImmediate(count);
    const page = { beforeSeq: Number.MAX_SAFE_INTEGER, limit: 50 };
    expect(await searchDeliveries(searchedHere(database), { q: 'not to be found' }, page, undefined)).toEqual({
      found: [],
      searchedInPart: 0,
    });
    isCounting = false;
    expect(turns).toBeGreaterThan(3);
    expect(await searchDeliveries(searchedHere(database), { q: 'body of' }, page, AbortSignal.abort())).toMatchObject({ found: [] });
    expect((await searchDeliveries(searchedHere(database), { q: 'body of' }, page, undefined)).found).toHaveLength(50);
  });
});

describe('what can be done with a delivery', () => {
  it('twice at once is one attempt more', async () => {
    const target = await receiver(respond({ status: 400 }));
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: 'none' });
    const id = await send(engine, 'a.b');
    await engine.deliveryWhen(id, hasAttempts(1));
    const again = await Promise.allSettled([engine.client.deliveries.redeliver({ id }), engine.client.deliveries.redeliver({ id })]);
    expect(again.map((each) => each.status)).toContain('fulfilled');
    expect(await engine.deliveryWhen(id, hasAttempts(2))).toMatchObject({ status: 'delivered' });
    await whenIdle(engine);
    expect(target.requests).toHaveLength(2);
  });

  it('is refused as a conflict while an attempt is under way, also when the request comes as the attempt begins', async () => {
    const target = await receiver(respond({ status: 400 }), respond({ delayMs: 400 }), hang());
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: 'none' });
    const id = await send(engine, 'a.b');
    await engine.deliveryWhen(id, hasAttempts(1));
    const calls: Promise<unknown>[] = [];
    for (let count = 0; count < 20; count += 1) {
      calls.push(
        engine.client.deliveries.redeliver({ id }).then(
          () => 'made',
          (error: unknown) => error,
        ),
      );
      await new Promise<void>((resolve) => void setImmediate(resolve));
    }
    const refused = (await Promise.all(calls)).filter((result) => result !== 'made');
    for (const error of refused) expect(error).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('under way') });
    expect(refused.length).toBeGreaterThan(0);
    expect(await engine.deliveryWhen(id, hasAttempts(2))).toMatchObject({ status: 'delivered' });
    expect(target.requests).toHaveLength(2);
  });

  it('now keeps to the schedule and does not begin it again', async () => {
    const target = await receiver(respond({ status: 500 }), respond({ status: 500 }));
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: { kind: 'schedule', delaysMs: [10_000, 20_000] } });
    const id = await send(engine, 'a.b');
    await engine.deliveryWhen(id, hasAttempts(1));
    await engine.client.deliveries.attemptNow({ id });
    const delivery = await engine.deliveryWhen(id, hasAttempts(2));
    expect(delivery).toMatchObject({ status: 'failed', maxAttempts: 3, nextAttemptAtMs: engine.clock.now() + 20_000 });
    expect(delivery.attempts.map((each) => each.trigger)).toEqual(['schedule', 'manual']);
    await engine.client.deliveries.cancel({ id });
    await expect(engine.client.deliveries.attemptNow({ id })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Redeliver it instead'),
    });
  });

  it('is not done for a disabled endpoint, which says so', async () => {
    const target = await receiver(respond({ status: 500 }));
    const engine = await startClockedEngine();
    const { id: endpointId } = await engine.client.endpoints.create({ name: 'Own', url: target.url });
    const id = await send(engine, 'a.b');
    await engine.deliveryWhen(id, hasAttempts(1));
    await engine.client.endpoints.update({ id: endpointId, isActive: false });
    for (const call of [engine.client.deliveries.redeliver({ id }), engine.client.deliveries.attemptNow({ id })])
      await expect(call).rejects.toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('Own is disabled') });
    expect(await engine.client.deliveries.cancel({ id })).toMatchObject({ status: 'cancelled' });
  });

  it('cancelling just as the attempt fails leaves nothing scheduled', async () => {
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: 'http://127.0.0.1:9/', retryPolicy: 'quick' });
    for (let count = 0; count < 20; count += 1) {
      const id = await send(engine, 'a.b');
      for (let turn = 0; turn < count; turn += 1) await new Promise<void>((resolve) => void setImmediate(resolve));
      expect(await engine.client.deliveries.cancel({ id })).toMatchObject({
        status: 'cancelled',
        nextAttemptAtMs: null,
        isInFlight: false,
      });
    }
    expect((await allDeliveries(engine)).every((each) => each.status === 'cancelled')).toBe(true);
  });
});
