import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { noiseKind } from '#shared/contract/comparing.ts';
import { compareAnswers } from '#engine/comparing/compare-answers.ts';
import { compareRequests } from '#engine/comparing/compare-requests.ts';
import { firstAndSecond } from '#engine/comparing/side-words.ts';

type Header = readonly [string, string];

function request(headers: readonly Header[], body = '') {
  const bytes = Buffer.from(body);
  return {
    method: 'POST',
    target: '/',
    headers: headers.map(([name, value]): [string, string] => [name, value]),
    bytes,
    size: bytes.length,
    isCut: false,
  };
}

const compared = (before: readonly Header[], after: readonly Header[], bodies: readonly [string, string] = ['', '']) =>
  compareRequests(request(before, bodies[0]), request(after, bodies[1]), firstAndSecond, noiseKind.options);
/** In bodies of other times, so that a signature may be another. */
const inHeader = async (name: string, before: string, after: string) => {
  const bodies = ['{"at":"2026-01-01"}', '{"at":"2026-01-02"}'] as const;
  const { result, headers, leftOutHeaders } = await compared([[name, before]], [[name, after]], bodies);
  return { result, note: headers[0]?.note ?? null, kind: leftOutHeaders[0]?.kind ?? null };
};
const inJson = async (before: unknown, after: unknown, name = 'v') => {
  const bodies = [JSON.stringify({ [name]: before }), JSON.stringify({ [name]: after })] as const;
  const { result, leftOut, body } = await compared([], [], bodies);
  return { result, note: body.changes[0]?.note ?? null, kind: Object.entries(leftOut).find(([, count]) => count > 0)?.[0] ?? null };
};

const base64 = 'mM0pT8xKq3RyZ2hKb1NpZ25hdHVyZVZhbHVlMTIzNDU=';
const otherBase64 = 'Zk9qT1hWc0RhR2xrWm5OZGZqYWxrc2RqZmxhNzg5Nzg=';
const hex = (digit: string, length = 64) => `${digit}0c9e8`.repeat(20).slice(0, length);
const token = (claims: object, by: string, alg = 'HS256') =>
  [JSON.stringify({ alg }), JSON.stringify(claims)]
    .map((part) => Buffer.from(part).toString('base64url'))
    .concat(by.repeat(43))
    .join('.');
const different = { result: 'different', kind: null };

describe('what differs by its nature', () => {
  const id = 'msg_2abcdefGHIJKLM';
  it('leaves out no value that has lost its form, whose absence of form is the cause of a 401', async () => {
    const { summary, result, headers, leftOut, body } = await compared(
      [
        ['Webhook-Id', id],
        ['Webhook-Timestamp', '1700000000'],
        ['Webhook-Signature', `v1,${base64}`],
      ],
      [
        ['Webhook-Id', 'undefined'],
        ['Webhook-Timestamp', '1700000000000'],
        ['Webhook-Signature', 'undefined'],
      ],
      ['{"at":"2026-01-01T00:00:00Z"}', '{"at":1767225600}'],
    );
    expect({ result, leftOut }).toEqual({ result: 'different', leftOut: { dates: 0, ids: 0, signatures: 0 } });
    expect(headers.map(({ note }) => note)).toEqual([
      'The two are not ids of the same form.',
      'The time has another form: seconds since 1970 in the first, milliseconds since 1970 in the second.',
      'The signature has another form: v1,<44 characters of base64> in the first, undefined in the second.',
    ]);
    expect(body.changes[0]?.note).toBe('The time has another form: YYYY-MM-DDThh:mm:ssZ in the first, seconds since 1970 in the second.');
    expect(summary).toBe('The body differs in 1 value of its JSON. 3 headers differ.');
  });

  it('names the headers that were left out, each with its kind', async () => {
    const told = await compared(
      [
        ['Webhook-Id', id],
        ['webhook-timestamp', '1700000000'],
        ['Webhook-Signature', `v1,${base64}`],
      ],
      [
        ['Webhook-Id', 'msg_3abcdefGHIJKLM'],
        ['webhook-timestamp', '1700000009'],
        ['Webhook-Signature', `v1,${otherBase64}`],
      ],
    );
    expect(told).toMatchObject({ result: 'same', headers: [], leftOut: { dates: 1, ids: 1, signatures: 1 } });
    expect(told.leftOutHeaders).toEqual([
      { name: 'Webhook-Id', kind: 'ids' },
      { name: 'webhook-timestamp', kind: 'dates' },
      { name: 'Webhook-Signature', kind: 'signatures' },
    ]);
  });
});

