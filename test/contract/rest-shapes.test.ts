import { describe, expect, it } from 'vitest';
import { startTestEngine } from '../support/engine.ts';
import { answerAfterChanges } from '../hosts/running-host.ts';
import { openTestServer, testToken } from './doors.ts';

interface Answer {
  readonly status: number;
  readonly type: string | null;
  // Scripts read what they get: the shapes are what is tested here.
  readonly body: Readonly<Record<string, unknown>>;
}

interface Api {
  readonly call: (method: string, path: string, body?: unknown) => Promise<Answer>;
  /** What GET of a path answers once it satisfies `isReached`. */
  readonly answerWhen: (path: string, isReached: (answer: Answer) => boolean) => Promise<Answer>;
}

/** Calls the API as a script does, without any of our code. */
async function startApi(): Promise<Api> {
  const { engine } = await startTestEngine();
  const { url } = await openTestServer(engine.router);
  const authorization = `Bearer ${testToken}`;
  const call: Api['call'] = async (method, path, body) => {
    const answer = await fetch(`${url}/api${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return { status: answer.status, type: answer.headers.get('content-type'), body: (await answer.json()) as Answer['body'] };
  };
  return {
    call,
    answerWhen: (path, isReached) => answerAfterChanges(`${url}/api/changes`, authorization, () => call('GET', path), isReached),
  };
}

const endpoint = { name: 'Shop', url: 'http://127.0.0.1:9/hook', retryPolicy: 'none' };

describe('the REST API as scripts use it', () => {
  it('compares two texts, small and large, lists the requests of one, and names the field of what is wrong', async () => {
    const { call } = await startApi();
    const raw = (order: number, filler = '') => `POST /orders HTTP/1.1\r\nX-Kind: order\r\n\r\n{"order":${order},"filler":"${filler}"}`;
    const base64 = (text: string) => Buffer.from(text).toString('base64');
    expect(
      await call('POST', '/comparisons', { before: { text: raw(1), name: 'a.txt' }, after: { textBase64: base64(raw(2)) } }),
    ).toMatchObject({
      status: 200,
      body: {
        result: 'different',
        before: { kind: 'text', id: null, name: 'a.txt', readAs: 'Raw request' },
        after: { name: 'What was pasted' },
        request: { body: { changes: [{ path: '$.order', before: '1', after: '2' }] } },
        response: { result: 'not compared', before: { kind: 'unknown' } },
      },
    });
    // Large texts are taken out of the call in a thread, whichever side they are.
    const filler = 'x'.repeat(1_000_000);
    const large = { textBase64: base64(raw(1, filler)) };
    expect(await call('POST', '/comparisons', { before: large, after: { text: raw(1, filler) } })).toMatchObject({
      status: 200,
      body: { result: 'not compared', request: { result: 'same' } },
    });
    const har = JSON.stringify({
      log: { entries: ['/a', '/b'].map((path) => ({ request: { method: 'PUT', url: `https://x.test${path}`, headers: [] } })) },
    });
    const other = { text: 'curl -X PUT https://x.test/b -d 2' };
    expect(await call('POST', '/comparisons/entries', { text: har, other })).toMatchObject({
      status: 200,
      body: { readAs: 'HAR', items: [{ entry: 2, target: '/b', likeness: 'target', atMs: null, status: null }, { entry: 1 }] },
    });
    expect(await call('POST', '/comparisons/bytes', { before: large, after: large, of: 'request', bytes: 4 })).toMatchObject({
      status: 200,
      body: { before: { base64: 'eyJvcg==' }, nextDifferenceAt: null },
    });
    expect(await call('POST', '/comparisons/decoded', { side: { text: raw(1) }, of: 'request' })).toMatchObject({
      status: 200,
      body: { charset: 'utf-8' },
    });
    for (const [after, path] of [
      [{ text: har }, 'after.entry'],
      [{ text: '' }, 'after.text'],
      [{ entry: 2 }, 'after.entry'],
      [{ text: 'x', attemptId: 'att_1' }, 'after'],
    ] as const)
      expect(await call('POST', '/comparisons', { before: { text: raw(1) }, after })).toMatchObject({
        status: 422,
        body: { code: 'INPUT_INVALID', data: { issues: [{ path }] } },
      });
  });

  it('makes a bin with rules, previews, counts, begins anew and refuses what cannot be answered at its field', async () => {
    const { call } = await startApi();
    const rules = [
      { name: 'Orders', match: { path: '/orders/*' }, sequence: { steps: '500, answer' }, response: { body: '{{ request.json.id }}' } },
    ];
    const made = await call('POST', '/bins', {
      name: 'Shop',
      answers: { rules, handshakes: ['hub-challenge'], verifyToken: 'known to both' },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { answers: { rules: [{ name: 'Orders', key: 'none', isActive: true }], key: 'none' } },
    });
    expect(JSON.stringify(made.body)).not.toContain('known to both');
    const path = `/bins/${String(made.body['id'])}`;
    const request = { path: '/orders/1', body: '{"id": 7}' };
    expect(await call('POST', `${path}/answers/preview`, { request })).toMatchObject({ status: 200, body: { status: 500, verdict: null } });
    expect(await call('POST', `${path}/answers/preview`, { request, rule: 0 })).toMatchObject({
      status: 200,
      body: { status: 200, body: '7' },
    });
    expect((await fetch(`${String(made.body['url'])}/orders/1`, { method: 'POST', body: '{"id": 8}' })).status).toBe(500);
    expect(await call('GET', `${path}/answers`)).toMatchObject({ body: { counters: [{ latest: [{ requests: 1, next: 'answer' }] }] } });
    expect(await call('POST', `${path}/answers/reset`, {})).toMatchObject({ status: 200, body: { resetCounters: 1 } });
    expect(await call('PATCH', path, { answers: { sequence: { steps: '500, 99' } } })).toMatchObject({
      status: 422,
      body: { data: { issues: [{ path: 'answers.sequence.steps', message: expect.stringContaining('At character 6') }] } },
    });
    expect(await call('GET', '/captures')).toMatchObject({ body: { items: [{ answeredBy: { kind: 'rule', label: 'Orders' } }] } });
    expect(await call('GET', '/bin-handshakes')).toMatchObject({ status: 200, body: { items: expect.any(Array) } });
  });

  it('creates, reads, changes, rotates, checks and deletes an authentication', async () => {
    const { call } = await startApi();
    const parts = [
      { kind: 'signature', signing: { scheme: 'standard-webhooks' } },
      { kind: 'bearer', token: 'a'.repeat(32) },
    ];
    const made = await call('POST', '/auths', { name: 'Partner', parts });
    expect(made).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^aut_/), secret: expect.stringMatching(/^whsec_/) } });
    const path = `/auths/${String(made.body['id'])}`;
    const read = await call('GET', path);
    expect(read).toMatchObject({ status: 200, body: { name: 'Partner', usedBy: [] } });
    expect(read.body).not.toHaveProperty('secret');
    expect(JSON.stringify(read.body)).not.toContain('a'.repeat(32));
    expect(await call('GET', '/auths')).toMatchObject({ status: 200, body: { items: [read.body], next: null } });
    expect(await call('PATCH', path, { description: 'Both shops' })).toMatchObject({ status: 200, body: { description: 'Both shops' } });
    expect(await call('POST', `${path}/rotate-secret`, {})).toMatchObject({ status: 200, body: { part: 'signature' } });
    expect(await call('POST', `${path}/check`, {})).toMatchObject({ status: 200, body: { isUsable: true } });
    const user = await call('POST', '/endpoints', { ...endpoint, authId: made.body['id'] });
    expect(await call('DELETE', path)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    await call('DELETE', `/endpoints/${String(user.body['id'])}`);
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('GET', path)).status).toBe(404);
  });

  it('creates, reads, changes, uses, deletes and restores an environment', async () => {
    const { call } = await startApi();
    const variables = [
      { name: 'host', value: '127.0.0.1:9' },
      { name: 'token', value: 'token-of-staging', isSecret: true },
    ];
    const made = await call('POST', '/environments', { name: 'staging', variables });
    expect(made).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^env_/), isActive: false } });
    const id = made.body['id'];
    const path = `/environments/${String(id)}`;
    expect(await call('GET', path)).toMatchObject({ status: 200, body: made.body });
    expect(JSON.stringify(made.body)).not.toContain('token-of-staging');
    expect(await call('GET', '/environments')).toMatchObject({ status: 200, body: { items: [made.body], next: null } });
    expect(await call('PATCH', path, { name: 'stage' })).toMatchObject({ status: 200, body: { name: 'stage' } });
    expect(await call('PATCH', '/settings', { activeEnvironmentId: id })).toMatchObject({ status: 200, body: { activeEnvironmentId: id } });
    const draft = { url: 'http://{{ vars.host }}/hook', signing: null };
    expect(await call('POST', '/preview', { draft, event: { type: 'a.b' } })).toMatchObject({ body: { url: 'http://127.0.0.1:9/hook' } });
    const none = await call('POST', '/preview', { draft, event: { type: 'a.b' }, environment: null });
    expect(none).toMatchObject({ status: 422, body: { data: { issues: [{ path: 'url' }] } } });
    const sent = await call('POST', '/messages', { type: 'a.b', target: { name: 'Once', ...draft }, environment: 'stage' });
    expect(sent).toMatchObject({ status: 202, body: { deliveries: [{ status: 'pending' }] } });
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('GET', path)).status).toBe(404);
    expect(await call('POST', `${path}/restore`)).toMatchObject({ status: 200, body: { name: 'stage', isActive: true } });
  });

  it('creates, reads, pauses and deletes a relay, whose secret is not shown', async () => {
    const { call } = await startApi();
    const bin = await call('POST', '/bins', { name: 'Shop' });
    const targets = [{ url: 'http://127.0.0.1:9/', as: 'resigned', signing: { scheme: 'github-sha256' }, secret: 'a-secret-of-the-app' }];
    const made = await call('POST', '/relays', { name: 'App', binId: bin.body['id'], match: { path: '/orders/*' }, targets });
    expect(made).toMatchObject({ status: 201, body: { id: expect.stringMatching(/^rly_/), isActive: true, queued: 0, warnings: [] } });
    expect(JSON.stringify(made.body)).not.toContain('a-secret-of-the-app');
    const path = `/relays/${String(made.body['id'])}`;
    const { warnings: _, ...told } = made.body;
    expect(await call('GET', path)).toMatchObject({ status: 200, body: told });
    expect(await call('GET', `/relays?binId=${String(bin.body['id'])}`)).toMatchObject({
      status: 200,
      body: { items: [told], next: null },
    });
    expect(await call('PATCH', path, { isActive: false })).toMatchObject({ status: 200, body: { isActive: false } });
    expect(await call('POST', `${path}/drop-queued`, {})).toMatchObject({ status: 200, body: { dropped: 0 } });
    expect(await call('DELETE', `/bins/${String(bin.body['id'])}`)).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
    expect((await call('DELETE', path)).status).toBe(200);
    expect((await call('GET', path)).status).toBe(404);
  });

  it('creates an endpoint with 201 and its secret, and reads it without', async () => {
    const { call } = await startApi();
    const made = await call('POST', '/endpoints', {
      ...endpoint,
      retryPolicy: { kind: 'schedule', delaysMs: [1000, 2000] },
      secretHeaders: { 'X-Key': 'v' },
    });
    expect(made.status).toBe(201);
    expect(made.type).toContain('application/json');
    expect(made.body).toMatchObject({
      id: expect.stringMatching(/^ep_/),
      secret: expect.stringMatching(/^whsec_/),
      secretHeaderNames: ['X-Key'],
      successRule: '2xx',
      timeoutMs: 15_000,
    });
    const read = await call('GET', `/endpoints/${String(made.body['id'])}`);
    expect(read.status).toBe(200);
    expect(read.body).not.toHaveProperty('secret');
    const page = await call('GET', '/endpoints?limit=5');
    expect(page.status).toBe(200);
    expect(page.body).toEqual({ items: [read.body], next: null });
  });

  it('changes, disables, re-enables, rotates and deletes an endpoint with 200', async () => {
    const { call } = await startApi();
    const id = String((await call('POST', '/endpoints', endpoint)).body['id']);
    expect(await call('PATCH', `/endpoints/${id}`, { isActive: false })).toMatchObject({ status: 200, body: { isActive: false } });
    expect(await call('PATCH', `/endpoints/${id}`, { isActive: true })).toMatchObject({ status: 200, body: { isActive: true } });
    expect(await call('POST', `/endpoints/${id}/rotate-secret`)).toMatchObject({
      status: 200,
      body: { id, secret: expect.stringMatching(/^whsec_/) },
    });
    expect(await call('DELETE', `/endpoints/${id}`)).toMatchObject({ status: 200, body: { id } });
    expect(await call('GET', `/endpoints/${id}`)).toMatchObject({ status: 404, body: { code: 'NOT_FOUND', defined: true } });
  });

  it('accepts a message and a test event with 202 and their deliveries', async () => {
    const { call } = await startApi();
    const endpointId = String((await call('POST', '/endpoints', endpoint)).body['id']);
    const sent = await call('POST', '/messages', { type: 'invoice.paid', data: { total: 3 }, id: 'order-1' });
    expect(sent.status).toBe(202);
    expect(sent.body).toMatchObject({
      id: 'order-1',
      deliveries: [{ id: expect.stringMatching(/^dlv_/), endpointId, status: expect.any(String) }],
    });
    expect(await call('POST', '/messages', { type: 'invoice.paid', data: { total: 3 }, id: 'order-1' })).toMatchObject({
      status: 202,
      body: { id: 'order-1', isDuplicate: true },
    });
    expect(await call('POST', `/endpoints/${endpointId}/test`, {})).toMatchObject({ status: 202, body: { deliveries: [{ endpointId }] } });
    expect(await call('POST', `/endpoints/${endpointId}/test`)).toMatchObject({ status: 202 });
  });

  it('lists and reads deliveries, and leaves out filters that are empty', async () => {
    const { call, answerWhen } = await startApi();
    const endpointId = String(
      (await call('POST', '/endpoints', { ...endpoint, retryPolicy: { kind: 'schedule', delaysMs: [3_600_000, 3_600_000] } })).body['id'],
    );
    const sent = await call('POST', '/messages', { type: 'invoice.paid' });
    const [delivery] = sent.body['deliveries'] as readonly { readonly id: string }[];
    const id = delivery?.id ?? '';
    const page = await call('GET', `/deliveries?endpointId=${endpointId}&status=&eventType=invoice.paid&q=&cursor=&limit=`);
    expect(page).toMatchObject({ status: 200, body: { items: [{ id, messageId: sent.body['id'] }], next: null } });
    expect(await call('GET', `/deliveries/${id}`)).toMatchObject({ status: 200, body: { id, endpointId, attempts: expect.any(Array) } });
    // A redelivery is refused while the first attempt is under way.
    await answerWhen(`/deliveries/${id}`, ({ body }) => body['status'] === 'failed');
    expect(await call('POST', `/deliveries/${id}/redeliver`)).toMatchObject({ status: 202, body: { id } });
    expect(await call('POST', `/deliveries/${id}/cancel`)).toMatchObject({ body: { id } });
    expect(await call('GET', `/deliveries?status=lost`)).toMatchObject({
      status: 422,
      body: { code: 'INPUT_INVALID', message: expect.stringContaining('status') },
    });
  });

  it('makes a bin with 201, receives at its URL, and shows the capture', async () => {
    const { call } = await startApi();
    const bin = await call('POST', '/bins', { name: 'Inbox', slug: 'inbox' });
    expect(bin).toMatchObject({
      status: 201,
      body: { id: expect.stringMatching(/^bin_/), slug: 'inbox', url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/inbox$/) },
    });
    await fetch(`${String(bin.body['url'])}/any/path?x=1`, {
      method: 'POST',
      body: Buffer.from([0xff, 0x00]),
      headers: { 'X-Custom-Case': 'Value' },
    });
    const page = await call('GET', `/captures?binId=${String(bin.body['id'])}`);
    const [row] = page.body['items'] as readonly { readonly id: string }[];
    const capture = await call('GET', `/captures/${row?.id ?? ''}`);
    expect(capture.body).toMatchObject({ id: row?.id, method: 'POST', target: '/inbox/any/path?x=1', bodyBase64: '/wA=', bodyBytes: 2 });
    expect(capture.body['headers']).toContainEqual(['X-Custom-Case', 'Value']);
    expect(await call('PATCH', `/bins/${String(bin.body['id'])}`, { name: 'Other' })).toMatchObject({
      status: 200,
      body: { name: 'Other' },
    });
    expect(await call('GET', '/bins')).toMatchObject({ status: 200, body: { items: [{ name: 'Other', captureCount: 1 }], next: null } });
    expect(await call('DELETE', `/captures?binId=${String(bin.body['id'])}`)).toMatchObject({ status: 200, body: { removedCaptures: 1 } });
    expect(await call('DELETE', `/bins/${String(bin.body['id'])}`)).toMatchObject({ status: 200 });
    // Without a body or a query, all of them are meant.
    expect(await call('DELETE', '/refused-requests')).toMatchObject({ status: 200, body: { removed: 0 } });
  });

  it('keeps the catalogue of event types', async () => {
    const { call } = await startApi();
    expect(await call('POST', '/event-types', { name: 'invoice.paid', sample: { total: 1 } })).toMatchObject({
      status: 201,
      body: { name: 'invoice.paid' },
    });
    expect(await call('PATCH', '/event-types/invoice.paid', { description: 'Paid' })).toMatchObject({
      status: 200,
      body: { description: 'Paid' },
    });
    expect(await call('GET', '/event-types')).toMatchObject({ status: 200, body: { items: [{ name: 'invoice.paid' }], next: null } });
    expect(await call('DELETE', '/event-types/invoice.paid')).toMatchObject({ status: 200, body: { name: 'invoice.paid' } });
  });

  it('previews, verifies, and lists schemes', async () => {
    const { call } = await startApi();
    expect(await call('POST', '/preview', { draft: endpoint, event: { type: 'invoice.paid' } })).toMatchObject({
      status: 200,
      body: { method: 'POST', url: endpoint.url, headers: expect.any(Array), bodyBase64: expect.any(String) },
    });
    expect((await call('GET', '/schemes')).body['items']).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: 'standard-webhooks' })]),
    );
    const request = { method: 'POST', url: 'http://x.example/', headers: [['content-type', 'application/json']], bodyBase64: 'e30=' };
    expect(
      await call('POST', '/verify', {
        scheme: 'standard-webhooks',
        secrets: ['whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
        request,
        nowMs: 1_767_225_600_000,
      }),
    ).toMatchObject({
      status: 200,
      body: { verdict: 'unsigned', reason: 'header_missing' },
    });
    expect(await call('GET', '/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('refuses what it cannot read with 4xx, a code and a sentence', async () => {
    const { call } = await startApi();
    expect(await call('POST', '/endpoints', '{"name":')).toMatchObject({
      status: 400,
      body: { code: 'JSON_INVALID', message: expect.stringContaining('not JSON') },
    });
    expect(await call('POST', '/verify', `{"scheme":"auto","options":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`)).toMatchObject({
      status: 400,
      body: { code: 'JSON_INVALID', message: expect.stringContaining('nested more than 500 levels deep') },
    });
    // Brackets inside a text are no levels.
    expect(await call('POST', '/sign', { scheme: 'github-sha256', secrets: [`\\"${'['.repeat(2000)}`], request: {} })).toMatchObject({
      status: 200,
    });
    expect(await call('POST', '/endpoints', { ...endpoint, colour: 'red' })).toMatchObject({
      status: 422,
      body: { code: 'INPUT_INVALID', message: expect.stringContaining('colour') },
    });
    expect(await call('POST', '/endpoints', { ...endpoint, url: 'shop' })).toMatchObject({
      status: 422,
      body: { code: 'INPUT_INVALID', data: { issues: [{ path: 'url' }] } },
    });
    expect(await call('GET', '/endpoints?limit=5&page=2')).toMatchObject({
      status: 422,
      body: { message: expect.stringContaining('page') },
    });
    expect(await call('GET', '/endpoints?limit=many')).toMatchObject({ status: 422, body: { message: expect.stringContaining('limit') } });
    expect(await call('GET', '/endpoint')).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND', message: expect.stringContaining('/api/endpoint') },
    });
    expect(await call('PUT', '/endpoints', endpoint)).toMatchObject({
      status: 404,
      body: { code: 'NOT_FOUND', message: expect.stringContaining('PUT') },
    });
    expect(await call('GET', '/endpoints/%zz')).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
  });

  it('refuses a body over the limit with 413, also one that comes faster than it is read', async () => {
    const { call } = await startApi();
    await call('PATCH', '/settings', { bodyLimitBytes: 1024 });
    expect(await call('POST', '/messages', { type: 'a.b', data: 'x'.repeat(60_000_000) })).toMatchObject({
      status: 413,
      body: { code: 'BODY_TOO_LARGE', defined: true, data: { limitBytes: 1024 }, message: expect.stringContaining('1024') },
    });
  });

  it('describes itself in OpenAPI, whole: every operation has an id, its refusals and the bearer token', async () => {
    const { call } = await startApi();
    const { status, body } = await call('GET', '/openapi.json');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      openapi: expect.stringMatching(/^3\.1/),
      servers: [{ url: '/api' }],
      security: [{ bearer: [] }],
      components: { securitySchemes: { bearer: { scheme: 'bearer' } } },
    });
    const operations = Object.entries(
      body['paths'] as Record<string, Record<string, { readonly operationId?: string; readonly responses: Record<string, unknown> }>>,
    ).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, ...operation })),
    );
    expect(operations.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'POST /endpoints',
        'PATCH /endpoints/{id}',
        'POST /endpoints/{id}/rotate-secret',
        'POST /messages',
        'POST /preview',
        'GET /deliveries/{id}',
        'POST /verify',
        'GET /health',
      ]),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { responses } of operations)
      expect(Object.keys(responses)).toEqual(expect.arrayContaining(['401', '404', '413', '422', '503']));
    expect(JSON.stringify(body)).toContain('TEMPLATE_INVALID');
  });
});

