import { describe, expect, it } from 'vitest';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { respond } from '../../support/scripted-receiver.ts';
import { receive } from '../replays/replay-support.ts';

const first = (deliveries: readonly { readonly id: string }[]) => deliveries[0]?.id ?? '';

describe('a test event', () => {
  it('makes one attempt, changes no health and disables nothing, though it fails', async () => {
    const target = await receive(respond({ status: 410 }));
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({
      name: 'Own',
      url: target.url,
      disableOn410: true,
      autoDisable: { onExhaustion: true, afterFailures: 1, afterFailingMs: null },
    });
    const before = await engine.client.endpoints.get({ id });

    const { deliveries } = await engine.client.endpoints.test({ id });
    const ended = await engine.deliveryWhen(first(deliveries), hasAttempts(1));

    expect(ended).toMatchObject({ status: 'exhausted', isTest: true, nextAttemptAtMs: null, maxAttempts: 1, endpointName: 'Own' });
    expect(await engine.client.endpoints.get({ id })).toEqual(before);
    expect((await engine.client.endpoints.history({ id })).items).toEqual([]);
  });

  it('reaches an endpoint that is switched off, with changes that are not saved', async () => {
    const [saved, other] = [await receive(), await receive()];
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url: saved.url, isActive: false });

    const { deliveries } = await engine.client.endpoints.test({
      id,
      draft: { url: other.url, template: '{"total": {{ data.amount }}}' },
      eventType: 'invoice.paid',
      data: { amount: 5 },
    });
    await engine.deliveryWhen(first(deliveries), ({ status }) => status === 'delivered');

    expect([saved.requests.length, other.requests[0]?.body.toString()]).toEqual([0, '{"total": 5}']);
    expect(await engine.client.endpoints.get({ id })).toMatchObject({ url: saved.url, isActive: false, template: null });
  });

  it('is sent to an endpoint that is not made yet, which is then still not made', async () => {
    const target = await receive();
    const engine = await startClockedEngine();
    const answer = await engine.client.endpoints.testDraft({ draft: { name: 'Not yet', url: target.url, events: ['order.*'] } });
    await engine.deliveryWhen(first(answer.deliveries), ({ status }) => status === 'delivered');
    expect(answer.warnings.map(({ code }) => code)).toContain('SECRET_MADE_FOR_TEST');
    expect(target.requests[0]?.header('webhook-signature')).toMatch(/^v1,/);
    expect((await engine.client.endpoints.list({})).items).toEqual([]);
  });

  it('is told apart in the log and in its counts', async () => {
    const target = await receive();
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url: target.url });
    const real = await engine.client.messages.send({ type: 'order.made', data: {} });
    const test = await engine.client.endpoints.test({ id });
    const idsOf = async (isTest: boolean) => (await engine.client.deliveries.list({ isTest })).items.map((delivery) => delivery.id);
    expect([await idsOf(true), await idsOf(false)]).toEqual([[first(test.deliveries)], [first(real.deliveries)]]);
    expect((await engine.client.deliveries.stats({ isTest: true })).total).toBe(1);
    await engine.deliveryWhen(first(real.deliveries), ({ status }) => status === 'delivered');
    await engine.deliveryWhen(first(test.deliveries), ({ status }) => status === 'delivered');
    for (const filter of [{}, { endpointId: id }, { q: 'Own' }, { q: 'Own', endpointId: id }, { eventType: 'order.made' }])
      expect(await engine.client.deliveries.stats(filter), JSON.stringify(filter)).toMatchObject({
        total: 1,
        byStatus: { delivered: 1 },
        testsByStatus: { delivered: filter.eventType === undefined ? 1 : 0 },
      });
    expect(await engine.client.endpoints.get({ id })).toMatchObject({
      recent: { attempts: 1 },
      recentAttempts: [{ ok: true }],
      lastDelivery: { id: first(real.deliveries) },
    });
    expect(test.deliveries).toMatchObject([{ endpointId: id }]);
    const ofEndpoint = await engine.client.deliveries.list({ endpointId: id, isTest: true });
    expect(ofEndpoint.items).toMatchObject([{ id: first(test.deliveries), endpointId: id }]);
  });
});