it('names the headers that were left out of two answers, as noise or by their name', async () => {
  const answer = (headers: readonly Header[]) => ({ ...request(headers), status: 200 });
  const ignored = { headers: ['x-node'], paths: [], noise: ['dates'] as const };
  const [before, after] = [
    answer([
      ['X-Node', 'a'],
      ['X-Time', '1700000000'],
    ]),
    answer([
      ['X-Node', 'b'],
      ['X-Time', '1700000001'],
    ]),
  ];
  expect(await compareAnswers(before, after, ignored)).toMatchObject({ headers: [], leftOut: 2, leftOutHeaders: ['X-Time', 'X-Node'] });
});

describe('signatures', () => {
  it.each([
    ['Webhook-Signature', `v1,${base64}`, `v1,${otherBase64}`],
    ['Webhook-Signature', `v1,${base64} v1,${otherBase64}`, `v1,${otherBase64}`],
    ['Stripe-Signature', `t=1700000000,v1=${hex('a')},v0=${hex('b')}`, `t=1700000001,v1=${hex('b')},v1=${hex('c')},v0=${hex('b')}`],
    ['X-Hub-Signature-256', `sha256=${hex('a')}`, `sha256=${hex('b')}`],
    ['X-Twilio-Signature', 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', '0/KCTR6DLpKmkAf8muzZqo1nDgQ='],
    [
      'Signature-Input',
      'sig1=("@method" "content-digest");created=1700000000;keyid="key-1";nonce="a1b2c3"',
      'sig1=("@method" "content-digest");created=1700000001;keyid="key-1";nonce="f9e8d7"',
    ],
    ['X-Signature', token({ iat: 1, sub: 'a' }, 'x'), token({ iat: 22, sub: 'bcd' }, 'y')],
  ])('of the same layout in %s are left out: %s and %s', async (name, before, after) => {
    expect(await inHeader(name, before, after)).toEqual({ result: 'same', note: null, kind: 'signatures' });
  });

  it('of ECDSA are left out, though their length varies by some bytes', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signatures = Array.from({ length: 40 }, (_, index) => sign('sha256', Buffer.from(String(index)), privateKey).toString('base64'));
    expect(new Set(signatures.map((text) => Buffer.from(text, 'base64').length)).size).toBeGreaterThan(1);
    const [first = ''] = signatures;
    const found = await Promise.all(signatures.slice(1).map((other) => inHeader('X-Signature', first, other)));
    expect(found.filter(({ result }) => result === 'same').length).toBeGreaterThan(36);
  });

  it.each([
    ['that is empty', 'Webhook-Signature', `v1,${base64}`, ''],
    ['that is a word', 'Webhook-Signature', `v1,${base64}`, 'undefined'],
    ['of an object', 'X-Hub-Signature-256', `sha256=${hex('a')}`, 'sha256=[object Object]'],
    ['without its prefix', 'X-Hub-Signature-256', `sha256=${hex('a')}`, hex('b')],
    ['of another hash', 'X-Hub-Signature', `sha256=${hex('a')}`, `sha1=${hex('b', 40)}`],
    ['with the prefix of another hash', 'X-Hub-Signature', `sha256=${hex('a')}`, `sha1=${hex('b')}`],
    ['of another version', 'Webhook-Signature', `v1,${base64}`, `v1a,${otherBase64}`],
    ['of the test version of Stripe', 'Stripe-Signature', `t=1700000000,v1=${hex('a')}`, `t=1700000000,v0=${hex('b')}`],
    ['without its time', 'Stripe-Signature', `t=1700000000,v1=${hex('a')}`, `v1=${hex('b')}`],
    ['with milliseconds', 'Stripe-Signature', `t=1700000000,v1=${hex('a')}`, `t=1700000000000,v1=${hex('b')}`],
    ['in another order', 'Stripe-Signature', `t=1700000000,v1=${hex('a')}`, `v1=${hex('b')},t=1700000000`],
    ['that is cut', 'X-Signature', hex('a'), hex('b', 40)],
    ['in capitals', 'X-Signature', hex('a'), hex('a').toUpperCase()],
    ['in another encoding', 'X-Signature', hex('a'), base64],
    ['in another alphabet', 'X-Signature', 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', '0-KCTR6DLpKmkAf8muzZqo1nDgQ='],
    ['without its padding', 'X-Signature', base64, otherBase64.replace('=', '')],
    ['in small letters', 'X-Signature', base64, otherBase64.toLowerCase()],
    ['of zeros', 'X-Signature', hex('a'), '0'.repeat(64)],
    ['of another algorithm', 'X-Signature', token({ iat: 1 }, 'x'), token({ iat: 2 }, 'y', 'none')],
    ['of other claims', 'X-Signature', token({ iat: 1 }, 'x'), token({ iss: 'a' }, 'y')],
    ['by another key', 'Signature', `keyId="key-1",signature="${base64}"`, `keyId="key-2",signature="${otherBase64}"`],
  ])('%s are a difference', async (_what, name, before, after) => {
    const { note, ...found } = await inHeader(name, before, after);
    expect(found).toEqual(different);
    expect(note).toMatch(/^The signature has another form: /);
    expect((await inHeader(name, after, before)).result).toBe('different');
  });
});

describe('times', () => {
  it.each([
    ['2026-01-01T00:00:00Z', '2027-12-31T23:59:59Z'],
    ['2026-01-01T00:00:00.123456789Z', '2026-01-01T00:00:00.1234567Z'],
    ['2026-03-28T00:00:00+01:00', '2026-03-29T12:00:00+02:00'],
    ['Thu, 01 Jan 2026 00:00:00 GMT', 'Fri, 02 Jan 2026 00:00:00 GMT'],
    ['1700000000', '1700000001'],
    ['1700000000123', '1700000001456'],
    ['20260101T000000Z', '20260102T000000Z'],
  ])('of the same notation are left out: %s and %s', async (before, after) => {
    expect(await inHeader('X-Time', before, after)).toMatchObject({ result: 'same', kind: 'dates' });
    expect(await inJson(before, after, 'created_at')).toMatchObject({ result: 'same', kind: 'dates' });
  });

  it.each([
    ['2026-01-01T00:00:00Z', '2026-13-45T99:00:00Z'],
    ['2026-01-01', '2026-02-29'],
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00'],
    ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00.000Z'],
    ['2026-01-01T00:00:00.123Z', '2026-01-02T00:00:00.123456Z'],
    ['2026-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00Z', '2026-01-01 00:00:00Z'],
    ['Thu, 01 Jan 2026 00:00:00 GMT', 'Fri, 01 Jan 2026 00:00:00 GMT'],
    ['Thu, 01 Jan 2026 00:00:00 GMT', '2026-01-01T00:00:00Z'],
    ['1700000000', '1700000000000'],
    ['1700000000', '17000000000'],
    ['1700000000', 'NaN'],
    ['1700000000', ''],
  ])('of another notation, or that do not exist, are a difference: %s and %s', async (before, after) => {
    expect(await inHeader('Webhook-Timestamp', before, after)).toMatchObject({
      ...different,
      note: expect.stringMatching(/^The time has/),
    });
    expect(await inJson(before, after, 'at')).toMatchObject(different);
    expect(await inJson(after, before, 'at')).toMatchObject(different);
  });

  it('of another type in JSON are a difference', async () => {
    expect(await inJson(1_700_000_000, 1_700_000_009, 'created')).toMatchObject({ result: 'same', kind: 'dates' });
    expect(await inJson(1_700_000_000, '1700000009', 'created')).toMatchObject(different);
  });

  it.each([
    'at',
    'created',
    'created_at',
    'updatedAt',
    'eventTime',
    'timestamp',
    'timestamp_ms',
    'ts',
    'due_date',
    'iat',
    'exp',
    'nbf',
    'expires',
  ])('may be bare numbers in %s', async (name) => {
    for (const [before, after] of [
      [1_700_000_000, 1_700_000_009],
      ['1700000000', '1700000009'],
    ])
      expect(await inJson(before, after, name)).toMatchObject({ result: 'same', kind: 'dates' });
  });

  it.each([
    ['phone', '2025550123', '2025550124'],
    ['amount', 1_700_000_000, 1_800_000_000],
    ['amount', 1_700_000_000_000, 1_800_000_000_000],
    ['format', '1700000000', '1700000001'],
    ['stats', 1_700_000_000, 1_700_000_001],
  ])('are no bare numbers in %s', async (name, before, after) => {
    expect(await inJson(before, after, name)).toEqual({ ...different, note: null });
    expect((await inHeader(`X-${name}`, String(before), String(after))).kind).toBe(null);
    expect((await inJson(1_700_000_000, 1_700_000_000_000, name)).note).toBe(null);
  });

  it('that say how long something took are left out where they have the same unit', async () => {
    expect(await inHeader('X-Response-Time', '12.5ms', '9ms')).toMatchObject({ result: 'same', kind: 'dates' });
    expect(await inHeader('X-Response-Time', '12.5ms', '9s')).toMatchObject(different);
  });
});

describe('ids', () => {
  const uuid = '0b3a1c52-7c1e-4f0e-9a55-1f2e3d4c5b6a';
  it.each([
    [uuid, '9f3a1c52-7c1e-4f0e-9a55-1f2e3d4c5b6f'],
    ['01ARZ3NDEKTSV4RRFFQ69G5FAV', '01BX5ZZKBKACTAV9WEVGEMMVRZ'],
    ['a1b2c3d4e5f60718', 'b1b2c3d4e5f60719'],
    ['A1B2C3D4E5F60718', 'DE89370400440532'],
    ['de89370400440532abcdef01', 'ab12370400440532abcdef02'],
    ['cus_NffrFeUfNV2Hib', 'cus_MggrGeVfOW3Ijc'],
    ['cs_test_a1B2c3D4e5F6', 'cs_test_b1C2d3E4f5G6'],
    ['evt_9', 'evt_10'],
    ['ORD_17', 'ORD_18'],
    ['ORD-9', 'ORD-10'],
    ['order-1042', 'order-1043'],
    ['LINE_ITEM-7', 'LINE_ITEM-8'],
    ['INV2024-0003', 'INV2024-0004'],
    ['INV2024-0999', 'INV2025-0001'],
    ['inv-20240131-99', 'inv-20240201-100'],
    ['PO-2024/17', 'PO-2024/18'],
    ['INV10420003', 'INV10420004'],
    ['evt_0000000001', 'evt_0000000002'],
    ['req_01ARZ3NDEKTSV4RRFFQ69G5FAV', 'req_01BX5ZZKBKACTAV9WEVGEMMVRZ'],
    ['price_1MoBy5LkdIwHu7ixZhnattbh', 'price_1NoCz6MleJxIv8jyAiobuuci'],
  ])('of the same kind are left out: %s and %s', async (before, after) => {
    expect(await inHeader('X-Request-Id', before, after)).toMatchObject({ result: 'same', kind: 'ids' });
    expect(await inJson(before, after)).toMatchObject({ result: 'same', kind: 'ids' });
  });

  it.each([
    ['292430182', '292430199'],
    ['Root=1-5759e988-bd862e3fe1be46a994272793', 'Root=1-5759e989-ad862e3fe1be46a994272794'],
    ['8a1b2c3d4e5f6a7b-FRA', '9a1b2c3d4e5f6a7c-AMS'],
    ['V1StGXR8_Z5jdHi6B-myT', 'k3Xt-XR8Z5jdHi6B_mm2A'],
  ])('of any sender are left out in a header that is called one: %s and %s', async (before, after) => {
    expect(await inHeader('X-Event-Id', before, after)).toMatchObject({ result: 'same', kind: 'ids' });
  });

  it.each([
    ['msg_2abcdefGHIJKLM', 'undefined'],
    ['msg_2abcdefGHIJKLM', ''],
    ['msg_2abcdefGHIJKLM', 'msg_undefined'],
    ['msg_2abcdefGHIJKLM', 'msg_1'],
    ['msg_2abcdefGHIJKLM', '2abcdefGHIJKLM'],
    ['msg_2abcdefGHIJKLM', 'msg_2abcdefghijklm'],
    ['cus_NffrFeUfNV2Hib', 'evt_NffrFeUfNV2Hib'],
    ['cs_test_a1B2c3D4e5F6', 'cs_live_a1B2c3D4e5F6'],
    [uuid, uuid.replaceAll('-', '')],
    [uuid, '00000000-0000-0000-0000-000000000000'],
    [uuid, uuid.toUpperCase()],
    ['a1b2c3d4e5f60718', 'a1b2c3d4e5f6071'],
    ['292430182', '0'],
    ['01ARZ3NDEKTSV4RRFFQ69G5FAV', uuid],
    ['ORD_17', 'ORD-17'],
    ['ORD_17', 'order_17'],
    ['INV2024-0003', 'INV24-0003'],
    ['INV2024-0003', 'INV2024/0003'],
    ['INV2024-0003', 'INV20240003'],
    ['INV2024-0003', 'PO2024-0004'],
  ])('of another kind are a difference: %s and %s', async (before, after) => {
    const note = 'The two are not ids of the same form.';
    expect(await inHeader('Webhook-Id', before, after)).toEqual({ ...different, note });
    expect(await inJson(before, after)).toMatchObject(different);
    expect(await inJson(after, before)).toMatchObject(different);
  });
});

describe('a value that is called like no id', () => {
  it.each([
    ['PLAN_1', 'PLAN_2'],
    ['TR-34', 'TR-35'],
    ['SI-061', 'SI-062'],
    ['REV2024-0003', 'REV2024-0004'],
    ['ORDER_CREATED', 'ORDER_UPDATED'],
    ['event_v1', 'event_v2'],
    ['order-v1', 'order-v2'],
    ['webhook_v1', 'webhook_v2'],
    ['sub_30d', 'sub_90d'],
    ['pr_usd1', 'pr_eur1'],
    ['usd1', 'usd2'],
    ['pr1', 'pr2'],
    ['refund_paid1', 'refund_void1'],
    ['order_created1', 'order_deleted1'],
    ['order_itemCreated1', 'order_itemDeleted1'],
    ['message_sha256', 'message_sha512'],
    ['us_central1', 'us_central2'],
    ['plan_premium1', 'plan_starter2'],
    ['plan_subscription-premium-2024', 'plan_subscription-starter-2024'],
    ['tier_standard1', 'tier_standard2'],
    ['price_usd10monthly', 'price_eur10monthly'],
    ['iso8859-1', 'iso8859-2'],
    ['enc_iso8859-1', 'enc_iso8859-2'],
    ['1000000000000000000', '2000000000000000000'],
    ['4242424242424242', '4000056655665556'],
    ['amt_1000000000000000000', 'amt_2000000000000000000'],
    ['DE89370400440532013000', 'DE02120300000000202051'],
    ['de89370400440532013000', 'de02120300000000202051'],
    ['ad7400012030200359a001c0', 'ad2700080001001234b67890'],
    ['AE070331234567890123456', 'AE460090000000123456789'],
    ['12345678901234567890123456', '12345678901234567890123457'],
    ['92748999985491513004250044', '92748999985491513004250045'],
    ['ABCDEFGHJKMNPQRSTVWXYZABCD', 'ABCDEFGHJKMNPQRSTVWXYZABCE'],
    ['91ARZ3NDEKTSV4RRFFQ69G5FAV', '91BX5ZZKBKACTAV9WEVGEMMVRZ'],
  ])('is a difference: %s and %s', async (before, after) => {
    expect(await inJson(before, after)).toMatchObject(different);
  });
});

it('takes long decimal numbers for ids only in a member that is called one', async () => {
  for (const name of ['id', 'user_id', 'userId', 'orderID'])
    expect(await inJson('1100000000000000001', '1100000000000000002', name)).toMatchObject({ result: 'same', kind: 'ids' });
  for (const name of ['value', 'paid', 'grid', 'wei'])
    expect(await inJson('1100000000000000001', '1100000000000000002', name)).toMatchObject(different);
  expect(await inHeader('X-Event-Id', 'event_v1', 'event_v2')).toMatchObject(different);
});

describe('a signature over the same content', () => {
  const sent: readonly Header[] = [
    ['Webhook-Id', 'msg_1'],
    ['Webhook-Timestamp', '1700000000'],
  ];
  const note = 'The signature differs over the same content: another secret made it, or it was changed afterwards.';
  const signatures = [
    ['X-Hub-Signature-256', `sha256=${hex('a')}`, `sha256=${hex('b')}`],
    ['Webhook-Signature', `v1,${base64}`, `v1,${otherBase64}`],
    ['Stripe-Signature', `t=1700000000,v1=${hex('a')}`, `t=1700000000,v1=${hex('b')}`],
    ['X-Shopify-Hmac-Sha256', base64, otherBase64],
    ['X-Signature-SHA512', hex('a').repeat(2), hex('b').repeat(2)],
  ] as const;
  it.each(signatures)('is of another secret in %s', async (name, before, after) => {
    const both = await compared([...sent, [name, before]], [...sent, [name, after]], ['{"a":1}', '{"a":1}']);
    expect(both).toMatchObject({ result: 'different', headers: [{ name, note }], leftOutHeaders: [] });
    // What is written on the way is not signed.
    const sides = [before, after].map((value, index): readonly Header[] => [
      ...sent,
      [name, value],
      ['CF-Ray', `8a1b2c3d4e5f6a7${index}-FRA`],
    ]);
    expect((await compared(sides[0] ?? [], sides[1] ?? [])).headers).toMatchObject([{ name, note }]);
  });

  it.each(signatures)('is left out in %s where an id, a time or the body is another', async (name, before, after) => {
    const others: readonly (readonly Header[])[] = [
      [['Webhook-Id', 'msg_2'], sent[1] ?? ['', '']],
      [sent[0] ?? ['', ''], ['Webhook-Timestamp', '1700000001']],
    ];
    for (const other of others)
      expect(await compared([...sent, [name, before]], [...other, [name, after]])).toMatchObject({ result: 'same', headers: [] });
    const bodies = ['{"id":"evt_1"}', '{"id":"evt_2"}'] as const;
    expect(await compared([...sent, [name, before]], [...sent, [name, after]], bodies)).toMatchObject({ result: 'same', headers: [] });
  });

  it.each([
    ['a time in it', 'Stripe-Signature', `t=1700000000,v1=${hex('a')}`, `t=1700000001,v1=${hex('b')}`],
    ['one in common', 'Webhook-Signature', `v1,${base64} v1,${otherBase64}`, `v1,${otherBase64}`],
    ['a length of RSA', 'X-Signature', hex('a').repeat(8), hex('b').repeat(8)],
    ['a nonce before it', 'X-Signature', `${hex('c', 32)}.${hex('a')}`, `${hex('d', 32)}.${hex('b')}`],
    ['an id in it', 'X-Signature', `id=${hex('c', 32)},sig=${hex('a')}`, `id=${hex('d', 32)},sig=${hex('b')}`],
    ['a salt in it', 'X-Signature', `salt:${hex('c', 32)},${hex('a')}`, `salt:${hex('d', 32)},${hex('b')}`],
    ['a nonce', 'X-Signature-Nonce', hex('a', 32), hex('b', 32)],
  ])('may differ for another reason with %s', async (_what, name, before, after) => {
    expect(await compared([[name, before]], [[name, after]])).toMatchObject({ result: 'same', headers: [] });
  });

  it('may be another for another URL', async () => {
    const [name, before, after] = signatures[0];
    const other = { ...request([[name, after]]), target: '/other' };
    const { headers } = await compareRequests(request([[name, before]]), other, firstAndSecond, noiseKind.options);
    expect(headers).toEqual([]);
  });
});

describe('a digest of the body', () => {
  const sha = (of: string) => createHash('sha256').update(of).digest('base64');
  const values: Readonly<Record<string, (of: string) => string>> = {
    'Content-MD5': (of) => createHash('md5').update(of).digest('base64'),
    Digest: (of) => `SHA-256=${sha(of)}`,
    'Content-Digest': (of) => `sha-256=:${sha(of)}:`,
    'Repr-Digest': (of) => `sha-256=:${sha(of)}:`,
    'X-Goog-Hash': (of) => `crc32c=${Buffer.from(of.padEnd(4)).subarray(0, 4).toString('base64')},md5=${sha(of)}`,
    'X-Amz-Checksum-Sha256': sha,
    'X-Amz-Checksum-Crc32': (of) => Buffer.from(of.padEnd(4)).subarray(0, 4).toString('base64'),
    'x-amz-content-sha256': (of) => createHash('sha256').update(of).digest('hex'),
  };
  it.each(Object.keys(values))('in %s is told where both bodies are the same, since one is wrong then', async (name) => {
    const value = values[name] ?? String;
    const note = 'A digest of the body, which is the same on both sides: one of the two digests is wrong.';
    for (const body of ['{"a":1}', '']) {
      const both = await compared([[name, value('one')]], [[name, value('two')]], [body, body]);
      expect(both).toMatchObject({ result: 'different', headers: [{ name, note }], leftOutHeaders: [] });
    }
    const answer = (of: string, body: string) => ({ ...request([[name, value(of)]], body), status: 200 });
    const ignored = { headers: [], paths: [], noise: [] };
    expect(await compareAnswers(answer('one', 'x'), answer('two', 'x'), ignored)).toMatchObject({ headers: [{ name, note }] });
    // An answer without a body, as to HEAD, may have a digest of what was not sent.
    const { headers } = await compareAnswers(answer('one', ''), answer('two', ''), ignored);
    expect(headers.map((header) => header.note)).not.toContain(note);
  });

  it.each([
    'X-Body-Sha256',
    'X-Content-SHA256',
    'X-Payload-Sha256',
    'X-Checksum-Sha256',
    'X-Body-MD5',
    'X-Body-Digest',
    'X-Sha256-Body',
    'X_Body_Hash',
  ])('in %s is known by the words of its name', async (name) => {
    const [one, other]: readonly (readonly Header[])[] = [[[name, hex('a')]], [[name, hex('b')]]];
    const note = 'A digest of the body, which is the same on both sides: one of the two digests is wrong, or was made with another secret.';
    expect(await compared(one ?? [], other ?? [], ['x', 'x'])).toMatchObject({ result: 'different', headers: [{ name, note }] });
    expect(await inHeader(name, hex('a'), hex('b'))).toMatchObject({ result: 'same', kind: 'signatures' });
  });

  it.each(['Want-Content-Digest', 'X-Amz-Checksum-Type', 'X-Amz-Sdk-Checksum-Algorithm'])('is not in %s', async (name) => {
    const { headers } = await compared([[name, 'SHA256']], [[name, 'CRC32']], ['x', 'x']);
    expect(headers).toMatchObject([{ name, note: null }]);
  });

  it('follows from the body where that is another, and is told without blame by another algorithm', async () => {
    const one = { body: '{"id":"evt_1"}', digest: `sha-256=:${sha('{"id":"evt_1"}')}:` };
    const other = { body: '{"id":"evt_2"}', digest: `sha-256=:${sha('{"id":"evt_2"}')}:` };
    const both = await compared([['Content-Digest', one.digest]], [['Content-Digest', other.digest]], [one.body, other.body]);
    expect(both).toMatchObject({ result: 'same', leftOutHeaders: [{ name: 'Content-Digest', kind: 'signatures' }] });
    const sha512 = `sha-512=:${createHash('sha512').update(one.body).digest('base64')}:`;
    const ways = await compared([['Content-Digest', one.digest]], [['Content-Digest', sha512]], [one.body, one.body]);
    expect(ways).toMatchObject({ result: 'different', headers: [{ note: expect.stringMatching(/^The digest has another form/) }] });
    // A signature is another for the same body at another time.
    expect(await inHeader('X-Shopify-Hmac-Sha256', base64, otherBase64)).toMatchObject({ result: 'same', kind: 'signatures' });
  });
});

describe('what somebody chose is a difference, though it looks like an id or a time', () => {
  it.each([
    ['X-Gitlab-Token', hex('a', 32), hex('b', 32)],
    ['X-Webhook-Secret', 'whsec_a1b2c3d4e5', 'whsec_f1b2c3d4e5'],
    ['Authorization', hex('a', 32), hex('b', 32)],
    ['X-Api-Key', 'key_a1b2c3d4e5', 'key_f1b2c3d4e5'],
    ['X-Signature-Key-Id', 'key_a1b2c3d4e5', 'key_f1b2c3d4e5'],
    ['Stripe-Version', '2025-01-01', '2026-01-01'],
  ])('in %s', async (name, before, after) => {
    expect(await inHeader(name, before, after)).toEqual({ ...different, note: null });
  });

  it.each([
    ['api_version', '2025-01-01', '2026-01-01'],
    ['api_key', hex('a', 32), hex('b', 32)],
  ])('in %s of a body', async (name, before, after) => {
    expect(await inJson(before, after, name)).toMatchObject(different);
    expect(await inJson([before], [after], name)).toMatchObject(different);
  });
});
