import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, afterAll, describe, expect, it, onTestFinished } from 'vitest';
import { builtInProfiles } from '#shared/profiles/index.ts';
import { hasAttempts, openClockedEngine, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { respond, startReceiver } from '../../support/scripted-receiver.ts';

const url = 'http://127.0.0.1:9/hook';
const secureUrl = 'https://127.0.0.1:9/hook';
const samples = builtInProfiles().flatMap((profile) =>
  profile.eventTypes.flatMap((eventType) =>
    eventType.samples.map((sample): [string, typeof profile, typeof eventType, typeof sample] => [
      `${profile.id}: ${eventType.name}, ${sample.name}`,
      profile,
      eventType,
      sample,
    ]),
  ),
);

describe('every built-in profile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hookyard-'));
  let engine: ClockedEngine;
  beforeAll(async () => {
    engine = await openClockedEngine({ dataDir: folder });
  });
  afterAll(async () => {
    await engine.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('has an id of its own, several events, and facts with a source and a day', () => {
    expect(new Set(builtInProfiles().map(({ id }) => id)).size).toBe(builtInProfiles().length);
    for (const { eventTypes, facts } of builtInProfiles()) {
      expect(eventTypes.length).toBeGreaterThanOrEqual(3);
      expect(eventTypes.filter(({ samples: { length } }) => length < 2)).toEqual([]);
      expect(facts.length).toBeGreaterThan(0);
      expect(facts.filter(({ certainty, asOf }) => certainty === 'verified' && asOf === null)).toEqual([]);
    }
  });

  it.each(builtInProfiles().map(({ id, fields, eventTypes }) => ({ id, fields, event: eventTypes[0]?.name ?? '' })))(
    'makes an endpoint that has its fields: $id',
    async ({ id, fields, event }) => {
      const made = await engine.client.endpoints.create({ profile: id, url: secureUrl, events: [event] });
      const expected = { ...fields, events: [event] };
      expect(made).toMatchObject({ ...expected, profile: id });
      expect(made.changedFromProfile).toEqual([]);
      const { changedFromProfile } = await engine.client.endpoints.update({ id: made.id, timeoutMs: 777, successRule: '418' });
      const kept = Object.keys(fields).filter((field) => field === 'timeoutMs' || field === 'successRule');
      expect(changedFromProfile.toSorted()).toEqual(kept.toSorted());
    },
  );

  it.each(samples)(
    'makes a request of each sample whose signature is valid: %s',
    async (_name, { id, fields }, { name: type }, { data }) => {
      const request = await engine.client.preview.render({ draft: { profile: id, url: secureUrl }, event: { type, data } });
      if (fields.contentType?.startsWith('application/json') === true) expect(() => JSON.parse(request.bodyText ?? '')).not.toThrow();
      expect(request.warnings.map(({ code }) => code)).toEqual(['SECRET_PLACEHOLDER']);
      expect(request.signature?.scheme).toBe(fields.signing?.scheme);
      for (const [, value] of request.headers) expect(value).not.toContain('{{');
    },
  );
});

describe('a request on the wire', () => {
  const golden = JSON.parse(readFileSync(join(import.meta.dirname, '../../fixtures/profiles/requests.json'), 'utf8')) as Readonly<
    Record<string, { readonly type: string; readonly sample: string; readonly secret: string | null; readonly request: readonly string[] }>
  >;

  it.each(Object.entries(golden))(
    'has the headers and the body of the golden file, byte for byte: %s',
    async (name, { type, sample, secret, request }) => {
      const receiver = await startReceiver([]);
      onTestFinished(() => receiver.close());
      const clock = createFakeClock(1_708_903_838_056);
      const ids = countedIds();
      const { client } = await startClockedEngine({ clock, ids });
      const [profile = ''] = name.split(' ');
      const endpoint = await client.endpoints.create({
        profile,
        url: `${receiver.url}/hook`,
        httpsOnly: false,
        events: [type],
        ...(secret === null ? { signing: null } : { secret }),
      });
      await client.endpoints.test({ id: endpoint.id, eventType: type, sample });
      const { rawBytes } = await receiver.nextRequest();
      const seen = rawBytes
        .toString('utf8')
        .replaceAll(String(receiver.port), 'PORT')
        // These sign the URL, and its port is another one in each run.
        .replace(/^(X-HubSpot-Signature-v3|X-Twilio-Signature): .*$/m, '$1: OVER THE URL')
        .split('\r\n');
      expect(seen).toEqual(request);
    },
  );
});

/** Ids that are the same in every run. */
function countedIds() {
  let count = 0;
  return { next: (prefix: string) => `${prefix}_${String((count += 1)).padStart(26, '0')}` };
}

