import { describe, expect, it } from 'vitest';
import { admit, createDirectClient } from '#engine/index.ts';
import { Webhook } from 'standardwebhooks';
import { startTestEngine } from '../../support/engine.ts';
import { halfBody, hang, respond, startReceiver } from '../../support/scripted-receiver.ts';

const secret = 'whsec_c2VjcmV0IG9mIHRoZSByZWNlaXZlciE=';

async function openWorkspace() {
  const { engine, captureUrl } = await startTestEngine();
  return { client: createDirectClient(engine.router, admit('test')), captureUrl };
}
type Client = Awaited<ReturnType<typeof openWorkspace>>['client'];

/** Sends an event and waits for its end. */
async function sent(client: Client, input: Parameters<Client['messages']['send']>[0]): Promise<string> {
  const { id, deliveries } = await client.messages.send(input);
  const wait = {
    for: 'deliveries' as const,
    messageId: id,
    match: { statuses: ['delivered' as const, 'failed' as const, 'exhausted' as const] },
  };
  expect(await client.waits.wait(wait)).toMatchObject({ isMet: true });
  return deliveries[0]?.id ?? '';
}

async function passes(client: Client, text: string, to?: string): Promise<boolean> {
  const secrets = { 'env:WEBHOOK_SECRET': secret };
  let isMet = false;
  for await (const event of await client.runs.run({
    text: `hookyard: 1\n${text}`,
    name: 'shop',
    secrets,
    gaps: false,
    ...(to === undefined ? {} : { to }),
  }))
    if (event.kind === 'ended') isMet = event.isMet;
  return isMet;
}

