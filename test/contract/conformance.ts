import { ORPCError } from '@orpc/client';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DeliveryDetail } from '#shared/contract/deliveries.ts';
import { refusals, type RefusalCode } from '#shared/contract/common.ts';
import { startTestEngine } from '../support/engine.ts';
import { respond, startReceiver, type ScriptedReceiver, type Step } from '../support/scripted-receiver.ts';
import type { Client, OpenDoor } from './doors.ts';

const toBase64 = (text: string) => Buffer.from(text).toString('base64');

/** The promises of the contract, kept by every door: a real engine behind it, and only the door's client in front. */
export function describeConformance(door: string, open: OpenDoor): void {
  const start = async (): Promise<Client> => await open((await startTestEngine()).engine.router);

  describe(`the contract over ${door}`, () => {
    describe('endpoints', () => {
      it('registers, reads, changes and deletes an endpoint', async () => {
        const client = await start();
        const { secret, publicKey, warnings, ...made } = await client.endpoints.create({
          name: 'Shop',
          url: 'http://127.0.0.1:9/hook',
          events: ['invoice.*'],
        });
        expect(secret).toMatch(/^whsec_/);
        expect(publicKey).toBeNull();
        expect(warnings).toEqual(expect.any(Array));
        expect(made).toMatchObject({
          name: 'Shop',
          method: 'POST',
          isActive: true,
          health: 'pending',
          signing: { scheme: 'standard-webhooks' },
        });
        expect(made.creator).not.toBe('');
        expect(await client.endpoints.get({ id: made.id })).toEqual(made);
        const changed = await client.endpoints.update({ id: made.id, name: 'Shop 2', isActive: false });
        expect(changed).toMatchObject({ id: made.id, name: 'Shop 2', isActive: false, health: 'disabled', events: ['invoice.*'] });
        expect((await client.endpoints.update({ id: made.id, isActive: true })).health).not.toBe('disabled');
        expect(await client.endpoints.remove({ id: made.id })).toEqual({ id: made.id, cancelledDeliveries: 0 });
        expect((await client.endpoints.list({})).items).toEqual([]);
      });

      it('tells a signing secret when it is made and when it is rotated, and at no other read', async () => {
        const client = await start();
        const receiver = await receive();
        const made = await client.endpoints.create({ name: 'Shop', url: receiver.url, retryPolicy: 'none' });
        const rotated = await client.endpoints.rotateSecret({ id: made.id });
        expect(made.secret).not.toBe(rotated.secret);
        expect(placesWith([made.secret ?? '', rotated.secret], await readEverything(client, made.id))).toEqual([]);
      });

      it('sends the value of a secret header and tells it at no read', async () => {
        const client = await start();
        const receiver = await receive();
        const value = 'api-key-nobody-may-see';
        const made = await client.endpoints.create({
          name: 'Shop',
          url: receiver.url,
          retryPolicy: 'none',
          secretHeaders: { 'X-Api-Key': value },
        });
        const reads = await readEverything(client, made.id);
        expect(receiver.requests[0]?.header('x-api-key')).toBe(value);
        expect(made.secretHeaderNames).toEqual(['X-Api-Key']);
        expect(placesWith([value], { ...reads, create: made })).toEqual([]);
      });

      it('pages with cursors, newest first, without a gap or a repeat', async () => {
        const client = await start();
        const made: string[] = [];
        for (const name of ['a', 'b', 'c', 'd', 'e']) made.push((await client.endpoints.create({ name, url: 'http://127.0.0.1:9/' })).id);
        const pages: string[][] = [];
        let cursor: string | undefined;
        do {
          const page = await client.endpoints.list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
          pages.push(page.items.map(({ id }) => id));
          cursor = page.next ?? undefined;
        } while (cursor !== undefined);
        expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
        expect(pages.flat()).toEqual(made.toReversed());
      });
    });

    describe('refusals', () => {
      const refused: readonly (readonly [string, RefusalCode, string, (client: Client) => Promise<unknown>])[] = [
        ['a malformed URL', 'INPUT_INVALID', 'url', (client) => client.endpoints.create({ name: 'x', url: 'shop.example/hook' })],
        [
          'a header with a line break',
          'INPUT_INVALID',
          'line',
          (client) => client.endpoints.create({ name: 'x', url: 'http://127.0.0.1:9/', headers: { 'X-A': 'a\r\nb: c' } }),
        ],
        [
          'an unknown field',
          'INPUT_INVALID',
          'colour',
          (client) => {
            const input = { name: 'x', url: 'http://127.0.0.1:9/', colour: 'red' };
            return client.endpoints.create(input);
          },
        ],
        ['an endpoint that is not there', 'NOT_FOUND', 'ep_none', (client) => client.endpoints.get({ id: 'ep_none' })],
        ['a delivery that is not there', 'NOT_FOUND', 'dlv_none', (client) => client.deliveries.redeliver({ id: 'dlv_none' })],
        ['a replay that is not there', 'NOT_FOUND', 'rpl_none', (client) => client.replays.pause({ id: 'rpl_none' })],
        ['a capture that is not there', 'NOT_FOUND', 'cap_none', (client) => client.captures.get({ id: 'cap_none' })],
        [
          'a slug that is taken',
          'CONFLICT',
          'orders',
          async (client) => {
            await client.bins.create({ name: 'One', slug: 'orders' });
            return await client.bins.create({ name: 'Two', slug: 'orders' });
          },
        ],
        [
          'a template that does not compile',
          'TEMPLATE_INVALID',
          '',
          (client) => client.endpoints.create({ name: 'x', url: 'http://127.0.0.1:9/', template: '{\n  "a": {{ data.b \n}' }),
        ],
        [
          'a body over the limit',
          'BODY_TOO_LARGE',
          '1024',
          async (client) => {
            await client.system.updateSettings({ bodyLimitBytes: 1024 });
            return await client.messages.send({ type: 'a.b', bodyBase64: toBase64('x'.repeat(1025)) });
          },
        ],
      ];

      it.each(refused)('refuses %s with its code, status and a sentence', async (_name, code, part, call) => {
        const client = await start();
        const error = await call(client).then(
          () => null,
          (reason: unknown) => reason,
        );
        expect(error).toBeInstanceOf(ORPCError);
        if (!(error instanceof ORPCError)) return;
        expect({ code: error.code, status: error.status, defined: error.defined }).toEqual({
          code,
          status: refusals[code].status,
          defined: true,
        });
        expect(error.message).toMatch(/^[A-Z"].{15,}/s);
        expect(error.message).toContain(part);
        expect(refusals[code].data.safeParse(error.data).success).toBe(true);
      });
    });

    describe('replays', () => {
      it('counts what a replay would do, does it, and shows how its deliveries stand', async () => {
        const client = await start();
        const receiver = await receive([respond({ status: 500 })]);
        const { id: endpointId } = await client.endpoints.create({ name: 'Shop', url: receiver.url, retryPolicy: 'none' });
        const { deliveries } = await client.messages.send({ type: 'order.made' });
        const id = deliveries[0]?.id ?? '';
        expect(await settled(client, id)).toMatchObject({ status: 'exhausted' });
        const source = { kind: 'recover', endpointId, sinceMs: 0 } as const;
        expect(await client.replays.preview({ source })).toMatchObject({ total: 1, replayable: 1, byStatus: { exhausted: 1 } });
        const replay = await client.replays.start({ source, ratePerSecond: null });
        expect(replay).toMatchObject({ status: 'running', total: 1, timestamp: 'now', source });
        await replayEnded(client, replay.id);
        expect(await settled(client, id)).toMatchObject({ status: 'delivered', attemptCount: 2 });
        expect(await client.replays.get({ id: replay.id })).toMatchObject({ status: 'completed', replayed: 1, byStatus: { delivered: 1 } });
        expect((await client.replays.list({})).items.map((item) => item.id)).toEqual([replay.id]);
        expect((await client.deliveries.list({ replayId: replay.id })).items.map((item) => item.id)).toEqual([id]);
      });
    });

    describe('messages', () => {
      it('takes the same id for the same message', async () => {
        const client = await start();
        await client.endpoints.create({ name: 'Shop', url: 'http://127.0.0.1:9/', retryPolicy: 'none' });
        const first = await client.messages.send({ type: 'invoice.paid', data: { n: 1 }, id: 'order-1' });
        const again = await client.messages.send({ type: 'invoice.paid', data: { n: 1 }, id: 'order-1' });
        expect(first).toMatchObject({ id: 'order-1', isDuplicate: false });
        expect(again).toMatchObject({ id: 'order-1', isDuplicate: true });
        expect(again.deliveries.map(({ id }) => id)).toEqual(first.deliveries.map(({ id }) => id));
        expect((await client.messages.get({ id: 'order-1' })).data).toEqual({ n: 1 });
      });

      it('accepts an unknown event type and names the nearest known one', async () => {
        const client = await start();
        await client.eventTypes.create({ name: 'invoice.paid', sample: { total: 1 } });
        const { warnings } = await client.messages.send({ type: 'invoice.piad' });
        expect(warnings.map(({ message }) => message).join(' ')).toContain('invoice.paid');
      });

      it('accepts data that breaks the schema of its type, and says where', async () => {
        const client = await start();
        const schema = { type: 'object', required: ['total'] };
        const saved = await client.eventTypes.create({ name: 'invoice.paid', sample: {}, schema });
        expect(saved.warnings).toMatchObject([{ code: 'SCHEMA_BROKEN', path: 'sample' }]);
        expect((await client.eventTypes.update({ name: 'invoice.paid', sample: { total: 1 } })).warnings).toEqual([]);
        const { warnings } = await client.messages.send({ type: 'invoice.paid', data: { n: 1 } });
        expect(warnings).toContainEqual({
          code: 'SCHEMA_BROKEN',
          message: 'The data breaks the schema of invoice.paid: total is missing.',
          path: 'data',
          issues: [{ path: 'data.total', message: 'is missing' }],
        });
      });

      it('delivers exact bytes, whatever they are', async () => {
        const client = await start();
        const receiver = await receive();
        const bytes = Buffer.from([0xff, 0x00, 0xc3, 0x28, 0x0d, 0x0a]);
        await client.messages.send({
          type: 'a.b',
          bodyBase64: bytes.toString('base64'),
          target: { name: 't', url: receiver.url, retryPolicy: 'none' },
        });
        expect((await receiver.nextRequest()).body).toEqual(bytes);
      });

      it('keeps every attempt with its request and response', async () => {
        const client = await start();
        const receiver = await receive([respond({ status: 418, body: 'short and stout' })]);
        const sent = await client.messages.send({
          type: 'a.b',
          data: { n: 1 },
          target: { name: 't', url: `${receiver.url}/pot?a=1`, retryPolicy: 'none' },
        });
        const { attempts, ...delivery } = await settled(client, sent.deliveries[0]?.id);
        expect(delivery).toMatchObject({
          status: 'exhausted',
          attemptCount: 1,
          eventType: 'a.b',
          messageId: sent.id,
          nextAttemptAtMs: null,
        });
        expect(attempts).toHaveLength(1);
        expect(attempts[0]).toMatchObject({
          number: 1,
          outcome: { code: 'http_status', status: 418 },
          response: { status: 418, bodyBase64: toBase64('short and stout') },
        });
        expect(Buffer.from(attempts[0]?.request?.bodyBase64 ?? '', 'base64')).toEqual(receiver.requests[0]?.body);
      });
    });

    describe('changes', () => {
      it('tells of what changes while they are followed, numbered without a gap', async () => {
        const client = await start();
        const changes = await client.system.changes();
        const first = await changes.next();
        const { name } = await client.eventTypes.create({ name: 'invoice.paid' });
        const next = await changes.next();
        if (first.done === true || next.done === true) throw new Error('The stream of changes ended.');
        expect(next.value).toEqual({ seq: first.value.seq + 1, topic: 'event-types', ids: [name] });
        await changes.return?.();
      });
    });

    describe('preview, signing and verifying', () => {
      it('shows the exact request an event would make', async () => {
        const client = await start();
        const preview = await client.preview.render({
          draft: {
            name: 'x',
            url: 'http://127.0.0.1:9/hook',
            headers: { 'X-Shop': '7' },
            secret: `whsec_${toBase64('a secret of thirty-two bytes....')}`,
          },
          event: { type: 'invoice.paid', data: { total: 3 } },
        });
        expect(preview).toMatchObject({ method: 'POST', url: 'http://127.0.0.1:9/hook', secretSource: 'draft' });
        expect(preview.headers).toContainEqual(['X-Shop', '7']);
        expect(JSON.parse(preview.bodyText ?? '')).toMatchObject({ type: 'invoice.paid', data: { total: 3 } });
        expect(Buffer.from(preview.signature?.signedBase64 ?? '', 'base64').toString()).toContain(preview.bodyText);
      });

      it('verifies what it signed, and says why other bytes are not valid', async () => {
        const client = await start();
        const scheme = { scheme: 'standard-webhooks', secrets: [`whsec_${toBase64('a secret of thirty-two bytes....')}`] };
        const nowMs = Date.UTC(2026, 0, 1);
        const signed = await client.verifying.sign({ ...scheme, id: 'msg_1', nowMs, request: { bodyBase64: toBase64('{"a":1}') } });
        const verify = (body: string) =>
          client.verifying.verify({ ...scheme, nowMs, request: { headers: signed.headers, bodyBase64: toBase64(body) } });
        expect(await verify('{"a":1}')).toMatchObject({ verdict: 'valid', reason: 'ok', matchedSecret: 0 });
        expect(await verify('{"a":2}')).toMatchObject({ verdict: 'invalid', reason: 'signature_mismatch' });
        expect((await client.verifying.schemes()).items.map(({ id }) => id)).toEqual(
          expect.arrayContaining(['standard-webhooks', 'custom']),
        );
      });
    });

    describe('bins and captures', () => {
      it('captures what comes in byte for byte, with the verdict on its signature', async () => {
        const client = await start();
        const secret = `whsec_${toBase64('a secret of thirty-two bytes....')}`;
        const bin = await client.bins.create({
          name: 'Inbox',
          slug: 'inbox',
          signing: { scheme: 'standard-webhooks' },
          secrets: [secret],
          response: { status: 202, body: 'thanks' },
        });
        expect(JSON.stringify(bin)).not.toContain(secret);
        const endpoint = await client.endpoints.create({ name: 'To the bin', url: `${bin.url}/any/path?x=1`, secret, retryPolicy: 'none' });
        const sent = await client.endpoints.test({ id: endpoint.id });
        const delivery = await settled(client, sent.deliveries[0]?.id);
        expect(delivery.status).toBe('delivered');
        const { items } = await client.captures.list({ binId: bin.id });
        expect(items).toHaveLength(1);
        const capture = await client.captures.get({ id: items[0]?.id ?? '' });
        expect(capture).toMatchObject({ binId: bin.id, method: 'POST', status: 202, verdict: 'valid', deliveryId: delivery.id });
        expect(capture.target).toContain('/any/path?x=1');
        expect(capture.bodyBase64).toBe(delivery.attempts[0]?.request?.bodyBase64);
        expect(delivery.attempts[0]?.response).toMatchObject({ status: 202, bodyBase64: toBase64('thanks') });
        expect(await client.captures.clear({ binId: bin.id })).toMatchObject({ removedCaptures: 1 });
        expect(await client.bins.remove({ id: bin.id })).toMatchObject({ id: bin.id, removedCaptures: 0 });
      });
    });

    it('reads and changes the settings', async () => {
      const client = await start();
      expect((await client.system.updateSettings({ timeScale: 60 })).timeScale).toBe(60);
      expect((await client.system.getSettings()).timeScale).toBe(60);
      expect(await client.system.health()).toMatchObject({ status: 'ok', timeScale: 60, pendingDeliveries: 0 });
    });
  });
}

/** The answer of every procedure that tells something of an endpoint, after it has been sent an event. */
async function readEverything(client: Client, id: string): Promise<Readonly<Record<string, unknown>>> {
  const sent = await client.messages.send({ type: 'invoice.paid', data: { total: 3 } });
  const delivery = await settled(client, sent.deliveries[0]?.id);
  expect(delivery.status).toBe('delivered');
  return {
    'endpoints.get': await client.endpoints.get({ id }),
    'endpoints.list': await client.endpoints.list({}),
    'endpoints.update': await client.endpoints.update({ id, description: 'x' }),
    'endpoints.test': await client.endpoints.test({ id }),
    'messages.send': sent,
    'messages.get': await client.messages.get({ id: sent.id }),
    'deliveries.list': await client.deliveries.list({}),
    'deliveries.get': delivery,
    'deliveries.attempt': await client.deliveries.attempt({ id: delivery.attempts[0]?.id ?? '' }),
    'preview.render': await client.preview.render({ endpointId: id, event: { type: 'invoice.paid' } }),
    'system.getSettings': await client.system.getSettings(),
    'system.health': await client.system.health(),
    'endpoints.remove': await client.endpoints.remove({ id }),
  };
}

/** Names of the reads that hold one of the secrets, in clear or in base64. */
function placesWith(secrets: readonly string[], reads: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(reads)
    .filter(([, read]) =>
      secrets.some((secret) => JSON.stringify(read).includes(secret) || JSON.stringify(read).includes(toBase64(secret))),
    )
    .map(([name]) => name);
}

/** A receiver that stops when the test ends. */
async function receive(script: readonly Step[] = []): Promise<ScriptedReceiver> {
  const receiver = await startReceiver(script);
  onTestFinished(() => receiver.close());
  return receiver;
}

/** The delivery once it will not be tried again; it is read anew at each change of the deliveries. */
async function settled(client: Client, id = ''): Promise<DeliveryDetail> {
  const changes = await client.system.changes();
  // The first says that following has begun: what happened before it shows when read now.
  await changes.next();
  let delivery = await client.deliveries.get({ id });
  while (delivery.status === 'pending' || delivery.status === 'failed') {
    let step = await changes.next();
    while (step.done !== true && step.value.topic !== 'deliveries') step = await changes.next();
    if (step.done === true) throw new Error(`The stream of changes ended while ${id} was ${delivery.status}.`);
    delivery = await client.deliveries.get({ id });
  }
  await changes.return?.();
  return delivery;
}

/** Waits until a replay is completed; it is read anew at each change of the replays. */
async function replayEnded(client: Client, id: string): Promise<void> {
  const changes = await client.system.changes();
  await changes.next();
  while ((await client.replays.get({ id })).status === 'running') {
    let step = await changes.next();
    while (step.done !== true && step.value.topic !== 'replays') step = await changes.next();
    if (step.done === true) throw new Error(`The stream of changes ended while ${id} ran.`);
  }
  await changes.return?.();
}
