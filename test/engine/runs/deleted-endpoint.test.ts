import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { admit, createDirectClient } from '#engine/index.ts';
import type { RunEvent } from '#shared/contract/runs.ts';
import { startTestEngine } from '../../support/engine.ts';
import { startReceiver } from '../../support/scripted-receiver.ts';
import { testVault } from '../../support/temp-vault.ts';

const secrets = { 'env:OWN_SECRET': 'whsec_c2VjcmV0IG9mIHRoZSByZWNlaXZlciE=' };
const ownSigning = 'signing: { scheme: standard-webhooks }, secret: env:OWN_SECRET';

/** A workspace with the endpoint Shop, which has a secret and a secret header. */
async function openShop() {
  const receiver = await startReceiver();
  const { engine, dataDir } = await startTestEngine();
  const client = createDirectClient(engine.router, admit('test'));
  const shop = await client.endpoints.create({
    name: 'Shop',
    url: receiver.url,
    profile: 'stripe',
    secret: 'whsec_the-secret-of-the-shop',
    secretHeaders: { 'X-Partner': 'key-of-the-partner' },
  });
  /** What the data file has of secrets, of all endpoints and copies. */
  const kept = () => {
    const file = new BetterSqlite3(join(dataDir, 'hookyard.db'), { readonly: true });
    const rows = file.prepare('SELECT secrets_sealed AS secrets, secret_headers_sealed AS headers FROM endpoints').all();
    file.close();
    return (rows as { secrets: Buffer; headers: Buffer }[]).map(({ secrets: sealed, headers }) =>
      [sealed, headers].map((each) => Buffer.from(testVault.decrypt(each)).toString('utf8')).join(' '),
    );
  };
  const run = async (steps: string, to?: string) => {
    const text = `hookyard: 1\nruns: { refund: { to: Shop, steps: [${steps}] } }\n`;
    const events: RunEvent[] = [];
    for await (const event of await client.runs.run({ text, name: 'refund', secrets, to })) events.push(event);
    return sentences(events);
  };
  return { client, receiver, shop, kept, run };
}

const sentences = (events: readonly RunEvent[]) => events.flatMap((event) => (event.kind === 'step' ? [event.message] : []));

describe('an endpoint that is deleted', () => {
  it('takes its secrets along from what runs sent to another URL, with another signature or with none', async () => {
    const { client, receiver, shop, kept, run } = await openShop();
    expect(await run('{ event: a.b }, { event: a.b, sign: false }', `${receiver.url}/moved`)).toEqual(['Answered 200.', 'Answered 200.']);
    expect(await run(`{ event: a.b, ${ownSigning} }, { event: a.b, sign: false }`)).toEqual(['Answered 200.', 'Answered 200.']);
    expect(receiver.requests.map(({ header }) => header('x-partner'))).toEqual(Array(4).fill('key-of-the-partner'));
    const { items } = await client.deliveries.list({});
    expect(items).toHaveLength(4);
    await client.endpoints.remove({ id: shop.id });
    expect(kept()).toEqual(Array(5).fill('[] {}'));
    for (const { id } of items)
      await expect(client.deliveries.redeliver({ id })).rejects.toThrow('The endpoint of this delivery was deleted.');
    expect(receiver.requests).toHaveLength(4);
  });

  it.each([
    ['with a copy that is not made yet', `{ event: a.b, ${ownSigning} }`],
    ['with the copy of the step before', '{ event: a.b }'],
    ['again', '{ again: 1 }'],
  ])('while a run is under way gets no further step, %s', async (_, step) => {
    const { client, receiver, shop, kept } = await openShop();
    const text = `hookyard: 1\nruns: { refund: { to: Shop, steps: [{ event: a.b }, ${step}] } }\n`;
    const events: RunEvent[] = [];
    for await (const event of await client.runs.run({ text, name: 'refund', secrets })) {
      events.push(event);
      if (event.kind === 'step' && event.number === 1) await client.endpoints.remove({ id: shop.id });
    }
    expect(sentences(events)).toEqual(['Answered 200.', 'Nothing was sent: the endpoint Shop was deleted meanwhile.']);
    expect(receiver.requests).toHaveLength(1);
    expect(kept()).toEqual(['[] {}', '[] {}']);
  });
});

