import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { hasAttempts, openClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { respond, startReceiver, type ScriptedReceiver } from '../../support/scripted-receiver.ts';

const folder = mkdtempSync(join(tmpdir(), 'hookyard-'));
let engine: ClockedEngine;
let receiver: ScriptedReceiver;

beforeAll(async () => {
  engine = await openClockedEngine({ dataDir: folder });
  receiver = await startReceiver([respond({ status: 500 })]);
});
afterAll(async () => {
  await engine.stop();
  await receiver.close();
  rmSync(folder, { recursive: true, force: true });
});

const mails = [{ email: 'a@example.com', n: 1 }, { email: 'b@example.com' }, { email: 'c@example.com' }];

async function endpointOf(profile: string, change: object = {}) {
  const { id } = await engine.client.endpoints.create({ profile, url: receiver.url, httpsOnly: false, ...change });
  return id;
}

it('sends the events of a batch as one array in one request, and repeats that request whole', async () => {
  const id = await endpointOf('sendgrid', { retryPolicy: { kind: 'schedule', delaysMs: [1000] } });
  const sent = await engine.client.messages.send({ type: 'open', isBatch: true, data: mails, endpointIds: [id] });
  expect(sent.deliveries).toHaveLength(1);
  expect(sent.warnings).toEqual([]);
  const delivery = sent.deliveries[0]?.id ?? '';
  await engine.deliveryWhen(delivery, hasAttempts(1));
  engine.clock.advance(1000);
  expect(await engine.deliveryWhen(delivery, hasAttempts(2))).toMatchObject({ status: 'delivered' });
  const [first, second] = [await receiver.nextRequest(), await receiver.nextRequest()];
  const events = JSON.parse(first.body.toString()) as readonly { email: string; event: string; sg_event_id: string }[];
  expect(events.map(({ email, event }) => [email, event])).toEqual(mails.map(({ email }) => [email, 'open']));
  expect(new Set(events.map((event) => event.sg_event_id)).size).toBe(3);
  // In the style of the profile: each event on a line of its own.
  expect(first.body.toString().split('\r\n')).toHaveLength(4);
  expect(second.body.equals(first.body)).toBe(true);
  expect(first.header('X-Twilio-Email-Event-Webhook-Signature')).not.toBeNull();
  expect(await engine.client.messages.get({ id: sent.id })).toMatchObject({ isBatch: true, data: mails });
});

it('is the same bytes for one event, whether it is sent as a batch or not', async () => {
  const id = await endpointOf('sendgrid');
  const bodyOf = async (event: object) => {
    const { bodyBase64 } = await engine.client.preview.render({ endpointId: id, event: { type: 'open', ...event }, atMs: 5 });
    return Buffer.from(bodyBase64, 'base64').toString();
  };
  expect(await bodyOf({ data: [mails[0]], isBatch: true })).toBe(await bodyOf({ data: mails[0] }));
});

it('renders a batch again for each attempt where the system counts them in the body, with the digits of its data', async () => {
  const answering = await startReceiver([respond({ status: 500 })]);
  try {
    const id = await endpointOf('hubspot', { url: answering.url, retryPolicy: { kind: 'schedule', delaysMs: [1000] } });
    const dataText = '[{"objectId":9007199254740993},{"objectId":1.10}]';
    const sent = await engine.client.messages.send({ type: 'contact.creation', isBatch: true, dataText, endpointIds: [id] });
    const delivery = sent.deliveries[0]?.id ?? '';
    await engine.deliveryWhen(delivery, hasAttempts(1));
    engine.clock.advance(1000);
    await engine.deliveryWhen(delivery, hasAttempts(2));
    const bodies = [await answering.nextRequest(), await answering.nextRequest()].map(({ body }) => body.toString());
    expect(bodies[0]).toContain('"attemptNumber":0,"objectId":9007199254740993}');
    expect(bodies[1]).toContain('"attemptNumber":1,"objectId":9007199254740993}');
    expect(bodies[1]).toContain('"objectId":1.10}]');
  } finally {
    await answering.close();
  }
});

it.each([
  ['no list', { data: { a: 1 } }, 'data', 'a list with the data of at least one event'],
  ['no events', { data: [] }, 'data', 'a list with the data of at least one event'],
  ['too many events', { data: Array.from({ length: 101 }, () => ({})) }, 'data', 'has 101 events, and the endpoint takes at most 100'],
  ['a body besides', { data: [{}], bodyBase64: 'e30=' }, 'isBatch', 'A body that is given goes out as it is'],
])('refuses a batch with %s, and records nothing', async (_what, event, path, why) => {
  const id = await endpointOf('hubspot');
  const messageId = `msg_${crypto.randomUUID()}`;
  await expect(
    engine.client.messages.send({ id: messageId, type: 'contact.creation', isBatch: true, endpointIds: [id], ...event }),
  ).rejects.toMatchObject({ code: 'INPUT_INVALID', data: { issues: [{ path, message: expect.stringContaining(why) as string }] } });
  await expect(engine.client.messages.get({ id: messageId })).rejects.toMatchObject({ code: 'NOT_FOUND' });
});

it('refuses a batch for an endpoint that takes one event each, for nobody in particular, and by a template that makes no array', async () => {
  const one = await engine.client.endpoints.create({ name: 'One each', url: receiver.url });
  const send = (to: object) => engine.client.messages.send({ type: 'open', isBatch: true, data: mails, ...to });
  await expect(send({ endpointIds: [one.id] })).rejects.toThrow('One each takes one event in each request');
  await expect(send({})).rejects.toThrow('Name the endpoints that a batch goes to');
  const wrong = await engine.client.endpoints.create({
    name: 'Wrong',
    url: receiver.url,
    batch: { maxEvents: 5 },
    template: '{{ data | json }}',
  });
  await expect(send({ endpointIds: [wrong.id] })).rejects.toThrow('it does not render a JSON array');
  const plain = await engine.client.endpoints.create({ name: 'Plain', url: receiver.url, batch: { maxEvents: 5 } });
  await expect(send({ endpointIds: [plain.id] })).rejects.toThrow('a batch needs a template that renders a JSON array of one event');
});

it('names the event of a batch whose template fails', async () => {
  const id = await endpointOf('sendgrid');
  await expect(
    engine.client.messages.send({ type: 'open', isBatch: true, data: [{ email: 'a@example.com' }, { n: 1 }], endpointIds: [id] }),
  ).rejects.toThrow(/Event 2 of the batch: .*email/);
});

it('checks each event of a batch by the schema of its type', async () => {
  const schema = { type: 'object', required: ['email'] };
  await engine.client.eventTypes.create({ name: 'mail.checked', schema, samples: [{ name: 'default', data: mails[0] ?? {} }] });
  const id = await endpointOf('sendgrid', { template: '[{{ data | json }}]' });
  const { warnings } = await engine.client.messages.send({
    type: 'mail.checked',
    isBatch: true,
    data: [{ email: 'a@example.com' }, {}],
    endpointIds: [id],
  });
  expect(warnings).toMatchObject([{ code: 'SCHEMA_BROKEN', message: expect.stringMatching(/^Event 2 of the batch: /) as string }]);
});

it('takes the same batch under one id once, and refuses the same data as one event', async () => {
  const id = await endpointOf('sendgrid', { template: '[{{ data | json }}]' });
  const event = { id: 'msg_batch_once', type: 'open', data: mails, endpointIds: [id] };
  await engine.client.messages.send({ ...event, isBatch: true });
  expect(await engine.client.messages.send({ ...event, isBatch: true })).toMatchObject({ isDuplicate: true });
  await expect(engine.client.messages.send(event)).rejects.toMatchObject({ code: 'CONFLICT' });
});
