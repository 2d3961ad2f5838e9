import { describe, expect, it } from 'vitest';
import { findingOf, type VariantAnswer } from '#engine/checks/variants/finding.ts';
import { plainOutcome } from '#engine/http/outcome.ts';
import type { CheckDetail } from '#shared/contract/checks.ts';
import { casesWith, checked, startChecking } from './checking.ts';
import { stripeReceiver } from './planted.ts';
import { serveReceivers, stripeSecret, type Receive } from './receivers.ts';

/** An order as shops send it. */
const schema = {
  type: 'object',
  required: ['id', 'status', 'placed_at', 'customer', 'items'],
  properties: {
    id: { type: 'integer', minimum: 1 },
    status: { enum: ['paid', 'refunded', 'void'] },
    placed_at: { type: 'string', format: 'date-time' },
    customer: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { type: 'string', minLength: 1 },
        email: { type: ['string', 'null'], format: 'email' },
        address: { $ref: '#/$defs/address' },
      },
    },
    items: {
      type: 'array',
      items: { type: 'object', required: ['sku'], properties: { sku: { type: 'string' }, price: { type: 'number' } } },
    },
    note: { type: ['string', 'null'], maxLength: 500 },
    coupon: { oneOf: [{ $ref: '#/$defs/percent' }, { $ref: '#/$defs/amount' }] },
  },
  $defs: {
    address: { type: 'object', required: ['city'], properties: { city: { type: 'string' }, zip: { type: 'string', pattern: '^\\d{5}$' } } },
    percent: { type: 'object', required: ['percent'], properties: { percent: { type: 'integer', minimum: 1, maximum: 100 } } },
    amount: { type: 'object', required: ['amount'], properties: { amount: { type: 'number' } } },
  },
};

const sample = {
  id: 1042,
  status: 'paid',
  placed_at: '2026-01-15T09:30:00Z',
  customer: { name: 'Ada', email: 'ada@example.com', address: { city: 'London', zip: '12345' } },
  items: [{ sku: 'A-1', price: 19.99 }],
  note: 'Leave at the door',
};

/** An order as careless code takes it to be. */
interface Order {
  readonly id: number;
  readonly status: string;
  readonly placed_at: string;
  readonly customer: { readonly name: string; readonly email: string; readonly address: { readonly city: string } };
  readonly items: readonly [{ readonly sku: string; readonly price: number }];
  readonly note: string | null;
}

/** A receiver of orders that is right but for what it does with them; its events come in Stripe's envelope. */
function orders(act: (order: Order, json: string) => number): Receive {
  return (request) => act((JSON.parse(request.body.toString('utf8')) as { readonly data: Order }).data, request.body.toString('utf8'));
}

/** Throws as code does that a value surprises. */
function demand(holds: boolean): number {
  if (!holds) throw new TypeError('This was not expected.');
  return 200;
}

const bigId = orders(({ id }) => (Number.isSafeInteger(id) ? 200 : 422));

