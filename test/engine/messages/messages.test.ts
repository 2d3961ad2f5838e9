import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasAttempts, startClockedEngine, type ClockedEngine, type EngineClient } from '../../support/clocked-engine.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { whenIdle } from '../../support/idle.ts';
import { respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';
import { replayWhen } from '../replays/replay-support.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

async function receiver(...script: readonly Step[]) {
  const started = await startReceiver(script);
  onTestFinished(started.close);
  return started;
}

const root = join(import.meta.dirname, '../../..');
const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');

/** Accepts messages in a process of its own and ends it by SIGKILL the moment the last one is answered. */
const sendAndDie = `
  const { admit, createEngine } = await import('#engine/index.ts');
  const { createRouterClient } = await import('@orpc/server');
  const { testVault } = await import('./test/support/temp-vault.ts');
  const silent = () => undefined;
  const engine = createEngine({ dataDir: process.argv[1], host: 'test', vault: testVault, log: { info: silent, warn: silent, error: silent }, capturePort: false });
  await engine.start();
  const client = createRouterClient(engine.router, { context: admit('child') });
  await client.endpoints.create({ name: 'Own', url: process.argv[2] });
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => client.messages.send({ type: 'a.b', id: 'm' + n, data: { n } })));
  process.stdout.write(JSON.stringify(answers.map((answer) => answer.deliveries[0].id)) + '\\n', () => process.kill(process.pid, 'SIGKILL'));
`;

describe('an accepted message', () => {
  it('is on disk before the answer: a process killed right after it has lost nothing', async () => {
    const target = await receiver();
    const dataDir = createTempFolder();
    const child = spawn(process.execPath, ['--input-type=module', '-e', sendAndDie, dataDir, target.url], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    const exited = once(child, 'exit');
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) lines.push(line);
    expect(await exited).toEqual([null, 'SIGKILL']);
    const ids = JSON.parse(lines[0] ?? '[]') as readonly string[];
    expect(ids).toHaveLength(20);
    // The other process went by the real time.
    const engine = await startClockedEngine({ dataDir, clock: createFakeClock(Date.now() + 60_000) });
    const log = await whenIdle(engine);
    expect(log.filter((each) => ids.includes(each.id)).map((each) => each.status)).toEqual(Array.from({ length: 20 }, () => 'delivered'));
    expect(new Set(target.requests.map((request) => request.header('webhook-id')))).toEqual(
      new Set(Array.from({ length: 20 }, (_, n) => `m${n}`)),
    );
  });

  it.each([
    ['target.method', { method: 'PUT' as const }, 'Its method was POST and is PUT now.'],
    ['target.headers', { headers: { 'X-A': 'open-sesame' } }, 'Its header X-A was not there.'],
    ['target.headers', { secretHeaders: { 'X-Key': 'open-sesame' } }, 'Its header X-Key was another.'],
    ['target.headers', { secretHeaders: {} }, 'Its header X-Key is missing now.'],
    ['target.contentType', { contentType: 'text/plain' }, 'Its contentType was application/json and is text/plain now.'],
    ['target.signing', { signing: { scheme: 'gitlab-token' as const } }, 'It was signed otherwise.'],
    ['target.secret', { secret: 'open-sesame' }, /^Its secret had the fingerprint [0-9a-f]{8} and has [0-9a-f]{8} now\.$/],
    ['target.retryPolicy', { retryPolicy: 'quick' as const }, 'Its retryPolicy was none and is quick now.'],
    ['target.timeoutMs', { timeoutMs: 1234 }, 'Its timeoutMs was another.'],
  ])('is refused under its id where %s is another', async (path, change, sentence) => {
    const target = await receiver();
    const { client } = await startClockedEngine();
    const own = {
      name: 'Once',
      url: target.url,
      signing: { scheme: 'github-sha256' as const },
      secret: 'the-first-secret',
      secretHeaders: { 'X-Key': 'the-first-key' },
      retryPolicy: 'none' as const,
    };
    const event = { type: 'a.b', id: 'own', data: { n: 1 } };
    await client.messages.send({ ...event, target: own });
    const { secret: _secret, ...unsaid } = own;
    for (const same of [own, unsaid]) expect(await client.messages.send({ ...event, target: same })).toMatchObject({ isDuplicate: true });
    const refused: unknown = await client.messages.send({ ...event, target: { ...own, ...change } }).catch((error: unknown) => error);
    const issue = { path, message: typeof sentence === 'string' ? sentence : expect.stringMatching(sentence) };
    expect(refused).toMatchObject({ code: 'CONFLICT', data: { issues: [issue] } });
    expect(String(refused)).not.toMatch(/open-sesame|the-first/);
  });

  it('sent again with its id is the same message, and refused with what differs when it says anything else', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url });
    const first = await engine.client.messages.send({ type: 'a.b', id: 'same', data: { n: 1 } });
    const second = await engine.client.messages.send({ type: 'a.b', id: 'same', data: { n: 1 } });
    expect([first.isDuplicate, second.isDuplicate]).toEqual([false, true]);
    expect(second.deliveries.map((each) => each.id)).toEqual(first.deliveries.map((each) => each.id));
    const other = { name: 'Once', url: `${target.url}/else` };
    const changed: readonly (readonly [Partial<Parameters<EngineClient['messages']['send']>[0]>, string])[] = [
      [{ type: 'c.d' }, 'type'],
      [{ data: { n: 2 } }, 'data'],
      [{ bodyBase64: 'AA==' }, 'bodyBase64'],
      [{ target: other }, 'target'],
      [{ endpointIds: [(await engine.client.endpoints.create(other)).id] }, 'target'],
    ];
    for (const [change, path] of changed)
      await expect(engine.client.messages.send({ type: 'a.b', id: 'same', data: { n: 1 }, ...change })).rejects.toMatchObject({
        code: 'CONFLICT',
        data: { issues: [{ path }] },
      });
    expect(await engine.client.messages.get({ id: 'same' })).toMatchObject({ type: 'a.b', data: { n: 1 } });
    await engine.deliveryWhen(first.deliveries[0]?.id ?? '', hasAttempts(1));
    expect(target.requests).toHaveLength(1);
  });

  it('sent twenty times at once is one message', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    for (const name of ['A', 'B']) await engine.client.endpoints.create({ name, url: target.url });
    const answers = await Promise.all(Array.from({ length: 20 }, () => engine.client.messages.send({ type: 'a.b', id: 'same' })));
    expect(answers.filter((answer) => !answer.isDuplicate)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.deliveries.map((each) => each.id).join()))).toHaveProperty('size', 1);
    await whenIdle(engine);
    expect(target.requests).toHaveLength(2);
  });

  it.each([null, [], 0, '', false, { deep: { null: null } }])('keeps the data %j as it was', async (data) => {
    const target = await receiver();
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url });
    const { id } = await engine.client.messages.send({ type: 'a.b', data });
    expect((await engine.client.messages.get({ id })).data).toEqual(data);
    expect(JSON.parse((await target.nextRequest()).body.toString())).toMatchObject({ data });
  });

  it('of a type that the catalogue does not know is accepted with a name that is near, if there is one', async () => {
    const engine = await startClockedEngine();
    await engine.client.eventTypes.create({ name: 'invoice.paid' });
    await engine.client.eventTypes.create({ name: 'parcel.sent' });
    await engine.client.endpoints.create({ name: 'Own', url: 'http://127.0.0.1:9/', retryPolicy: 'none' });
    const warningsFor = async (type: string) => (await engine.client.messages.send({ type })).warnings;
    expect(await warningsFor('invoice.payed')).toEqual([
      { code: 'EVENT_TYPE_UNKNOWN', message: 'The catalogue has no event type invoice.payed. Did you mean invoice.paid?', path: 'type' },
    ]);
    expect(await warningsFor('zzzzzzzzzzzzzzzzzz')).toMatchObject([
      { message: 'The catalogue has no event type zzzzzzzzzzzzzzzzzz. Add it under Events to give it a sample.' },
    ]);
    expect(await warningsFor('http://invoice.paid')).toMatchObject([
      { message: expect.stringMatching(/looks like a URL(?!.*Did you mean)/) },
    ]);
    expect(await warningsFor('invoice.paid')).toEqual([]);
  });
});