describe('an endpoint of a profile', () => {
  it('has what its maker gives in place of what the profile has', async () => {
    const { client } = await startClockedEngine();
    const made = await client.endpoints.create({ profile: 'stripe', url, name: 'Shop', retryPolicy: 'none', headers: {} });
    expect(made).toMatchObject({ name: 'Shop', retryPolicy: 'none', headers: {}, signing: { scheme: 'stripe' } });
    expect(made.changedFromProfile).toEqual(['headers', 'retryPolicy']);
    const back = await client.endpoints.update({ id: made.id, profile: 'stripe', retryPolicy: 'none' });
    expect(back.changedFromProfile).toEqual(['retryPolicy']);
    expect(await client.endpoints.update({ id: made.id, profile: null })).toMatchObject({ profile: null, changedFromProfile: [] });
  });

  it('needs a name or a profile, which there must be', async () => {
    const { client } = await startClockedEngine();
    await expect(client.endpoints.create({ url })).rejects.toMatchObject({
      data: { issues: [{ path: 'name', message: 'Give the endpoint a name.' }] },
    });
    await expect(client.endpoints.create({ url, profile: 'strype' })).rejects.toMatchObject({
      data: { issues: [{ path: 'profile', message: expect.stringContaining('There is no profile strype') }] },
    });
  });

  it('has exactly one event type where its system does', async () => {
    const { client } = await startClockedEngine();
    const one = 'aXcelerate has exactly one event type for each webhook: choose one, written out.';
    for (const events of [undefined, ['contact.*'], ['contact.updated', 'contact.created']])
      await expect(
        client.endpoints.create({ profile: 'axcelerate', url, ...(events === undefined ? {} : { events }) }),
      ).rejects.toMatchObject({
        data: { issues: [{ path: 'events', message: one }] },
      });
    const { id } = await client.endpoints.create({ profile: 'axcelerate', url, events: ['contact.updated'] });
    await expect(client.endpoints.update({ id, events: ['*'] })).rejects.toMatchObject({ data: { issues: [{ path: 'events' }] } });
  });

  it('has other headers as long as it does not sign, where its system does', async () => {
    const { client } = await startClockedEngine();
    const unsigned = { 'Ax-Signature-Version': '0', 'Ax-Signature': '' };
    const made = await client.endpoints.create({ profile: 'axcelerate', url, events: ['contact.updated'], signing: null });
    expect(made).toMatchObject({ headers: unsigned, changedFromProfile: ['signing'] });
    const signed = await client.endpoints.update({ id: made.id, signing: { scheme: 'axcelerate' }, secret: 'k' });
    expect(signed).toMatchObject({ headers: {}, changedFromProfile: [] });
    expect(await client.endpoints.update({ id: made.id, signing: null })).toMatchObject({ headers: unsigned });
  });

  it('is tested with a sample by its name', async () => {
    const receiver = await startReceiver([]);
    onTestFinished(() => receiver.close());
    const { client } = await startClockedEngine();
    const { id } = await client.endpoints.create({ profile: 'stripe', url: receiver.url });
    const { warnings } = await client.endpoints.test({ id, eventType: 'charge.refunded', sample: 'in part' });
    expect(warnings).toEqual([]);
    const { body } = await receiver.nextRequest();
    expect(JSON.parse(body.toString())).toMatchObject({ type: 'charge.refunded', data: { object: { amount_refunded: 500 } } });
    await expect(client.endpoints.test({ id, eventType: 'charge.refunded', sample: 'half' })).rejects.toThrow(
      'Stripe has no sample half of charge.refunded; it has: whole, in part.',
    );
    await expect(client.endpoints.test({ id, eventType: 'charge.lost', sample: 'half' })).rejects.toThrow('no event type charge.lost');
  });

  it('keeps the ids of its headers over retries, and has others for the next delivery', async () => {
    const receiver = await startReceiver([respond({ status: 500 })]);
    onTestFinished(() => receiver.close());
    const { client, clock, deliveryWhen } = await startClockedEngine();
    const made = await client.endpoints.create({
      profile: 'acrity',
      url: receiver.url,
      retryPolicy: { kind: 'schedule', delaysMs: [1000] },
    });
    const send = async () => (await client.messages.send({ type: 'project.created', endpointIds: [made.id] })).deliveries[0]?.id ?? '';
    const first = await send();
    await deliveryWhen(first, hasAttempts(1));
    clock.advance(1000);
    await deliveryWhen(first, hasAttempts(2));
    await send();
    const ids = [await receiver.nextRequest(), await receiver.nextRequest(), await receiver.nextRequest()].map((request) =>
      request.header('X-ACR-Delivery'),
    );
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});

describe('a header whose value is a template', () => {
  it.each([
    ['{{ nobody }}', 'undefined variable: nobody'],
    ['{{ id | hex: 0 }}', 'the length of an id is a whole number from 1 to 200'],
    ['{{ "a%0Ab" | url_decode }}', 'not one line of Latin-1 text'],
    ['{{ id | hex: 200 }}'.repeat(50), 'makes too much'],
    ['{% for n in (1..9) %}{{ id }}{% endfor %}', 'headers take outputs only'],
    ['{{ id }}'.repeat(600), 'at most 4096 characters'],
  ])('is refused at its field where it cannot be sent: %s', async (value, why) => {
    const { client } = await startClockedEngine();
    await expect(client.endpoints.create({ name: 'A', url, headers: { 'X-Id': value } })).rejects.toMatchObject({
      data: { issues: [{ path: 'headers.X-Id', message: expect.stringContaining(why) }] },
    });
  });

  it('may name message, delivery, attempt and time', async () => {
    const { client } = await startClockedEngine({ clock: createFakeClock(1_708_903_838_056) });
    const headers = { 'X-All': '{{ type }} {{ attempt }} {{ timestamp }} {{ timestampUnix }} {{ timestampMs }}' };
    const shown = await client.preview.render({ draft: { url, headers }, event: { type: 'a.b' } });
    expect(shown.headers).toContainEqual(['X-All', 'a.b 1 2024-02-25T23:30:38.056Z 1708903838 1708903838056']);
  });
});

describe('a profile of your own', () => {
  it('is a copy that is changed, exported, deleted and imported again', async () => {
    const { client } = await startClockedEngine();
    const copy = await client.profiles.create({ copyOf: 'stripe' });
    expect(copy).toMatchObject({ name: 'Copy of Stripe', isBuiltIn: false });
    const changed = await client.profiles.update({ id: copy.id, name: 'Our Stripe', fields: { ...copy.fields, timeoutMs: 3000 } });
    expect(changed.updatedAtMs).toBeGreaterThan(copy.updatedAtMs ?? Number.POSITIVE_INFINITY);
    const endpoint = await client.endpoints.create({ profile: copy.id, url });
    expect(endpoint).toMatchObject({ name: 'Our Stripe', timeoutMs: 3000 });
    const file = await client.profiles.export({ id: copy.id });
    await client.profiles.remove({ id: copy.id });
    await expect(client.profiles.get({ id: copy.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await client.endpoints.get({ id: endpoint.id })).toMatchObject({ timeoutMs: 3000, changedFromProfile: [] });
    const { id, warnings: _, createdAtMs: _created, updatedAtMs: _updated, ...imported } = await client.profiles.import(file);
    expect({ ...imported }).toEqual({ ...file.profile, isBuiltIn: false });
    expect(await client.profiles.export({ id })).toEqual(file);
  });

  it('needs a name of its own, and a built-in one stays as it is', async () => {
    const { client } = await startClockedEngine();
    const { id } = await client.profiles.create({ name: 'Ours' });
    await client.profiles.create({ name: 'Theirs' });
    for (const refused of [client.profiles.create({ name: 'OURS' }), client.profiles.update({ id, name: 'theirs' })])
      await expect(refused).rejects.toMatchObject({ code: 'CONFLICT', data: { issues: [{ path: 'name' }] } });
    for (const refused of [client.profiles.update({ id: 'stripe', name: 'Mine' }), client.profiles.remove({ id: 'stripe' })])
      await expect(refused).rejects.toThrow('Stripe is built in and stays as it is.');
  });

  it('is refused with a template that cannot be read, and with what is no profile', async () => {
    const { client } = await startClockedEngine();
    await expect(client.profiles.create({ name: 'A', fields: { template: '{{ a' } })).rejects.toMatchObject({ code: 'TEMPLATE_INVALID' });
    await expect(client.profiles.create({ name: 'A', fields: { headers: { 'X-A': '{{ a }}' } } })).rejects.toThrow('undefined variable');
    const file = { hookyardProfile: 2, profile: { name: 'A' } };
    await expect(client.profiles.import(file as never)).rejects.toThrow('another version');
  });

  it('is refused where it is too long to be read at once', async () => {
    const { client } = await startClockedEngine();
    const eventTypes = (characters: number) =>
      Array.from({ length: 10 }, (_, index) => ({
        name: `a.n${index}`,
        title: 'A',
        samples: [{ name: 'One', data: { text: 'x'.repeat(characters) } }],
      }));
    const { id } = await client.profiles.create({ name: 'Long', eventTypes: eventTypes(190_000) });
    const refusal = { code: 'INPUT_INVALID', data: { issues: [{ path: 'eventTypes', message: expect.stringContaining('2 million') }] } };
    await expect(client.profiles.create({ name: 'Longer', eventTypes: eventTypes(210_000) })).rejects.toMatchObject(refusal);
    await expect(client.profiles.update({ id, eventTypes: eventTypes(210_000) })).rejects.toMatchObject(refusal);
    const [first] = (await client.profiles.list({ limit: 1 })).items;
    expect(first).toMatchObject({ id, name: 'Long', scheme: null, eventTypes: 10, isBuiltIn: false });
  });

  it('comes before the built-in ones in the list, page by page', async () => {
    const { client } = await startClockedEngine();
    for (const name of ['One', 'Two', 'Three']) await client.profiles.create({ name });
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await client.profiles.list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      names.push(...page.items.map(({ name }) => name));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(names).toEqual(['Three', 'Two', 'One', ...builtInProfiles().map(({ name }) => name)]);
    expect((await client.profiles.list({ q: 'STRIPE' })).items.map(({ id }) => id)).toEqual(['stripe']);
  });
});
