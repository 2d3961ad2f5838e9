import { describe, expect, it, onTestFinished } from 'vitest';
import type { RetryPolicyInput } from '#shared/contract/retry.ts';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';

async function receiver(script: readonly Step[] = [], otherwise = respond({ status: 500 })) {
  const started = await startReceiver(script, { otherwise });
  onTestFinished(started.close);
  return started;
}

const everySecond = (maxAttempts: number) => ({ kind: 'linear', baseMs: 1000, stepMs: 0, maxAttempts }) as const satisfies RetryPolicyInput;

describe('a named retry policy', () => {
  it('is kept with its name and description, and told with its defaults', async () => {
    const first = await startClockedEngine();
    const made = await first.client.policies.create({ name: ' Free: 3 ', policy: everySecond(3) });
    expect(made).toMatchObject({
      id: expect.stringMatching(/^pol_/),
      name: 'Free: 3',
      description: '',
      policy: { ...everySecond(3), maxDelayMs: 86_400_000, jitter: { kind: 'none' } },
      usedBy: [],
    });
    await first.stop();
    const second = await startClockedEngine({ dataDir: first.dataDir });
    expect(await second.client.policies.get({ id: made.id })).toEqual(made);
    expect(await second.client.policies.list({})).toEqual({ items: [made], next: null });
  });

  it('is listed newest first, page by page, and found by name or description', async () => {
    const { client } = await startClockedEngine();
    for (const name of ['Free', 'Pro', 'Scale'])
      await client.policies.create({ name, description: `Plan ${name}`, policy: { kind: 'none' } });
    const page = await client.policies.list({ limit: 2 });
    expect(page.items.map(({ name }) => name)).toEqual(['Scale', 'Pro']);
    expect((await client.policies.list({ cursor: page.next ?? '' })).items.map(({ name }) => name)).toEqual(['Free']);
    expect((await client.policies.list({ q: 'plan pro' })).items.map(({ name }) => name)).toEqual(['Pro']);
  });

  it('has a name of its own, letter case aside', async () => {
    const { client } = await startClockedEngine();
    await client.policies.create({ name: 'Free: 3', policy: { kind: 'none' } });
    const { id } = await client.policies.create({ name: 'Pro: 8', policy: { kind: 'none' } });
    const taken = { code: 'CONFLICT', data: { issues: [{ path: 'name', message: expect.stringMatching(/called free: 3 already/i) }] } };
    await expect(client.policies.create({ name: 'FREE: 3', policy: { kind: 'none' } })).rejects.toMatchObject(taken);
    await expect(client.policies.update({ id, name: 'free: 3' })).rejects.toMatchObject(taken);
    expect(await client.policies.update({ id, name: 'PRO: 8' })).toMatchObject({ name: 'PRO: 8' });
  });

  it('changes only in what is given', async () => {
    const { client, clock } = await startClockedEngine();
    const made = await client.policies.create({ name: 'Free', description: 'Small', policy: everySecond(3) });
    clock.advance(10);
    expect(await client.policies.update({ id: made.id, policy: { kind: 'none' } })).toEqual({
      ...made,
      policy: { kind: 'none' },
      updatedAtMs: made.updatedAtMs + 10,
    });
    await expect(client.policies.update({ id: 'pol_none' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('applies a change to what is scheduled from then on for all endpoints that use it', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    const { id: policyId } = await engine.client.policies.create({ name: 'Plan', policy: everySecond(2) });
    for (const name of ['A', 'B'])
      await engine.client.endpoints.create({ name, url: target.url, retryPolicy: { kind: 'named', policyId } });
    const ids = (await engine.client.messages.send({ type: 'a.b' })).deliveries.map(({ id }) => id);
    for (const id of ids)
      expect(await engine.deliveryWhen(id, hasAttempts(1))).toMatchObject({ maxAttempts: 2, nextAttemptAtMs: engine.clock.now() + 1000 });
    await engine.client.policies.update({ id: policyId, policy: { kind: 'schedule', delaysMs: [1000, 60_000] } });
    engine.clock.advance(1000);
    for (const id of ids)
      expect(await engine.deliveryWhen(id, hasAttempts(2))).toMatchObject({
        status: 'failed',
        maxAttempts: 3,
        nextAttemptAtMs: engine.clock.now() + 60_000,
      });
  });

  it('names the endpoints that use it and cannot be removed before they use another', async () => {
    const { client } = await startClockedEngine();
    const { id } = await client.policies.create({ name: 'Plan', policy: everySecond(2) });
    const url = 'http://127.0.0.1:9/';
    const retryPolicy = { kind: 'named', policyId: id } as const;
    const shop = await client.endpoints.create({ name: 'Shop', url, retryPolicy });
    const bank = await client.endpoints.create({ name: 'Bank', url, retryPolicy });
    expect((await client.policies.get({ id })).usedBy).toEqual([
      { id: bank.id, name: 'Bank' },
      { id: shop.id, name: 'Shop' },
    ]);
    await expect(client.policies.remove({ id })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'Plan is used by Bank, Shop. Give those endpoints another retry policy first.',
    });
    await client.endpoints.update({ id: shop.id, retryPolicy: 'quick' });
    await expect(client.policies.remove({ id })).rejects.toMatchObject({
      message: 'Plan is used by Bank. Give that endpoint another retry policy first.',
    });
    await client.endpoints.remove({ id: bank.id });
    expect(await client.policies.remove({ id })).toEqual({ id });
    await expect(client.policies.get({ id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(client.endpoints.update({ id: shop.id, retryPolicy })).rejects.toMatchObject({
      data: { issues: [{ path: 'retryPolicy.policyId' }] },
    });
    expect((await client.policies.list({})).items).toEqual([]);
    expect(await client.policies.create({ name: 'Plan', policy: { kind: 'none' } })).toMatchObject({ name: 'Plan' });
  });

  it('that was removed still counts, as it was last, for a target of one message', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    const { id: policyId } = await engine.client.policies.create({ name: 'Plan', policy: everySecond(2) });
    const sent = await engine.client.messages.send({
      type: 'a.b',
      target: { name: 'Once', url: target.url, retryPolicy: { kind: 'named', policyId } },
    });
    const id = sent.deliveries[0]?.id ?? '';
    await engine.deliveryWhen(id, hasAttempts(1));
    await engine.client.policies.remove({ id: policyId });
    engine.clock.advance(1000);
    expect(await engine.deliveryWhen(id, hasAttempts(2))).toMatchObject({ status: 'exhausted', maxAttempts: 2 });
  });

  it('that does not exist is refused as the policy of a target', async () => {
    const { client } = await startClockedEngine();
    const target = { name: 'Once', url: 'http://127.0.0.1:9/', retryPolicy: { kind: 'named', policyId: 'pol_x' } } as const;
    await expect(client.messages.send({ type: 'a.b', target })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'target.retryPolicy.policyId' }] },
    });
  });
});

describe('the preview of a policy', () => {
  it('tells earliest, nominal and latest time of each attempt at the time scale of the workspace or the one asked for', async () => {
    const { client } = await startClockedEngine();
    const policy: RetryPolicyInput = { kind: 'schedule', delaysMs: [1000, 2000], jitter: { kind: 'plusMinus', ratio: 0.5 } };
    expect(await client.policies.preview({ policy })).toEqual({
      timeScale: 1,
      attempts: [
        { number: 1, delayMs: 0, earliestMs: 0, nominalMs: 0, latestMs: 0, isCertain: true },
        { number: 2, delayMs: 1000, earliestMs: 500, nominalMs: 1000, latestMs: 1500, isCertain: true },
        { number: 3, delayMs: 2000, earliestMs: 1500, nominalMs: 3000, latestMs: 4500, isCertain: true },
      ],
      leftOutAttempts: 0,
      summary: '3 attempts over 3 s',
    });
    await client.system.updateSettings({ timeScale: 10 });
    expect(await client.policies.preview({ policy: 'quick' })).toMatchObject({
      timeScale: 10,
      summary: '4 attempts over 36 s; at 10x 3.6 s',
    });
    expect(await client.policies.preview({ policy: 'quick', timeScale: 60 })).toMatchObject({ timeScale: 60 });
  });

  it('takes a named policy by its id', async () => {
    const { client } = await startClockedEngine();
    const { id: policyId } = await client.policies.create({ name: 'Plan', policy: everySecond(3) });
    expect(await client.policies.preview({ policy: { kind: 'named', policyId } })).toMatchObject({ summary: '3 attempts over 2 s' });
    await expect(client.policies.preview({ policy: { kind: 'named', policyId: 'pol_x' } })).rejects.toMatchObject({
      data: { issues: [{ path: 'policy.policyId' }] },
    });
  });
});

describe('the presets', () => {
  it('are told with their sources, days and whether they disable the endpoint', async () => {
    const { client } = await startClockedEngine();
    const { items } = await client.policies.presets();
    expect(items.find(({ id }) => id === 'stepped-five')).toMatchObject({ disablesEndpoint: true, source: null });
    expect(items.find(({ id }) => id === 'svix')).toMatchObject({ source: 'https://docs.svix.com/retries', asOf: '2026-11-21' });
  });
});

describe('the limits of a policy', () => {
  it('an outcome that does not retry ends the delivery with a sentence why, and a redelivery begins without it', async () => {
    const target = await receiver([respond({ status: 404 })], respond());
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({
      name: 'Own',
      url: target.url,
      retryPolicy: { ...everySecond(5), retryOn: { kind: 'serverErrors' } },
    });
    const id = (await engine.client.messages.send({ type: 'a.b' })).deliveries[0]?.id ?? '';
    expect(await engine.deliveryWhen(id, hasAttempts(1))).toMatchObject({
      status: 'exhausted',
      nextAttemptAtMs: null,
      endReason: 'The retry policy tries again only after answers with 5xx or 429, and the answer was 404.',
    });
    expect(await engine.client.deliveries.redeliver({ id })).toMatchObject({ status: 'failed', endReason: null });
    expect(await engine.deliveryWhen(id, hasAttempts(2))).toMatchObject({ status: 'delivered', endReason: null });
  });

  it('the total time counts from the beginning of the schedule, which a redelivery begins anew', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: { ...everySecond(50), totalTimeMs: 2500 } });
    const id = (await engine.client.messages.send({ type: 'a.b' })).deliveries[0]?.id ?? '';
    await engine.deliveryWhen(id, hasAttempts(1));
    engine.clock.advance(1000);
    await engine.deliveryWhen(id, hasAttempts(2));
    engine.clock.advance(1000);
    expect(await engine.deliveryWhen(id, hasAttempts(3))).toMatchObject({
      status: 'exhausted',
      endReason: 'The next attempt would have come 3 s after the schedule began, and the retry policy allows 2.5 s in all.',
    });
    engine.clock.advance(86_400_000);
    await engine.client.deliveries.redeliver({ id });
    expect(await engine.deliveryWhen(id, hasAttempts(4))).toMatchObject({ status: 'failed', nextAttemptAtMs: engine.clock.now() + 1000 });
  });

  it('a change of the time scale leaves what has passed of the total time the same share of it', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    const retryPolicy: RetryPolicyInput = { kind: 'schedule', delaysMs: [3_600_000, 3_600_000, 3_600_000], totalTimeMs: 9_000_000 };
    await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy });
    const id = (await engine.client.messages.send({ type: 'a.b' })).deliveries[0]?.id ?? '';
    await engine.deliveryWhen(id, hasAttempts(1));
    engine.clock.advance(1_800_000);
    await engine.client.system.updateSettings({ timeScale: 60 });
    engine.clock.advance(30_000);
    expect(await engine.deliveryWhen(id, hasAttempts(2))).toMatchObject({ status: 'failed', nextAttemptAtMs: engine.clock.now() + 60_000 });
    engine.clock.advance(60_000);
    expect(await engine.deliveryWhen(id, hasAttempts(3))).toMatchObject({
      status: 'exhausted',
      endReason: 'The next attempt would have come 3 h after the schedule began, and the retry policy allows 2 h 30 m in all.',
    });
  });
});