describe('a message that no endpoint gets', () => {
  const url = 'http://127.0.0.1:9/';
  const nobody = async (engine: ClockedEngine) => {
    await engine.client.eventTypes.create({ name: 'invoice.paid' });
    const sent = await engine.client.messages.send({ type: 'invoice.paid' });
    expect(sent.deliveries).toEqual([]);
    return sent.warnings;
  };

  it('is accepted with a warning that names the listeners that are disabled, the first of many', async () => {
    const engine = await startClockedEngine();
    const made = [];
    for (const name of ['A', 'B', 'C', 'D', 'E', 'F', 'G'])
      made.push(await engine.client.endpoints.create({ name, url, events: ['invoice.*'], isActive: false }));
    await engine.client.endpoints.create({ name: 'Other', url, events: ['parcel.sent'] });
    expect(await nobody(engine)).toEqual([
      {
        code: 'NO_LISTENER',
        message:
          'No endpoint gets this message. A, B, C, D, E and 2 more listen to it, but are disabled. Enable them, and a replay of what is missing brings this message to them.',
        endpoints: made.slice(0, 5).map(({ id, name }) => ({ id, name })),
      },
    ]);
    const [first] = made;
    await engine.client.endpoints.update({ id: first?.id ?? '', isActive: true });
    expect((await engine.client.messages.send({ type: 'invoice.paid' })).warnings).toEqual([]);
  });

  it('says what the active endpoints listen to, and when there are none', async () => {
    const engine = await startClockedEngine();
    expect((await nobody(engine)).map(({ message }) => message)).toEqual([
      'No endpoint gets this message. There is no endpoint. Add one that listens to invoice.paid, or send it to a target.',
    ]);
    const again = async () => (await engine.client.messages.send({ type: 'invoice.paid' })).warnings.map(({ message }) => message);
    await engine.client.endpoints.create({ name: 'Off', url, events: ['parcel.sent'], isActive: false });
    expect(await again()).toEqual([expect.stringContaining('There is no endpoint that is active (1 disabled).')]);
    await engine.client.endpoints.create({ name: 'One', url, events: ['a', 'b', 'c', 'd', 'e'] });
    expect(await again()).toEqual([
      'No endpoint gets this message. The only active endpoint listens to other events: One (a, b, c and 2 more). Add invoice.paid to one of them.',
    ]);
  });
});

