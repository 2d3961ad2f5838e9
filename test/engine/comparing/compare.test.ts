import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { NoiseKind } from '#shared/contract/comparing.ts';
import type { ComparedChoice } from '#shared/contract/comparisons.ts';
import { closeUnanswered, hang, respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';
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
  const { request: all, isSame } = await compare({ captureId: one }, { captureId: other });
  expect(isSame).toBe(false);
  expect(all.body.changes.map(({ path }) => path)).toEqual(['$.id', '$.at']);
  expect(all.headers.map(({ name, kind }) => [name.toLowerCase(), kind])).toEqual([['x-request-id', 'rewritten']]);
  const left = await compare({ captureId: one }, { captureId: other }, ['ids', 'dates']);
  expect(left).toMatchObject({
    isSame: true,
    summary: expect.stringMatching(/^The requests are the same but for what is left out; both were answered with 200/),
    request: {
      isSame: true,
      headers: [],
      leftOut: { ids: 2, dates: 1, signatures: 0 },
      summary: 'The body differs only in what was left out.',
    },
  });
});

it('short ids with the same known prefix are left out with the ids, and other short values are not', async () => {
  const one = await captureOf('{"id":"evt_1","order":"ord-17","price":"tier_1","item":"item_1","line":"1"}');
  const other = await captureOf('{"id":"evt_2","order":"ord-18","price":"tier_2","item":"order_1","line":"2"}');
  const { request } = await compare({ captureId: one }, { captureId: other }, ['ids', 'dates']);
  expect(request.leftOut).toMatchObject({ ids: 2 });
  expect(request.body.changes.map(({ path }) => path)).toEqual(['$.price', '$.item', '$.line']);
});

it('a capture and a delivery that sent the same are compared by its last attempt, and by any of its attempts', async () => {
  const endpoint = await engine.client.endpoints.create({ name: 'Shop', url: bin.url, signing: null, retryPolicy: 'none' });
  const { deliveries } = await engine.client.messages.send({ type: 'order.made', data: { a: 1 }, endpointIds: [endpoint.id] });
  const delivery = await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
  const { items } = await engine.client.captures.list({ binId: bin.id, limit: 1 });
  const before = { captureId: items[0]?.id ?? '' };
  const byDelivery = await compare(before, { deliveryId: delivery.id });
  expect(byDelivery).toMatchObject({
    isSame: true,
    before: { kind: 'capture', name: 'Capture of Orders', binId: bin.id, status: 200 },
    after: { kind: 'attempt', name: 'Attempt 1 of order.made to Shop', deliveryId: delivery.id, endpointId: endpoint.id, number: 1 },
    response: { isSame: true, headers: [], body: null },
  });
  expect(byDelivery.response.notes).toEqual([expect.stringContaining('and not the headers that its server adds')]);
  expect(byDelivery.timing.phases.map(({ phase }) => phase)).toEqual(expect.arrayContaining(['wait', 'receive', 'respond']));
  expect(byDelivery.timing.total.differenceMs).not.toBeNull();
  expect(byDelivery.connection.facts).toContainEqual({
    fact: 'tls',
    before: 'none (plain HTTP)',
    after: 'none (plain HTTP)',
    isSame: true,
  });
  expect(byDelivery.connection.facts.find(({ fact }) => fact === 'sender address')).toMatchObject({ after: null, isSame: null });
  expect(await compare(before, { attemptId: delivery.attempts[0]?.id ?? '' })).toEqual(byDelivery);
});

