import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createOfflineClient } from '#engine/index.ts';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const signedAtMs = 1_614_265_330_000;
const headers: [string, string][] = [
  ['webhook-id', 'msg_p5jXN8AQM9LWM0D4loKWxJek'],
  ['webhook-timestamp', '1614265330'],
  ['webhook-signature', 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='],
];
const bodyBase64 = btoa('{"test": 2432232314}');
const offline = createOfflineClient(() => signedAtMs);

describe('verifying by the scheme auto', () => {
  it('names the scheme it recognised, with its confidence, and judges by it', async () => {
    const answer = await offline.verifying.verify({ scheme: 'auto', secrets: [secret], request: { headers, bodyBase64 } });
    expect(answer).toMatchObject({ verdict: 'valid', scheme: 'standard-webhooks' });
    expect(answer.recognised?.[0]).toEqual({
      scheme: 'standard-webhooks',
      confidence: 'certain',
      because: expect.stringContaining('webhook-signature'),
    });
  });

  it('says unknown for a request without a signature', async () => {
    const answer = await offline.verifying.verify({
      scheme: 'auto',
      secrets: [secret],
      request: { headers: [['Content-Type', 'application/json']], bodyBase64 },
    });
    expect(answer).toMatchObject({ verdict: 'unsigned', reason: 'unknown', scheme: 'unknown', recognised: [] });
  });

  it('tries a header of nobody known as a custom HMAC with the options it suggests', async () => {
    const signature = createHmac('sha256', 'abc').update(Buffer.from(bodyBase64, 'base64')).digest('base64');
    const request = { headers: [['X-Acme-Hmac', `sha256=${signature}`] as [string, string]], bodyBase64 };
    const answer = await offline.verifying.verify({ scheme: 'auto', secrets: ['abc'], request });
    expect(answer).toMatchObject({ verdict: 'valid', scheme: 'custom', recognised: [{ scheme: 'custom', confidence: 'possible' }] });
  });

  it('gives the verdict of the surest scheme when none is valid', async () => {
    const answer = await offline.verifying.verify({
      scheme: 'auto',
      secrets: ['whsec_b3RoZXItb3RoZXItb3RoZXItb3RoZXI='],
      request: { headers, bodyBase64 },
    });
    expect(answer).toMatchObject({ verdict: 'invalid', reason: 'signature_mismatch', scheme: 'standard-webhooks' });
  });

  it('takes options for whichever recognised scheme has them, and refuses those that fit none', async () => {
    const call = (options: Record<string, number>) =>
      offline.verifying.verify({
        scheme: 'auto',
        secrets: [secret],
        options,
        request: { headers, bodyBase64 },
        nowMs: signedAtMs + 400_000,
      });
    expect(await call({ toleranceSeconds: 500 })).toMatchObject({ verdict: 'valid' });
    await expect(call({ nonsense: 1 })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('leaves `recognised` out when the scheme is named', async () => {
    const answer = await offline.verifying.verify({ scheme: 'standard-webhooks', secrets: [secret], request: { headers, bodyBase64 } });
    expect(answer).not.toHaveProperty('recognised');
  });
});

describe('a request that the workspace holds', () => {
  it('is verified by the id of its capture, byte for byte and by the time it came', async () => {
    const { client, clock } = await startClockedEngine({ capturePort: 0 });
    const bin = await client.bins.create({ name: 'Any' });
    const body = new Uint8Array([0xff, 0x00, 0x0d, 0x0a]);
    const signed = await client.verifying.sign({
      scheme: 'standard-webhooks',
      secrets: [secret],
      request: { bodyBase64: Buffer.from(body).toString('base64') },
    });
    await fetch(bin.url, { method: 'POST', headers: signed.headers.map(([name, value]): [string, string] => [name, value]), body });
    const captureId = (await client.captures.list({ binId: bin.id })).items[0]?.id ?? '';
    await clock.advance(86_400_000);
    const answer = await client.verifying.verify({ scheme: 'auto', secrets: [secret], captureId });
    expect(answer).toMatchObject({ verdict: 'valid', scheme: 'standard-webhooks' });
    expect(Math.abs(answer.timestampAgeSeconds ?? Number.NaN)).toBeLessThan(60);
    expect(await client.verifying.verify({ scheme: 'auto', secrets: [secret], captureId, nowMs: clock.now() })).toMatchObject({
      verdict: 'invalid',
      reason: 'timestamp_stale',
    });
  });

  it('is verified by the id of an attempt that sent it', async () => {
    const { client, deliveryWhen } = await startClockedEngine({ capturePort: 0 });
    const bin = await client.bins.create({ name: 'Any' });
    const endpoint = await client.endpoints.create({ name: 'Mine', url: bin.url, signing: { scheme: 'standard-webhooks' }, secret });
    const { deliveries } = await client.messages.send({ type: 'invoice.paid', data: { total: 1 } });
    const delivery = await deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
    const answer = await client.verifying.verify({
      scheme: 'auto',
      secretsOf: endpoint.id,
      attemptId: delivery.attempts[0]?.id ?? '',
    });
    expect(answer).toMatchObject({ verdict: 'valid', scheme: 'standard-webhooks', matchedSecret: 0 });
  });

  it('is refused with its id when there is none, and unless exactly one is chosen', async () => {
    const { client } = await startClockedEngine({ capturePort: 0 });
    const verify = (choice: object) => client.verifying.verify({ scheme: 'auto', secrets: [secret], ...choice });
    await expect(verify({ captureId: 'cap_none' })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { kind: 'capture', id: 'cap_none' } });
    await expect(verify({ attemptId: 'att_none' })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { kind: 'attempt' } });
    await expect(verify({})).rejects.toMatchObject({ code: 'INPUT_INVALID', message: expect.stringContaining('Give one of') });
    await expect(verify({ captureId: 'a', request: { headers, bodyBase64 } })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    await expect(offline.verifying.verify({ scheme: 'auto', captureId: 'cap_1' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