const planted: Readonly<Record<string, { readonly receive: Receive; readonly says: string }>> = {
  null: {
    receive: orders(({ customer }) => demand(!('email' in customer) || customer.email.toLowerCase() !== '')),
    says: 'It answers 500 when `customer.email` is null; with "ada@example.com" there it answers 200.',
  },
  missing: {
    receive: orders(({ customer }) => demand(customer.address.city !== null)),
    says: 'It answers 500 when `customer.address` is missing; with an object there it answers 200.',
  },
  'big-id': {
    receive: bigId,
    says: 'It answers 422 when `id` is 9007199254740993; when it is 2147483648, it answers 200.',
  },
  'no-offsets': {
    receive: orders(({ placed_at: at }) => (/^[\d-]{10}T[\d:.]+Z$/.test(at) ? 200 : 400)),
    says: 'It answers 400 when `placed_at` is "2026-01-15T09:30:00+05:30", and also when it is "2026-01-15T09:30:00.123456-08:00"; with "2026-01-15T09:30:00Z" there it answers 200.',
  },
  'unknown-status': {
    receive: orders(({ status }) => demand({ paid: true, refunded: true }[status] ?? false)),
    says: 'It answers 500 when `status` is "void"; with "paid" there it answers 200.',
  },
  'first-item': {
    receive: orders(({ items }) => demand(items[0].sku !== null)),
    says: 'It answers 500 when `items` is empty; with a list there it answers 200.',
  },
  apostrophe: {
    receive: orders(({ customer }) => demand(!customer.name.includes("'"))),
    says: 'It answers 500 when `customer.name` has an apostrophe ("O\'Brien"); with "Ada" there it answers 200.',
  },
  emoji: {
    receive: orders(({ customer }) => demand(!/[\u{10000}-\u{10ffff}]/u.test(customer.name))),
    says: 'It answers 500 when `customer.name` has emoji ("🦆 👩‍👧"); with "Ada" there it answers 200.',
  },
  'short-column': {
    receive: orders(({ note }) => ((note ?? '').length <= 255 ? 200 : 400)),
    says: 'It answers 400 when `note` has 256 characters; when it has 65 characters, it answers 200.',
  },
  both: {
    receive: orders(({ note, customer }) => demand(note !== null || customer.email !== null)),
    says: 'It answers 500 when `note` is null and `customer.email` is null; with only one of these it takes the event.',
  },
};

async function catalogued() {
  const client = await startChecking();
  await client.eventTypes.create({ name: 'order.placed', schema, sample });
  const check = async (url: string, more: Partial<Parameters<typeof client.checks.start>[0]> = {}): Promise<CheckDetail> =>
    await checked(client, {
      target: { name: 'Orders', url, signing: null },
      eventType: 'order.placed',
      seed: 3,
      only: ['variants'],
      ...more,
    });
  return { client, check };
}

