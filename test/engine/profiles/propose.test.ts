import { expect, it } from 'vitest';
import { proposeProfile } from '#engine/profiles/propose.ts';
import type { ProposedFrom } from '#engine/profiles/propose.ts';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';

const receivedAtMs = Date.UTC(2026, 10, 29, 12);

function from(body: string, headers: ProposedFrom['headers'] = [], signing: ProposedFrom['signing'] = null): ProposedFrom {
  return { method: 'POST', headers, body: Buffer.from(body), receivedAtMs, signing };
}

it('makes templates of what is plainly the event type, an id or a time, keeps the rest, and says each', () => {
  const headers: [string, string][] = [
    ['Host', 'a'],
    ['Content-Type', 'application/json; charset=utf-8'],
    ['X-Shop-Topic', 'orders/create'],
    ['X-Shop-Id', '0ac17b40-bbaa-41ed-9507-6d8c82b32db4'],
    ['X-Shop-Time', String(receivedAtMs / 1000)],
    ['X-Shop-Ms', String(receivedAtMs + 5)],
    ['X-Old-Time', '1500000000'],
    ['X-Braces', 'a {{ b }}'],
    ['X-Tag', '{% if %}'],
    ['X-Twice', '1'],
    ['X-Twice', '2'],
    ['X-Hub-Signature-256', `sha256=${'ab'.repeat(32)}`],
  ];
  const { profile, notes } = proposeProfile(from('{"id":1}', headers, { scheme: 'github-sha256' } as const), 'Shop');
  expect(profile).toMatchObject({
    name: 'Shop',
    fields: {
      method: 'POST',
      contentType: 'application/json; charset=utf-8',
      signing: { scheme: 'github-sha256' },
      bodyStyle: 'compact',
      template: '{{ data | json }}',
      headers: {
        'X-Shop-Topic': '{{ type }}',
        'X-Shop-Id': '{{ deliveryId | uuid }}',
        'X-Shop-Time': '{{ timestampUnix }}',
        'X-Shop-Ms': '{{ timestampMs }}',
        'X-Old-Time': '1500000000',
        'X-Braces': "a {{ '{{' }} b }}",
        'X-Twice': '1',
      },
    },
    eventTypes: [{ name: 'orders/create', samples: [{ name: 'captured', data: { id: 1 } }] }],
  });
  expect(Object.keys(profile.fields.headers ?? {})).toHaveLength(7);
  expect(notes).toEqual([
    'The signature is that of the bin.',
    'X-Shop-Topic is the event type: {{ type }}.',
    'X-Shop-Id is taken for the id of the delivery: {{ deliveryId | uuid }}.',
    'X-Shop-Time is a time in seconds: {{ timestampUnix }}.',
    'X-Shop-Ms is a time in milliseconds: {{ timestampMs }}.',
    'X-Tag is left out: its value has {%, which a profile would read as a tag.',
    'X-Twice comes more than once in the request, and once in the profile.',
    'The JSON is written so: compact.',
  ]);
});

it.each([
  ['{\n  "a": {\n  },\n  "b": [\n\n  ]\n}', 'ruby-pretty'],
  [String.raw`{"u":"http:\/\/x","n":"\u00e9"}`, 'php'],
  ['{"a":1,"b":[1,2]}', 'compact'],
  ['{\n  "a": 1\n}', 'pretty2'],
])('knows the style of %j as %s', (body, style) => {
  expect(proposeProfile(from(body), 'x').profile.fields.bodyStyle).toBe(style);
});

it.each([
  ['{ "a":1}', 'The JSON is written in no style that is known here: it is sent compact.'],
  [
    '{"n":9007199254740993}',
    'Numbers or the order of names in the sample are not quite those of the body: the sample holds values, not text.',
  ],
  ['a=1', 'The body is not JSON of up to 32 KiB that a sample can hold, so the profile has no template and no sample for it.'],
  ['{}', 'Nothing in it looks like a signature, so the profile does not sign.'],
])('says of %s: %s', (body, note) => {
  expect(proposeProfile(from(body), 'x').notes).toContain(note);
});

