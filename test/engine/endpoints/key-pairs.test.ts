import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { respond, startReceiver } from '../../support/scripted-receiver.ts';

const url = 'http://127.0.0.1:9/';

async function receiver() {
  const started = await startReceiver([respond(), respond()]);
  onTestFinished(started.close);
  return started;
}

describe('an endpoint that signs with a private key', () => {
  it('answers the public key when it is made and rotated, and shows those that sign when it is read', async () => {
    const engine = await startClockedEngine();
    const created = await engine.client.endpoints.create({ name: 'Pair', url, signing: { scheme: 'standard-webhooks-v1a' } });
    expect(created.secret).toMatch(/^whsk_/);
    expect(created.publicKey).toMatch(/^whpk_/);
    const rotated = await engine.client.endpoints.rotateSecret({ id: created.id });
    expect(rotated.publicKey).toMatch(/^whpk_/);
    expect((await engine.client.endpoints.get({ id: created.id })).publicKeys).toEqual([rotated.publicKey, created.publicKey]);
  });

  it('has no public key where the secret is shared', async () => {
    const engine = await startClockedEngine();
    const created = await engine.client.endpoints.create({ name: 'Shared', url });
    expect(created).toMatchObject({ publicKey: null, publicKeys: [] });
  });

  it('refuses a public key as its secret, and PayPal without the id of the webhook', async () => {
    const engine = await startClockedEngine();
    const { publicKey } = await engine.client.endpoints.create({ name: 'Pair', url, signing: { scheme: 'discord' } });
    const withPublic = engine.client.endpoints.create({ name: 'Public', url, signing: { scheme: 'discord' }, secret: publicKey ?? '' });
    await expect(withPublic).rejects.toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ path: 'secret' }] } });
    const { secret } = await engine.client.endpoints.create({
      name: 'Paid',
      url,
      signing: { scheme: 'paypal', webhookId: 'WH-1', certUrl: 'https://api.paypal.com/v1/notifications/certs/CERT-hookyard' },
    });
    const nameless = engine.client.endpoints.create({
      name: 'Paid',
      url,
      secret: secret ?? '',
      signing: { scheme: 'paypal', webhookId: '', certUrl: 'https://api.paypal.com/v1/notifications/certs/CERT-hookyard' },
    });
    await expect(nameless).rejects.toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ path: 'signing.webhookId' }] } });
  });

  it('sends what its public key verifies', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    const { publicKey } = await engine.client.endpoints.create({ name: 'Pair', url: target.url, signing: { scheme: 'sendgrid' } });
    const id = (await engine.client.messages.send({ type: 'a.b' })).deliveries[0]?.id ?? '';
    await engine.deliveryWhen(id, hasAttempts(1));
    const [request] = target.requests;
    const key = createPublicKey({ key: Buffer.from(publicKey ?? '', 'base64'), format: 'der', type: 'spki' });
    const text = Buffer.concat([
      Buffer.from(request?.header('x-twilio-email-event-webhook-timestamp') ?? ''),
      request?.body ?? Buffer.alloc(0),
    ]);
    const signature = Buffer.from(request?.header('x-twilio-email-event-webhook-signature') ?? '', 'base64');
    expect(verify('sha256', text, key, signature)).toBe(true);
  });
});

describe('a signature that stands in the body or in the URL', () => {
  it('is sent and logged where it stands', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    const { secret } = await engine.client.endpoints.create({ name: 'Inside', url: `${target.url}?a=1`, signing: { scheme: 'mailgun' } });
    const id = (await engine.client.messages.send({ type: 'a.b', data: { n: 1 } })).deliveries[0]?.id ?? '';
    const { attempts } = await engine.deliveryWhen(id, hasAttempts(1));
    const [request] = target.requests;
    const logged = await engine.client.deliveries.attempt({ id: attempts[0]?.id ?? '' });
    expect(Buffer.from(logged.request?.bodyBase64 ?? '', 'base64')).toEqual(request?.body);
    expect(logged.request?.bodyBytes).toBe(request?.body.byteLength);
    const verdict = await engine.client.verifying.verify({
      scheme: 'mailgun',
      secrets: [secret ?? ''],
      request: { bodyBase64: request?.body.toString('base64') ?? '' },
    });
    expect(verdict, verdict.message).toMatchObject({ verdict: 'valid' });
  });

  it('is in the URL that is called, and in the log of it', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Digest', url: `${target.url}?a=1`, signing: { scheme: 'twilio-json' } });
    const id = (await engine.client.messages.send({ type: 'a.b' })).deliveries[0]?.id ?? '';
    const { attempts } = await engine.deliveryWhen(id, hasAttempts(1));
    expect(target.requests[0]?.target).toMatch(/\?a=1&bodySHA256=[0-9a-f]{64}$/);
    expect(attempts[0]?.request?.url).toMatch(/\?a=1&bodySHA256=[0-9a-f]{64}$/);
  });

  it('is refused as an outcome where the body has no room for it', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    const inText = { contentType: 'text/plain', template: 'just text' };
    await engine.client.endpoints.create({ name: 'Text', url: target.url, signing: { scheme: 'linear' }, ...inText });
    const id = (await engine.client.messages.send({ type: 'a.b' })).deliveries[0]?.id ?? '';
    const { attempts } = await engine.deliveryWhen(id, hasAttempts(1));
    expect(attempts[0]?.outcome).toMatchObject({
      code: 'policy',
      message: expect.stringContaining('Give a JSON object as the body.') as string,
    });
    expect(target.requests).toEqual([]);
  });

  it('is answered to a script that has a body signed', async () => {
    const engine = await startClockedEngine();
    const bodyBase64 = Buffer.from('{"a":1}').toString('base64');
    const inside = await engine.client.verifying.sign({ scheme: 'linear', secrets: ['s'], request: { bodyBase64 } });
    expect(Buffer.from(inside.bodyBase64 ?? '', 'base64').toString()).toMatch(/^\{"a":1, ?"webhookTimestamp": ?\d+\}$/);
    expect(inside.url).toBeNull();
    const beside = await engine.client.verifying.sign({ scheme: 'stripe', secrets: ['s'], request: { bodyBase64 } });
    expect(beside).toMatchObject({ bodyBase64: null, url: null });
  });
});