describe('an endpoint whose secrets are replaced', () => {
  const replaced = { secret: 'whsec_the-new-secret-of-the-shop', secretHeaders: { 'X-Partner': 'new-key' } };

  it('is what a step goes to that is sent again, and no copy keeps what it had', async () => {
    const { client, receiver, shop, kept, run } = await openShop();
    await run('{ event: a.b }');
    await run('{ event: a.b }, { event: a.b, sign: false }', `${receiver.url}/moved`);
    await client.endpoints.test({ id: shop.id, eventType: 'a.b' });
    const { items } = await client.deliveries.list({});
    await expect.poll(() => receiver.requests.length).toBe(4);
    await client.endpoints.update({ id: shop.id, url: `${receiver.url}/new`, ...replaced });
    expect(kept().join(' ')).not.toMatch(/the-secret-of-the-shop|key-of-the-partner/);
    const [tested, unsigned, moved, plain] = items.map(({ id }) => id);
    for (const id of [unsigned, moved])
      await expect(client.deliveries.redeliver({ id: id ?? '' })).rejects.toThrow(
        'It was sent with secrets of Shop that were replaced since',
      );
    for (const id of [tested, plain]) await client.deliveries.redeliver({ id: id ?? '' });
    await expect.poll(() => receiver.requests.length).toBe(6);
    for (const again of receiver.requests.slice(4)) expect([again.target, again.header('x-partner')]).toEqual(['/new', 'new-key']);
    await client.endpoints.rotateSecret({ id: shop.id, overlapMs: 0 });
    expect(kept().join(' ')).not.toContain('the-new-secret');
  });

  it.each([
    ['and goes on with the new ones', '{ event: a.b }', undefined, 'Answered 200.'],
    [
      'and is not sent elsewhere with either',
      '{ event: a.b, sign: false }',
      undefined,
      'Nothing was sent: the secrets of the endpoint Shop were replaced meanwhile: run it again.',
    ],
    [
      'and not to the copy of the step before',
      '{ event: a.b }',
      '/moved',
      'Nothing was sent: the secrets of the endpoint Shop were replaced meanwhile: run it again.',
    ],
  ])('while a run is under way, %s', async (_, step, path, expected) => {
    const { client, receiver, shop, kept } = await openShop();
    const text = `hookyard: 1\nruns: { refund: { to: Shop, steps: [{ event: a.b }, ${step}] } }\n`;
    const events: RunEvent[] = [];
    const to = path === undefined ? {} : { to: `${receiver.url}${path}` };
    for await (const event of await client.runs.run({ text, name: 'refund', secrets, ...to })) {
      events.push(event);
      if (event.kind === 'step' && event.number === 1) await client.endpoints.update({ id: shop.id, ...replaced });
    }
    expect(sentences(events)).toEqual(['Answered 200.', expected]);
    expect(kept().join(' ')).not.toMatch(/the-secret-of-the-shop|key-of-the-partner/);
  });
});

describe('what a run sends to', () => {
  it('is not kept where its step is refused', async () => {
    const { client, receiver, kept, run } = await openShop();
    await client.eventTypes.create({ name: 'a.b', schema: { type: 'object', required: ['id'] }, dataCheck: 'refuse' });
    for (const step of ['{ event: a.b, data: {} }', `{ event: a.b, data: {}, ${ownSigning} }`])
      expect(await run(step)).toEqual([expect.stringContaining('Nothing was sent: ')]);
    expect(kept()).toHaveLength(1);
    // The copy is written with the first step that is taken.
    expect(await run('{ event: a.b, data: {} }, { event: a.b, data: { id: 1 } }')).toEqual([expect.any(String), 'Answered 200.']);
    expect(kept()).toHaveLength(2);
    expect(receiver.requests).toHaveLength(1);
  });

  it('is in no list, so that its id changes nothing and nothing new refers to it; it is called after the run once', async () => {
    const { client, receiver, shop, run } = await openShop();
    await run('{ event: a.b, sign: false }', `${receiver.url}/moved`);
    const [delivery] = (await client.deliveries.list({})).items;
    expect(delivery?.endpointName).toBe('Shop (run refund)');
    const id = delivery?.endpointId ?? '';
    const bin = await client.bins.create({ name: 'b' });
    const calls = [
      () => client.endpoints.update({ id, url: `${receiver.url}/other` }),
      () => client.endpoints.rotateSecret({ id }),
      () => client.endpoints.test({ id, eventType: 'a.b' }),
      () => client.endpoints.remove({ id }),
      () => client.messages.send({ type: 'x.y', data: {}, endpointIds: [id] }),
      () => client.relays.create({ name: 'r', binId: bin.id, targets: [{ endpointId: id }] }),
    ];
    for (const call of calls)
      await expect(call()).rejects.toThrow(
        `${id} is no endpoint of the list, but a copy of Shop that a test was sent to: give ${shop.id}.`,
      );
    expect(await client.endpoints.get({ id })).toMatchObject({ name: 'Shop (run refund)' });
  });
});