it('an attempt and a capture are told with what they may be compared with, the likeliest first', async () => {
  const endpoint = await engine.client.endpoints.create({ name: 'Desk', url: bin.url, signing: null, retryPolicy: 'none' });
  const send = async () => {
    const sent = await engine.client.messages.send({ type: 'order.made', data: { a: 1 }, endpointIds: [endpoint.id] });
    return await engine.deliveryWhen(sent.deliveries[0]?.id ?? '', hasAttempts(1));
  };
  const [earlier, later] = [await send(), await send()];
  engine.clock.advance(1000);
  await engine.client.deliveries.redeliver({ id: later.id });
  const { attempts } = await engine.deliveryWhen(later.id, hasAttempts(2));
  const [first = '', second = ''] = attempts.map(({ id }) => id);
  const [arrived, before] = (await engine.client.captures.list({ binId: bin.id, limit: 2 })).items;
  const told = async (choice: ComparedChoice) => {
    const { side, offers } = await engine.client.comparing.offers(choice);
    return [side.id, ...offers.map(({ relation, side: other }) => [relation, other.id])];
  };
  expect(await told({ deliveryId: later.id })).toEqual([
    second,
    ['previous attempt', first],
    ['last success', earlier.attempts[0]?.id],
    ['arrived', arrived?.id],
  ]);
  expect(await told({ captureId: arrived?.id ?? '' })).toEqual([arrived?.id, ['sent', second], ['capture before', before?.id]]);
  await expect(engine.client.comparing.offers({ attemptId: 'att_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('says which of the two is not there, and that one id is wanted for each', async () => {
  const captureId = await captureOf('x');
  await expect(compare({ captureId }, { captureId: 'cap_none' })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { id: 'cap_none' } });
  await expect(compare({ deliveryId: 'dlv_none' }, { captureId })).rejects.toThrow(
    'There is no delivery dlv_none with an attempt that ended',
  );
  await expect(compare({}, { captureId })).rejects.toThrow(
    'Give one of captureId, attemptId, deliveryId and text (or textBase64), and only one.',
  );
  await expect(compare({ captureId, attemptId: 'att_1' }, { captureId })).rejects.toThrow('and only one');
});

describe('two attempts of a delivery', () => {
  const attemptsOf = async (...steps: readonly Step[]) => {
    const receiver = await startReceiver(steps);
    onTestFinished(receiver.close);
    const endpoint = await engine.client.endpoints.create({ name: 'Till', url: receiver.url, signing: null, retryPolicy: 'none' });
    const { deliveries } = await engine.client.messages.send({ type: 'order.made', data: { a: 1 }, endpointIds: [endpoint.id] });
    const id = deliveries[0]?.id ?? '';
    await engine.deliveryWhen(id, hasAttempts(1));
    return { id, receiver };
  };
  const againAttempts = async (id: string) => {
    await engine.client.deliveries.redeliver({ id });
    const { attempts } = await engine.deliveryWhen(id, hasAttempts(2));
    return attempts.map((attempt) => ({ attemptId: attempt.id }));
  };

  it('are told apart by status, headers and body of their answers, and phase by phase', async () => {
    const date = (time: string): readonly [string, string] => ['Date', `Mon, 30 Nov 2026 ${time} GMT`];
    const type = ['Content-Type', 'application/json'] as const;
    const { id } = await attemptsOf(
      respond({ status: 500, reason: 'Oops', headers: [date('08:00:00'), type], body: '{"error":{"code":"E1"},"ok":false}' }),
      respond({ status: 200, headers: [date('08:00:01'), type], body: '{"error":null,"ok":true}' }),
    );
    const [first = {}, second = {}] = await againAttempts(id);
    const found = await compare(first, second, ['dates']);
    expect(found).toMatchObject({
      isSame: false,
      before: { number: 1, status: 500, outcome: { code: 'http_status' } },
      after: { number: 2, status: 200, outcome: { code: 'ok' } },
      request: { isSame: true },
      response: {
        isSame: false,
        before: { status: 500, reason: 'Oops', bodyBytes: 34 },
        leftOut: { dates: 1 },
        body: { changeCount: 2, changes: [{ path: '$.error' }, { path: '$.ok' }] },
      },
      connection: { summary: 'One fact differs: Connection reuse.' },
    });
    expect(found.summary).toMatch(
      /^The requests are the same; the first was answered with 500 and the second with 200, and the answers differ in the body/,
    );
    expect(found.timing.phases.map(({ phase }) => phase)).toEqual(['queued', 'dns', 'connect', 'tls', 'wait', 'download']);
    expect(found.timing.notes).toEqual([expect.stringContaining('The second went over a connection that was open already')]);
    const back = await compare(second, first, ['dates']);
    expect(back.timing.total.differenceMs).toBe(-(found.timing.total.differenceMs ?? 0));
    const bytes = await engine.client.comparing.bytes({ before: first, after: second, of: 'response', fromByte: 2, bytes: 4 });
    expect(bytes).toEqual({
      before: { keptBytes: 34, base64: btoa('erro') },
      after: { keptBytes: 24, base64: btoa('erro') },
      nextDifferenceAt: 9,
    });
  });

  it('say which of them has no answer, and why', async () => {
    const { id } = await attemptsOf(closeUnanswered(), respond());
    const [first = {}, second = {}] = await againAttempts(id);
    const { summary, response } = await compare(first, second);
    expect(summary).toContain('the first has no answer and the second was answered with 200');
    expect(response).toMatchObject({ isSame: false, before: { status: null, bodyBytes: null }, body: null });
    expect(response.notes).toEqual([expect.stringMatching(/^The first has no answer: .+/)]);
    expect((await compare(first, first)).response).toMatchObject({ isSame: true, summary: 'Neither has an answer.' });
  });

  it('cannot be compared while one is under way', async () => {
    const { id, receiver } = await attemptsOf(respond(), hang());
    await receiver.nextRequest();
    await engine.client.deliveries.redeliver({ id });
    await receiver.nextRequest();
    const { attempts } = await engine.client.deliveries.get({ id });
    const [first = '', second = ''] = attempts.map((attempt) => attempt.id);
    await expect(compare({ attemptId: first }, { attemptId: second })).rejects.toThrow(
      `The attempt ${second} is still under way. It can be compared once it has ended.`,
    );
    await engine.client.deliveries.cancel({ id });
  });
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
  const { request: found } = await compare({ captureId: one }, { captureId: other });
  isDone = true;
  await asking;
  expect(found.body).toMatchObject({ changeCount: 160_000, changes: { length: 200 } });
  expect(found.body.beforeBytes).toBeGreaterThan(9_000_000);
  // In this thread, a comparison would let none in between.
  expect(answered).toBeGreaterThan(10);
});
