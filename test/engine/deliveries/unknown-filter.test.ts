import { describe, expect, it } from 'vitest';
import { startClockedEngine } from '../../support/clocked-engine.ts';

const url = 'http://127.0.0.1:9/';

describe('a filter by something that does not exist', () => {
  it('is refused with what it names, in every list and act that takes it', async () => {
    const { client } = await startClockedEngine();
    const unknown = [
      [{ endpointId: 'ep_none' }, 'There is no endpoint ep_none; it may have been deleted.', 'endpoint'],
      [{ messageId: 'msg_none' }, 'There is no message msg_none; it may have been deleted.', 'message'],
      [{ replayId: 'rpl_none' }, 'There is no replay rpl_none; it may have been deleted.', 'replay'],
    ] as const;
    for (const [filter, message, kind] of unknown) {
      const source = { kind: 'redeliver' as const, filter };
      for (const call of [
        () => client.deliveries.list(filter),
        () => client.deliveries.stats(filter),
        () => client.deliveries.cancelMatching(filter),
        () => client.replays.preview({ source }),
        () => client.replays.start({ source }),
      ])
        await expect(call()).rejects.toMatchObject({ code: 'NOT_FOUND', message, data: { kind } });
    }
    await expect(client.captures.list({ binId: 'bin_none' })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { kind: 'bin' } });
  });

  it('is refused with the one that was meant, where its name was given or nearly given', async () => {
    const { client } = await startClockedEngine();
    const endpoint = await client.endpoints.create({ name: 'Shop receiver', url });
    const bin = await client.bins.create({ name: 'Orders', slug: 'order-bin' });
    for (const endpointId of ['shop receiver', 'Shop reciever'])
      await expect(client.deliveries.list({ endpointId })).rejects.toMatchObject({
        message: `There is no endpoint with the id ${endpointId}. Did you mean Shop receiver? Its id is ${endpoint.id}.`,
      });
    for (const binId of ['order-bin', 'ordre-bin', 'Orders'])
      await expect(client.captures.list({ binId })).rejects.toMatchObject({
        message: `There is no bin with the id ${binId}. Did you mean Orders? Its id is ${bin.id}.`,
      });
  });

  it('is not one by an endpoint that was deleted, whose deliveries are still in the log', async () => {
    const { client } = await startClockedEngine();
    const { id } = await client.endpoints.create({ name: 'Own', url, retryPolicy: 'none' });
    await client.messages.send({ type: 'a.b', endpointIds: [id] });
    await client.endpoints.remove({ id });
    expect((await client.deliveries.list({ endpointId: id })).items).toHaveLength(1);
  });

  it('is not refused by an event type, which may be sent at any time, but said where it finds nothing', async () => {
    const { client } = await startClockedEngine();
    await client.eventTypes.create({ name: 'invoice.paid' });
    const { id } = await client.endpoints.create({ name: 'Own', url, retryPolicy: 'none' });
    await client.messages.send({ type: 'free.text', endpointIds: [id] });
    expect(await client.deliveries.list({ eventType: 'invoice.payed' })).toEqual({
      items: [],
      next: null,
      warnings: [
        {
          code: 'EVENT_TYPE_UNKNOWN',
          message: 'The catalogue has no event type invoice.payed. Did you mean invoice.paid?',
          path: 'eventType',
        },
      ],
    });
    expect(await client.deliveries.list({ eventType: 'free.*' })).toMatchObject({
      items: [],
      warnings: [{ path: 'eventType', message: expect.stringMatching(/^free\.\* is a pattern, .* q\.$/) }],
    });
    expect(await client.deliveries.list({ eventType: 'free.text' })).toMatchObject({ items: [{}], warnings: [] });
    expect(await client.deliveries.list({ eventType: 'invoice.paid' })).toMatchObject({ items: [], warnings: [] });
  });

  it('is told by the tests that it leaves out, and no event type that the log has is called unknown', async () => {
    const { client } = await startClockedEngine();
    const { id } = await client.endpoints.create({ name: 'Own', url, retryPolicy: 'none' });
    for (let count = 0; count < 2; count += 1) await client.endpoints.test({ id, eventType: 'free.text' });
    const left = { code: 'FILTER_LEAVES_TESTS_OUT', path: 'isTest' };
    const areTests = [{ ...left, message: '2 deliveries match but are tests, which this filter leaves out.' }];
    expect((await client.deliveries.list({ eventType: 'free.text' })).items).toHaveLength(2);
    expect(await client.deliveries.list({ eventType: 'free.text', isTest: false })).toMatchObject({ items: [], warnings: areTests });
    expect(await client.deliveries.list({ isTest: false, q: 'free' })).toMatchObject({ items: [], warnings: areTests });
    // They went to a copy of the endpoint.
    expect(await client.deliveries.list({ endpointId: id })).toMatchObject({ items: [], warnings: areTests });
    expect(await client.deliveries.list({ eventType: 'free.text', status: 'cancelled' })).toMatchObject({ items: [], warnings: [] });
    await client.messages.send({ type: 'in.use', endpointIds: [id] });
    expect(await client.deliveries.list({ eventType: 'in.use', isTest: true })).toMatchObject({
      items: [],
      warnings: [{ ...left, message: '1 delivery matches but is no test, and this filter finds tests only.' }],
    });
  });

  it('is refused by a field that there is none of, with the one that was meant', async () => {
    const { client } = await startClockedEngine();
    // As a door hands it on, which knows no types.
    const list = client.deliveries.list as (input: object) => Promise<unknown>;
    await expect(list({ statsu: 'failed' })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'statsu', message: 'There is no field statsu here; did you mean status?' }] },
    });
    await expect(list({ statsu: 'failed', zzz: 1 })).rejects.toMatchObject({
      data: { issues: expect.arrayContaining([{ path: 'zzz', message: 'There is no field zzz here; remove it.' }]) },
    });
  });
});
