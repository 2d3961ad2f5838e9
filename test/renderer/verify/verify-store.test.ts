import { describe, expect, it } from 'vitest';
import { createPasteReader, doPasteOrder } from '../../../src/renderer/base/paste-reader.ts';
import { isUntouched } from '../../../src/renderer/features/verify/imported.ts';
import { exampleInput } from '../../../src/renderer/features/verify/verify-input.ts';
import { createVerifyStore } from '../../../src/renderer/features/verify/verify-store.ts';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';

const never = () => () => undefined;
const pastes = createPasteReader(() => ({ done: async (order) => doPasteOrder(order), end: () => undefined }));

async function openVerify() {
  const { client } = await startClockedEngine({ capturePort: 0 });
  const store = createVerifyStore(client, never, pastes);
  await store.load();
  return { client, store };
}

/** Verify beside an endpoint with a scheme of its own that has been sent one event. */
async function openWithEndpoint() {
  const engine = await startClockedEngine({ capturePort: 0 });
  const { client } = engine;
  const store = createVerifyStore(client, never, pastes);
  await store.load();
  const bin = await client.bins.create({ name: 'Billing', slug: 'billing' });
  const endpoint = await client.endpoints.create({
    name: 'Billing',
    url: `${bin.url}/hook?x=1`,
    template: '{"a":1}',
    signing: { scheme: 'custom', header: 'X-Own', signedContent: '{url}{body}', encoding: 'base64' },
  });
  const send = async () => {
    const { id, deliveries } = await client.messages.send({ type: 'invoice.paid', data: {}, endpointIds: [endpoint.id] });
    const delivery = await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
    return { messageId: id, deliveryId: delivery.id, attemptId: delivery.attempts[0]?.id ?? '', endpointId: endpoint.id };
  };
  return { client, store, send };
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
    expect(store.setHead(`${exampleInput.head.replaceAll('\n', '\r\n')}\r\n\r\n{"a":\r\n1}\n`, 'whole')).toBe('Read as Raw request');
    expect(store.getState().input).toMatchObject({ body: '{"a":\r\n1}\n', head: expect.stringMatching(/OLJ1OE=$/) });
  });

  it('says nothing of the secret while the body of a paste is not there', async () => {
    const { store } = await openVerify();
    store.showExample();
    const headers = exampleInput.head
      .split('\n')
      .slice(1)
      .map((line) => `-H '${line}'`);
    store.setHead(`curl https://example.com/webhooks ${headers.join(' ')} --data-binary @payload.json`, 'whole');
    await store.check();
    expect(store.getState().verification).toMatchObject({
      verdict: 'unchecked',
      message: expect.stringMatching(/^The body is in the file payload\.json/),
    });
    store.change({ body: exampleInput.body });
    await store.check();
    expect(store.getState().verification?.verdict).toBe('valid');
    store.change({ body: '{}' });
    await store.check();
    expect(store.getState().verification?.verdict).toBe('invalid');
  });

  it('does not touch a body that is there for a part of a request, until it is told to', async () => {
    const { store } = await openVerify();
    store.change({ body: 'mine' });
    expect(store.setHead('A: 1\n\ntheirs', 'part')).toBeNull();
    expect(store.getState()).toMatchObject({ input: { body: 'mine' }, replaced: null });
    expect(store.leaveHead()).toBeNull();
    expect(store.getState().input.body).toBe('mine');
    store.moveRestToBody();
    expect(store.getState().input).toMatchObject({ head: 'A: 1', body: 'theirs' });
  });

  it('takes a whole request in place of another one with its body, and brings that back', async () => {
    const { store } = await openVerify();
    store.showExample();
    const before = store.getState().input;
    const other = `${exampleInput.head.replace('_p5j', '_q5j')}\n\n{"theirs":1}`;
    expect(store.setHead(other, 'whole')).toBe('Read as Raw request');
    expect(store.getState().input).toMatchObject({ head: expect.stringContaining('_q5j'), body: '{"theirs":1}', secrets: before.secrets });
    store.change({ secrets: ['typed since'] });
    store.undoPaste();
    expect(store.getState()).toMatchObject({ input: { ...before, secrets: ['typed since'] }, replaced: null });
    store.setHead(other, 'whole');
    store.change({ body: 'corrected' });
    // What was typed since would be lost by undoing.
    expect(store.getState().replaced).toBeNull();
  });

  it('keeps the body where headers alone are pasted over others', async () => {
    const { store } = await openVerify();
    store.showExample();
    store.setHead(exampleInput.head.replace('_p5j', '_q5j'), 'whole');
    expect(store.getState().input).toMatchObject({ head: expect.stringContaining('_q5j'), body: exampleInput.body });
  });

  it('cuts a request that was typed once its field is left, and when it is checked', async () => {
    const { store } = await openVerify();
    expect(store.setHead('A: 1\n\n{"typed":1}', null)).toBeNull();
    expect(store.getState().input.body).toBe('');
    expect(store.leaveHead()).toBe('The body of the request was moved to its own field');
    expect(store.getState().input).toMatchObject({ head: 'A: 1', body: '{"typed":1}' });
    expect(store.leaveHead()).toBeNull();
    store.change({ head: 'A: 1\n\nagain', body: '' });
    await store.check();
    expect(store.getState().input).toMatchObject({ head: 'A: 1', body: 'again' });
  });

  it('fills the form from a curl command, with notes that go once the form is changed', async () => {
    const { store } = await openVerify();
    const { head, body } = exampleInput;
    const headers = head
      .split('\n')
      .slice(1)
      .map((line) => `-H '${line}'`);
    const said = store.setHead(`curl 'https://example.com/webhooks' ${headers.join(' ')} --data-raw '${body}'`, 'whole');
    expect(said).toBe('Read as curl');
    store.change({ secrets: exampleInput.secrets, clock: exampleInput.clock });
    await store.check();
    const { input, imported, verification } = store.getState();
    expect(verification).toMatchObject({ verdict: 'valid' });
    expect(input).toMatchObject({ head: expect.stringMatching(/^POST https:\/\/example.com\/webhooks\nHost: /), body });
    expect(imported === null ? null : isUntouched(imported, input)).toBe(true);
    store.change({ body: 'other' });
    expect(imported === null ? null : isUntouched(imported, store.getState().input)).toBe(false);
    store.setHead('A: 1', null);
    expect(store.getState().imported).toBeNull();
  });

  it('replaces a body that is there by that of a whole request, but not by lines', async () => {
    const { store } = await openVerify();
    store.change({ body: 'mine' });
    store.setHead(JSON.stringify({ headers: { 'X-A': '1' }, body: 'theirs' }), 'whole');
    expect(store.getState().input).toMatchObject({ head: 'X-A: 1', body: 'theirs' });
  });

  it('reads a paste as another kind where that is chosen, and shows another of its requests', async () => {
    const { store } = await openVerify();
    store.setHead('Subject: hello\n\nworld', 'whole');
    store.setHead(JSON.stringify([1, 2].map((number) => ({ headers: { 'X-A': String(number) }, body: `b${number}` }))), 'whole');
    expect(store.getState().input.body).toBe('b1');
    await store.chooseEntry(1);
    expect(store.getState()).toMatchObject({ input: { head: 'X-A: 2', body: 'b2' }, imported: { choice: 1 } });
    await store.readAs('body');
    expect(store.getState()).toMatchObject({
      input: { head: '', body: expect.stringMatching(/^\[/) },
      imported: { reading: { kind: 'body' } },
    });
  });

  it('takes a dropped request whole, and any other file as the body', async () => {
    const { store } = await openVerify();
    const file = Buffer.concat([Buffer.from('POST /x HTTP/1.1\r\nA-B: 1\r\n\r\n'), Buffer.from([0xff, 0x0d])]);
    expect(await store.takeFile('request.txt', file)).toBe('Read as Raw request');
    expect(store.getState().input.file?.bytes).toEqual(new Uint8Array([0xff, 0x0d]));
    expect(await store.takeFile('body.json', Buffer.from('{}'))).toBe('The body is body.json');
    expect(store.getState().input).toMatchObject({ head: expect.stringContaining('A-B: 1'), file: { name: 'body.json' } });
  });

  it('says why a paste cannot be read and keeps it', async () => {
    const { store } = await openVerify();
    const text = 'The header X-Hub-Signature-256 = "sha256=ab" came today';
    expect(store.setHead(text, 'whole')).toContain('not in a form that can be read');
    await store.takePaste('x'.repeat(17_000_000));
    expect(store.getState().input.head).toBe(text);
    expect(store.getState().imported?.reading.problems[0]?.message).toContain('16 MiB');
  });

  it('takes a large paste for the body as bytes, and refuses one over the limit in a sentence', async () => {
    const { store } = await openVerify();
    expect(await store.takeBody('x'.repeat(300_000))).toBe('The body is the pasted text');
    expect(store.getState().input).toMatchObject({ body: '', file: { name: 'pasted body' } });
    expect(store.getState().input.file?.bytes.length).toBe(300_000);
    store.change({ encoding: 'base64' });
    expect(await store.takeBody(`${'AAAA'.repeat(100_000)}`)).toBe('The body is the pasted text');
    expect(store.getState().input.file?.bytes.length).toBe(300_000);
    const sentence = await store.takeBody('x'.repeat(17_000_000));
    expect(sentence).toContain('The pasted text has 16.2 MiB, and this page accepts at most 16 MiB.');
    expect(store.getState().imported?.reading.problems).toEqual([{ message: sentence }]);
    expect(store.getState().input.file?.bytes.length).toBe(300_000);
  });

  it('says what is being read while it is large, and gives it up when something is typed or it is cancelled', async () => {
    const { client } = await startClockedEngine();
    let ended = 0;
    const endless = new Promise<never>(() => undefined);
    const waiting = createPasteReader(() => ({ done: () => endless, end: () => (ended += 1) }));
    const store = createVerifyStore(client, never, waiting);
    const text = `POST /x HTTP/1.1\nA: b\n\n${'x'.repeat(300_000)}`;
    const first = store.takePaste(text);
    expect(store.getState().readingName).toBe('the pasted text');
    store.change({ body: 'typed' });
    expect(await first).toBeNull();
    const second = store.takeFile('large.txt', Buffer.from(text));
    expect(store.getState().readingName).toBe('large.txt');
    store.stopReading();
    expect(await second).toBeNull();
    expect(store.getState()).toMatchObject({ readingName: null, input: { head: '', body: 'typed', file: null } });
    expect(ended).toBe(2);
  });

  it('keeps a secret that is typed while a large paste is being read', async () => {
    const { store } = await openVerify();
    const paste = store.takePaste(`POST /x HTTP/1.1\nA: b\n\n${'x'.repeat(300_000)}`);
    store.change({ secrets: ['typed meanwhile'] });
    expect(await paste).toContain('Read as');
    expect(store.getState().input).toMatchObject({ secrets: ['typed meanwhile'], file: { name: 'pasted body' } });
  });

  it('does not read a file over the limit', async () => {
    const { store } = await openVerify();
    const large = new File([new Uint8Array(17_000_000)], 'large.bin');
    const sentence = await store.readFile(large);
    expect(sentence).toContain('The file large.bin has 16.2 MiB, and this page accepts at most 16 MiB.');
    expect(store.getState().imported?.reading.problems).toEqual([{ message: sentence }]);
    expect(await store.readFile(new File(['ab'], 'small.bin'))).toEqual(new Uint8Array([0x61, 0x62]));
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
        separator: null,
        signedContent: 'no body',
        digestClaim: null,
        claims: null,
        fields: [],
        keyId: null,
        timestampHeader: null,
        timestampPrefix: '',
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

  it('opens a large body of the log as a file, which no field has to lay out', async () => {
    const { client, store } = await openVerify();
    const bin = await client.bins.create({ name: 'Large' });
    const body = 'x'.repeat(300_000);
    await fetch(bin.url, { method: 'POST', body });
    const capture = (await client.captures.list({ binId: bin.id })).items[0];
    await store.openFromLog(capture?.id ?? '');
    const { input } = store.getState();
    expect([input.body, input.file?.name, input.file?.bytes.length]).toEqual(['', 'body of the capture', body.length]);
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
    expect(await store.openFromLog(` http://localhost/#/captures/${capture?.id ?? ''}\n`)).toBe('Opened capture in Signed');
    await store.check();
    expect(capture?.verdict).toBe('valid');
    expect(store.getState()).toMatchObject({
      verification: { verdict: 'valid' },
      input: { body, secretsOf: bin.id },
      fromLog: { id: capture?.id, notes: [] },
    });
    store.change({ head: 'A: 1' });
    expect(store.getState().fromLog).toBeNull();
  });

  it('opens a logged attempt by its id, or by that of its delivery or message, with its endpoint', async () => {
    const { client, store, send } = await openWithEndpoint();
    const { attemptId, deliveryId, messageId, endpointId } = await send();
    for (const id of [attemptId, deliveryId, messageId]) {
      store.clear();
      expect(await store.openFromLog(id)).toBe('Opened attempt 1 of 1 to Billing');
      await store.check();
      expect(store.getState()).toMatchObject({
        verification: { verdict: 'valid', scheme: 'custom' },
        input: { secretsOf: endpointId, body: '{"a":1}', url: expect.stringMatching(/^http:.*\/hook\?x=1$/) },
        fromLog: { id: attemptId, notes: [] },
      });
      expect(store.getState().input.head).toMatch(/^POST \/billing\/hook\?x=1 HTTP\/1\.1\n/);
    }
    await client.endpoints.rotateSecret({ id: endpointId, overlapMs: 0 });
    await store.openFromLog(attemptId);
    expect(store.getState().fromLog?.notes).toEqual([expect.stringContaining('a secret that the endpoint no longer has')]);
    await client.endpoints.remove({ id: endpointId });
    await store.load();
    await store.openFromLog(attemptId);
    expect(store.getState()).toMatchObject({
      input: { scheme: 'custom', secretsOf: null },
      fromLog: { notes: [expect.stringContaining('Its endpoint was deleted')] },
    });
  });

  it('says why nothing could be opened, keeps what was typed, and goes on', async () => {
    const { store } = await openVerify();
    store.change({ body: 'mine' });
    for (const [text, why] of [
      ['cap_nothing', /cap_nothing/],
      ['dlv_nothing', /dlv_nothing/],
      ['msg_nothing', /no message msg_nothing/],
      ['ep_1', /"ep_1" is not an id from the log: give one that begins with cap_/],
    ] as const) {
      expect(await store.openFromLog(text)).toBeNull();
      expect(store.getState()).toMatchObject({
        openProblem: { text, problem: { message: expect.stringMatching(why) } },
        input: { body: 'mine' },
      });
    }
    store.change({ body: 'other' });
    expect(store.getState().openProblem).toBeNull();
  });

  it('lists only endpoints and bins that have a secret', async () => {
    const { client, store } = await openVerify();
    await client.bins.create({ name: 'Plain' });
    await client.endpoints.create({ name: 'Signing', url: 'http://127.0.0.1:9/' });
    await store.load();
    expect(store.getState().owners.map((owner) => owner.label)).toEqual(['Signing (endpoint)']);
  });
});

describe('a verdict', () => {
  it('disappears as soon as anything it depends on changes, and comes back for the new input', async () => {
    const { store } = await openVerify();
    store.showExample();
    await store.check();
    for (const change of [{ secrets: ['whsec_AAAA'] }, { body: '{}' }, { clock: '1' }, { scheme: 'stripe' }, { url: 'http://a.test/' }]) {
      store.change(change);
      expect(store.getState(), Object.keys(change).join()).toMatchObject({ verification: null, isStale: true });
      await store.check();
      expect(store.getState().verification?.verdict).not.toBeUndefined();
    }
    expect(store.getState().verification?.verdict).not.toBe('valid');
  });

  it('says what is missing and where when it cannot be given, until that is there', async () => {
    const { store } = await openVerify();
    await store.check();
    expect(store.getState().missing).toEqual({ field: 'head', message: expect.stringContaining('no request to check yet') });
    store.showExample();
    expect(store.getState().missing).toBeNull();
    store.change({ clock: 'yesterday' });
    await store.check();
    expect(store.getState().missing).toEqual({ field: 'clock', message: expect.stringContaining('Unix seconds') });
    store.change({ clock: '', body: 'not hex', encoding: 'hex' });
    await store.check();
    expect(store.getState().missing?.field).toBe('body');
    store.change({ body: '', encoding: 'text', head: 'no header here' });
    await store.check();
    expect(store.getState().missing?.message).toContain('No header could be read');
  });

  it('is removed when requested again, and comes back with its new time', async () => {
    const { store } = await openVerify();
    store.showExample();
    await store.check();
    const again = store.check();
    expect(store.getState().verification).toBeNull();
    await again;
    expect(store.getState()).toMatchObject({ verification: { verdict: 'valid' }, checkedAtMs: expect.any(Number) });
  });
});
