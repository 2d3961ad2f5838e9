import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuthPartInput } from '#shared/contract/auths.ts';
import { readTokenAnswer } from '#engine/auth/token-request.ts';
import { hasAttempts, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { endlessBody, hang, respond, startReceiver, type ReceivedRequest, type Step } from '../../support/scripted-receiver.ts';

const clientSecret = 'client secret/0123456789';

/** A token server: each request gets the next token, unless the script says otherwise. */
async function startTokenServer(script: readonly Step[] = []) {
  const started = await startReceiver(script, { otherwise: respond({ status: 500 }) });
  onTestFinished(started.close);
  return started;
}

function tokenAnswer(token: string, lifetimeS: number | null = 3600): Step {
  const fields = { access_token: token, token_type: 'Bearer', ...(lifetimeS === null ? {} : { expires_in: lifetimeS }) };
  return respond({ status: 200, headers: [['Content-Type', 'application/json']], body: JSON.stringify(fields) });
}

async function receiver(...script: readonly Step[]) {
  const started = await startReceiver(script);
  onTestFinished(started.close);
  return started;
}

async function endpointWith(engine: ClockedEngine, url: string, parts: readonly AuthPartInput[], more: object = {}) {
  const auth = await engine.client.auths.create({ name: 'Partner', parts: [...parts] });
  const endpoint = await engine.client.endpoints.create({ name: 'Shop', url, authId: auth.id, signing: null, ...more });
  return { auth, endpoint };
}

async function sendOne(engine: ClockedEngine, attempts = 1) {
  const [delivery] = (await engine.client.messages.send({ type: 'a.b' })).deliveries;
  return engine.deliveryWhen(delivery?.id ?? '', hasAttempts(attempts));
}

const oauth = (tokenUrl: string, more: object = {}): AuthPartInput => ({
  kind: 'oauth2',
  tokenUrl,
  clientId: 'shop:1',
  clientSecret,
  sendAs: 'header',
  scope: '',
  audience: '',
  ...more,
});

function formOf({ body }: ReceivedRequest) {
  return Object.fromEntries(new URLSearchParams(body.toString()));
}

describe('client credentials of OAuth 2', () => {
  it('fetch a token once for many attempts, log the fetch as a step of the first, and show no secret', async () => {
    const engine = await startClockedEngine();
    const tokens = await startTokenServer([tokenAnswer('token-one')]);
    const target = await receiver();
    await endpointWith(engine, target.url, [oauth(`${tokens.url}/token`, { scope: 'hooks:write', audience: 'https://api.example' })]);
    const first = await sendOne(engine);
    const asked = await tokens.nextRequest();
    expect(asked.header('authorization')).toBe(`Basic ${Buffer.from('shop%3A1:client+secret%2F0123456789').toString('base64')}`);
    expect(formOf(asked)).toEqual({ grant_type: 'client_credentials', scope: 'hooks:write', audience: 'https://api.example' });
    expect((await target.nextRequest()).header('authorization')).toBe('Bearer token-one');
    expect(first.attempts[0]?.steps).toEqual([
      {
        kind: 'token',
        isOk: true,
        url: `${tokens.url}/token`,
        status: 200,
        startedAtMs: engine.clock.now(),
        durationMs: expect.any(Number),
        message: `127.0.0.1:${tokens.port} gave an access token for 3600 s.`,
      },
    ]);
    const second = await sendOne(engine);
    expect(second.attempts[0]).toMatchObject({ outcome: { code: 'ok' }, steps: [] });
    expect((await target.nextRequest()).header('authorization')).toBe('Bearer token-one');
    expect(tokens.requests).toHaveLength(1);
    const told = JSON.stringify([first, second, engine.logLines]);
    for (const secret of ['token-one', clientSecret]) expect(told).not.toContain(secret);
  });

  it('go into the body where that is asked for', async () => {
    const engine = await startClockedEngine();
    const tokens = await startTokenServer([tokenAnswer('token-one')]);
    await endpointWith(engine, (await receiver()).url, [oauth(tokens.url, { sendAs: 'body' })]);
    await sendOne(engine);
    const asked = await tokens.nextRequest();
    expect(asked.header('authorization')).toBeNull();
    expect(formOf(asked)).toEqual({ grant_type: 'client_credentials', client_id: 'shop:1', client_secret: clientSecret });
  });

  it('are combined with a signature', async () => {
    const engine = await startClockedEngine();
    const tokens = await startTokenServer([tokenAnswer('token-one')]);
    const target = await receiver();
    const { endpoint } = await endpointWith(engine, target.url, [
      { kind: 'signature', signing: { scheme: 'standard-webhooks' } },
      oauth(tokens.url),
    ]);
    const { attempts } = await sendOne(engine);
    expect(
      await engine.client.verifying.verify({ scheme: 'standard-webhooks', attemptId: attempts[0]?.id ?? '', secretsOf: endpoint.id }),
    ).toMatchObject({
      verdict: 'valid',
    });
    const request = await target.nextRequest();
    expect(request.header('authorization')).toBe('Bearer token-one');
    expect(request.header('webhook-signature')).toMatch(/^v1,/);
  });

  it('fetch a new token before the end of the old one', async () => {
    const engine = await startClockedEngine();
    const tokens = await startTokenServer([tokenAnswer('token-one', 100), tokenAnswer('token-two', 100)]);
    const target = await receiver();
    await endpointWith(engine, target.url, [oauth(tokens.url)]);
    await sendOne(engine);
    engine.clock.advance(89_999);
    await sendOne(engine);
    expect(tokens.requests).toHaveLength(1);
    engine.clock.advance(1);
    await sendOne(engine);
    expect(target.requests.map((request) => request.header('authorization'))).toEqual([
      'Bearer token-one',
      'Bearer token-one',
      'Bearer token-two',
    ]);
  });

  it('fetch one token for attempts that begin at the same time', async () => {
    const engine = await startClockedEngine();
    const tokens = await startTokenServer([tokenAnswer('token-one')]);
    const target = await receiver();
    const { auth } = await endpointWith(engine, target.url, [oauth(tokens.url)]);
    for (const name of ['A', 'B', 'C']) await engine.client.endpoints.create({ name, url: target.url, authId: auth.id, signing: null });
    const { deliveries } = await engine.client.messages.send({ type: 'a.b' });
    for (const { id } of deliveries) expect((await engine.deliveryWhen(id, hasAttempts(1))).status).toBe('delivered');
    expect(tokens.requests).toHaveLength(1);
    expect(target.requests).toHaveLength(4);
  });

  it('fetch a new token when the receiver no longer accepts the one at hand, and send once more in the same attempt', async () => {
    const engine = await startClockedEngine();
    const tokens = await startTokenServer([tokenAnswer('token-one'), tokenAnswer('token-two')]);
    const target = await receiver(respond(), respond({ status: 401 }), respond());
    await endpointWith(engine, target.url, [oauth(tokens.url)]);
    await sendOne(engine);
    const second = await sendOne(engine);
    expect(second).toMatchObject({ status: 'delivered', attemptCount: 1 });
    expect(second.attempts[0]?.steps.map(({ kind, isOk, status }) => [kind, isOk, status])).toEqual([
      ['refused-token', false, 401],
      ['token', true, 200],
    ]);
    expect(target.requests.map((request) => request.header('authorization'))).toEqual([
      'Bearer token-one',
      'Bearer token-one',
      'Bearer token-two',
    ]);
  });

  it('leave it at one 401 when the token was fetched for this attempt', async () => {
    const engine = await startClockedEngine();
    const tokens = await startTokenServer([tokenAnswer('token-one')]);
    const target = await receiver(respond({ status: 401 }));
    await endpointWith(engine, target.url, [oauth(tokens.url)], { retryPolicy: 'none' });
    expect(await sendOne(engine)).toMatchObject({ status: 'exhausted', lastOutcome: { code: 'http_status', status: 401 } });
    expect(target.requests).toHaveLength(1);
  });

  it.each([
    [
      'a refusal',
      respond({
        status: 401,
        reason: 'Unauthorized',
        body: JSON.stringify({ error: 'invalid_client', error_description: `No ${clientSecret}` }),
      }),
      /answered 401 Unauthorized: invalid_client \("No \[secret\]"\)\. Check client id, client secret/,
      'invalid_client',
    ],
    [
      'an error with 200',
      respond({ body: '{"error":"invalid_scope"}' }),
      /answered 200 without access_token: invalid_scope\. Check the scope\./,
      'invalid_scope',
    ],
    ['HTML', respond({ body: '<html>' }), /answered 200 with something that is not a JSON object/, null],
    ['an answer without end', endlessBody(), /answered with more than 64 KiB, which is no access token: check the URL/, 'incomplete'],
    ['another kind of token', respond({ body: '{"access_token":"a","token_type":"mac"}' }), /a token of the type mac/, null],
    ['a token with a line break', respond({ body: '{"access_token":"a\\nb"}' }), /cannot stand in a header/, null],
  ] as const)('end an attempt in words after %s, and try again by its schedule', async (_what, answer, sentence, reason) => {
    const engine = await startClockedEngine();
    const tokens = await startTokenServer([answer, tokenAnswer('token-one')]);
    const target = await receiver();
    await endpointWith(engine, target.url, [oauth(tokens.url)], { retryPolicy: { kind: 'schedule', delaysMs: [1000] } });
    const [delivery] = (await engine.client.messages.send({ type: 'a.b' })).deliveries;
    const failed = await engine.deliveryWhen(delivery?.id ?? '', hasAttempts(1));
    expect(failed).toMatchObject({ status: 'failed', lastOutcome: { code: 'auth', reason, message: expect.stringMatching(sentence) } });
    expect(failed.lastOutcome?.message).toMatch(/^Nothing was sent\. No access token could be fetched: /);
    expect(failed.attempts[0]).toMatchObject({ response: null, steps: [{ kind: 'token', isOk: false }] });
    expect(JSON.stringify(failed)).not.toContain(clientSecret);
    expect(target.requests).toHaveLength(0);
    engine.clock.advance(1000);
    expect(await engine.deliveryWhen(delivery?.id ?? '', hasAttempts(2))).toMatchObject({ status: 'delivered' });
  });

  it('say when the token server cannot be reached or does not answer in time', async () => {
    const engine = await startClockedEngine();
    const silent = await startTokenServer([hang()]);
    const target = await receiver();
    const { auth } = await endpointWith(engine, target.url, [oauth(silent.url)], { timeoutMs: 50, retryPolicy: 'none' });
    expect((await sendOne(engine)).lastOutcome).toMatchObject({
      code: 'auth',
      reason: 'timeout',
      message: expect.stringContaining('gave no access token within 50 ms'),
    });
    const gone = await startTokenServer();
    await gone.close();
    await engine.client.auths.update({ id: auth.id, parts: [oauth(gone.url)] });
    expect((await sendOne(engine)).lastOutcome).toMatchObject({
      code: 'auth',
      reason: 'ECONNREFUSED',
      message: expect.stringContaining('refused the connection'),
    });
  });

  it('are waited for by each attempt for its own time, also where another one began to fetch', async () => {
    const engine = await startClockedEngine();
    const silent = await startTokenServer([hang()]);
    const target = await receiver();
    const { auth, endpoint } = await endpointWith(engine, target.url, [oauth(silent.url)], { timeoutMs: 20_000, retryPolicy: 'none' });
    await engine.client.messages.send({ type: 'a.b', endpointIds: [endpoint.id] });
    await silent.nextRequest();
    const short = await engine.client.endpoints.create({
      name: 'Short',
      url: target.url,
      authId: auth.id,
      signing: null,
      timeoutMs: 60,
      retryPolicy: 'none',
    });
    const [delivery] = (await engine.client.messages.send({ type: 'a.b', endpointIds: [short.id] })).deliveries;
    expect((await engine.deliveryWhen(delivery?.id ?? '', hasAttempts(1))).lastOutcome).toMatchObject({
      code: 'auth',
      message: expect.stringContaining('gave no access token within 60 ms'),
    });
    expect(silent.requests).toHaveLength(1);
  });

  it('can be cancelled while the token is awaited', async () => {
    const engine = await startClockedEngine();
    const tokens = await startTokenServer([hang()]);
    await endpointWith(engine, (await receiver()).url, [oauth(tokens.url)]);
    const [delivery] = (await engine.client.messages.send({ type: 'a.b' })).deliveries;
    await tokens.nextRequest();
    expect(await engine.client.deliveries.cancel({ id: delivery?.id ?? '' })).toMatchObject({ status: 'cancelled' });
  });

  it('are checked by fetching a token anew', async () => {
    const engine = await startClockedEngine();
    const tokens = await startTokenServer([tokenAnswer('token-one'), respond({ status: 400, body: '{"error":"invalid_client"}' })]);
    const { auth } = await endpointWith(engine, 'http://127.0.0.1:9/', [oauth(tokens.url)]);
    expect(await engine.client.auths.check({ id: auth.id })).toMatchObject({
      isUsable: true,
      results: [{ partId: 'oauth2', status: 'ok', message: expect.stringContaining('gave an access token for 3600 s.') }],
    });
    expect(await engine.client.auths.check({ id: auth.id })).toMatchObject({
      isUsable: false,
      results: [{ status: 'failed', message: expect.stringContaining('invalid_client') }],
    });
  });

  it('are previewed without a fetch, and masked once there is a token', async () => {
    const engine = await startClockedEngine();
    const tokens = await startTokenServer([tokenAnswer('token-one')]);
    const { endpoint } = await endpointWith(engine, (await receiver()).url, [oauth(tokens.url)]);
    const preview = () => engine.client.preview.render({ endpointId: endpoint.id, event: { type: 'a.b' } });
    const before = await preview();
    expect(before.warnings.map(({ code }) => code)).toContain('TOKEN_FETCHED_LATER');
    expect(before.headers.map(([name]) => name)).not.toContain('Authorization');
    expect(tokens.requests).toHaveLength(0);
    await sendOne(engine);
    const after = await preview();
    expect(after.headers).toContainEqual(['Authorization', expect.stringMatching(/^\[secret [0-9a-f]{8}\]$/)]);
    expect(after.curl).not.toContain('token-one');
  });

  it('need a new client secret from outside when it is rotated, and use it at once', async () => {
    const engine = await startClockedEngine();
    const tokens = await startTokenServer([tokenAnswer('token-one'), tokenAnswer('token-two')]);
    const { auth } = await endpointWith(engine, (await receiver()).url, [oauth(tokens.url, { sendAs: 'body' })]);
    await sendOne(engine);
    await expect(engine.client.auths.rotateSecret({ id: auth.id })).rejects.toMatchObject({ data: { issues: [{ path: 'secret' }] } });
    await engine.client.auths.rotateSecret({ id: auth.id, secret: 'another-secret-0123456789' });
    await sendOne(engine);
    expect(tokens.requests.map((request) => formOf(request)['client_secret'])).toEqual([clientSecret, 'another-secret-0123456789']);
  });

  it('warn when the client secret goes over plain HTTP, but not on this machine', async () => {
    const { client } = await startClockedEngine();
    const warningsOf = async (tokenUrl: string) =>
      (await client.auths.create({ name: tokenUrl, parts: [oauth(tokenUrl)] })).warnings.map(({ message }) => message);
    expect(await warningsOf('http://tokens.example/')).toEqual([expect.stringContaining('over plain HTTP')]);
    for (const tokenUrl of ['https://tokens.example/', 'http://127.0.0.1:9/', 'http://localhost/'])
      expect(await warningsOf(tokenUrl)).toEqual([]);
  });
});

describe('the answer of a token server', () => {
  const part = {
    kind: 'oauth2',
    tokenUrl: 'https://a.example/token',
    clientId: 'shop:1',
    sendAs: 'header',
    scope: '',
    audience: '',
    secrets: [{ secret: clientSecret, expiresAtMs: null }],
  } as const;
  const answer = (status: number, reason: string, body: object) =>
    readTokenAnswer({ status, reason, body: Buffer.from(JSON.stringify(body)) } as never, part, 'a.example');

  it.each([
    clientSecret,
    'client+secret%2F0123456789',
    'client%20secret%2F0123456789',
    Buffer.from('shop%3A1:client+secret%2F0123456789').toString('base64'),
  ])('is quoted without the secret in the form %s', (form) => {
    const described = answer(400, 'Bad', { error: `bad ${form}`, error_description: `you sent ${form}` });
    const reasoned = answer(400, `Bad ${form}`, {});
    expect(JSON.stringify([described, reasoned])).not.toContain(form);
    expect(described).toMatchObject({ problem: expect.stringContaining('("you sent [secret]")') });
    expect(reasoned).toMatchObject({ problem: expect.stringContaining('answered 400 Bad [secret].') });
  });

  it('says nothing about time with a lifetime beyond all measure', () => {
    expect(answer(200, 'OK', { access_token: 't', expires_in: 1e308 })).toEqual({ token: 't', lifetimeMs: null });
    expect(answer(200, 'OK', { access_token: 't', expires_in: '3600' })).toEqual({ token: 't', lifetimeMs: 3_600_000 });
  });
});
