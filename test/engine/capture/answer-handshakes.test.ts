import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Signing } from '#shared/contract/signing.ts';
import { handshakeAnswers, signsToken } from '#shared/handshakes/answers.ts';
import { startCaptureWorkspace, type CaptureWorkspace } from '../../support/capture-workspace.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';

interface Sent {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function ask({ port }: CaptureWorkspace, { method = 'POST', target = '/bin', headers = {}, body }: Sent) {
  const init = body === undefined ? { method, headers } : { method, headers, body };
  const answer = await fetch(`http://127.0.0.1:${port}${target}`, init);
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
}

/** Texts that are JSON, a form with a value, or what a scheme signs with a timestamp. */
const couldBeBodies = [
  '{}',
  '{"for_user_id":"1"}',
  '[]',
  '"a"',
  'true',
  'null',
  '12345',
  '12345678901234567890',
  '-1234567890123456e-12',
  '1234567890123456E+12',
  'status=paid',
  'status=paid0000000000000000',
  'a_long_name_of_a_field=',
  'a=b&c=d',
  'a_name_of_a_field&another_name_of_a_field',
  'v0:1:{}',
  '1700000000.{}',
  'a b',
  '',
];

/** A bin that answers 418 to everything but handshakes. */
async function startBin(
  signing: Signing | null,
  answers: NonNullable<Parameters<CaptureWorkspace['makeBin']>[0]['answers']> = { handshakes: 'scheme' },
  secret = 'a secret of some length',
) {
  const workspace = await startCaptureWorkspace();
  await workspace.makeBin({
    name: 'Bin',
    response: { status: 418 },
    signing,
    secrets: signing === null ? [] : [secret],
    answers,
  });
  return workspace;
}

test('our own handshakes pass at a bin of their scheme', async () => {
  const { client } = await startClockedEngine({ capturePort: 0 });
  const secret = 'a secret of some length';
  for (const [profile, id] of [
    ['slack', 'url-verification'],
    ['zoom', 'endpoint-url-validation'],
    ['woocommerce', 'webhook-id-ping'],
  ] as const) {
    const bin = await client.bins.create({
      name: id,
      response: { status: 418 },
      signing: { scheme: profile },
      secrets: [secret],
      answers: { handshakes: 'scheme' },
    });
    const endpoint = await client.endpoints.create({ name: id, profile, httpsOnly: false, url: bin.url, secret });
    expect(await client.handshakes.perform({ id: endpoint.id, handshake: id }), id).toMatchObject({ isPassed: true });
  }
  const discord = await client.endpoints.create({ profile: 'discord', httpsOnly: false, url: 'http://127.0.0.1:9/' });
  const bin = await client.bins.create({
    name: 'Discord',
    response: { status: 418 },
    signing: { scheme: 'discord' },
    secrets: [discord.publicKey ?? ''],
    answers: { handshakes: 'scheme', refuse: { unverified: true } },
  });
  await client.endpoints.update({ id: discord.id, url: bin.url });
  for (const handshake of ['ping', 'wrong-signature'])
    expect(await client.handshakes.perform({ id: discord.id, handshake }), handshake).toMatchObject({ isPassed: true });
});

test('our own handshakes of systems without a scheme pass at a bin that names them', async () => {
  const { client } = await startClockedEngine({ capturePort: 0 });
  const ids = ['hub-challenge', 'query-challenge', 'validation-token', 'hook-secret', 'webhook-request-origin', 'subscription-validation'];
  const bin = await client.bins.create({ name: 'All', response: { status: 418 }, answers: { handshakes: ids, verifyToken: 'hookyard' } });
  expect(bin.answers).toMatchObject({ handshakes: ids, verifyTokenFingerprint: expect.stringMatching(/^[0-9a-f]{8}$/) });
  expect(JSON.stringify(bin)).not.toContain('"hookyard"');
  const endpoint = await client.endpoints.create({ name: 'Own', url: bin.url });
  for (const handshake of ids)
    expect(await client.handshakes.perform({ id: endpoint.id, handshake }), handshake).toMatchObject({ isPassed: true });
  expect(await client.handshakes.perform({ id: endpoint.id, handshake: 'hub-challenge', verifyToken: 'wrong' })).toMatchObject({
    isPassed: false,
    message: 'The status is 403; it must be 2xx.',
  });
  const { items } = await client.captures.list({ binId: bin.id, limit: 1 });
  expect(items[0]?.answeredBy).toMatchObject({
    kind: 'refusal',
    why: expect.stringContaining('its hub.verify_token is not that of the bin'),
  });
});

test('X gets the HMAC of its token, and nothing that could be a body is signed', async () => {
  const workspace = await startBin({ scheme: 'x' });
  const hmac = createHmac('sha256', 'a secret of some length').update('MWE4NzU0OGItNWFmYS00ZGU2LTk2ZmUtOTBiODlmOWQwZDYz').digest('base64');
  expect(await ask(workspace, { method: 'GET', target: '/bin?crc_token=MWE4NzU0OGItNWFmYS00ZGU2LTk2ZmUtOTBiODlmOWQwZDYz' })).toMatchObject({
    status: 200,
    body: `{"response_token":"sha256=${hmac}"}`,
  });
  for (const token of [...couldBeBodies, 'x'.repeat(129), 'x'.repeat(15)])
    expect(await ask(workspace, { method: 'GET', target: `/bin?crc_token=${encodeURIComponent(token)}` })).toMatchObject({ status: 418 });
  expect((await workspace.captures())[0]?.answeredBy?.why).toContain('what it sends for that is missing or has another form');
});

test('a bin of X that refuses what does not verify refuses every body that anybody can have signed', async () => {
  const workspace = await startBin({ scheme: 'x' }, { handshakes: 'scheme', refuse: { unverified: true } });
  const forged = async (text: string) => {
    const { status, body } = await ask(workspace, { method: 'GET', target: `/bin?crc_token=${encodeURIComponent(text)}` });
    const signature = status === 200 ? (JSON.parse(body) as { readonly response_token: string }).response_token : 'sha256=';
    return ask(workspace, { headers: { 'x-twitter-webhooks-signature': signature }, body: text });
  };
  const opaque = ['delete_everything_now', 'e'.repeat(16)];
  for (const text of [...couldBeBodies.filter((body) => body !== ''), ...opaque])
    expect(await forged(text), text).toMatchObject({ status: 401 });
  const refused = (await workspace.captures()).find(({ verdict }) => verdict === 'valid');
  expect(refused?.answeredBy).toMatchObject({ label: 'not verified', why: expect.stringContaining('proves nothing') });
  const event = '{"for_user_id":"1"}';
  const genuine = `sha256=${createHmac('sha256', 'a secret of some length').update(event).digest('base64')}`;
  expect(await ask(workspace, { headers: { 'x-twitter-webhooks-signature': genuine }, body: event })).toMatchObject({ status: 418 });
});

test('Zoom gets an HMAC only for what is signed with the same secret', async () => {
  const workspace = await startBin({ scheme: 'zoom', toleranceSeconds: 300 });
  const send = (plainToken: string, key: string) => {
    const body = JSON.stringify({ payload: { plainToken }, event_ts: 1, event: 'endpoint.url_validation' });
    const at = Math.floor(workspace.clock.now() / 1000);
    const signature = createHmac('sha256', key).update(`v0:${at}:${body}`).digest('hex');
    return ask(workspace, { body, headers: { 'x-zm-request-timestamp': String(at), 'x-zm-signature': `v0=${signature}` } });
  };
  const right = await send('qgg8vlvZRS6UYooatFL8Aw', 'a secret of some length');
  expect(right).toMatchObject({ status: 200 });
  expect(JSON.parse(right.body)).toEqual({
    plainToken: 'qgg8vlvZRS6UYooatFL8Aw',
    encryptedToken: createHmac('sha256', 'a secret of some length').update('qgg8vlvZRS6UYooatFL8Aw').digest('hex'),
  });
  expect(await send('qgg8vlvZRS6UYooatFL8Aw', 'another secret')).toMatchObject({ status: 418 });
  // What a genuine event would be signed over.
  expect(await send('v0:1700000000:{"event":"meeting.started"}', 'a secret of some length')).toMatchObject({ status: 418 });
  expect((await workspace.captures()).at(1)?.answeredBy?.why).toContain('is answered only where the signature is valid');
});

test('Twitch gets back the challenge of a signed request as plain text', async () => {
  const secret = 'a secret of some length';
  const workspace = await startBin({ scheme: 'twitch', toleranceSeconds: 600 });
  const body = '{"challenge":"pogchamp-kappa-360noscope-vohiyo","subscription":{}}';
  const at = new Date(workspace.clock.now()).toISOString();
  const headers = (key: string) => ({
    'Twitch-Eventsub-Message-Id': 'm1',
    'Twitch-Eventsub-Message-Timestamp': at,
    'Twitch-Eventsub-Message-Type': 'webhook_callback_verification',
    'Twitch-Eventsub-Message-Signature': `sha256=${createHmac('sha256', key).update(`m1${at}${body}`).digest('hex')}`,
  });
  expect(await ask(workspace, { body, headers: headers(secret) })).toMatchObject({ status: 200, body: 'pogchamp-kappa-360noscope-vohiyo' });
  expect(await ask(workspace, { body, headers: headers('another') })).toMatchObject({ status: 418 });
});

test('what is sent back is text that no browser runs', async () => {
  const workspace = await startBin(null, { handshakes: ['query-challenge', 'validation-token', 'hub-challenge'] });
  const page = encodeURIComponent('<script>alert(1)</script>');
  for (const target of [`/bin?challenge=${page}`, `/bin?validationToken=${page}`, `/bin?hub.mode=subscribe&hub.challenge=${page}`]) {
    const answer = await ask(workspace, { method: 'GET', target });
    expect(answer, target).toMatchObject({ status: 200, body: '<script>alert(1)</script>' });
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test('the confirmation of SNS is shown and never fetched', async () => {
  const workspace = await startBin(null, { handshakes: ['sns-subscription-confirmation'] });
  const send = (url: string) =>
    ask(workspace, { headers: { 'x-amz-sns-message-type': 'SubscriptionConfirmation' }, body: JSON.stringify({ SubscribeURL: url }) });
  const requests = (await workspace.captures()).length;
  expect(await send('https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=1')).toMatchObject({ status: 200, body: '' });
  expect((await workspace.captures())[0]?.answeredBy?.why).toMatch(
    /confirm it by opening https:\/\/sns\.eu-west-1\.amazonaws\.com\/\?Action=ConfirmSubscription&Token=1$/,
  );
  // One of somebody else is none of SNS. It is this listener's own, so that a fetch would be a capture.
  expect(await send(`http://127.0.0.1:${workspace.port}/bin`)).toMatchObject({ status: 418 });
  expect((await workspace.captures()).length).toBe(requests + 2);
});

test('the usual answers of providers come where no rule answers', async () => {
  const adyen = await startBin(
    { scheme: 'adyen-payments' },
    { handshakes: 'scheme', rules: [{ match: { path: '/down' }, response: { status: 503 } }] },
    '00'.repeat(32),
  );
  expect(await ask(adyen, { body: '{}' })).toMatchObject({ status: 200, body: '[accepted]' });
  expect(await ask(adyen, { target: '/bin/down', body: '{}' })).toMatchObject({ status: 503 });
  expect(await ask(adyen, { method: 'GET' })).toMatchObject({ status: 418 });
  expect((await adyen.captures()).map(({ answeredBy }) => answeredBy?.label)).toEqual(['own answer', 'rule 1', '[accepted] (Adyen)']);
});

test('HEAD is answered for Intercom, and bins without handshakes answer none', async () => {
  const workspace = await startBin({ scheme: 'intercom' });
  expect(await ask(workspace, { method: 'HEAD' })).toMatchObject({ status: 200 });
  await workspace.makeBin({ name: 'Plain', response: { status: 418 }, signing: { scheme: 'slack' }, secrets: ['x'] });
  expect(await ask(workspace, { target: '/plain', body: '{"type":"url_verification","challenge":"c"}' })).toMatchObject({ status: 418 });
});

test('each handshake says what it gives away, and only those that prove their sender sign anything but opaque text', () => {
  for (const handshake of handshakeAnswers) {
    const { id, givesAway, token, isSigned } = handshake;
    expect(givesAway, id).toMatch(/\.$/);
    if (!signsToken(handshake)) continue;
    // A question that is signed with the same secret may have a short token: what such a scheme signs begins otherwise.
    const refused = isSigned ? couldBeBodies.filter((body) => !/^[\w-]+$/.test(body)) : couldBeBodies;
    for (const body of refused) expect(token?.form.test(body), `${id} signs ${body}`).toBe(false);
    expect(isSigned || id === 'crc', id).toBe(true);
  }
  expect(handshakeAnswers.filter(signsToken).map(({ id }) => id)).toEqual(['endpoint-url-validation', 'crc']);
});
