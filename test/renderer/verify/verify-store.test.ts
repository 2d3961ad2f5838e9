import { describe, expect, it } from 'vitest';
import { exampleInput } from '../../../src/renderer/features/verify/verify-input.ts';
import { createVerifyStore } from '../../../src/renderer/features/verify/verify-store.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';

const never = () => () => undefined;

async function openVerify() {
  const { client } = await startClockedEngine({ capturePort: 0 });
  const store = createVerifyStore(client, never);
  await store.load();
  return { client, store };
}

describe('the Verify page', () => {
  it('gives the verdict on the example', async () => {
    const { store } = await openVerify();
    store.showExample();
    await store.check();
    expect(store.getState()).toMatchObject({ verification: { verdict: 'valid' }, isStale: false, problem: null });
  });

  it('cuts a whole request that is pasted into an empty form, and keeps the line breaks of its body', async () => {
    const { store } = await openVerify();
    expect(store.setHead(`${exampleInput.head.replaceAll('\n', '\r\n')}\r\n\r\n{"a":\r\n1}\n`, true)).toBe(true);
    expect(store.getState().input).toMatchObject({ body: '{"a":\r\n1}\n', head: expect.stringMatching(/OLJ1OE=$/) });
  });

  it('does not touch a body that is there, until it is told to', async () => {
    const { store } = await openVerify();
    store.change({ body: 'mine' });
    expect(store.setHead('A: 1\n\ntheirs', true)).toBe(false);
    expect(store.getState().input.body).toBe('mine');
    store.moveRestToBody();
    expect(store.getState().input).toMatchObject({ head: 'A: 1', body: 'theirs' });
  });

  it('shows a refusal and keeps what was typed', async () => {
    const { store } = await openVerify();
    store.change({ ...exampleInput, scheme: 'custom', custom: null });
    store.change({
      custom: {
        scheme: 'custom',
        header: 'webhook-signature',
        prefix: '',
        algorithm: 'sha256',
        encoding: 'hex',
        signedContent: 'no body',
        timestampHeader: null,
        timestampUnit: 's',
        idHeader: null,
        secretEncoding: 'utf8',
        toleranceSeconds: 300,
      },
    });
    await store.check();
    expect(store.getState()).toMatchObject({
      verification: null,
      problem: { issues: [{ path: 'options.signedContent' }] },
      input: { body: exampleInput.body },
    });
  });

  it('opens a capture with its bin, so that it verifies as it did on arrival', async () => {
    const { client, store } = await openVerify();
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const bin = await client.bins.create({ name: 'Signed', signing: { scheme: 'standard-webhooks' }, secrets: [secret] });
    const body = '{"a":\r\n1}';
    const { headers } = await client.verifying.sign({
      scheme: 'standard-webhooks',
      secrets: [secret],
      request: { bodyBase64: btoa(body) },
    });
    await fetch(bin.url, { method: 'POST', headers: headers.map(([name, value]): [string, string] => [name, value]), body });
    const capture = (await client.captures.list({ binId: bin.id })).items[0];
    await store.openCapture(capture?.id ?? '');
    await store.check();
    expect(capture?.verdict).toBe('valid');
    expect(store.getState()).toMatchObject({ verification: { verdict: 'valid' }, input: { body, secretsOf: bin.id } });
  });

  it('lists only endpoints and bins that have a secret', async () => {
    const { client, store } = await openVerify();
    await client.bins.create({ name: 'Plain' });
    await client.endpoints.create({ name: 'Signing', url: 'http://127.0.0.1:9/' });
    await store.load();
    expect(store.getState().owners.map((owner) => owner.label)).toEqual(['Signing (endpoint)']);
  });
});
