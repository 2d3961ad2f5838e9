import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { NoiseKind } from '#shared/contract/comparing.ts';
import { hasAttempts, openClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';

let engine: ClockedEngine;
let folder: string;
let bin: { readonly id: string; readonly url: string };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hookyard-'));
  engine = await openClockedEngine({ dataDir: folder, capturePort: 0 });
  bin = await engine.client.bins.create({ name: 'Orders' });
});
afterAll(async () => {
  await engine.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function captureOf(body: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  await fetch(bin.url, { method: 'POST', body, headers });
  return (await engine.client.captures.list({ binId: bin.id, limit: 1 })).items[0]?.id ?? '';
}

const compare = (before: object, after: object, ignore: NoiseKind[] = []) => engine.client.comparing.compare({ before, after, ignore });

it('two captures differ by values and headers, and not once ids and times are left out', async () => {
  const one = await captureOf('{"id":"evt_0000000001","at":"2026-01-01T00:00:00Z"}', { 'X-Request-Id': 'a1b2c3d4e5f60718' });
  const other = await captureOf('{"id":"evt_0000000002","at":"2026-01-02T00:00:00Z"}', { 'X-Request-Id': 'b1b2c3d4e5f60718' });
  const all = await compare({ captureId: one }, { captureId: other });
  expect(all.isSame).toBe(false);
  expect(all.body.changes.map(({ path }) => path)).toEqual(['$.id', '$.at']);
  expect(all.headers.map(({ name, kind }) => [name.toLowerCase(), kind])).toEqual([['x-request-id', 'rewritten']]);
  const left = await compare({ captureId: one }, { captureId: other }, ['ids', 'dates']);
  expect(left).toMatchObject({ isSame: true, headers: [], leftOut: { ids: 2, dates: 1, signatures: 0 } });
});

it('a capture and a delivery that sent the same are compared by its last attempt, and by any of its attempts', async () => {
  const endpoint = await engine.client.endpoints.create({ name: 'Shop', url: bin.url, signing: null, retryPolicy: 'none' });
  const { deliveries } = await engine.client.messages.send({ type: 'order.made', data: { a: 1 }, endpointIds: [endpoint.id] });
  const delivery = await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
  const { items } = await engine.client.captures.list({ binId: bin.id, limit: 1 });
  const before = { captureId: items[0]?.id ?? '' };
  const byDelivery = await compare(before, { deliveryId: delivery.id });
  expect(byDelivery.isSame).toBe(true);
  expect(await compare(before, { attemptId: delivery.attempts[0]?.id ?? '' })).toEqual(byDelivery);
});

it('says which of the two is not there, and that one id is wanted for each', async () => {
  const captureId = await captureOf('x');
  await expect(compare({ captureId }, { captureId: 'cap_none' })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { id: 'cap_none' } });
  await expect(compare({ deliveryId: 'dlv_none' }, { captureId })).rejects.toThrow(
    'There is no delivery dlv_none with an attempt that ended',
  );
  await expect(compare({}, { captureId })).rejects.toThrow('Give one of captureId, attemptId and deliveryId, and only one.');
  await expect(compare({ captureId, attemptId: 'att_1' }, { captureId })).rejects.toThrow('and only one');
});

it('compares JSON of 10 MB in a thread, so that other calls are answered meanwhile', async () => {
  const large = (first: number) =>
    JSON.stringify(Array.from({ length: 160_000 }, (_, index) => ({ index, text: 'some words of an order', first })));
  const [one, other] = [await captureOf(large(1)), await captureOf(large(2))];
  let isDone = false;
  let answered = 0;
  const ask = async () => {
    while (!isDone) {
      await engine.client.bins.get({ id: bin.id });
      answered += 1;
      await nextTurn();
    }
  };
  const asking = ask();
  const found = await compare({ captureId: one }, { captureId: other });
  isDone = true;
  await asking;
  expect(found.body).toMatchObject({ changeCount: 160_000, changes: { length: 200 } });
  expect(found.body.beforeBytes).toBeGreaterThan(9_000_000);
  // In this thread, a comparison would let none in between.
  expect(answered).toBeGreaterThan(10);
});
