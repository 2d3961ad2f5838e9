import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { admit, createDirectClient } from '#engine/index.ts';
import type { RunEvent, RunWaiting } from '#shared/contract/runs.ts';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';
import { startTestEngine } from '../../support/engine.ts';
import { halfBody, hang, respond, slowDrip, startReceiver } from '../../support/scripted-receiver.ts';

const secret = 'whsec_c2VjcmV0IG9mIHRoZSByZWNlaXZlciE=';
const secrets = { 'env:WEBHOOK_SECRET': secret };

async function openWorkspace() {
  const { engine, captureUrl } = await startTestEngine();
  return { client: createDirectClient(engine.router, admit('test')), captureUrl };
}
type Client = Awaited<ReturnType<typeof openWorkspace>>['client'];

async function runAll(client: Client, asked: Parameters<Client['runs']['run']>[0]): Promise<readonly RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const event of await client.runs.run(asked)) events.push(event);
  return events;
}

const briefly = (events: readonly RunEvent[]) =>
  events.flatMap((event) =>
    event.kind === 'step' || event.kind === 'whole' ? [`${event.isMet ? 'met' : 'not'} ${event.title}: ${event.message}`] : [],
  );

describe('a run', () => {
  it('takes a profile of the workspace by its name, as endpoints of a project do, or by its id', async () => {
    const receiver = await startReceiver();
    const { client } = await openWorkspace();
    const { id } = await client.profiles.create({ name: 'Own9', fields: { headers: { 'X-Own': 'y' }, signing: null } });
    const text = (profile: string) => `hookyard: 1\nruns: { r: { to: "${receiver.url}", profile: ${profile}, steps: [{ event: a.b }] } }\n`;
    for (const profile of ['Own9', 'own9', id]) {
      expect(briefly(await runAll(client, { text: text(profile), name: 'r' }))[0]).toMatch(/^met /);
      expect((await receiver.nextRequest()).header('x-own')).toBe('y');
    }
    await expect(runAll(client, { text: text('strype'), name: 'r' })).rejects.toThrow(
      'The workspace has no profile strype; did you mean stripe?',
    );
    await expect(runAll(client, { text: text('Other'), name: 'r' })).rejects.toThrow(
      'The workspace has no profile Other; "hookyard apply" makes those of the project',
    );
  });

  it('sends what authentication and secret headers write once, in a request of its own too', async () => {
    const receiver = await startReceiver();
    const { client } = await openWorkspace();
    const parts = [
      { kind: 'header' as const, name: 'X-Api-Key', value: 'key-of-the-partner' },
      { kind: 'bearer' as const, token: 'token-of-the-partner' },
    ];
    const auth = await client.auths.create({ name: 'Partner', parts });
    await client.endpoints.create({ name: 'Keyed', url: receiver.url, authId: auth.id, secretHeaders: { 'X-Own': 'own' } });
    const text = 'hookyard: 1\nruns: { r: { to: Keyed, steps: [{ method: POST, path: /hooks, body: "{}" }, { event: a.b }] } }\n';
    await runAll(client, { text, name: 'r' });
    for (const { rawHeaders } of receiver.requests)
      for (const [name, value] of [
        ['x-api-key', 'key-of-the-partner'],
        ['authorization', 'Bearer token-of-the-partner'],
        ['x-own', 'own'],
      ])
        expect(rawHeaders.filter(([each]) => each.toLowerCase() === name).map(([, sent]) => sent)).toEqual([value]);
    expect(receiver.requests).toHaveLength(2);
  });

  it('signs a step as that says, or not at all, and keeps what else the authentication of its endpoint writes', async () => {
    const receiver = await startReceiver();
    const { engine, dataDir } = await startTestEngine();
    const client = createDirectClient(engine.router, admit('test'));
    const parts = [
      { kind: 'signature' as const, signing: { scheme: 'standard-webhooks' as const }, secret },
      { kind: 'bearer' as const, token: 'token-of-the-partner' },
    ];
    const auth = await client.auths.create({ name: 'Partner', parts });
    await client.endpoints.create({ name: 'Shop', url: receiver.url, authId: auth.id });
    const own = 'signing: { scheme: github-sha256 }, secret: env:OWN';
    const steps = `{ event: a }, { event: a, sign: false }, { event: a, ${own} }, { event: a, method: PUT, ${own} }, { again: 2 }`;
    const run = async (rest: object) =>
      await runAll(client, {
        text: `hookyard: 1\nruns: { r: { to: Shop, steps: [${steps}] } }\n`,
        name: 'r',
        secrets: { 'env:OWN': 'own-secret-of-the-step' },
        ...rest,
      });
    const signatures = (from: number) =>
      receiver.requests.slice(from).map((request) => {
        expect(request.header('authorization')).toBe('Bearer token-of-the-partner');
        const github = createHmac('sha256', 'own-secret-of-the-step').update(request.body).digest('hex');
        return [request.header('webhook-signature') !== null, request.header('x-hub-signature-256') === `sha256=${github}`];
      });
    const expected = [
      [true, false],
      [false, false],
      [false, true],
      [false, true],
      [false, false],
    ];
    await run({});
    expect(signatures(0)).toEqual(expected);
    const moved = await run({ to: `${receiver.url}/moved` });
    expect(signatures(5)).toEqual(expected);
    // It stays so where one of them is sent again after a restart.
    await engine.stop();
    const { engine: again } = await startTestEngine({ dataDir });
    const [, , unsigned] = moved;
    const id = unsigned?.kind === 'step' ? (unsigned.deliveryId ?? '') : '';
    await createDirectClient(again.router, admit('test')).deliveries.redeliver({ id });
    await expect.poll(() => receiver.requests.length).toBe(11);
    expect(signatures(10)).toEqual([[false, false]]);
  });

  it('expects values of an answer by their type, and numbers by all their digits', async () => {
    const body = '{"ok":"true","n":"12","nul":"null","id":9007199254740992,"price":1.10,"list":[1],"name":"Shop 7"}';
    const receiver = await startReceiver([], { otherwise: respond({ body }) });
    const { client } = await openWorkspace();
    const found = async (json: string) => {
      const text = `hookyard: 1\nruns: { r: { to: "${receiver.url}", steps: [{ event: a, expect: { answer: { json: { ${json} } } } }] } }\n`;
      return briefly(await runAll(client, { text, name: 'r' }))[0];
    };
    for (const met of [
      '$.ok: "true"',
      '$.n: "1*"',
      '$.id: 9007199254740992',
      '$.price: 1.1',
      '$.price: 11e-1',
      '$.list: "*"',
      '$.name: "Shop *"',
    ])
      expect(await found(met), met).toBe('met a: Answered 200.');
    for (const [json, sentence] of [
      ['$.ok: true', 'Expected answer $.ok is true. It is "true", a text.'],
      ['$.n: 12', 'Expected answer $.n is 12. It is "12", a text.'],
      ['$.nul: null', 'Expected answer $.nul is null. It is "null", a text.'],
      ['$.id: 9007199254740993', 'Expected answer $.id is 9007199254740993. It is 9007199254740992.'],
      ['$.price: "1.1"', 'Expected answer $.price is "1.1". It is 1.10, a number.'],
      ['$.list: 1', 'Expected answer $.list is 1. It is [1], a list.'],
      ['$.gone: "*"', 'Expected answer $.gone is "*". It has nothing at $.gone.'],
    ] as const)
      expect(await found(json), json).toBe(`not a: ${sentence}`);
  });

  it('does not say of an answer that is not there, or not there to its end, what it has', async () => {
    const receiver = await startReceiver([
      respond({ body: `${'x'.repeat(1_100_000)}NEEDLE` }),
      respond({ body: `{"long":"${'x'.repeat(1_100_000)}","ok":true}` }),
      respond({ body: 'no JSON' }),
    ]);
    const { client } = await openWorkspace();
    const step = (to: string, expected: string) => `{ to: "${to}", event: a, expect: { ${expected} } }`;
    const steps = [
      step(receiver.url, 'answer: { contains: NEEDLE }'),
      step(receiver.url, 'answer: { json: { $.ok: true } }'),
      step(receiver.url, 'answer: { json: { $.ok: true } }'),
      step('http://127.0.0.1:9/', 'delivered: false, outcome: refused, answer: { contains: x }'),
    ];
    const text = `hookyard: 1\nruns: { r: { steps: [${steps.join(', ')}] } }\n`;
    expect(briefly(await runAll(client, { text, name: 'r' }))).toEqual([
      expect.stringMatching(/^not a: .*Only the beginning of the answer is kept, [\d,]+ bytes, and it is not in there\./),
      'not a: Expected an answer. Only the beginning of the answer is kept, so that its JSON cannot be read.',
      'not a: Expected answer $.ok is true. The answer is not JSON.',
      expect.stringMatching(/^not a: Expected an answer\. Nothing was answered\./),
    ]);
  });

  it('takes an answer that broke off, or had no end, for none, whatever its status said', async () => {
    const receiver = await startReceiver([], { otherwise: halfBody() });
    const endless = await startReceiver([], { otherwise: slowDrip() });
    const { client } = await openWorkspace();
    const found = async (expected: string, to = receiver.url) => {
      const run = `{ to: "${to}", timeoutMs: 1000, steps: [{ event: a, expect: { ${expected} } }] }`;
      return briefly(await runAll(client, { text: `hookyard: 1\nruns: { r: ${run} }\n`, name: 'r' }))[0];
    };
    expect(await found('status: 200')).toMatch(/^not a: Expected status 200\. .*answer/);
    expect(await found('status: 2xx', endless.url)).toMatch(/^not a: Expected status 2xx\. .* did not finish the body within 1000 ms/);
    expect(await found('outcome: timeout, status: 200', endless.url)).toMatch(/^not a: Expected status 200\. /);
    expect(await found('outcome: incomplete, answer: { headers: { Content-Type: "*" } }')).toMatch(/^not a: Expected an answer\. /);
    expect(await found('outcome: incomplete')).toMatch(/^met a: It is exhausted: /);
  });

  it('takes no receiver that is not there for one that refuses', async () => {
    const receiver = await startReceiver([respond({ status: 422 })]);
    const { client } = await openWorkspace();
    const found = async (to: string, expected: string) => {
      const text = `hookyard: 1\nruns: { r: { to: "${to}", steps: [{ event: a, expect: { ${expected} } }] } }\n`;
      return briefly(await runAll(client, { text, name: 'r' }))[0];
    };
    expect(await found(receiver.url, 'delivered: false')).toBe('met a: Answered 422.');
    await receiver.close();
    expect(await found(receiver.url, 'delivered: false')).toMatch(
      /^not a: Expected not delivered\. It is exhausted without an answer: .* If that is expected, say outcome: refused\.$/,
    );
    expect(await found(receiver.url, 'delivered: false, outcome: refused')).toMatch(/^met a: It is exhausted: /);
  });

  it('says of an attempt that has no end how long it was waited for, once', async () => {
    const receiver = await startReceiver([hang()]);
    const { client } = await openWorkspace();
    const expected = 'status: 200, delivered: true, answeredWithinMs: 2000, withinMs: 300';
    const text = `hookyard: 1\nruns: { r: { to: "${receiver.url}", steps: [{ event: a, expect: { ${expected} } }] } }\n`;
    expect(briefly(await runAll(client, { text, name: 'r' }))).toEqual([
      'not a: Expected status 200, delivered, answered within 2.00 s. It is pending: No attempt had ended after 300 ms.',
    ]);
  });

  it('says that a delivery was cancelled, and not that its receiver was why', async () => {
    const receiver = await startReceiver([respond({ status: 503 })]);
    const { client } = await openWorkspace();
    const { id } = await client.endpoints.create({
      name: 'Shop',
      url: receiver.url,
      retryPolicy: { kind: 'schedule', delaysMs: [60_000] },
    });
    const text = 'hookyard: 1\nruns: { r: { to: Shop, steps: [{ event: a, expect: { withinMs: 60000 } }] } }\n';
    const events: RunEvent[] = [];
    for await (const event of await client.runs.run({ text, name: 'r', progress: true })) {
      events.push(event);
      if (event.kind === 'waiting' && event.for === 'retry') await client.endpoints.remove({ id });
    }
    expect(briefly(events)).toEqual([
      expect.stringMatching(/^not a: Expected delivered\. It was cancelled before its next attempt\. The one before: .* answered 503/),
    ]);
  });

  it('refuses a path that would go out as another one, and takes it in a query', async () => {
    const receiver = await startReceiver();
    const { client } = await openWorkspace();
    const text = (path: string) =>
      `hookyard: 1\nruns: { r: { to: "${receiver.url}", steps: [{ method: POST, path: '${path}', headers: { A: b }, body: x }] } }\n`;
    for (const path of ['/\\host/x', '/a\\b?c'])
      await expect(runAll(client, { text: text(path), name: 'r' })).rejects.toThrow(
        'as it goes on the wire: without spaces, #, and \\ before the query.',
      );
    for (const path of ['//host/x', '/a]?b=\\c']) {
      await runAll(client, { text: text(path), name: 'r' });
      expect((await receiver.nextRequest()).target).toBe(path);
    }
  });

  it('sends its steps in order, signed anew, and says of each what came and what is missing', async () => {
    const receiver = await startReceiver([
      respond({ body: '{"ok":true}' }),
      respond({ status: 500, body: 'no' }),
      respond({ status: 409 }),
    ]);
    const { client } = await openWorkspace();
    const text = `hookyard: 1
runs:
  checkout:
    to: ${receiver.url}/hooks
    signing: { scheme: standard-webhooks }
    secret: env:WEBHOOK_SECRET
    speed: 1000
    steps:
      - event: invoice.paid
        data: { total: 1.10, id: 9007199254740993 }
        expect: { status: 2xx, answer: { json: { $.ok: true } } }
      - name: stock
        afterMs: 5000
        path: /stock?x=1
        headers: { Content-Type: text/plain, X-Two: [a, b] }
        body: left
        expect: { status: 200, answer: { contains: yes } }
      - again: 1
        expect: { status: 409 }
`;
    const events = await runAll(client, { text, name: 'checkout', secrets });
    expect(events[0]).toMatchObject({
      kind: 'started',
      name: 'checkout',
      steps: 3,
      gapsMs: 5000,
      speed: 1000,
      to: `${receiver.url}/hooks`,
    });
    expect(briefly(events)).toEqual([
      'met invoice.paid: Answered 200.',
      'not stock: Expected status 200. It is 500.',
      'met step 1 again: Answered 409.',
    ]);
    expect(events.at(-1)).toMatchObject({ kind: 'ended', isMet: false, met: 2, total: 3, message: '1 of 3 expectations was not met.' });
    // What was answered is told where something is not met.
    expect(events.flatMap((event) => (event.kind === 'step' ? [event.answer] : []))).toEqual([null, { text: 'no', bytes: 2 }, null]);
    const [first, stock, again] = receiver.requests;
    const heads = receiver.requests.map(({ rawHeaders }) =>
      Object.fromEntries(rawHeaders.map(([name, value]) => [name.toLowerCase(), value])),
    );
    for (const [index, { body }] of receiver.requests.entries())
      expect(() => new Webhook(secret).verify(body.toString('utf8'), heads[index] ?? {}), body.toString('utf8')).not.toThrow(
        WebhookVerificationError,
      );
    expect(first?.body.toString('utf8')).toContain('{"total":1.10,"id":9007199254740993}');
    expect(stock).toMatchObject({ target: '/stock?x=1', method: 'POST' });
    expect(stock?.rawHeaders.filter(([name]) => name === 'X-Two').map(([, value]) => value)).toEqual(['a', 'b']);
    expect(again?.header('webhook-id')).toBe(first?.header('webhook-id'));
    // The deliveries carry the name of the run, and none is tried again behind its back.
    const { items } = await client.deliveries.list({ q: events[0]?.kind === 'started' ? events[0].id : '' });
    expect(items.map(({ endpointName, status }) => [endpointName, status])).toEqual([
      ['run checkout', 'exhausted'],
      ['run checkout', 'exhausted'],
    ]);
  });

  it('says that it waited for retries where the receiver itself was quick', async () => {
    const receiver = await startReceiver([respond({ status: 401 }), respond({ status: 401 })]);
    const { client } = await openWorkspace();
    const retryPolicy = { kind: 'schedule' as const, delaysMs: [1, 3_600_000] };
    await client.endpoints.create({ name: 'Shop', url: receiver.url, retryPolicy });
    const text = 'hookyard: 1\nruns:\n  two: { to: Shop, steps: [{ event: a, expect: { status: 200, withinMs: 2000 } }] }\n';
    const [said] = briefly(await runAll(client, { text, name: 'two' }));
    expect(said).toMatch(
      /^not a: Expected status 200\. It is 401\. 2 attempts were made, the last in [\d.]+ m?s\. It waited up to 2\.00 s for retries\.$/,
    );
  });

  it('is retried as its endpoint is, and is a test: nothing follows from it for the endpoint', async () => {
    const fails = Array.from({ length: 6 }, () => respond({ status: 500 }));
    const receiver = await startReceiver([...fails.slice(0, 2), respond(), ...fails]);
    const { client } = await openWorkspace();
    const { id } = await client.endpoints.create({
      name: 'Shop',
      url: receiver.url,
      retryPolicy: { kind: 'schedule', delaysMs: [1, 1] },
      autoDisable: { onExhaustion: true, afterFailures: 1, afterFailingMs: null },
      circuitBreaker: { failures: 1, pauseMs: 3_600_000, maxPauseMs: 3_600_000 },
    });
    const before = await client.endpoints.get({ id });
    const steps = '{ event: a, expect: { status: 200 } }, { event: b, expect: { delivered: false } }, { event: c, sign: false }';
    const events = await runAll(client, { text: `hookyard: 1\nruns: { r: { to: Shop, steps: [${steps}] } }`, name: 'r' });
    expect(events[0]).toMatchObject({ to: 'Shop and 1 more' });
    expect(briefly(events)).toEqual([
      'met a: Answered 200 at attempt 3.',
      'met b: Answered 500 at attempt 3.',
      expect.stringMatching(/^not c: /),
    ]);
    expect(await client.endpoints.get({ id })).toEqual(before);
    expect((await client.endpoints.history({ id })).items).toEqual([]);
    const { items } = await client.deliveries.list({});
    expect(items.map(({ isTest, endpointName }) => [isTest, endpointName])).toEqual([
      [true, 'Shop (run r)'],
      [true, 'Shop'],
      [true, 'Shop'],
    ]);
    // What says something else than the endpoint is no test of that.
    expect((await client.deliveries.list({ endpointId: id, isTest: true })).items.map(({ eventType }) => eventType)).toEqual(['b', 'a']);
    expect(await client.deliveries.failureGroups({})).toMatchObject({ groups: [], testsLeftOut: 2 });
  });

  it('goes to an endpoint that is switched off, or whose circuit is open, and to a URL as a test too', async () => {
    const receiver = await startReceiver([respond({ status: 500 }), respond(), respond(), respond()]);
    const { client } = await openWorkspace();
    const circuitBreaker = { failures: 1, pauseMs: 3_600_000, maxPauseMs: 3_600_000 };
    const { id } = await client.endpoints.create({ name: 'Shop', url: receiver.url, circuitBreaker, retryPolicy: 'none' });
    await client.messages.send({ type: 'a' });
    await expect.poll(async () => (await client.endpoints.get({ id })).circuit?.state).toBe('open');
    const text = `hookyard: 1\nruns: { r: { steps: [{ event: a, to: Shop }, { event: a, to: "${receiver.url}" }] } }`;
    expect(briefly(await runAll(client, { text, name: 'r' }))).toEqual(['met a: Answered 200.', 'met a: Answered 200.']);
    expect((await client.endpoints.get({ id })).circuit?.state).toBe('open');
    await client.endpoints.update({ id, isActive: false });
    const off = 'hookyard: 1\nruns: { r: { to: Shop, steps: [{ event: a }] } }';
    expect(briefly(await runAll(client, { text: off, name: 'r' }))).toEqual(['met a: Answered 200.']);
    expect((await client.deliveries.list({ isTest: true })).items).toHaveLength(3);
  });

  it('waits for what has to come of the whole, and finds the event that was acted on twice', async () => {
    const { client, captureUrl } = await openWorkspace();
    const bin = await client.bins.create({ name: 'Effects', slug: 'effects' });
    const receiver = await startReceiver([]);
    const step = `{ event: order.paid, to: "${captureUrl}/effects", body: '{"type":"order.paid"}', headers: { webhook-id: same } }`;
    const text = `hookyard: 1
runs:
  once:
    to: ${receiver.url}
    steps: [{ event: a }, ${step}, ${step}]
    expect:
      captures:
        - { bin: effects, count: 2 }
        - { bin: effects, atMost: 1, withinMs: 200 }
        - { bin: effects, match: { eventTypes: [order.refunded] }, withinMs: 50 }
`;
    const events = await runAll(client, { text, name: 'once' });
    expect(events[0]).toMatchObject({ wholeTitles: Array.from({ length: 3 }, () => 'captures of effects') });
    expect(briefly(events).map((line) => line.replace(/ \d.*/, ''))).toEqual([
      'met a: Answered',
      'met order.paid: Answered',
      'met order.paid: Answered',
      'met captures of effects:',
      'not captures of effects:',
      expect.stringMatching(/^not captures of effects: None of/),
    ]);
    expect(events.at(-3)).toMatchObject({ message: expect.stringMatching(/at most 1 was expected\. What matched: cap_\w+, cap_\w+\.$/) });
    expect(events.at(-2)).toMatchObject({ nearest: { unmet: [{ condition: 'type=order.refunded', found: 'It is order.paid' }] } });
    expect((await client.bins.get({ id: bin.id })).captureCount).toBe(2);
  });

  it('goes to an endpoint of the workspace, or to another URL signed as for that endpoint, and cancels what is left when its caller leaves', async () => {
    const receiver = await startReceiver([respond(), respond({ status: 401, body: `${secret} is wrong` })]);
    const { client } = await openWorkspace();
    await client.environments.create({ name: 'dev', variables: [{ name: 'key', value: secret, isSecret: true }] });
    await client.endpoints.create({ name: 'Shop', url: 'http://127.0.0.1:1/', secret });
    const text = 'hookyard: 1\nruns: { r: { to: Shop, steps: [{ event: a.b, expect: { status: 200 } }] } }';
    expect(briefly(await runAll(client, { text, name: 'r', to: `${receiver.url}/moved` }))).toEqual(['met a.b: Answered 200.']);
    expect(receiver.requests[0]?.header('webhook-signature')).toMatch(/^v1,/);
    // A secret of the workspace signs without being told, not even by an answer that repeats it.
    const signed = 'signing: { scheme: standard-webhooks }, secret: vault:dev/key';
    const vault = `hookyard: 1\nruns: { r: { to: "${receiver.url}", ${signed}, steps: [{ event: a, expect: { status: 401, answer: { contains: ok } } }] } }`;
    expect(briefly(await runAll(client, { text: vault, name: 'r' }))).toEqual([
      'not a: Expected answer contains "ok". It is "[secret] is wrong"',
    ]);
    expect(receiver.requests[1]?.header('webhook-signature')).toMatch(/^v1,/);
    const stop = new AbortController();
    const events = await client.runs.run({ text: text.replace('200', '200, withinMs: 600000'), name: 'r' }, { signal: stop.signal });
    expect((await events.next()).value).toMatchObject({ kind: 'started', to: 'Shop' });
    const next = events.next();
    await expect.poll(async () => (await client.deliveries.list({ status: 'failed' })).items.length).toBe(1);
    stop.abort();
    await next.catch(() => undefined);
    await expect.poll(async () => (await client.deliveries.list({ status: 'cancelled' })).items.length).toBe(1);
  });

  it('tells what it waits for where that is asked, and ends with a caller that leaves meanwhile', async () => {
    const receiver = await startReceiver([respond({ status: 503 }), respond(), respond({ status: 503 }), respond({ status: 503 })]);
    const { client } = await openWorkspace();
    const retryPolicy = { kind: 'schedule' as const, delaysMs: [40, 3_600_000] };
    await client.endpoints.create({ name: 'Shop', url: receiver.url, signing: null, retryPolicy });
    const step = (afterMs: number) => `{ event: a.b, afterMs: ${afterMs}, expect: { status: 200, withinMs: 60000 } }`;
    const waitsUntil = async (steps: string, isLast: (event: RunWaiting) => boolean) => {
      const waits: RunWaiting[] = [];
      const text = `hookyard: 1\nruns: { r: { to: Shop, steps: [${steps}] } }`;
      for await (const event of await client.runs.run({ text, name: 'r', progress: true })) {
        if (event.kind !== 'waiting') continue;
        waits.push(event);
        if (isLast(event)) break;
      }
      return waits;
    };
    const first = await waitsUntil(`${step(0)}, ${step(3_600_000)}`, (event) => event.for === 'gap');
    expect(first[0]).toMatchObject({ number: 1, title: 'a.b', for: 'attempt', attempts: 0, status: null, nextInMs: null });
    const retry = first.find((event) => event.for === 'retry');
    expect(retry).toMatchObject({ number: 1, title: 'a.b', attempts: 1, status: 503 });
    expect(retry?.nextInMs).toBeLessThanOrEqual(40);
    expect(retry?.leftMs).toBeLessThanOrEqual(60_000);
    expect(first.at(-1)).toMatchObject({ number: 2, for: 'gap', attempts: 0, leftMs: null });
    expect(first.at(-1)?.nextInMs).toBeGreaterThan(3_000_000);
    const second = await waitsUntil(step(0), (event) => event.for === 'retry' && event.attempts === 2);
    expect(second.at(-1)).toMatchObject({ number: 1, status: 503 });
    expect(second.at(-1)?.nextInMs).toBeGreaterThan(3_000_000);
    // The loop was left: what was under way is cancelled by then.
    const { items } = await client.deliveries.list({});
    expect(items.map(({ status }) => status)).toEqual(['cancelled', 'delivered']);
  });

  it('tells no secret of an authentication or an environment that an answer repeats, not even the half of one that is cut', async () => {
    const token = 'tok-that-comes-back-0123456789';
    const value = `Bearer ${token}`;
    const receiver = await startReceiver([
      respond({ status: 500, headers: [['X-Echo', value]], body: `${token} ${Buffer.from(token).toString('base64')}` }),
      respond({ status: 500, headers: [['X-Echo', `${'x'.repeat(180)}${value}`]], body: `${'x'.repeat(190)}${token}` }),
    ]);
    const { client } = await openWorkspace();
    const auth = await client.auths.create({ name: 'Partner', parts: [{ kind: 'bearer', token }] });
    await client.endpoints.create({ name: 'Shop', url: receiver.url, authId: auth.id, retryPolicy: 'none' });
    const step = '{ event: a, expect: { status: 500, answer: { contains: none, headers: { X-Echo: none } } } }';
    const events = await runAll(client, { text: `hookyard: 1\nruns: { r: { to: Shop, steps: [${step}, ${step}] } }`, name: 'r' });
    expect(receiver.requests[0]?.header('authorization')).toBe(value);
    const told = JSON.stringify(events);
    expect(told).toContain('It is [secret]');
    expect(told).toContain('x[secret]\u2026');
    expect(told).not.toMatch(/tok-|dG9rLX/);
  });

  it('tells the beginning of an answer that is not as expected, unpacked and without the half of a secret, and the size of what is no text', async () => {
    const token = 'tok-that-comes-back-0123456789';
    const long = `${'x'.repeat(985)}${token}`;
    const receiver = await startReceiver([
      respond({ status: 500, headers: [['Content-Encoding', 'gzip']], body: gzipSync('No order 1') }),
      respond({ status: 500, body: long }),
      respond({ status: 500, body: 'a\n'.repeat(40) }),
      respond({ status: 500, headers: [['Content-Type', 'image/png']], body: Buffer.from('89504e470d0a1a0a0000000049', 'hex') }),
      respond({ status: 500 }),
    ]);
    const { client } = await openWorkspace();
    const auth = await client.auths.create({ name: 'Partner', parts: [{ kind: 'bearer', token }] });
    await client.endpoints.create({ name: 'Shop', url: receiver.url, authId: auth.id, retryPolicy: 'none' });
    const steps = Array.from({ length: 5 }, () => '{ event: a }').join(', ');
    const events = await runAll(client, { text: `hookyard: 1\nruns: { r: { to: Shop, steps: [${steps}] } }`, name: 'r' });
    expect(events.flatMap((event) => (event.kind === 'step' ? [event.answer] : []))).toEqual([
      { text: 'No order 1', bytes: gzipSync('No order 1').byteLength },
      { text: `${'x'.repeat(985)}[secret]…`, bytes: long.length },
      { text: `${Array.from({ length: 20 }, () => 'a').join('\n')}…`, bytes: 80 },
      { text: null, bytes: 13 },
      { text: '', bytes: 0 },
    ]);
  });

  it('says why a step was not sent at all, and refuses a target that no request can go to', async () => {
    const { client } = await openWorkspace();
    const text = 'hookyard: 1\nruns: { r: { to: "{{ vars.none }}/x", steps: [{ event: a }] } }';
    expect(briefly(await runAll(client, { text, name: 'r' }))).toEqual([expect.stringMatching(/^not a: .*It is exhausted: .*vars\.none/)]);
    for (const to of ['http://user:pass@127.0.0.1/', 'http://[::1', '{{ vars.x'])
      await expect(runAll(client, { text, name: 'r', to }), to).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('is refused before anything is sent, at its place in the file, where something of it is wrong or missing', async () => {
    const { client } = await openWorkspace();
    const refused = async (runs: string, rest: object = {}) =>
      await client.runs.run({ text: `hookyard: 1\nruns:\n  r: ${runs}\n`, name: 'r', ...rest }).then(
        () => 'nothing',
        (error: unknown) => (error as Error).message,
      );
    expect(await refused('{ to: "http://a", steps: [{ event: a, expct: 1 }] }')).toContain(
      'hookyard.yaml:3:44: runs.r.steps.0.expct: There is no field expct here; did you mean expect?',
    );
    expect(await refused('{ to: "http://a", steps: [{ event: a }] }\n  "q ": { steps: [] }')).toMatch(
      /hookyard\.yaml:4:3: runs\.q : Begin the name of a run .* no space at the end\.[^]*hookyard\.yaml:4:11: runs\.q \.steps: /,
    );
    expect(await refused('{ to: "http://a", steps: [{ event: a, data: 1, body: x }] }')).toContain('Give one of data and body');
    expect(await refused('{ to: "http://a", signing: { scheme: stripe }, secret: whsec_abc, steps: [{ event: a }] }')).toContain(
      'Say where the secret is',
    );
    expect(await refused('{ to: "http://a", signing: { scheme: stripe }, secret: env:NONE, steps: [{ event: a }] }')).toContain(
      'hookyard.yaml:3:53: env:NONE has no value',
    );
    expect(await refused('{ to: Shpo, steps: [{ event: a }] }')).toContain('The workspace has no endpoint Shpo');
    expect(await refused('{ to: "http://a", steps: [{ event: a, bodyFile: none.json }] }')).toContain('The file none.json is missing');
    expect(await refused('{ steps: [{ event: a }] }')).toContain('Say where to');
    await client.bins.create({ name: 'Plain', slug: 'plain' });
    const none = '{ bin: plain, atMost: 0, match: { verdicts: [invalid] } }';
    expect(await refused(`{ to: "http://a", steps: [{ event: a }], expect: { captures: [${none}] } }`)).toContain(
      'The bin plain verifies no signatures',
    );
    expect(await refused('{ to: "http://a", steps: [{ again: 1 }] }')).toContain('a step before this one');
    expect(await refused('{ to: "http://a", steps: [{ event: a }] }', { name: 'q' })).toContain('The project has no run q; it has r.');
    await expect(runAll(client, { text: 'hookyard: 1\n', name: 'refund' })).rejects.toThrow(
      'The project has no runs, so none is called refund: "hookyard run save" makes one.',
    );
    expect((await client.deliveries.list({})).items).toEqual([]);
  });

  it('belongs to the file: applying takes it, and writing the workspace over the file keeps it with its comments', async () => {
    const { client } = await openWorkspace();
    const runs = '# what a shop does\nruns:\n  # usual\n  r: { to: Shop, steps: [{ event: a }] } # short\n';
    const text = `hookyard: 1\n${runs}endpoints:\n  Shop: { url: "http://127.0.0.1:1/", signing: null }\n`;
    expect(await client.project.apply({ text })).toMatchObject({ isComplete: true, message: '1 thing changed.' });
    const first = await client.project.writeOver({ current: { name: 'hookyard.yaml', text } });
    expect(first.text.endsWith(`\n${runs}`)).toBe(true);
    expect(await client.project.apply({ text: first.text })).toMatchObject({ changes: [] });
    expect((await client.project.writeOver({ current: { name: 'hookyard.yaml', text: first.text } })).text).toBe(first.text);
    await expect(client.project.writeOver({ current: { name: 'hookyard.yaml', text: 'a: [' } })).rejects.toThrow(
      'hookyard.yaml:1:5: This is not valid YAML',
    );
  });
});
