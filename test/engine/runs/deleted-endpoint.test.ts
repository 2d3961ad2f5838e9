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
  return { client, receiver, shop, kept };
}

const sentences = (events: readonly RunEvent[]) => events.flatMap((event) => (event.kind === 'step' ? [event.message] : []));

describe('an endpoint that is deleted', () => {
  it('takes its secrets along from what runs sent to another URL, with another signature or with none', async () => {
    const { client, receiver, shop, kept } = await openShop();
    const run = async (steps: string, to?: string) => {
      const text = `hookyard: 1\nruns: { refund: { to: Shop, steps: [${steps}] } }\n`;
      const events: RunEvent[] = [];
      for await (const event of await client.runs.run({ text, name: 'refund', secrets, to })) events.push(event);
      return sentences(events);
    };
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