describe('messages that no endpoint got', () => {
  it('are listed with the reason as of now, and no more once a replay brought them to an endpoint', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    const { client } = engine;
    const listed = async (limit = 20) => await client.messages.withoutDelivery({ limit });
    await client.messages.send({ type: 'invoice.paid', id: 'first' });
    const endpoint = await client.endpoints.create({ name: 'Shop', url: target.url, events: ['parcel.sent'] });
    await client.messages.send({ type: 'parcel.sent', id: 'heard' });
    await client.messages.send({ type: 'invoice.paid', id: 'second' });
    const { items, total } = await listed();
    expect([total, items.map(({ id, type }) => `${id} ${type}`)]).toEqual([2, ['second invoice.paid', 'first invoice.paid']]);
    expect(new Set(items.map(({ why }) => why))).toEqual(
      new Set(['The only active endpoint listens to other events: Shop (parcel.sent). Add invoice.paid to one of them.']),
    );
    expect(await listed(1)).toMatchObject({ total: 2, items: [{ id: 'second' }] });

    await client.endpoints.update({ id: endpoint.id, events: ['parcel.sent', 'invoice.*'] });
    expect((await listed()).items[0]).toMatchObject({
      why: 'Shop listens to it now. A replay of what is missing brings this message to it.',
      endpoints: [{ id: endpoint.id, name: 'Shop' }],
    });
    const replay = await client.replays.start({ source: { kind: 'missing', endpointId: endpoint.id, sinceMs: 0 }, ratePerSecond: null });
    await replayWhen(engine, replay.id, ({ status }) => status === 'completed');
    expect(await listed()).toEqual({ items: [], total: 0 });
  });
});

