import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { admit, createDirectClient, type Router } from '#engine/index.ts';
import { serveCallPort } from '#hosts/shared/call-port.ts';
import { createLargeJson } from '#hosts/shared/large-json.ts';
import { webSocketPath } from '#shared/host-bridge.ts';
import { startTestEngine } from '../support/engine.ts';
import { exactSample } from '../support/exact-json.ts';
import { createTestLog } from '../support/temp-workspace.ts';
import { openMessagePort, openTestServer, openWebSocket, testToken, type Client } from './doors.ts';

/** Sends an event whose data is this text to a URL, and answers the id of the message. */
type Send = (dataText: string, url: string) => Promise<string>;

const target = (url: string) => ({ name: 'Bin', url, signing: null, retryPolicy: 'none' }) as const;
const inputText = (dataText: string, url: string) => `{ "type": "a.b", "data": ${dataText}, "target": ${JSON.stringify(target(url))} }`;
const frameText = (dataText: string, url: string) => `{"i":"1","p":{"u":"/messages/send","b":{"json":${inputText(dataText, url)}}}}`;

const byClient =
  (client: Client): Send =>
  async (dataText, url) =>
    (await client.messages.send({ type: 'a.b', dataText, target: target(url) })).id;

/** The id of the message in the frame that answers. */
const idIn = (frame: string) =>
  (JSON.parse(frame) as { readonly p: { readonly b: { readonly json: { readonly id: string } } } }).p.b.json.id;

async function openFrames(router: Router): Promise<Send> {
  const { url: host } = await openTestServer(router);
  const socket = new WebSocket(`${host.replace('http', 'ws')}${webSocketPath}`, { headers: { authorization: `Bearer ${testToken}` } });
  onTestFinished(() => socket.close());
  await new Promise((resolve) => socket.once('open', resolve));
  return async (dataText, url) => {
    const answered = new Promise<string>((resolve) => socket.once('message', (data: Buffer) => resolve(data.toString('utf8'))));
    socket.send(frameText(dataText, url));
    return idIn(await answered);
  };
}

async function openPortFrames(router: Router): Promise<Send> {
  const { port1, port2 } = new MessageChannel();
  const json = createLargeJson();
  onTestFinished(json.close);
  onTestFinished(() => port2.close());
  serveCallPort(port1, { router, json, context: admit('tester (window)'), log: createTestLog() });
  port1.start();
  return async (dataText, url) => {
    const answered = new Promise<string>((resolve) => port2.once('message', resolve));
    port2.postMessage(frameText(dataText, url));
    return idIn(await answered);
  };
}

/** REST as a script calls it, with texts in and out. */
async function openRestText(router: Router) {
  const { url } = await openTestServer(router);
  const authorization = `Bearer ${testToken}`;
  const call = async (method: string, path: string, body?: string): Promise<string> => {
    const headers = { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) };
    return await (await fetch(`${url}/api${path}`, { method, headers, body: body ?? null })).text();
  };
  const send: Send = async (dataText, to) =>
    (JSON.parse(await call('POST', '/messages', inputText(dataText, to))) as { readonly id: string }).id;
  return { call, send };
}

/** The body of the capture that a delivery made, once it is there. */
async function capturedBody(client: Client, binId: string, messageId: string): Promise<string> {
  const stop = new AbortController();
  try {
    for await (const _ of await client.system.changes(undefined, { signal: stop.signal })) {
      const { items } = await client.captures.list({ binId });
      for (const { id } of items) {
        const capture = await client.captures.get({ id });
        const delivery = capture.deliveryId === null ? null : await client.deliveries.get({ id: capture.deliveryId });
        if (delivery?.messageId === messageId && delivery.status === 'delivered')
          return Buffer.from(capture.bodyBase64 ?? '', 'base64').toString('utf8');
      }
    }
  } finally {
    stop.abort();
  }
  throw new Error('The stream of changes ended.');
}

const doors: readonly (readonly [name: string, open: (router: Router) => Promise<Send>])[] = [
  ['REST', async (router) => (await openRestText(router)).send],
  ['frames of a WebSocket', openFrames],
  ['the client of a WebSocket', async (router) => byClient(await openWebSocket(router))],
  ['frames of a MessagePort', openPortFrames],
  ['the client of a MessagePort', async (router) => byClient(await openMessagePort(router))],
  ['the engine in this process', async (router) => byClient(createDirectClient(router, admit('tester')))],
];