it('recognises the scheme of a request where the bin has none', () => {
  const headers: [string, string][] = [['Stripe-Signature', `t=${receivedAtMs / 1000},v1=${'ab'.repeat(32)}`]];
  const { profile, notes } = proposeProfile(from('{"id":"evt_1","object":"event","type":"a.b"}', headers), 'x');
  expect(profile.fields.signing?.scheme).toBe('stripe');
  expect(profile.fields.headers).toEqual({});
  expect(notes[0]).toMatch(/^Signed by stripe \((certain|likely)\): /);
});

it('proposes from a capture what, saved, sends the same body to a bin', async () => {
  const engine = await startClockedEngine({ capturePort: 0 });
  const bin = await engine.client.bins.create({ name: 'Bin' });
  const body = String.raw`{"type":"order.made","url":"http:\/\/x","n":1}`;
  await fetch(bin.url, { method: 'POST', headers: { 'content-type': 'application/json', 'x-own': 'yes' }, body });
  const captureId = (await engine.client.captures.list({})).items[0]?.id ?? '';
  const { profile } = await engine.client.profiles.propose({ captureId, name: 'Order system' });
  const saved = await engine.client.profiles.create(profile);
  const { id } = await engine.client.endpoints.create({ profile: saved.id, url: bin.url });
  const { deliveries } = await engine.client.endpoints.test({ id });
  await engine.deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
  const { items } = await engine.client.captures.list({ limit: 1 });
  const again = await engine.client.captures.get({ id: items[0]?.id ?? '' });
  expect(Buffer.from(again.bodyBase64, 'base64').toString()).toBe(body);
  expect(again.headers.find(([name]) => name === 'x-own')).toEqual(['x-own', 'yes']);
  await expect(engine.client.profiles.propose({ captureId: 'cap_gone' })).rejects.toThrow('There is no capture cap_gone');
});

it('leaves out what a profile cannot have, and says so', () => {
  const many = Array.from({ length: 130 }, (_, index): [string, string] => [`X-${index}`, 'v']);
  const headers: [string, string][] = [['__proto__', 'x'], ['X-Long', 'a'.repeat(9000)], ['N'.repeat(300), 'a'], ...many];
  const { profile, notes } = proposeProfile(from('{}', headers), 'Shop');
  expect(Object.keys(profile.fields.headers ?? {})).toHaveLength(100);
  expect(notes).toContain('__proto__ is left out: a profile cannot have a header with such a name or so long a value.');
  expect(notes).toContain('X-Long is left out: a profile cannot have a header with such a name or so long a value.');
  expect(notes).toContain('A profile has at most 100 headers: 30 more are left out.');
});

it.each(['['.repeat(60_000) + ']'.repeat(60_000), `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, '{"a":1e999}', '1e400'])(
  'has no sample of a body that no sample can hold (%#)',
  (body) => {
    const { profile, notes } = proposeProfile(from(body), 'Shop');
    expect(profile.eventTypes).toEqual([]);
    expect(notes.at(-1)).toMatch(/^The body is not JSON of up to 32 KiB/);
  },
);

it('offers headers that look like credentials as secret headers, and keeps none of their values', () => {
  const headers: [string, string][] = [
    ['Authorization', 'Bearer hush-hush'],
    ['X-Api-Key', 'hush-hush'],
    ['X-Other-Signature', 'abc'],
    ['Idempotency-Key', 'k1'],
  ];
  const { profile, notes } = proposeProfile(from('{"id":1}', headers), 'Shop');
  expect(profile.secretHeaders.map(({ name }) => name)).toEqual(['Authorization', 'X-Api-Key']);
  expect(profile.fields.headers).toEqual({ 'X-Other-Signature': 'abc', 'Idempotency-Key': 'k1' });
  expect(JSON.stringify([profile, notes])).not.toContain('hush-hush');
  expect(notes).toContain('X-Api-Key looks like a credential: the profile offers it as a secret header, without its value.');
});
