import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { verifyKey } from 'discord-interactions';
import { describe, expect, it, onTestFinished } from 'vitest';
import { commonHandshakes } from '#shared/handshakes/common.ts';
import { judgeHandshake, type Answer, type ExpectedAnswer } from '#engine/handshakes/judge.ts';
import { startClockedEngine } from '../../support/clocked-engine.ts';

type Receive = (
  request: IncomingMessage & { readonly body: string; readonly search: URLSearchParams },
  response: ServerResponse,
) => unknown;

/** A receiver that answers with code of its own, as receivers of these systems do. */
async function startServer(receive: Receive): Promise<string> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { searchParams: search } = new URL(request.url ?? '', 'http://localhost');
    await receive(Object.assign(request, { body: Buffer.concat(chunks).toString(), search }), response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?own=1`;
}

async function perform(receive: Receive, { handshake, ...fields }: { readonly handshake?: string; readonly [field: string]: unknown }) {
  const { client } = await startClockedEngine();
  const url = await startServer(receive);
  const made = await client.endpoints.create({ name: 'Own', httpsOnly: false, ...fields, url });
  return { client, made, result: await client.handshakes.perform({ id: made.id, ...(handshake === undefined ? {} : { handshake }) }) };
}

const json = (response: ServerResponse, value: unknown) =>
  response.setHeader('Content-Type', 'application/json').end(JSON.stringify(value));
const challengeOf = ({ body }: { readonly body: string }) => (JSON.parse(body) as { challenge: string }).challenge;

describe('a handshake', () => {
  it.each([
    { name: 'as JSON', answer: (challenge: string) => JSON.stringify({ challenge, more: 1 }) },
    { name: 'as text', answer: (challenge: string) => `${challenge}\n` },
    { name: 'as a form', answer: (challenge: string) => `challenge=${challenge}` },
  ])('passes with the challenge of Slack $name', async ({ answer }) => {
    const { result, client, made } = await perform((request, response) => response.end(answer(challengeOf(request))), { profile: 'slack' });
    expect(result).toMatchObject({ id: 'url-verification', isPassed: true, checks: [{ about: 'status' }, { about: 'body', isMet: true }] });
    const { request } = result.attempt;
    expect(request?.headers.map(([name]) => name)).toContain('X-Slack-Signature');
    // It is kept as a test, and counts for nothing.
    expect(await client.deliveries.get({ id: result.deliveryId })).toMatchObject({
      isTest: true,
      endpointId: made.id,
      status: 'delivered',
    });
    expect(await client.endpoints.get({ id: made.id })).toMatchObject({ health: 'pending' });
  });

  it('is not signed where its system does not sign it, though the authentication of the endpoint signs and writes its other parts', async () => {
    const { client } = await startClockedEngine();
    const seen: (readonly [unknown, unknown])[] = [];
    const url = await startServer(({ headers }, response) => {
      seen.push([headers['webhook-signature'], headers.authorization]);
      response.setHeader('X-Hook-Secret', headers['x-hook-secret'] ?? '').end();
    });
    const parts = [
      { kind: 'signature' as const, signing: { scheme: 'standard-webhooks' as const } },
      { kind: 'bearer' as const, token: 'token-of-the-partner' },
    ];
    const { id: authId } = await client.auths.create({ name: 'Partner', parts });
    const { id } = await client.endpoints.create({ name: 'Own', url, httpsOnly: false, authId });
    expect(await client.handshakes.perform({ id, handshake: 'hook-secret' })).toMatchObject({ isPassed: true });
    const slack = await client.endpoints.create({ name: 'Slack', url, httpsOnly: false, authId, profile: 'slack' });
    await client.handshakes.perform({ id: slack.id });
    const bearer = 'Bearer token-of-the-partner';
    expect(seen).toEqual([
      [undefined, bearer],
      [expect.stringMatching(/^v1,/), bearer],
    ]);
  });

  it('reads no more of an answer than a right one could have', async () => {
    const { result } = await perform((_request, response) => response.end(Buffer.alloc(50_000_000, 'x')), { profile: 'slack' });
    expect(result).toMatchObject({
      isPassed: false,
      message: expect.stringContaining('its body went on past 64 KiB, where Hookyard stops reading'),
      attempt: { outcome: { code: 'incomplete', status: 200 } },
    });
    expect(result.attempt.response?.bodyBytes).toBeLessThan(1_000_000);
  });

  it('has the receiver of Zoom prove that it knows the secret', async () => {
    const secret = 'zoom-secret-token-of-a-test';
    const answerWith = (key: string) => (request: { readonly body: string }, response: ServerResponse) => {
      const { plainToken } = (JSON.parse(request.body) as { payload: { plainToken: string } }).payload;
      json(response, { plainToken, encryptedToken: createHmac('sha256', key).update(plainToken).digest('hex') });
    };
    expect((await perform(answerWith(secret), { profile: 'zoom', secret })).result).toMatchObject({ isPassed: true });
    const { result } = await perform(answerWith('another'), { profile: 'zoom', secret });
    expect(result).toMatchObject({
      isPassed: false,
      message: expect.stringMatching(/^encryptedToken is "[0-9a-f]{64}"; it must be "[0-9a-f]{64}"\.$/),
    });
  });

  it('shows whether a receiver of Discord checks the signature', async () => {
    let publicKey = '';
    const strict: Receive = async ({ body, headers }, response) => {
      const isValid = await verifyKey(body, String(headers['x-signature-ed25519']), String(headers['x-signature-timestamp']), publicKey);
      response.writeHead(isValid ? 204 : 401).end();
    };
    const { client } = await startClockedEngine();
    const make = async (receive: Receive) => {
      const made = await client.endpoints.create({ profile: 'discord', url: await startServer(receive) });
      publicKey = made.publicKey ?? '';
      return made.id;
    };
    const id = await make(strict);
    expect(await client.handshakes.perform({ id, handshake: 'ping' })).toMatchObject({ isPassed: true });
    expect(await client.handshakes.perform({ id, handshake: 'wrong-signature' })).toMatchObject({ isPassed: true });
    const careless = await make((_, response) => response.writeHead(204).end());
    expect(await client.handshakes.perform({ id: careless, handshake: 'wrong-signature' })).toMatchObject({
      isPassed: false,
      message: 'The status is 204; it must be 401.',
    });
  });

  it.each<{ id: string; receive: Receive; method: string }>([
    {
      id: 'hub-challenge',
      method: 'GET',
      receive: ({ search }, response) =>
        search.get('own') === '1' && search.get('hub.verify_token') === 'hookyard' && search.get('hub.mode') === 'subscribe'
          ? response.end(search.get('hub.challenge'))
          : response.writeHead(403).end(),
    },
    {
      id: 'query-challenge',
      method: 'GET',
      receive: ({ search }, response) => response.setHeader('Content-Type', 'text/plain').end(search.get('challenge')),
    },
    {
      id: 'validation-token',
      method: 'POST',
      receive: ({ search, headers }, response) =>
        response.setHeader('Content-Type', String(headers['content-type'])).end(search.get('validationToken')),
    },
    {
      id: 'hook-secret',
      method: 'POST',
      receive: ({ headers }, response) => response.setHeader('x-hook-secret', String(headers['x-hook-secret'])).end(),
    },
    { id: 'webhook-request-origin', method: 'OPTIONS', receive: (_, response) => response.setHeader('WebHook-Allowed-Origin', '*').end() },
    {
      id: 'subscription-validation',
      method: 'POST',
      receive: ({ body }, response) => {
        const [event] = JSON.parse(body) as [{ data: { validationCode: string } }];
        json(response, { validationResponse: event.data.validationCode });
      },
    },
  ])('is performed by any endpoint, without its signature: $id', async ({ id, receive, method }) => {
    const { result } = await perform(receive, { handshake: id });
    expect(result).toMatchObject({ isPassed: true, attempt: { request: { method }, signature: null } });
    expect((await perform((_, response) => response.end(), { handshake: id })).result).toMatchObject({ isPassed: false });
  });

  it('is tried for every one that is offered', () => {
    expect(commonHandshakes.map(({ id }) => id)).toEqual([
      'hub-challenge',
      'query-challenge',
      'validation-token',
      'hook-secret',
      'webhook-request-origin',
      'subscription-validation',
    ]);
  });

  it('sends a ping of WooCommerce as a form, with none of the headers of events', async () => {
    const { result } = await perform((_, response) => response.end(), { profile: 'woocommerce' });
    const { request } = result.attempt;
    expect(result.isPassed).toBe(true);
    expect(Buffer.from(String(request?.bodyBase64), 'base64').toString()).toBe('webhook_id=7');
    expect(request?.headers.map(([name]) => name.toLowerCase())).toEqual([
      'host',
      'connection',
      'content-type',
      'user-agent',
      'content-length',
    ]);
  });

  it('says that no answer came, and why', async () => {
    const { result } = await perform((request) => request.socket.destroy(), { profile: 'slack' });
    expect(result).toMatchObject({
      isPassed: false,
      checks: [{ about: 'answer', message: expect.stringMatching(/^No whole answer came\. /) }],
    });
  });

  it('needs a secret only where it names one, and says so', async () => {
    await expect(perform((_, response) => response.end(), { profile: 'zoom', signing: null })).rejects.toThrow(
      'Endpoint URL validation (Zoom) needs the secret of the endpoint, and Own does not sign: choose a signing scheme.',
    );
    await expect(perform((_, response) => response.end(), {})).rejects.toThrow(
      'The endpoint has no profile with a handshake: choose one of hub-challenge',
    );
    await expect(perform((_, response) => response.end(), { handshake: 'nod' })).rejects.toThrow(
      'There is no handshake nod: choose one of',
    );
  });

  it('is listed with those of the profile first', async () => {
    const { client } = await startClockedEngine();
    const { id } = await client.endpoints.create({ profile: 'discord', url: 'http://127.0.0.1:9/' });
    const { items } = await client.handshakes.list({ id });
    expect(items.slice(0, 3).map((item) => [item.id, item.isOfProfile, item.usesVerifyToken])).toEqual([
      ['ping', true, false],
      ['wrong-signature', true, false],
      ['hub-challenge', false, true],
    ]);
  });

  it('is refused in a profile where its templates cannot be rendered', async () => {
    const { client } = await startClockedEngine();
    const save = (request: object, expect_: object = {}) =>
      client.profiles.create({
        name: 'Own',
        summary: '',
        handshakes: [
          { id: 'own', title: 'Own', request: { method: 'POST', ...request }, expect: { statuses: '2xx', withinMs: 1000, ...expect_ } },
        ],
      } as never);
    await expect(save({ body: '{{ secret }}' })).rejects.toMatchObject({ data: { issues: [{ path: 'handshakes.0.request.body' }] } });
    await expect(save({ body: '{% for a in (1..1000000) %}{% endfor %}' })).rejects.toMatchObject({
      data: { issues: [{ path: 'handshakes.0.request.body' }] },
    });
    await expect(save({}, { bodies: [{ kind: 'json', value: '{' }] })).rejects.toMatchObject({
      data: { issues: [{ path: 'handshakes.0.expect.bodies.0' }] },
    });
    await expect(save({ body: '{{ challenge }}' })).resolves.toMatchObject({ handshakes: [{ id: 'own' }] });
  });
});

describe('the judgement of an answer', () => {
  const expected: ExpectedAnswer = { statuses: '200', headers: [], contentType: null, bodies: [] };
  const answer = (given: Partial<Omit<Answer, 'body'>> & { readonly body?: string }): Answer => ({
    outcome: { code: 'ok', message: '', status: 200 },
    headers: [],
    isTruncated: false,
    ...given,
    body: Buffer.from(given.body ?? ''),
  });
  const text = { ...expected, bodies: [{ kind: 'text' as const, value: 'abc' }] };
  const asJson = { ...expected, bodies: [{ kind: 'json' as const, value: '{"a":{"b":"c"}}' }] };

  it.each([
    [text, answer({ body: '"abc"' }), 'The body is abc in quotation marks; it must be without them.'],
    [text, answer({ body: 'token: abc' }), 'The body has abc in it, but it must be nothing else; it is token: abc.'],
    [text, answer({}), 'The body is empty; it must be abc.'],
    [text, answer({ body: 'xyz' }), 'The body must be abc, and it is xyz.'],
    [text, answer({ body: 'abc', isTruncated: true }), 'The body is longer than what is kept of an answer; a right one is short.'],
    [asJson, answer({ body: '{"a":{}}' }), 'The body has no a.b; it must be "c".'],
    [asJson, answer({ body: '{"a":{"b":"d"}}' }), 'a.b is "d"; it must be "c".'],
    [asJson, answer({ body: '[1]' }), 'The body has no a; it must be {"b":"c"}.'],
    [asJson, answer({ body: 'c' }), 'The body is not JSON: c. It must be JSON such as {"a":{"b":"c"}}.'],
    [
      { ...expected, contentType: 'text/plain' },
      answer({ headers: [['Content-Type', 'text/html']] }),
      'The content type is text/html; it must be text/plain.',
    ],
    [{ ...expected, headers: [{ name: 'X-A', oneOf: ['1', '*'] }] }, answer({ headers: [['x-a', '2']] }), 'X-A is 2; it must be 1 or *.'],
    [
      { ...expected, statuses: '200,204' },
      answer({ outcome: { code: 'http_status', message: '', status: 404 } }),
      'The status is 404; it must be 200 or 204.',
    ],
  ] as const)('says what is wrong first: %#', (wanted, came, message) => {
    expect(judgeHandshake(wanted, came).find(({ isMet }) => !isMet)?.message).toBe(message);
  });
});

it('judges an answer that is nested too deeply to be shown', () => {
  const expected: ExpectedAnswer = {
    statuses: '200',
    headers: [],
    contentType: null,
    bodies: [{ kind: 'json', value: '{"challenge":"a"}' }],
  };
  const body = Buffer.from(`{"challenge":${'['.repeat(20_000)}${']'.repeat(20_000)}}`);
  const answer: Answer = { outcome: { code: 'ok', message: '', status: 200 }, headers: [], body, isTruncated: false };
  expect(judgeHandshake(expected, answer).at(-1)).toMatchObject({
    isMet: false,
    message: 'challenge is nested too deeply to show; it must be "a".',
  });
});