describe('calls and answers that are large', () => {
  const names = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`name ${index}`, index]));

  it('are taken like any other: data of very many values, told apart under one id', async () => {
    const { call } = await startApi();
    const message = { type: 'a.b', id: 'msg_large', data: names(30_000) };
    expect(await call('POST', '/messages', message)).toMatchObject({ status: 202, body: { id: 'msg_large', isDuplicate: false } });
    expect(await call('POST', '/messages', message)).toMatchObject({ status: 202, body: { isDuplicate: true } });
    expect(await call('POST', '/messages', { ...message, data: names(30_001) })).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('Its data was another.') },
    });
    expect((await call('GET', '/messages/msg_large')).body['data']).toEqual(message.data);
  });

  it('keep every byte of a body, which is read back, signed, verified and put into a case file', async () => {
    const { call } = await startApi();
    const bodyBase64 = Buffer.from('{"a":"é"}\n'.repeat(40_000)).toString('base64');
    const sent = await call('POST', '/messages', { type: 'a.b', bodyBase64, id: 'msg_bytes' });
    expect(sent.status).toBe(202);
    expect((await call('GET', '/messages/msg_bytes')).body['bodyBase64']).toBe(bodyBase64);
    expect(await call('POST', '/messages', { type: 'a.b', bodyBase64: `AAAA${bodyBase64}`, id: 'msg_bytes' })).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('Its body was another.') },
    });
    const secrets = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'];
    const signed = await call('POST', '/sign', { scheme: 'standard-webhooks', secrets, id: 'msg_1', request: { bodyBase64 } });
    const question = { scheme: 'standard-webhooks', secrets, request: { headers: signed.body['headers'], bodyBase64 } };
    expect(await call('POST', '/verify', question)).toMatchObject({ status: 200, body: { verdict: 'valid' } });
    expect(await call('POST', '/verify', { ...question, scheme: 'auto' })).toMatchObject({
      body: { scheme: 'standard-webhooks', verdict: 'valid' },
    });
    const file = await call('POST', '/verify/case', { ...question, format: 'json' });
    const content = JSON.parse(Buffer.from(String(file.body['contentBase64']), 'base64').toString()) as { readonly verdict: object };
    expect(content.verdict).toMatchObject({ verdict: 'valid' });
  });

  it('are refused with the field that is wrong, and the limit where there are too many values', async () => {
    const { call } = await startApi();
    expect(await call('POST', '/messages', { type: 'a.b', bodyBase64: '*'.repeat(300_000) })).toMatchObject({
      status: 422,
      body: { data: { issues: [{ path: 'bodyBase64' }] } },
    });
    expect(await call('POST', '/messages', { type: 'a.b', nonsense: names(100_000) })).toMatchObject({
      status: 422,
      body: {
        code: 'INPUT_INVALID',
        message: 'The request has more than 100,000 values beside its data: send fewer of them, or several requests.',
      },
    });
    const test = { kind: 'burst', count: 3 };
    const made = await call('POST', '/endpoints', endpoint);
    expect(await call('POST', '/receiver-tests', { endpointId: made.body['id'], type: 'a.b', data: names(30_000), test })).toMatchObject({
      status: 422,
      body: { data: { issues: [{ path: 'data', message: expect.stringContaining('less than 64 KiB') }] } },
    });
  });

  it('are previewed and tested with the exact data', async () => {
    const { call } = await startApi();
    const data = names(30_000);
    const shown = await call('POST', '/preview', { draft: { url: endpoint.url }, event: { type: 'a.b', data } });
    expect(JSON.parse(Buffer.from(String(shown.body['bodyBase64']), 'base64').toString())).toMatchObject({ type: 'a.b', data });
    const tested = await call('POST', '/endpoints/test', {
      draft: { ...endpoint, template: '{{ data["name 29999"] }}', contentType: 'text/plain' },
      data,
    });
    expect(tested.status).toBe(202);
  });
});

describe('the description of the API', () => {
  it('says that data is any JSON, and that bodies are base64', async () => {
    const { call } = await startApi();
    const { paths } = (await call('GET', '/openapi.json')).body as {
      readonly paths: {
        readonly '/messages': {
          readonly post: {
            readonly requestBody: {
              readonly content: { readonly 'application/json': { readonly schema: { readonly properties: object } } };
            };
          };
        };
      };
    };
    const { properties } = paths['/messages'].post.requestBody.content['application/json'].schema;
    expect(properties).toHaveProperty('data', { default: {} });
    expect(properties).toHaveProperty('bodyBase64', expect.objectContaining({ type: 'string', contentEncoding: 'base64' }));
  });
});