describe('variants of an event', () => {
  it('finds what each of several receivers breaks over, by its path and as small as it gets, and nothing else', async () => {
    const { check } = await catalogued();
    const server = await serveReceivers(Object.fromEntries(Object.entries(planted).map(([name, { receive }]) => [name, receive])));
    const found: Record<string, readonly string[]> = {};
    for (const name of Object.keys(planted)) {
      const { defects } = await check(server.urlOf(name));
      found[name] = defects.map(({ message }) => message);
    }
    expect(found).toEqual(Object.fromEntries(Object.entries(planted).map(([name, { says }]) => [name, [says]])));
  }, 120_000);

  it('finds nothing wrong with a right receiver, whose requests are signed and fit the schema', async () => {
    const { client, check } = await catalogued();
    const bodies: string[] = [];
    const server = await serveReceivers({
      right: stripeReceiver({ act: (_event, { body }) => (bodies.push(body.toString('utf8')), 200) }),
    });
    const signed = await checked(client, {
      target: { name: 'Orders', url: server.urlOf('right'), profile: 'stripe', secret: stripeSecret },
      eventType: 'order.placed',
      only: ['variants'],
      seed: 3,
    });
    expect(signed).toMatchObject({ status: 'completed', defects: [], counts: { failed: 0, advice: 0, skipped: 0 } });
    expect(signed.cases.find(({ id }) => id === 'variant-base')?.message).toMatch(/^It was taken\. 40 variants of it differ in one place/);
    // All digits arrive.
    expect(bodies.some((body) => body.includes('9223372036854775807'))).toBe(true);
    expect(bodies.length).toBeGreaterThanOrEqual(55);
    const plain = await serveReceivers({ right: () => 200 });
    const few = await check(plain.urlOf('right'), { only: ['variant-combined'], variants: 10 });
    expect(few.cases.at(-1)?.message).toMatch(
      /^All 3 variants were taken\. \d+ edges of the schema came in no variant: ask for more of them\.$/,
    );
    const again: string[] = [];
    const second = await serveReceivers({ right: stripeReceiver({ act: (_event, { body }) => (again.push(body.toString('utf8')), 200) }) });
    await checked(client, {
      target: { name: 'Orders', url: second.urlOf('right'), profile: 'stripe', secret: stripeSecret },
      eventType: 'order.placed',
      only: ['variants'],
      seed: 3,
    });
    const dataOf = (body: string) => body.slice(body.indexOf('"data"'), body.indexOf('"livemode"'));
    expect(again.map(dataOf)).toEqual(bodies.map(dataOf));
  }, 60_000);

  it('says so where the answers to one request differ, and where the receiver stays broken', async () => {
    const { check } = await catalogued();
    let isFirst = true;
    let hasBroken = false;
    let isBroken = false;
    const server = await serveReceivers({
      flaky: orders(({ note }) => {
        if (note !== null || !isFirst) return 200;
        isFirst = false;
        return 422;
      }),
      once: orders(({ note }) => {
        if (note !== null || hasBroken) return 200;
        hasBroken = true;
        return 503;
      }),
      lasting: orders(({ note }) => {
        isBroken ||= note === null;
        return isBroken ? 500 : 200;
      }),
    });
    const flaky = await check(server.urlOf('flaky'));
    expect(casesWith(flaky, 'advice')).toEqual([
      'variant-null: It answered 422 once and 200 the second time when `note` is null: the same request is not always treated alike.',
    ]);
    expect(flaky.defects.map(({ level, title }) => [level, title])).toEqual([
      ['should', 'It does not always take an event in which note is null'],
    ]);
    const once = await check(server.urlOf('once'));
    expect(casesWith(once, 'failed', 'advice')).toEqual([]);
    expect(once.defects).toMatchObject([
      {
        id: 'unsteady',
        level: 'should',
        evidence: ['variant-null'],
        message: expect.stringMatching(/^It answered 503 to 1 of \d+ requests/),
      },
    ]);
    const lasting = await check(server.urlOf('lasting'));
    expect(casesWith(lasting, 'failed')[0]).toContain('Since then it answers 500 what it took before, too.');
    expect(casesWith(lasting, 'skipped').at(-1)).toContain('After a variant the receiver no longer took what it took before');
  }, 60_000);

  it('says how to get a schema where there is none, and why nothing is made where it cannot be', async () => {
    const { client, check } = await catalogued();
    const server = await serveReceivers({ open: () => 200, closed: () => 400 });
    await client.eventTypes.create({ name: 'order.noted', sample: { note: 'x' } });
    const bare = await check(server.urlOf('open'), { eventType: 'order.noted' });
    expect(bare.total).toBe(2);
    expect(casesWith(bare, 'skipped')).toEqual([
      expect.stringMatching(
        /^variant-base: The catalogue has no JSON Schema for order\.noted, .* order\.placed has one: .* save a capture as an event type/,
      ),
    ]);
    const only = await check(server.urlOf('open'), { eventType: 'order.noted', only: ['variant-null', 'variant-text'] });
    expect(only.total).toBe(2);
    expect(casesWith(only, 'skipped')).toEqual([expect.stringContaining('variant-null: The catalogue has no JSON Schema')]);
    await client.eventTypes.create({ name: 'order.never', schema: { allOf: [{ type: 'string' }, { type: 'object' }] }, sample: {} });
    expect(casesWith(await check(server.urlOf('open'), { eventType: 'order.never' }), 'skipped')[0]).toContain(
      'none could be made that fits it',
    );
    await client.eventTypes.create({ name: 'order.slow', schema: { type: 'object', properties: { a: { type: 'strin' } } }, sample: {} });
    expect(casesWith(await check(server.urlOf('open'), { eventType: 'order.slow' }), 'skipped')[0]).toContain(
      'is not valid: properties.a.type',
    );
    const given = await check(server.urlOf('open'), { data: { id: 'not a number' }, variants: 10 });
    expect(given.cases.find(({ id }) => id === 'variant-base')?.message).toContain(
      'breaks the schema, so that the variants are of data that was made by it',
    );
    const refused = await check(server.urlOf('closed'), { isWhole: true });
    expect(casesWith(refused, 'failed').at(-1)).toMatch(/^variant-base: .*400/);
    expect(casesWith(refused, 'skipped')[0]).toContain('The event that variants are made from was not taken');
  }, 60_000);

  it('says so in whole words where one of two requests that are the same is not answered', () => {
    const request = { method: 'POST', url: 'http://127.0.0.1/', headers: [], bodyBase64: '', bodyBytes: 0 };
    const answered = (status: number | null): VariantAnswer => ({
      kind: status === null ? 'unanswered' : 'accepted',
      exchange: {
        deliveryId: null,
        sentHow: null,
        request,
        outcome: plainOutcome(status === null ? 'timeout' : 'ok', ''),
        answer: status === null ? null : { status, headers: [], bodyBase64: '', bodyBytes: 0 },
        durationMs: 1,
      },
    });
    const value = { source: 'null', words: 'is null' };
    const edge = { group: 'null', kind: 'null', path: ['note'], value, smaller: [], isStated: true, parents: [], usual: null } as const;
    const found = { edges: [edge], dataJson: '{}', answer: answered(null), base: answered(200), stillTaken: null, isSmallest: true };
    expect(findingOf({ ...found, secondAnswer: answered(204), isLasting: false }, [], 'order.placed').message).toBe(
      'It did not answer (timeout) once and answered 204 the second time when `note` is null: the same request is not always treated alike.',
    );
  });

  it('does not count what could not be made among what was taken', async () => {
    const client = await startChecking();
    const server = await serveReceivers({ open: () => 200 });
    // Without an email it is no JSON.
    const template = '{"name": "{{ data.name }}", "email": {% if data.email %}"{{ data.email }}"{% endif %}}';
    const { id: endpointId } = await client.endpoints.create({ name: 'Users', url: server.urlOf('open'), template });
    const nullable = { type: ['string', 'null'] };
    const nulls = async (eventType: string, properties: Record<string, typeof nullable>, data: Record<string, string>) => {
      await client.eventTypes.create({ name: eventType, schema: { type: 'object', properties }, sample: data });
      const { cases } = await checked(client, { endpointId, eventType, only: ['variant-null'], seed: 3 });
      return cases.at(-1);
    };
    expect(await nulls('user.named', { email: nullable, name: nullable }, { email: 'a@example.com', name: 'Ada' })).toMatchObject({
      result: 'passed',
      message: expect.stringMatching(/^1 of 2 variants was taken\. One request could not be made: The template renders invalid JSON/),
    });
    expect(await nulls('user.made', { email: nullable }, { email: 'a@example.com', name: 'Ada' })).toMatchObject({
      result: 'skipped',
      message: expect.stringMatching(/^One request could not be made: The template renders invalid JSON/),
    });
  }, 60_000);

  it('gives what it found as data with all digits, which can be saved as a sample', async () => {
    const { client, check } = await catalogued();
    const server = await serveReceivers({ 'big-id': bigId });
    const { cases } = await check(server.urlOf('big-id'));
    const [finding] = cases.flatMap(({ findings }) => findings);
    expect(finding).toMatchObject({ level: 'should', places: [{ path: 'id', is: 'is 9007199254740993' }], isFlaky: false });
    const dataText = finding?.dataText ?? '';
    expect(dataText).toContain('{"id":9007199254740993,"status":"paid"');
    const saved = await client.eventTypes.addSample({ name: 'order.placed', dataText, sample: 'id is large' });
    expect(saved.samples.at(-1)).toMatchObject({ name: 'id is large', dataText });
    await expect(client.eventTypes.addSample({ name: 'order.placed' })).rejects.toThrow('Give captureId or data');
  }, 60_000);
});