describe('a header set by hand', () => {
  const url = 'http://127.0.0.1:9/';
  const replaced = (warnings: readonly { readonly code: string; readonly path?: string | undefined; readonly message: string }[]) =>
    warnings.filter(({ code }) => code === 'HEADER_REPLACED').map(({ path, message }) => [path, message]);

  it('that signing or the number of the attempt replaces is warned about where it is saved, shown, tried and sent', async () => {
    const engine = await startClockedEngine();
    const input = {
      name: 'Own',
      url,
      headers: { 'webhook-signature': 'v1,mine', 'X-Attempt': '9', 'X-Other': 'stays' },
      secretHeaders: { 'Webhook-Id': 'mine' },
      retryPolicy: 'none' as const,
    };
    const metaHeaders = { attempt: 'x-attempt', eventType: 'webhook-timestamp' };
    const expected = [
      ['headers.webhook-signature', 'webhook-signature is written by signing; your value is not sent. Remove the header.'],
      [
        'headers.X-Attempt',
        'X-Attempt is written by the setting for the number of the attempt; your value is not sent. Remove the header.',
      ],
      ['secretHeaders.Webhook-Id', 'Webhook-Id is written by signing; your value is not sent. Remove the header.'],
      ['metaHeaders.eventType', 'webhook-timestamp is written by signing, so it does not tell the event type. Use another name.'],
    ];
    const made = await engine.client.endpoints.create({ ...input, metaHeaders });
    expect(replaced(made.warnings)).toEqual(expected);
    expect(replaced((await engine.client.endpoints.update({ id: made.id, name: 'Own 2' })).warnings)).toEqual(expected);
    const shown = await engine.client.preview.render({ endpointId: made.id, event: { type: 'a.b' } });
    expect(replaced(shown.warnings)).toEqual(expected);
    expect(shown.headers.filter(([name]) => name.toLowerCase() === 'webhook-id')).toEqual([['webhook-id', 'msg_preview']]);
    expect(replaced((await engine.client.endpoints.test({ id: made.id })).warnings)).toEqual(expected);
    expect(replaced((await engine.client.messages.send({ type: 'a.b', target: { ...input, metaHeaders } })).warnings)).toEqual(expected);
    const unsigned = await engine.client.endpoints.update({ id: made.id, signing: null, metaHeaders: { attempt: 'X-Try' } });
    expect(unsigned.warnings).toEqual([]);
  });
});

describe('the targets of a message', () => {
  it('are the endpoints asked for, each once, whatever they listen to', async () => {
    const engine = await startClockedEngine();
    const one = await engine.client.endpoints.create({ name: 'One', url: 'http://127.0.0.1:9/', events: ['other'] });
    await engine.client.endpoints.create({ name: 'Two', url: 'http://127.0.0.1:9/' });
    const sent = await engine.client.messages.send({ type: 'a.b', endpointIds: [one.id, one.id] });
    expect(sent.deliveries.map((each) => each.endpointId)).toEqual([one.id]);
  });

  it('that do not exist or are disabled are refused, and nothing is accepted', async () => {
    const engine = await startClockedEngine();
    const off = await engine.client.endpoints.create({ name: 'Off', url: 'http://127.0.0.1:9/', isActive: false });
    await expect(engine.client.messages.send({ type: 'a.b', id: 'm1', endpointIds: ['ep_none'] })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(engine.client.messages.send({ type: 'a.b', id: 'm1', endpointIds: [off.id] })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('Enable it first'),
    });
    await expect(engine.client.messages.get({ id: 'm1' })).rejects.toMatchObject({ code: 'NOT_FOUND', data: { kind: 'message' } });
  });

  it('may be one that is not registered: retried, in the log by its name, and in no list', async () => {
    const target = await receiver(respond({ status: 500 }));
    const engine = await startClockedEngine();
    const sent = await engine.client.messages.send({ type: 'a.b', target: { name: 'Once', url: target.url, retryPolicy: 'quick' } });
    const id = sent.deliveries[0]?.id ?? '';
    expect(await engine.deliveryWhen(id, hasAttempts(1))).toMatchObject({ status: 'failed', endpointName: 'Once', url: target.url });
    expect((await engine.client.endpoints.list({})).items).toEqual([]);
    expect((await engine.client.messages.send({ type: 'a.b' })).deliveries).toEqual([]);
    await engine.stop();
    const again = await startClockedEngine({ dataDir: engine.dataDir, clock: engine.clock });
    again.clock.advance(1000);
    expect(await again.deliveryWhen(id, hasAttempts(2))).toMatchObject({ status: 'delivered' });
  });

  it('are either listed or not: both at once would leave one of them without the message', async () => {
    const engine = await startClockedEngine();
    const { id } = await engine.client.endpoints.create({ name: 'Own', url: 'http://127.0.0.1:9/' });
    const both = engine.client.messages.send({ type: 'a.b', endpointIds: [id], target: { name: 'Once', url: 'http://127.0.0.1:9/' } });
    await expect(both).rejects.toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ path: 'target' }] } });
  });
});

