import { onTestFinished, describe, expect, it } from 'vitest';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { reset, respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';

type NewEndpoint = Parameters<Awaited<ReturnType<typeof startClockedEngine>>['client']['endpoints']['create']>[0];

const everySecond: NonNullable<NewEndpoint['retryPolicy']> = { kind: 'schedule', delaysMs: [1000, 1000, 1000] };

/** An endpoint at a receiver that plays a script, with a function that makes the next attempt of its one delivery. */
async function start(script: readonly Step[], fields: Omit<NewEndpoint, 'url'>, event: { readonly type: string; readonly data?: object }) {
  const receiver = await startReceiver(script);
  onTestFinished(() => receiver.close());
  const engine = await startClockedEngine({ clock: createFakeClock(1_708_903_838_056) });
  const { client, clock, deliveryWhen } = engine;
  const endpoint = await client.endpoints.create({ name: 'Own', httpsOnly: false, ...fields, url: `${receiver.url}/hook` });
  const { deliveries } = await client.messages.send({ ...event, data: event.data ?? {}, endpointIds: [endpoint.id] } as never);
  const id = deliveries[0]?.id ?? '';
  let made = 0;
  const attempt = async () => {
    if (made > 0) clock.advance(1000);
    made += 1;
    const delivery = await deliveryWhen(id, hasAttempts(made));
    return { delivery, request: await receiver.nextRequest() };
  };
  return { ...engine, endpoint, id, attempt };
}

describe('headers of retries', () => {
  it('are sent with retries only, and name the retry and why it is made', async () => {
    const fails = [respond({ status: 500 }), reset(), respond({ status: 302, headers: [['location', '/hook']] })];
    const { attempt } = await start(
      fails,
      { profile: 'slack', retryPolicy: everySecond, redirects: 'refuse' },
      { type: 'message', data: { type: 'message', text: 'Hello' } },
    );
    const seen: (readonly [string | null, string | null])[] = [];
    const bodies: string[] = [];
    for (let number = 0; number < 4; number += 1) {
      const { request } = await attempt();
      seen.push([request.header('x-slack-retry-num'), request.header('x-slack-retry-reason')]);
      bodies.push(request.body.toString());
    }
    expect(seen).toEqual([
      [null, null],
      ['1', 'http_error'],
      ['2', 'connection_failed'],
      ['3', 'too_many_redirects'],
    ]);
    expect(new Set(bodies).size).toBe(1);
  });

  it('replace headers of the same name, and are gone again after a redelivery', async () => {
    const { attempt, client, id } = await start(
      [respond({ status: 500 })],
      { headers: { 'X-First': 'a', 'X-Kind': '{{ attempt }}' }, retryHeaders: { 'x-kind': 'retry {{ retry }}' }, retryPolicy: everySecond },
      { type: 'a.b' },
    );
    const kindOf = async () => (await attempt()).request.rawHeaders.filter(([name]) => /^x-/i.test(name));
    expect(await kindOf()).toEqual([
      ['X-First', 'a'],
      ['X-Kind', '1'],
    ]);
    expect(await kindOf()).toEqual([
      ['X-First', 'a'],
      ['x-kind', 'retry 1'],
    ]);
    await client.deliveries.redeliver({ id });
    expect(await kindOf()).toEqual([
      ['X-First', 'a'],
      ['X-Kind', '3'],
    ]);
  });

  it('may name when the first attempt began, how it was answered, and which redelivery it is', async () => {
    const { attempt, client, id } = await start(
      [respond({ status: 503 }), respond({ status: 503 })],
      {
        headers: { 'X-Attempt': '{{ attemptId }}', 'X-Redelivery': '{{ redelivery }}', 'X-Begun': '{{ firstAttemptTimestamp }}' },
        retryHeaders: { 'X-Status': '{{ lastStatus }}' },
        retryPolicy: { kind: 'schedule', delaysMs: [1000] },
      },
      { type: 'a.b' },
    );
    const first = await attempt();
    const retry = await attempt();
    await client.deliveries.redeliver({ id });
    const again = await attempt();
    expect([first, retry, again].map(({ request }) => request.header('x-redelivery'))).toEqual(['0', '0', '1']);
    expect([first, retry, again].map(({ request }) => request.header('x-status'))).toEqual([null, '503', null]);
    expect(new Set([first, retry, again].map(({ request }) => request.header('x-begun')))).toEqual(new Set(['2024-02-25T23:30:38.056Z']));
    const ids = (await client.deliveries.get({ id })).attempts.map((each) => each.id);
    expect([first, retry, again].map(({ request }) => request.header('x-attempt'))).toEqual(ids);
  });

  it('are shown by the preview of a retry', async () => {
    const { client } = await startClockedEngine();
    const preview = (more: object) =>
      client.preview.render({
        draft: { profile: 'slack', url: 'http://127.0.0.1:9/' },
        event: { type: 'message', data: {} as never },
        atMs: 1_708_903_838_056,
        ...more,
      });
    const named = (request: Awaited<ReturnType<typeof preview>>) =>
      Object.fromEntries(request.headers.filter(([name]) => /^x-slack-re/i.test(name)).map(([name, value]) => [name, value]));
    expect(named(await preview({}))).toEqual({ 'X-Slack-Request-Timestamp': '1708903838' });
    expect(named(await preview({ attempt: 3, lastOutcome: 'timeout' }))).toEqual({
      'X-Slack-Retry-Num': '2',
      'X-Slack-Retry-Reason': 'http_timeout',
      'X-Slack-Request-Timestamp': '1708903838',
    });
  });

  it('are refused at their own field when their template is wrong', async () => {
    const { client } = await startClockedEngine();
    const make = (value: string) =>
      client.endpoints.create({ name: 'Own', url: 'http://127.0.0.1:9/', retryHeaders: { 'X-Retry': value } });
    await expect(make('{{ retries }}')).rejects.toMatchObject({ data: { issues: [{ path: 'retryHeaders.X-Retry' }] } });
    await expect(make('{{ retry }}{% if retry %}1{% endif %}')).rejects.toMatchObject({
      data: { issues: [{ path: 'retryHeaders.X-Retry' }] },
    });
  });
});

describe('a body that is rendered for each attempt', () => {
  it('names the attempt, is signed anew, and is kept with its attempt', async () => {
    const { attempt, client, endpoint, id } = await start(
      [respond({ status: 500 }), respond({ status: 500 })],
      { profile: 'hubspot', retryPolicy: everySecond },
      { type: 'contact.creation', data: { objectId: 1 } },
    );
    const sent = [(await attempt()).request, (await attempt()).request, (await attempt()).request];
    expect(sent.map(({ body }) => (JSON.parse(body.toString()) as { attemptNumber: number; occurredAt: number }[])[0])).toMatchObject([
      { attemptNumber: 0, occurredAt: 1_708_903_838_056 },
      { attemptNumber: 1, occurredAt: 1_708_903_838_056 },
      { attemptNumber: 2, occurredAt: 1_708_903_838_056 },
    ]);
    const { attempts } = await client.deliveries.get({ id });
    expect(attempts.map(({ request }) => Buffer.from(String(request?.bodyBase64), 'base64').toString())).toEqual(
      sent.map(({ body }) => body.toString()),
    );
    for (const { id: attemptId } of attempts)
      expect(await client.verifying.verify({ attemptId, scheme: 'hubspot-v3', secretsOf: endpoint.id })).toMatchObject({
        verdict: 'valid',
      });
  });

  it('is new in a redelivery, unless the first request is to be repeated', async () => {
    const { attempt, client, id } = await start([], { profile: 'paddle' }, { type: 'transaction.completed', data: {} });
    const idsOf = async () => {
      const { event_id: event, notification_id: notification } = JSON.parse((await attempt()).request.body.toString()) as Record<
        string,
        string
      >;
      return { event, notification };
    };
    const first = await idsOf();
    await client.deliveries.redeliver({ id });
    const again = await idsOf();
    await client.deliveries.redeliver({ id, timestamp: 'original' });
    const repeated = await idsOf();
    expect(again.event).toBe(first.event);
    expect(again.notification).not.toBe(first.notification);
    expect(repeated).toEqual(first);
  });

  it('is the one given where a body was given', async () => {
    const receiver = await startReceiver([respond({ status: 500 })]);
    onTestFinished(() => receiver.close());
    const { client, clock, deliveryWhen } = await startClockedEngine();
    const endpoint = await client.endpoints.create({
      name: 'Own',
      url: receiver.url,
      template: '{"n":{{ attempt }}}',
      bodyPerAttempt: true,
      retryPolicy: everySecond,
    });
    const { deliveries } = await client.messages.send({
      type: 'a.b',
      bodyBase64: Buffer.from('{"own": 1}').toString('base64'),
      endpointIds: [endpoint.id],
    } as never);
    await deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
    clock.advance(1000);
    await deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(2));
    expect([await receiver.nextRequest(), await receiver.nextRequest()].map(({ body }) => body.toString())).toEqual([
      '{"own": 1}',
      '{"own": 1}',
    ]);
  });

  it('ends the delivery where it cannot be rendered any more, and says where', async () => {
    const { attempt, client, clock, endpoint, id, deliveryWhen } = await start(
      [respond({ status: 500 })],
      { template: '{"n":{{ attempt }}}', bodyPerAttempt: true, retryPolicy: everySecond },
      { type: 'a.b' },
    );
    const { delivery } = await attempt();
    expect(delivery.status).toBe('failed');
    await client.endpoints.update({ id: endpoint.id, template: '{"n":{{ data.gone.at }}}' });
    clock.advance(1000);
    const ended = await deliveryWhen(id, ({ status }) => status === 'exhausted');
    expect(ended.lastOutcome).toMatchObject({ code: 'template', message: expect.stringContaining('undefined variable: data.gone') });
  });
});

describe('a body that is rendered once', () => {
  it('brings a warning when its template names the attempt', async () => {
    const { client } = await startClockedEngine();
    const warned = async (fields: object) => {
      const made = await client.endpoints.create({ name: 'Own', url: 'http://127.0.0.1:9/', secret: `whsec_${'a'.repeat(44)}`, ...fields });
      return made.warnings.filter(({ path }) => path === 'bodyPerAttempt').map(({ message }) => message);
    };
    expect(await warned({ template: '{"n":{{ retry | plus: 1 }}}' })).toEqual([
      'The template names retry, but the body is rendered once: every attempt sends what was rendered for the first one. Let it be rendered again for each attempt.',
    ]);
    expect(await warned({ template: '{"n":{{ retry }}}', bodyPerAttempt: true })).toEqual([]);
    expect(await warned({ template: '{"n":{{ data.retry | default: 1 }},"s":"retry"}' })).toEqual([]);
  });
});