describe('deliveries and captures written as a run', () => {
  it('keep bodies, order and what was answered, have no secret in them, and pass again', async () => {
    const receiver = await startReceiver([
      respond({ body: '{"ok":true,"token":"t"}' }),
      respond({ status: 422 }),
      respond({ body: '{"ok":true}' }),
      respond({ status: 422 }),
    ]);
    const { client } = await openWorkspace();
    const shop = await client.endpoints.create({
      name: 'Shop',
      url: receiver.url,
      secret,
      retryPolicy: 'none',
      secretHeaders: { 'X-Api-Key': 'hidden-key' },
    });
    const bodyBase64 = Buffer.from('{"price": 1.10,\n "a":"ü"}').toString('base64');
    const first = await sent(client, { type: 'order.made', bodyBase64, endpointIds: [shop.id] });
    const second = await sent(client, {
      type: 'order.paid',
      bodyBase64: Buffer.from([0, 255, 1]).toString('base64'),
      endpointIds: [shop.id],
    });
    const written = await client.runs.write({
      name: 'shop',
      deliveryIds: [second, first],
      expect: { status: true, answer: true, time: true },
    });
    expect(written.text).toMatch(/^runs:\n {2}shop:\n {4}to: Shop\n/);
    expect(written.steps.map(({ title, sourceId, expects }) => [title, sourceId, expects])).toEqual([
      ['order.made', first, ['status 200', 'answer $.ok is true', expect.stringContaining('answered within')]],
      ['order.paid', second, ['status 422', expect.stringContaining('answered within')]],
    ]);
    expect(written.notes).toContainEqual(expect.stringContaining('One of them failed, and its step expects that again'));
    // Saved for after the mend, it fails until then.
    const fixed = await client.runs.write({ name: 'shop', deliveryIds: [second], expect: { fixed: true } });
    expect(fixed).toMatchObject({ failed: 1, steps: [{ expects: ['delivered'] }], notes: [] });
    expect(written.text).toContain('bodyBase64: AP8B');
    expect(written.text).not.toMatch(/hidden-key|c2VjcmV0|token/);
    expect(await passes(client, written.text)).toBe(true);
    expect(receiver.requests.map(({ body }) => body.toString('base64')).slice(2)).toEqual(
      receiver.requests.map(({ body }) => body.toString('base64')).slice(0, 2),
    );
  });

  it('say that the id in a body stays the same in each run', async () => {
    const receiver = await startReceiver([], { otherwise: respond({}) });
    const { client } = await openWorkspace();
    const shop = await client.endpoints.create({ name: 'Shop', url: receiver.url });
    const notesOf = async (body: string) => {
      const bodyBase64 = Buffer.from(body).toString('base64');
      const id = await sent(client, { type: 'a.b', bodyBase64, endpointIds: [shop.id] });
      return (await client.runs.write({ name: 'shop', deliveryIds: [id] })).notes.join(' ');
    };
    expect(await notesOf('{"id":"evt_1","data":{}}')).toMatch(
      /^The body keeps its id: a receiver that remembers it takes every run after the first/,
    );
    expect(await notesOf('{"event_id":7}')).toContain('The body keeps its event_id');
    expect(await notesOf('{"data":{"id":"in_1"}}')).toBe('');
    expect(await notesOf('id')).toBe('');
  });

  it('keep the digits of numbers that are expected, and fail where these change', async () => {
    const receiver = await startReceiver([
      respond({ body: '{"id":9007199254740993,"n":12}' }),
      respond({ body: '{"id":9007199254740993,"n":12}' }),
      respond({ body: '{"id":9007199254740992,"n":12}' }),
      respond({ body: '{"id":9007199254740993,"n":"12"}' }),
    ]);
    const { client } = await openWorkspace();
    const shop = await client.endpoints.create({ name: 'Shop', url: receiver.url });
    const id = await sent(client, { type: 'a.b', endpointIds: [shop.id] });
    const written = await client.runs.write({ name: 'shop', deliveryIds: [id], expect: { status: true, answer: true, time: false } });
    expect(written.steps[0]?.expects).toEqual(['status 200', 'answer $.n is 12', 'answer $.id is 9007199254740993']);
    expect([await passes(client, written.text), await passes(client, written.text), await passes(client, written.text)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('expect the outcome of an answer that did not come whole, and not its status', async () => {
    const receiver = await startReceiver([], { otherwise: halfBody() });
    const { client } = await openWorkspace();
    const shop = await client.endpoints.create({ name: 'Shop', url: receiver.url, retryPolicy: 'none' });
    const { deliveries } = await client.messages.send({ type: 'a.b', endpointIds: [shop.id] });
    const id = deliveries[0]?.id ?? '';
    await expect.poll(async () => (await client.deliveries.get({ id })).status).toBe('exhausted');
    for (const status of [true, false]) {
      const written = await client.runs.write({ name: 'shop', deliveryIds: [id], expect: { status, answer: true, time: false } });
      expect(written.steps[0]?.expects).toEqual(['outcome incomplete']);
      expect(await passes(client, written.text)).toBe(true);
    }
  });

  it('are signed as by the authentication of their endpoint where they go to a URL, and not where their step was not', async () => {
    const receiver = await startReceiver();
    const { client } = await openWorkspace();
    const parts = [{ kind: 'signature' as const, signing: { scheme: 'standard-webhooks' as const }, secret }];
    const auth = await client.auths.create({ name: 'Partner', parts });
    const shop = await client.endpoints.create({ name: 'Shop', url: receiver.url, authId: auth.id });
    const id = await sent(client, { type: 'a.b', endpointIds: [shop.id] });
    const expected = { status: true, answer: false, time: false };
    const written = await client.runs.write({ name: 'shop', deliveryIds: [id], expect: expected, to: receiver.url });
    expect(written.text).toContain('scheme: standard-webhooks');
    expect(written.text).toContain('secret: env:WEBHOOK_SECRET');
    expect(await passes(client, written.text)).toBe(true);
    const received = receiver.requests.at(-1);
    expect(() =>
      new Webhook(secret).verify(
        received?.body.toString() ?? '',
        Object.fromEntries(received?.rawHeaders.map(([name, value]) => [name.toLowerCase(), value]) ?? []),
      ),
    ).not.toThrow();
    const text = 'hookyard: 1\nruns: { r: { to: Shop, steps: [{ event: a.b, sign: false }] } }\n';
    let unsigned = '';
    for await (const event of await client.runs.run({ text, name: 'r' })) if (event.kind === 'step') unsigned = event.deliveryId ?? '';
    expect((await client.runs.write({ name: 'shop', deliveryIds: [unsigned], expect: expected, to: receiver.url })).text).not.toContain(
      'scheme',
    );
  });

  it('expect no cancelling again', async () => {
    const receiver = await startReceiver([hang()]);
    const { client } = await openWorkspace();
    const shop = await client.endpoints.create({ name: 'Shop', url: receiver.url });
    const { deliveries } = await client.messages.send({ type: 'a.b', endpointIds: [shop.id] });
    await receiver.nextRequest();
    const id = deliveries[0]?.id ?? '';
    await client.deliveries.cancel({ id });
    await expect.poll(async () => (await client.deliveries.get({ id })).isInFlight).toBe(false);
    const written = await client.runs.write({ name: 'shop', deliveryIds: [id], expect: { status: true, answer: true, time: true } });
    expect(written.steps[0]?.expects).toEqual(['delivered']);
    expect(written.notes).toContain(
      'It was cancelled or cut off while Hookyard waited for an answer, so its step expects to be delivered.',
    );
    expect(await passes(client, written.text)).toBe(true);
  });

  it('leave out what an answer or a header repeats of a secret, and keep the bodies of two names apart', async () => {
    const token = 'hidden-token-0123';
    const receiver = await startReceiver([respond({ body: JSON.stringify({ ok: true, seen: `Bearer ${token}` }) })]);
    const { client } = await openWorkspace();
    const auth = await client.auths.create({ name: 'Partner', parts: [{ kind: 'bearer', token }] });
    const shop = await client.endpoints.create({ name: 'Shop', url: receiver.url, authId: auth.id });
    const bodyBase64 = Buffer.from('x'.repeat(20_000)).toString('base64');
    const id = await sent(client, {
      type: 'a.b',
      bodyBase64,
      head: { method: 'POST', headers: [['X-Seen', token]] },
      endpointIds: [shop.id],
    });
    const write = (name: string) => client.runs.write({ name, deliveryIds: [id], expect: { status: true, answer: true, time: false } });
    const [one, other] = [await write('a b'), await write('a-b')];
    expect(one.text).toContain('$.ok: true');
    expect(one.text).not.toContain(token);
    expect(one.bodies[0]?.path).not.toBe(other.bodies[0]?.path);
  });

  it('of captures leave out signatures and credentials, and sign anew by the scheme of their bin', async () => {
    const receiver = await startReceiver([]);
    const { client, captureUrl } = await openWorkspace();
    await client.bins.create({ name: 'In', slug: 'in', signing: { scheme: 'standard-webhooks' }, secrets: [secret] });
    await sent(client, {
      type: 'order.made',
      data: { id: 7 },
      target: {
        url: `${captureUrl}/in/orders?token=abc&x=1`,
        name: 'in',
        secret,
        secretHeaders: { Authorization: 'Bearer hidden' },
        headers: { 'X-Shop': 'a' },
      },
    });
    const [capture] = (await client.captures.list({})).items;
    const written = await client.runs.write({ name: 'shop', captureIds: [capture?.id ?? ''], to: receiver.url });
    expect(written.secrets).toEqual(['env:WEBHOOK_SECRET']);
    expect(written.text).not.toMatch(/hidden|token=|webhook-signature|Bearer/i);
    expect(written.text).toContain('path: /orders?x=1');
    expect(written.notes.join(' ')).toMatch(/Credentials are not in the file: Authorization\..*token/);
    expect(await passes(client, written.text)).toBe(true);
    expect(receiver.requests[0]).toMatchObject({ target: '/orders?x=1' });
    const elsewhere = await client.runs.write({ name: 'shop', captureIds: [capture?.id ?? ''], to: `${receiver.url}/hooks` });
    expect(elsewhere.text).not.toContain('path:');
    expect(elsewhere.notes.join(' ')).toContain('Paths are left out');
    expect(receiver.requests[0]?.header('webhook-signature')).toMatch(/^v1,/);
    expect(receiver.requests[0]?.header('X-Shop')).toBe('a');
  });

  it('are put into the file without touching the rest of it, and never over a run of the same name unless that is asked for', async () => {
    const receiver = await startReceiver([]);
    const { client } = await openWorkspace();
    const large = JSON.stringify({ text: 'x'.repeat(20_000) });
    const shop = await client.endpoints.create({ name: 'Shop', url: receiver.url, secret });
    const id = await sent(client, { type: 'a.b', bodyBase64: Buffer.from(large).toString('base64'), endpointIds: [shop.id] });
    const before = "# mine\nhookyard: 1\nruns: # tests\n    old:   { to: Shop, steps: [ {event: 'a'} ] }   # keep\n\n# end\npolicies: {}\n";
    const write = (text: string, replace = false) =>
      client.runs.write({ name: 'shop', deliveryIds: [id], file: { name: 'hookyard.yaml', text }, replace });
    const first = await write(before);
    expect(first.bodies.map(({ path, bytes }) => [path, bytes])).toEqual([['hookyard-runs/shop/1.json', large.length]]);
    expect(first.fileText?.replace(/ {4}shop:\n(?: {6}.*\n)*/, '')).toBe(before);
    expect(await client.runs.list({ text: first.fileText ?? '' })).toMatchObject({
      items: [{ name: 'old' }, { name: 'shop', bodyFiles: ['hookyard-runs/shop/1.json'] }],
    });
    await expect(write(first.fileText ?? '')).rejects.toThrow('hookyard.yaml has a run shop already');
    expect((await write(first.fileText ?? '', true)).fileText).toBe(first.fileText);
    expect((await write('')).fileText).toMatch(/^# yaml-language-server: .*\nhookyard: 1\nruns:\n {2}shop:\n/);
    expect((await write('{"hookyard": 1, "runs": {}}')).fileText).toMatch(/^\{ "hookyard": 1, "runs": \{ shop: \{ to: Shop/);
    // An editor leaves such files behind, and a run's own comment stays with its name.
    const empty = await write('hookyard: 1\nruns: # tests\n  # none yet\nbins: {}\n');
    expect(empty.fileText).toMatch(/^hookyard: 1\nruns: # tests\n {2}shop:\n(?: {4}.*\n)* {2}# none yet\nbins: \{\}\n$/);
    expect((await write('hookyard: 1\nruns:')).fileText).toMatch(/^hookyard: 1\nruns:\n {2}shop:\n/);
    expect((await write(before.replaceAll('\n', '\r\n'))).fileText).toBe(first.fileText?.replaceAll('\n', '\r\n'));
    const commented = first.fileText?.replace('    shop:', '    # mine, too\n    shop:') ?? '';
    expect((await write(commented, true)).fileText).toBe(commented);
    await expect(write('hookyard: 1\nruns: [a]\n')).rejects.toThrow('The runs of hookyard.yaml do not stand under their names');
    await expect(client.runs.write({ name: 'shop', deliveryFilter: { status: 'exhausted' } })).rejects.toThrow('Choose at least one');
  });
});