describe('the body of a message', () => {
  it.each([
    ['that is not UTF-8', Buffer.from([0xff, 0xfe, 0x00, 0x0d, 0x0a])],
    ['of JSON that is not ours to change', Buffer.from('{ "b":1,\r\n "a": 1.0 }')],
    ['that is empty', Buffer.alloc(0)],
  ])('%s goes out and comes back byte for byte', async (_, body) => {
    const target = await receiver();
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url });
    const sent = await engine.client.messages.send({ type: 'a.b', bodyBase64: base64(body) });
    const request = await target.nextRequest();
    expect(request.body.equals(body)).toBe(true);
    expect(request.header('content-length')).toBe(String(body.length));
    const attempt = (await engine.deliveryWhen(sent.deliveries[0]?.id ?? '', hasAttempts(1))).attempts[0];
    expect(attempt?.request).toMatchObject({ bodyBase64: base64(body), bodyBytes: body.length });
    expect((await engine.client.messages.get({ id: sent.id })).bodyBase64).toBe(base64(body));
  });

  it.each(['PUT', 'PATCH', 'DELETE'] as const)('goes out by %s', async (method) => {
    const target = await receiver();
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url, method });
    await engine.client.messages.send({ type: 'a.b', bodyBase64: base64('x') });
    const request = await target.nextRequest();
    expect([request.method, request.body.toString()]).toEqual([method, 'x']);
  });

  it('over the limit is refused with both numbers, as data and as bytes, and nothing is accepted', async () => {
    const engine = await startClockedEngine();
    await engine.client.system.updateSettings({ bodyLimitBytes: 1024 });
    const matching = (bodyBytes: number) => ({
      code: 'BODY_TOO_LARGE',
      status: 413,
      data: { bodyBytes, limitBytes: 1024 },
      message: expect.stringMatching(new RegExp(`${bodyBytes} bytes.*1024`)),
    });
    await expect(engine.client.messages.send({ type: 'a.b', id: 'm1', data: 'é'.repeat(600) })).rejects.toMatchObject(matching(1202));
    await expect(engine.client.messages.send({ type: 'a.b', id: 'm1', bodyBase64: base64(Buffer.alloc(1025)) })).rejects.toMatchObject(
      matching(1025),
    );
    await expect(engine.client.messages.get({ id: 'm1' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect((await engine.client.messages.send({ type: 'a.b', bodyBase64: base64(Buffer.alloc(1024)) })).deliveries).toEqual([]);
  });

  it('that a template makes larger than the limit is not sent, and says so for that endpoint alone', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    await engine.client.system.updateSettings({ bodyLimitBytes: 1024 });
    const wordy = await engine.client.endpoints.create({
      name: 'Wordy',
      url: target.url,
      contentType: 'text/plain',
      template: '{% for i in (1..2000) %}x{% endfor %}',
    });
    await engine.client.endpoints.create({ name: 'Own', url: target.url });
    const sent = await engine.client.messages.send({ type: 'a.b' });
    expect(sent.deliveries.map((each) => [each.endpointId === wordy.id, each.status])).toEqual([
      [true, 'exhausted'],
      [false, 'pending'],
    ]);
    expect(sent.warnings).toContainEqual({
      code: 'BODY_TOO_LARGE',
      message: expect.stringMatching(/Nothing was sent to Wordy.*2000 bytes.*1024/),
    });
  });

  it('whose template fails for one endpoint reaches the other, and after a fix it is redelivered to the first', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    const broken = await engine.client.endpoints.create({ name: 'Broken', url: target.url, template: '{"x": {{ data.missing | json }}}' });
    await engine.client.endpoints.create({ name: 'Own', url: target.url, template: '{"own": true}' });
    const sent = await engine.client.messages.send({ type: 'a.b', data: { there: 1 } });
    expect(sent.warnings).toContainEqual({
      code: 'TEMPLATE_INVALID',
      message: expect.stringContaining('Nothing was sent to Broken. The template is wrong at line 1, column 10'),
    });
    expect((await target.nextRequest()).body.toString()).toBe('{"own": true}');
    const id = sent.deliveries.find((each) => each.endpointId === broken.id)?.id ?? '';
    expect(await engine.client.deliveries.get({ id })).toMatchObject({
      status: 'exhausted',
      attemptCount: 0,
      attempts: [],
      lastOutcome: { code: 'template' },
      nextAttemptAtMs: null,
    });
    await expect(engine.client.deliveries.redeliver({ id })).rejects.toMatchObject({ code: 'TEMPLATE_INVALID' });
    await engine.client.endpoints.update({ id: broken.id, template: '{"x": {{ data.there | json }}}' });
    await engine.client.deliveries.redeliver({ id });
    expect((await target.nextRequest()).body.toString()).toBe('{"x": 1}');
    expect(await engine.deliveryWhen(id, hasAttempts(1))).toMatchObject({ status: 'delivered' });
  });
});