describe('digits, names and their order', () => {
  it.each(doors)('come to a bin as they were given over %s, and back as text', async (_, open) => {
    const { engine } = await startTestEngine();
    const client = createDirectClient(engine.router, admit('tester'));
    const bin = await client.bins.create({ name: 'Bin', slug: 'bin' });
    const send = await open(engine.router);
    const { call } = await openRestText(engine.router);
    // The last is more than a door reads at once.
    for (const [seed, size] of [
      [1, 40],
      [2, 200],
      [3, 4000],
    ] as const) {
      const dataText = exactSample(seed, size);
      const id = await send(dataText, bin.url);
      const body = await capturedBody(client, bin.id, id);
      expect(body.slice(body.indexOf('"data":'))).toBe(`"data":${dataText}}`);
      // As a script reads it, and as a window does.
      expect(await call('GET', `/messages/${id}`)).toContain(`"data":${dataText},"dataText":${JSON.stringify(dataText)},`);
      expect((await client.messages.get({ id })).dataText).toBe(dataText);
    }
  });

  it('are said to be repeated before anything is sent, and when it is', async () => {
    const { engine } = await startTestEngine();
    const { call } = await openRestText(engine.router);
    const event = '{"type":"a.b","data":{"id":1,"line":{"id":2,"id":2.0}}}';
    const draft = JSON.stringify({ url: 'http://127.0.0.1:9/', signing: null });
    for (const answer of [await call('POST', '/preview', `{"event":${event},"draft":${draft}}`), await call('POST', '/messages', event)])
      expect(JSON.parse(answer)).toMatchObject({
        warnings: expect.arrayContaining([
          expect.objectContaining({ code: 'NAME_REPEATED', path: 'data', message: expect.stringContaining('"id" more than once') }),
        ]),
      });
  });

  it('tell another message by its digits', async () => {
    const { engine } = await startTestEngine();
    const { call } = await openRestText(engine.router);
    const send = (data: string) => call('POST', '/messages', `{"type":"a.b","id":"m1","data":${data}}`);
    await send('{"id":9007199254740993}');
    expect(JSON.parse(await send('{ "id": 9007199254740993 }'))).toMatchObject({ id: 'm1', isDuplicate: true });
    expect(JSON.parse(await send('{"id":9007199254740992}'))).toMatchObject({ code: 'CONFLICT' });
  });

  it('stay in the sample of an event type, in its tests, and in templates', async () => {
    const { engine } = await startTestEngine();
    const { call } = await openRestText(engine.router);
    const sample = '{"id":9007199254740993,"price":1.10,"10":1,"2":2,"id":1e3}';
    const made = await call('POST', '/event-types', `{"name":"a.b","sample":${sample}}`);
    expect(made).toContain(`"sample":${sample},`);
    for (const path of ['/event-types/a.b', '/event-types']) {
      const read = await call('GET', path);
      expect(read).toContain(`"sample":${sample},`);
      expect(read).toContain(`"sampleText":${JSON.stringify(sample)}`);
    }
    const again = '{"n":2.50}';
    expect(await call('PATCH', '/event-types/a.b', `{"description":"d"}`)).toContain(`"sample":${sample},`);
    expect(await call('PATCH', '/event-types/a.b', `{"sampleText":${JSON.stringify(again)}}`)).toContain(`"sample":${again},`);
    const template = '{"price": {{ data.price }}, "all": {{ data | json }}, "more": {{ data.price | plus: 1 }}}';
    const both = `[{"name":"one","data":${sample}},{"name":"two","data":[1.10]}]`;
    const together = await call('PATCH', '/event-types/a.b', `{"samples":${both}}`);
    expect(together).toContain(`{"name":"one","data":${sample},"dataText":`);
    expect(together).toContain('{"name":"two","data":[1.10],"dataText":"[1.10]"}');
    const event = `{"type":"a.b","data":${sample}}`;
    const preview = await call(
      'POST',
      '/preview',
      `{"event":${event},"draft":${JSON.stringify({ url: 'http://127.0.0.1:9/', template })}}`,
    );
    expect(JSON.parse(preview)).toMatchObject({ bodyText: `{"price": 1.10, "all": ${sample}, "more": 2.1}` });
  });

  it('come in the style of the endpoint, which is signed', async () => {
    const { engine } = await startTestEngine();
    const client = createDirectClient(engine.router, admit('tester'));
    const { call } = await openRestText(engine.router);
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLw';
    const bin = await client.bins.create({ name: 'Bin', slug: 'bin', signing: { scheme: 'standard-webhooks' }, secrets: [secret] });
    const endpoint = await client.endpoints.create({
      name: 'Shop',
      url: bin.url,
      secret,
      bodyStyle: 'php',
      template: '{{ data | json: 2 }}',
    });
    expect(endpoint.bodyStyle).toBe('php');
    const event = '{"type":"a.b","data":{"url":"https://é.example/","price":1.10}}';
    const styled = String.raw`{"url":"https:\/\/\u00e9.example\/","price":1.10}`;
    expect(JSON.parse(await call('POST', '/preview', `{"event":${event},"endpointId":"${endpoint.id}"}`))).toMatchObject({
      bodyText: styled,
    });
    const { id } = JSON.parse(await call('POST', '/messages', event)) as { readonly id: string };
    expect(await capturedBody(client, bin.id, id)).toBe(styled);
    const [capture] = (await client.captures.list({ binId: bin.id })).items;
    expect((await client.captures.get({ id: capture?.id ?? '' })).verification).toMatchObject({ verdict: 'valid' });
    expect(JSON.parse(await call('PATCH', `/endpoints/${endpoint.id}`, '{"bodyStyle":"tabs"}'))).toMatchObject({ code: 'INPUT_INVALID' });
    expect(JSON.parse(await call('PATCH', `/endpoints/${endpoint.id}`, '{"bodyStyle":null}'))).toMatchObject({ bodyStyle: null });
  });

  it.each([
    ['both at once', { data: { a: 1 }, dataText: '1' }, 'dataText'],
    ['text that is no JSON', { dataText: '{"a":1,}' }, 'dataText'],
    ['text nested too deep', { dataText: `${'['.repeat(600)}${']'.repeat(600)}` }, 'dataText'],
  ])('are refused as %s', async (_, fields, path) => {
    const { engine } = await startTestEngine();
    const { call } = await openRestText(engine.router);
    expect(JSON.parse(await call('POST', '/messages', JSON.stringify({ type: 'a.b', ...fields })))).toMatchObject({
      code: 'INPUT_INVALID',
      data: { issues: [{ path }] },
    });
  });
});
