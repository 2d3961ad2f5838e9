import { createHmac } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { hang, reset, respond, startReceiver, type ReceivedRequest, type Step } from '../../support/scripted-receiver.ts';

async function receiver(...steps: readonly Step[]) {
  const started = await startReceiver(steps);
  onTestFinished(started.close);
  return started;
}

function signatureHeaders(request: ReceivedRequest): Record<string, string> {
  return Object.fromEntries(['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, request.header(name) ?? '']));
}

/** HMAC over the received bytes, written apart from the engine's code. */
function expectedSignature(secret: string, request: ReceivedRequest): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const hmac = createHmac('sha256', key)
    .update(`${request.header('webhook-id')}.${request.header('webhook-timestamp')}.`)
    .update(request.body);
  return `v1,${hmac.digest('base64')}`;
}

describe('the life of a delivery', () => {
  it('gets four attempts on schedule from a receiver that answers 500, 500, hangs and then 200', async () => {
    const target = await receiver(
      respond({ status: 500, body: 'first' }),
      respond({ status: 500 }),
      hang(),
      respond({ status: 200, body: 'ok' }),
    );
    const engine = await startClockedEngine();
    const endpoint = await engine.client.endpoints.create({
      name: 'Own',
      url: `${target.url}/hooks`,
      timeoutMs: 1500,
      retryPolicy: { kind: 'schedule', delaysMs: [1000, 60_000, 3_600_000] },
    });
    const startMs = engine.clock.now();
    const { deliveries } = await engine.client.messages.send({ type: 'invoice.paid', data: { amount: 5 } });
    const id = deliveries[0]?.id ?? '';

    const dueTimes: (number | null)[] = [];
    for (const made of [1, 2, 3]) {
      const delivery = await engine.deliveryWhen(id, hasAttempts(made));
      expect(delivery.status).toBe('failed');
      dueTimes.push(delivery.nextAttemptAtMs);
      expect(engine.clock.nextAtMs()).toBe(delivery.nextAttemptAtMs);
      engine.clock.advance((delivery.nextAttemptAtMs ?? 0) - engine.clock.now());
    }
    const delivered = await engine.deliveryWhen(id, hasAttempts(4));

    expect(dueTimes).toEqual([startMs + 1000, startMs + 61_000, startMs + 3_661_000]);
    expect(delivered).toMatchObject({
      status: 'delivered',
      nextAttemptAtMs: null,
      attemptCount: 4,
      maxAttempts: 4,
      endpointId: endpoint.id,
    });
    expect(
      delivered.attempts.map(({ number, trigger, outcome }) => [number, trigger, outcome?.code, outcome?.status, outcome?.phase]),
    ).toEqual([
      [1, 'schedule', 'http_status', 500, null],
      [2, 'schedule', 'http_status', 500, null],
      [3, 'schedule', 'timeout', null, 'response'],
      [4, 'schedule', 'ok', 200, null],
    ]);
    expect(Buffer.from(delivered.attempts[0]?.response?.bodyBase64 ?? '', 'base64').toString()).toBe('first');
    const sent = new Set(target.requests.map((request) => request.body.toString('hex')));
    expect(target.requests).toHaveLength(4);
    expect(sent.size).toBe(1);
    expect(new Set(target.requests.map((request) => request.header('webhook-id')))).toEqual(new Set([delivered.messageId]));
    expect(target.requests.map((request) => Number(request.header('webhook-timestamp')))).toEqual(
      delivered.attempts.map((attempt) => Math.floor(attempt.startedAtMs / 1000)),
    );
  });

  it('records exactly the request that went over the wire, and the preview shows the same', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    const endpoint = await engine.client.endpoints.create({
      name: 'Own',
      url: `${target.url}/a/b?c=%20d`,
      headers: { 'X-Plain': 'one', 'x-lower': 'two' },
      template: '{"kind": {{ type | json }}, "amount": {{ data.amount }}}',
    });
    const preview = await engine.client.preview.render({
      endpointId: endpoint.id,
      event: { type: 'invoice.paid', data: { amount: 5 }, id: 'msg_same' },
    });
    const { deliveries } = await engine.client.messages.send({ type: 'invoice.paid', data: { amount: 5 }, id: 'msg_same' });
    const request = await target.nextRequest();
    const delivery = await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
    const attempt = delivery.attempts[0];

    expect(attempt?.request?.headers).toEqual(request.rawHeaders);
    expect(preview.headers).toEqual(request.rawHeaders);
    expect(attempt?.request?.bodyBase64).toBe(request.body.toString('base64'));
    expect(preview.bodyBase64).toBe(request.body.toString('base64'));
    expect(request.body.toString()).toBe('{"kind": "invoice.paid", "amount": 5}');
    expect(request.target).toBe('/a/b?c=%20d');
    expect(attempt?.signature).toEqual(preview.signature);
    expect(Buffer.from(attempt?.signature?.signedBase64 ?? '', 'base64').toString()).toBe(
      `msg_same.${request.header('webhook-timestamp')}.${request.body.toString()}`,
    );
  });

  it('sends a secret header whole but keeps and previews only its fingerprint', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    const { id: endpointId } = await engine.client.endpoints.create({
      name: 'Own',
      url: target.url,
      secretHeaders: { Authorization: 'Bearer abc' },
    });
    const preview = await engine.client.preview.render({ endpointId, event: { type: 'a.b' } });
    const { deliveries } = await engine.client.messages.send({ type: 'a.b' });
    const request = await target.nextRequest();
    const delivery = await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
    expect(request.header('authorization')).toBe('Bearer abc');
    // sha256("Bearer abc") begins with these digits.
    const masked = ['Authorization', '[secret c355dce9]'];
    expect(delivery.attempts[0]?.request?.headers).toContainEqual(masked);
    expect(preview.headers).toContainEqual(masked);
    expect(preview.curl).not.toContain('Bearer abc');
  });

  it('sends a token that is the secret itself but keeps and previews only its fingerprint, and can still verify it', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    const { id: endpointId } = await engine.client.endpoints.create({
      name: 'Own',
      url: target.url,
      signing: { scheme: 'gitlab-token' },
      secret: 'glw-token-of-a-project',
    });
    const preview = await engine.client.preview.render({ endpointId, event: { type: 'a.b' } });
    const { deliveries } = await engine.client.messages.send({ type: 'a.b' });
    const request = await target.nextRequest();
    const delivery = await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
    expect(request.header('x-gitlab-token')).toBe('glw-token-of-a-project');
    expect(delivery.attempts[0]?.request?.headers).toContainEqual(['X-Gitlab-Token', expect.stringMatching(/^\[secret [0-9a-f]{8}\]$/)]);
    expect(JSON.stringify([delivery, preview])).not.toContain('glw-token-of-a-project');
    const judged = { scheme: 'gitlab-token', secretsOf: endpointId, attemptId: delivery.attempts[0]?.id ?? '' } as const;
    expect(await engine.client.verifying.verify(judged)).toMatchObject({ verdict: 'valid' });
  });

  it('is accepted by the official package over the received bytes, at 1 MiB too', async () => {
    const target = await receiver();
    // The package looks at the real time.
    const engine = await startClockedEngine({ clock: realTimeFakeClock() });
    const { secret } = await engine.client.endpoints.create({ name: 'Own', url: target.url });
    const big = `{"text":${JSON.stringify('é'.repeat(524_288))}}`;
    for (const body of ['{"a":1}', big]) {
      await engine.client.messages.send({ type: 'a.b', bodyBase64: Buffer.from(body).toString('base64') });
      const request = await target.nextRequest();
      expect(request.body.equals(Buffer.from(body))).toBe(true);
      expect(new Webhook(secret ?? '').verify(request.body, signatureHeaders(request))).toEqual(JSON.parse(body));
      expect(request.header('webhook-signature')).toBe(expectedSignature(secret ?? '', request));
    }
  });

  it('signs a body that is not UTF-8 byte for byte, which the official package cannot check since it decodes first', async () => {
    const target = await receiver();
    const engine = await startClockedEngine({ clock: realTimeFakeClock() });
    const { secret } = await engine.client.endpoints.create({ name: 'Own', url: target.url, contentType: 'application/octet-stream' });
    const body = Buffer.from([0xff, 0x00, 0xfe, 0x0d, 0x0a, 0xc3, 0x28]);
    await engine.client.messages.send({ type: 'a.b', bodyBase64: body.toString('base64') });
    const request = await target.nextRequest();
    expect(request.body.equals(body)).toBe(true);
    expect(request.header('webhook-signature')).toBe(expectedSignature(secret ?? '', request));
    expect(() => new Webhook(secret ?? '').verify(request.body, signatureHeaders(request), { jsonParse: false })).toThrow(
      'No matching signature',
    );
  });

  it('signs with both secrets after a rotation until the old one expires', async () => {
    const target = await receiver();
    const engine = await startClockedEngine({ clock: realTimeFakeClock() });
    const created = await engine.client.endpoints.create({ name: 'Own', url: target.url });
    const rotated = await engine.client.endpoints.rotateSecret({ id: created.id, overlapMs: 1000 });
    expect(rotated.previousExpiresAtMs).toBe(engine.clock.now() + 1000);
    await engine.client.messages.send({ type: 'a.b' });
    const during = await target.nextRequest();
    expect(during.header('webhook-signature')?.split(' ')).toHaveLength(2);
    for (const secret of [created.secret ?? '', rotated.secret])
      expect(new Webhook(secret).verify(during.body, signatureHeaders(during))).toMatchObject({ type: 'a.b' });

    engine.clock.advance(1000);
    await engine.client.messages.send({ type: 'a.b' });
    const after = await target.nextRequest();
    expect(after.header('webhook-signature')?.split(' ')).toHaveLength(1);
    expect(new Webhook(rotated.secret).verify(after.body, signatureHeaders(after))).toMatchObject({ type: 'a.b' });
  });

  it('redelivers the same bytes with a fresh timestamp and begins the schedule again', async () => {
    const target = await receiver(respond({ status: 400 }), respond({ status: 400 }));
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: 'none' });
    const { deliveries } = await engine.client.messages.send({ type: 'a.b', data: { n: 1 } });
    const id = deliveries[0]?.id ?? '';
    expect(await engine.deliveryWhen(id, hasAttempts(1))).toMatchObject({ status: 'exhausted', maxAttempts: 1 });
    engine.clock.advance(5000);
    await engine.client.deliveries.redeliver({ id });
    expect(await engine.deliveryWhen(id, hasAttempts(2))).toMatchObject({ status: 'exhausted', maxAttempts: 2 });
    await engine.client.deliveries.redeliver({ id });
    const delivery = await engine.deliveryWhen(id, hasAttempts(3));
    expect(delivery.status).toBe('delivered');
    expect(delivery.attempts.map((attempt) => attempt.trigger)).toEqual(['schedule', 'redelivery', 'redelivery']);
    const [first, second] = target.requests;
    expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
    expect(Number(second?.header('webhook-timestamp')) - Number(first?.header('webhook-timestamp'))).toBe(5);
  });

  it('waits as long as Retry-After asks when that is longer than the schedule', async () => {
    const target = await receiver(respond({ status: 503, headers: [['Retry-After', '120']] }));
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: 'quick' });
    const { deliveries } = await engine.client.messages.send({ type: 'a.b' });
    const delivery = await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
    expect(delivery.nextAttemptAtMs).toBe(engine.clock.now() + 120_000);
  });

  it('runs the schedule faster at a higher time scale, for deliveries that already wait too', async () => {
    const target = await receiver(reset());
    const engine = await startClockedEngine({ timeScale: 10 });
    await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: { kind: 'schedule', delaysMs: [60_000] } });
    const { deliveries } = await engine.client.messages.send({ type: 'a.b' });
    const id = deliveries[0]?.id ?? '';
    const delivery = await engine.deliveryWhen(id, hasAttempts(1));
    expect(delivery.lastOutcome?.code).toBe('reset');
    expect(delivery.nextAttemptAtMs).toBe(engine.clock.now() + 6000);
    await engine.client.system.updateSettings({ timeScale: 60 });
    expect((await engine.client.deliveries.get({ id })).nextAttemptAtMs).toBe(engine.clock.now() + 1000);
    engine.clock.advance(1000);
    expect(await engine.deliveryWhen(id, hasAttempts(2))).toMatchObject({ status: 'delivered' });
  });

  it('cancels a delivery that waits, one under way, and refuses one that has ended', async () => {
    const target = await receiver(respond({ status: 500 }), hang());
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url });
    const waiting = (await engine.client.messages.send({ type: 'a.b' })).deliveries[0]?.id ?? '';
    await engine.deliveryWhen(waiting, hasAttempts(1));
    expect(await engine.client.deliveries.cancel({ id: waiting })).toMatchObject({ status: 'cancelled', nextAttemptAtMs: null });
    await target.nextRequest();

    const underWay = (await engine.client.messages.send({ type: 'a.b' })).deliveries[0]?.id ?? '';
    await target.nextRequest();
    await expect(engine.client.deliveries.redeliver({ id: underWay })).rejects.toMatchObject({ code: 'CONFLICT' });
    const cancelled = await engine.client.deliveries.cancel({ id: underWay });
    expect(cancelled).toMatchObject({ status: 'cancelled', isInFlight: false, lastOutcome: { code: 'cancelled' } });
    await expect(engine.client.deliveries.cancel({ id: underWay })).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('keeps deliveries of a disabled endpoint waiting and goes on when it is enabled', async () => {
    const target = await receiver(respond({ status: 500 }));
    const engine = await startClockedEngine();
    const { id: endpointId } = await engine.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: 'quick' });
    const id = (await engine.client.messages.send({ type: 'a.b' })).deliveries[0]?.id ?? '';
    await engine.deliveryWhen(id, hasAttempts(1));
    expect(await engine.client.endpoints.update({ id: endpointId, isActive: false })).toMatchObject({
      health: 'disabled',
      pendingDeliveries: 1,
    });
    expect((await engine.client.messages.send({ type: 'a.b' })).deliveries).toEqual([]);
    engine.clock.advance(60_000);
    expect(await engine.client.deliveries.get({ id })).toMatchObject({ attemptCount: 1, status: 'failed', isInFlight: false });
    await engine.client.endpoints.update({ id: endpointId, isActive: true });
    expect(await engine.deliveryWhen(id, hasAttempts(2))).toMatchObject({ status: 'delivered' });
  });

  it('makes an attempt again that a stop cut off, and tells it apart from a failure of the receiver', async () => {
    const target = await receiver(hang());
    const first = await startClockedEngine();
    await first.client.endpoints.create({ name: 'Own', url: target.url, retryPolicy: 'none' });
    const id = (await first.client.messages.send({ type: 'a.b' })).deliveries[0]?.id ?? '';
    await target.nextRequest();
    await first.stop();
    const second = await startClockedEngine({ dataDir: first.dataDir, clock: first.clock });
    const delivery = await second.deliveryWhen(id, (each) => each.status === 'delivered');
    expect(delivery.attempts.map((attempt) => attempt.outcome?.code)).toEqual(['interrupted', 'ok']);
  });

  it('sends nothing over http to an endpoint that is set to https only', async () => {
    const engine = await startClockedEngine();
    await expect(engine.client.endpoints.create({ name: 'Own', url: 'http://127.0.0.1:9/', httpsOnly: true })).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path: 'url' }] },
    });
  });
});

describe('one endpoint and another', () => {
  it('lets a hanging endpoint use no more than its share of attempts at once', async () => {
    const slow = await startReceiver([], { otherwise: hang() });
    const quick = await receiver();
    onTestFinished(slow.close);
    const engine = await startClockedEngine();
    await engine.client.system.updateSettings({ maxConcurrency: 4, maxConcurrencyPerEndpoint: 2 });
    await engine.client.endpoints.create({ name: 'Slow', url: slow.url, events: ['slow.*'] });
    await engine.client.endpoints.create({ name: 'Quick', url: quick.url, events: ['quick.*'] });
    for (let i = 0; i < 5; i += 1) await engine.client.messages.send({ type: 'slow.one' });
    await slow.nextRequest();
    await slow.nextRequest();
    const id = (await engine.client.messages.send({ type: 'quick.one' })).deliveries[0]?.id ?? '';
    expect(await engine.deliveryWhen(id, hasAttempts(1))).toMatchObject({ status: 'delivered' });
    expect(slow.requests).toHaveLength(2);
    expect(await engine.client.system.health()).toMatchObject({ inFlightAttempts: 2, pendingDeliveries: 5 });
  });
});

function realTimeFakeClock() {
  return createFakeClock(Date.now());
}
