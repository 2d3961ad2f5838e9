import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { admit, createDirectClient } from '#engine/index.ts';
import { startTestEngine } from '../../support/engine.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';
import { casesWith, checked, startChecking } from './checking.ts';
import { stripeReceiver } from './planted.ts';
import { serveReceivers, stripeSecret } from './receivers.ts';

const target = (url: string) => ({ name: 'Receiver', profile: 'stripe', url, secret: stripeSecret });

describe('a check of a receiver', () => {
  it('has over 60 cases, finds nothing wrong with a right receiver, and changes nothing but the log of tests', async () => {
    const client = await startChecking();
    const server = await serveReceivers({ right: stripeReceiver() });
    const endpoint = await client.endpoints.create({ ...target(server.urlOf('right')), retryPolicy: 'none' });
    const check = await checked(client, { endpointId: endpoint.id, seed: 7 });
    expect(check).toMatchObject({ status: 'completed', reason: null, endpointId: endpoint.id, scheme: 'stripe', seed: 7, defects: [] });
    expect(casesWith(check, 'failed', 'advice')).toEqual([]);
    expect(check.total).toBeGreaterThanOrEqual(60);
    expect(check.cases.map(({ number }) => number)).toEqual(Array.from({ length: check.total }, (_, index) => index + 1));
    expect(casesWith(check, 'skipped').find((line) => line.startsWith('old-secret-only'))).toContain('was not given');
    expect(await client.endpoints.get({ id: endpoint.id })).toMatchObject({ health: 'pending', pendingDeliveries: 0, lastDelivery: null });
    const { items } = await client.deliveries.list({ limit: 200 });
    expect(items.length).toBeGreaterThan(50);
    expect(items.every(({ isTest }) => isTest)).toBe(true);
    // No secret in anything that can be read.
    expect(JSON.stringify([check, items])).not.toContain(stripeSecret);
    expect((await client.checks.list({})).items.map(({ id }) => id)).toEqual([check.id]);
    expect(await client.checks.remove({ id: check.id })).toEqual({ id: check.id });
    expect((await client.checks.list({})).items).toEqual([]);
  }, 120_000);

  it('says of each delivery which case it was sent for, and of none that no check sent', async () => {
    const client = await startChecking();
    const server = await serveReceivers({ right: stripeReceiver() });
    const endpoint = await client.endpoints.create({ ...target(server.urlOf('right')), events: ['checkout.session.completed'] });
    const check = await checked(client, { endpointId: endpoint.id, only: ['signature', 'sent-again'] });
    await client.endpoints.test({ id: endpoint.id });
    const { items } = await client.deliveries.list({ limit: 200 });
    const titles = new Map(check.cases.flatMap(({ title, exchanges }) => exchanges.map(({ deliveryId }) => [deliveryId, title] as const)));
    expect(titles.size).toBeGreaterThan(10);
    expect(items.map(({ id, checkCase }) => [id, checkCase])).toEqual(items.map(({ id }) => [id, titles.get(id) ?? null]));
    expect(items.filter(({ checkCase }) => checkCase === null)).toHaveLength(1);
  });

  it('keeps which of the deliveries of a case were answered otherwise than it expects', async () => {
    const client = await startChecking();
    const customerOf = (event: Record<string, unknown>) =>
      (event['data'] as { readonly object: { readonly customer?: unknown } }).object.customer;
    const server = await serveReceivers({ careless: stripeReceiver({ act: (event) => (customerOf(event) === null ? 500 : 200) }) });
    const data = { object: { amount: 12, customer: 'cus_A1', currency: 'eur' } };
    const check = await checked(client, {
      target: target(server.urlOf('careless')),
      eventType: 'invoice.paid',
      data,
      only: ['null-fields'],
    });
    const one = check.cases.find(({ id }) => id === 'null-fields');
    const crashed = one?.exchanges.filter(({ answer }) => answer?.status === 500).map(({ deliveryId }) => deliveryId);
    expect(one?.exchanges.length).toBeGreaterThan(2);
    expect(crashed).toHaveLength(1);
    expect(one?.unmet).toEqual(crashed);
    expect(one?.exchanges[0]?.deliveryId).not.toBe(crashed?.[0]);
    expect(check.cases.find(({ id }) => id === 'genuine')?.unmet).toEqual([]);
    expect(check.defects).toMatchObject([
      { id: 'fails-on-null', message: expect.stringMatching(/^It answered 500 to fields that are null: when \S*customer is null\.$/) },
    ]);
  });

  it('says why the genuine request was refused, and sends no more than may explain it', async () => {
    const client = await startChecking();
    const server = await serveReceivers({ wrong: () => 401 });
    const check = await checked(client, { target: target(server.urlOf('wrong')) });
    expect(check.status).toBe('stopped');
    expect(check.reason).toBe('The genuine request was not taken, so only those cases were run that may say why.');
    expect(check.cases[0]).toMatchObject({ id: 'genuine', result: 'failed' });
    expect(check.done).toBeLessThan(check.total / 2);
    expect(check.defects).toMatchObject([{ id: 'refuses-genuine', level: 'must', evidence: ['genuine'] }]);
    expect(check.counts.passed).toBe(0);
    for (const id of ['byte-order-mark', 'other-charset', 'gzip-body'])
      expect(check.cases.find((one) => one.id === id)).toMatchObject({
        result: 'skipped',
        message: expect.stringMatching(/^The genuine request was not taken either, so this shows nothing\. .*401/),
      });
    const whole = await checked(client, { target: target(server.urlOf('wrong')), isWhole: true, only: ['signature'] });
    expect(whole).toMatchObject({ status: 'completed', reason: null });
    expect(whole.cases.find(({ id }) => id === 'wrong-secret')?.result).toBe('skipped');
  });

  it('names what was seen where no genuine request is taken, with what the receiver itself says', async () => {
    const client = await startChecking();
    const answers: Readonly<Record<string, readonly [number, string]>> = {
      '/gone': [404, 'Cannot POST /gone'],
      '/refusing': [401, `no signature matches ${stripeSecret}`],
      '/crashing': [500, ''],
    };
    const server = createServer((request, response) => {
      request.resume().on('end', () => {
        const [status, body] = answers[request.url ?? ''] ?? [500, ''];
        response.writeHead(status).end(body);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const check = async (path: string, asked: { readonly isWhole?: boolean } = {}) => {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
      return (await checked(client, { target: target(url), without: ['variants', 'large-body'], ...asked })).defects;
    };
    expect(await check('/gone')).toMatchObject([
      {
        id: 'nothing-at-path',
        message: expect.stringMatching(/^All 1\d requests were answered 404: “Cannot POST \/gone”\.$/),
        fix: expect.stringContaining('/gone'),
      },
    ]);
    expect(await check('/refusing')).toMatchObject([
      {
        id: 'refuses-genuine',
        message: expect.stringMatching(/^All 1\d genuine requests were answered 401: “no signature matches \[secret\]”\.$/),
      },
    ]);
    // Not over the byte order mark or another case: it fails over all of them.
    for (const isWhole of [false, true])
      expect(await check('/crashing', { isWhole })).toMatchObject([
        { id: 'fails-on-genuine', message: expect.stringMatching(/^All \d+ genuine requests were answered 500\.$/) },
      ]);
  });

  it('keeps no secret that the receiver repeats in its answers', async () => {
    const client = await startChecking();
    const secret = 'a-token-that-comes-back';
    const server = createServer((request, response) => {
      const token = String(request.headers['x-gitlab-token']);
      response.setHeader('X-Echo', token);
      response.setHeader('X-Encoded', Buffer.from(`token:${token}`).toString('base64'));
      response.statusMessage = `Fine ${token}`;
      response.end(JSON.stringify(request.headers));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const check = await checked(client, {
      target: { name: 'Echo', url, secret, signing: { scheme: 'gitlab-token' } },
      only: ['genuine', 'signature'],
    });
    const answers = check.cases.flatMap(({ exchanges }) => exchanges.flatMap(({ answer }) => (answer === null ? [] : [answer])));
    const told = [JSON.stringify(check), ...answers.map(({ bodyBase64 }) => Buffer.from(bodyBase64, 'base64').toString())].join('\n');
    expect(told).not.toContain(secret);
    expect(told).not.toContain(Buffer.from(secret).toString('base64').slice(8, 16));
    expect(answers[0]?.headers).toContainEqual(['X-Echo', '[secret]']);
    expect(told).toContain('"x-gitlab-token":"[secret]"');
  });

  it('keeps no password of Basic authentication that the receiver answers decoded', async () => {
    const client = await startChecking();
    const password = 'pass:word-that-comes-back';
    const auth = await client.auths.create({ name: 'Basic', parts: [{ kind: 'basic', username: 'ada', password }] });
    const server = createServer((request, response) => {
      response.end(Buffer.from(String(request.headers.authorization).slice('Basic '.length), 'base64'));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const check = await checked(client, { target: { name: 'Decoder', url, authId: auth.id, signing: null }, only: ['genuine'] });
    const bodies = check.cases.flatMap(({ exchanges }) =>
      exchanges.map(({ answer }) => Buffer.from(answer?.bodyBase64 ?? '', 'base64').toString()),
    );
    expect(bodies).toEqual(['ada:[secret]']);
  });

  it('keeps no key that an authentication puts into the URL', async () => {
    const client = await startChecking();
    const key = 'query-key-0123456789';
    const auth = await client.auths.create({ name: 'Key', parts: [{ kind: 'query', name: 'key', value: key }] });
    const arrived: string[] = [];
    const server = await serveReceivers({ keyed: ({ url }) => (arrived.push(url), 200) });
    const check = await checked(client, {
      target: { name: 'Keyed', url: server.urlOf('keyed'), authId: auth.id, signing: null },
      only: ['genuine', 'chunked'],
    });
    expect(arrived).toEqual([`/keyed?key=${key}`, `/keyed?key=${key}`]);
    expect(check.url).toContain('/keyed?key=');
    expect(JSON.stringify([check, await client.checks.list({})])).not.toContain(key);
  });

  it('says that a receiver cannot be reached', async () => {
    const client = await startChecking();
    const check = await checked(client, { target: target('http://127.0.0.1:1/hooks'), only: ['signature'] });
    expect(check).toMatchObject({ status: 'stopped', counts: { failed: 1 } });
    expect(check).toMatchObject({ done: 1, reason: 'Nothing answered the genuine request.' });
    expect(check.defects).toMatchObject([{ id: 'nothing-listens', message: expect.stringContaining('127.0.0.1:1 ') }]);
  });

  it('counts what a receiver does by the bin that it calls', async () => {
    const client = await startChecking();
    const bin = await client.bins.create({ name: 'Effects' });
    const call = async () => {
      await fetch(bin.url, { method: 'POST' });
      return 200;
    };
    const handled = new Set<unknown>();
    const pendingOnes = new Set<unknown>();
    const server = await serveReceivers({
      careless: stripeReceiver({ act: call }),
      'looks-first': stripeReceiver({
        act: async ({ id }) => {
          if (handled.has(id)) return 200;
          await call();
          handled.add(id);
          return 200;
        },
      }),
      early: stripeReceiver({
        before: ({ method }) => {
          if (method === 'POST') void call();
          return null;
        },
      }),
      right: stripeReceiver({
        act: async ({ id }) => {
          if (pendingOnes.has(id)) return 200;
          pendingOnes.add(id);
          return await call();
        },
      }),
    });
    const ask = async (name: string) =>
      await checked(client, { target: target(server.urlOf(name)), effectBinId: bin.id, only: ['identity', 'wrong-secret'] });
    const idsOf = ({ defects }: Awaited<ReturnType<typeof ask>>) => defects.map(({ id }) => id);
    const careless = await ask('careless');
    expect(careless.cases.find(({ id }) => id === 'sent-again')).toMatchObject({ result: 'failed', effects: 2 });
    expect(idsOf(careless)).toEqual(['acts-twice']);
    expect(idsOf(await ask('looks-first'))).toEqual(['acts-twice-at-once']);
    expect(idsOf(await ask('early'))).toEqual(['acts-before-verifying', 'acts-twice']);
    const right = await ask('right');
    expect(casesWith(right, 'failed', 'advice')).toEqual([]);
    expect(right.cases.find(({ id }) => id === 'sent-at-once')).toMatchObject({ result: 'passed', effects: 1 });
  }, 120_000);

  it('shows which secrets are taken during a rotation', async () => {
    const client = await startChecking();
    const server = await serveReceivers({ right: stripeReceiver() });
    const check = await checked(client, {
      target: target(server.urlOf('right')),
      previousSecret: 'whsec_before_the_rotation',
      only: ['rotation'],
    });
    const resultOf = (wanted: string) => check.cases.find(({ id }) => id === wanted);
    expect(resultOf('old-and-new-secret')?.result).toBe('passed');
    expect(resultOf('old-secret-only')).toMatchObject({ result: 'noted', message: expect.stringContaining('answered 401') });
  });

  it('performs the handshake of the profile', async () => {
    const client = await startChecking();
    const secret = 'slack-signing-secret-0123456789ab';
    const server = await serveReceivers({ silent: () => 200 });
    const check = await checked(client, {
      target: { name: 'Slack', profile: 'slack', url: server.urlOf('silent'), secret },
      only: ['handshake'],
    });
    expect(check.defects.map(({ id, level }) => [id, level])).toEqual([['handshake-unanswered', 'should']]);
    expect(check.cases.find(({ id }) => id === 'handshake')?.message).toContain('The body is empty; it must be');
  });

  it('says whether there is no handshake in the profile or no profile', async () => {
    const client = await startChecking();
    const server = await serveReceivers({ taking: () => 200 });
    const messageFor = async (profile: string | null, meanwhile?: () => Promise<unknown>) => {
      const endpoint = await client.endpoints.create(
        profile === null ? { name: 'Receiver', url: server.urlOf('taking') } : { ...target(server.urlOf('taking')), profile },
      );
      await meanwhile?.();
      const check = await checked(client, { endpointId: endpoint.id, only: ['handshake'] });
      return check.cases.find(({ id }) => id === 'handshake')?.message;
    };
    expect(await messageFor('stripe')).toBe('The profile Stripe has no handshake.');
    expect(await messageFor(null)).toBe('No profile is chosen, so whether the provider has a handshake is not known.');
    const { id } = await client.profiles.create({ copyOf: 'stripe' });
    expect(await messageFor(id, () => client.profiles.remove({ id }))).toBe(
      `The profile ${id} of the endpoint is not there any more, so its handshake is not known.`,
    );
  });

  it('is cancelled and timed out, and is marked when Hookyard ends', async () => {
    const dataDir = createTempFolder();
    const first = await startTestEngine({ dataDir });
    const client = createDirectClient(first.engine.router, admit('tester'));
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    const server = await serveReceivers({
      hanging: () => {
        arrive();
        return new Promise<number>(() => undefined);
      },
    });
    const asked = { target: target(server.urlOf('hanging')) };
    const cancelled = await client.checks.start(asked);
    await arrived;
    expect(await client.checks.cancel({ id: cancelled.id })).toMatchObject({ status: 'cancelled', reason: 'It was cancelled.' });
    await expect(client.checks.cancel({ id: cancelled.id })).rejects.toThrow('This check is cancelled already');
    expect(await checked(client, { ...asked, timeoutMs: 1000 })).toMatchObject({ status: 'timed-out', done: 0 });
    const { id } = await client.checks.start(asked);
    await first.engine.stop();
    const second = await startTestEngine({ dataDir });
    const again = createDirectClient(second.engine.router, admit('tester'));
    expect(await again.checks.get({ id })).toMatchObject({ status: 'interrupted' });
  });

  it('refuses what it cannot check, with what to change', async () => {
    const client = await startChecking();
    const url = 'http://127.0.0.1:1/';
    await expect(client.checks.start({})).rejects.toThrow('Give endpointId or target');
    await expect(client.checks.start({ target: { name: 'x', url, profile: 'stripe' } })).rejects.toThrow(
      'Give the secret that the receiver verifies with',
    );
    await expect(client.checks.start({ target: target(url), only: ['signatures'] })).rejects.toThrow(
      'There is no case and no family of cases signatures',
    );
    await expect(client.checks.start({ target: target(url), effectBinId: 'bin_none' })).rejects.toThrow('There is no bin');
  });
});
