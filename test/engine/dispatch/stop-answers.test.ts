import { onTestFinished, describe, expect, it } from 'vitest';
import type { HeaderField } from '#shared/contract/common.ts';
import type { StopAnswer } from '#shared/contract/stop-answers.ts';
import { stopsOf } from '#shared/stop-answers.ts';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { respond, startReceiver, type Answer } from '../../support/scripted-receiver.ts';

const rule = (given: Partial<StopAnswer>): StopAnswer => ({ statuses: null, header: null, value: null, action: 'end', ...given });
const everySecond = { kind: 'schedule', delaysMs: [1000, 1000] } as const;

/** Sends one event to an endpoint whose receiver first answers so. */
async function answeredBy(answer: Answer, fields: object) {
  const receiver = await startReceiver([respond(answer)]);
  onTestFinished(() => receiver.close());
  const { client, clock, deliveryWhen } = await startClockedEngine();
  const { id } = await client.endpoints.create({ name: 'Own', url: receiver.url, retryPolicy: everySecond, ...fields } as never);
  const { deliveries } = await client.messages.send({ type: 'a.b', data: {} as never, endpointIds: [id] });
  const delivery = await deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
  return { client, clock, delivery, endpoint: await client.endpoints.get({ id }) };
}

describe('an answer that stops', () => {
  it.each([
    { name: 'a status', rules: [rule({ statuses: '406,410' })], status: 406, headers: [], ends: true },
    { name: 'another status', rules: [rule({ statuses: '406,410' })], status: 407, headers: [], ends: false },
    {
      name: 'a header of any value',
      rules: [rule({ header: 'X-Stop' })],
      status: 500,
      headers: [['x-stop', 'please'] as const],
      ends: true,
    },
    {
      name: 'a header by its value',
      rules: [rule({ header: 'X-Stop', value: 'Yes' })],
      status: 500,
      headers: [['x-stop', ' yes '] as const],
      ends: true,
    },
    {
      name: 'a header of another value',
      rules: [rule({ header: 'X-Stop', value: 'yes' })],
      status: 500,
      headers: [['x-stop', 'no'] as const],
      ends: false,
    },
    {
      name: 'only one of two that must be there',
      rules: [rule({ statuses: '5xx', header: 'X-Stop' })],
      status: 500,
      headers: [],
      ends: false,
    },
  ] as { name: string; rules: StopAnswer[]; status: number; headers: HeaderField[]; ends: boolean }[])(
    'is known by $name',
    ({ rules, status, headers, ends }) => {
      expect(stopsOf(rules, { code: 'http_status', status }, headers).endReason !== null).toBe(ends);
    },
  );

  it('is none where the answer was not whole', () => {
    const stops = stopsOf([rule({ statuses: '406' })], { code: 'timeout', status: 406 }, []);
    expect(stops).toEqual({ endReason: null, disableReason: null });
  });

  it('ends the delivery by its status, and says so', async () => {
    const { delivery, endpoint } = await answeredBy({ status: 406 }, { stopAnswers: [{ statuses: '406', action: 'end' }] });
    expect(delivery).toMatchObject({
      status: 'exhausted',
      endReason: 'The receiver answered 406, after which this endpoint makes no further attempt.',
    });
    expect(endpoint.isActive).toBe(true);
  });

  it('ends the delivery by its header', async () => {
    const { delivery } = await answeredBy({ status: 503, headers: [['X-Slack-No-Retry', '1']] }, { profile: 'slack' });
    expect(delivery).toMatchObject({
      status: 'exhausted',
      endReason: 'The receiver answered 503 with x-slack-no-retry: 1, after which this endpoint makes no further attempt.',
    });
  });

  it.each([
    { status: 500, state: 'failed' },
    { status: 200, state: 'delivered' },
  ])('disables the endpoint, also where it is $status', async ({ status, state }) => {
    const { client, delivery, endpoint } = await answeredBy({ status, headers: [['webhook-delivery', 'disable']] }, { profile: 'svix' });
    expect(delivery.status).toBe(state);
    const message = `Switched off because its receiver answered ${status} with webhook-delivery: disable.`;
    expect(endpoint).toMatchObject({
      isActive: false,
      health: 'disabled',
      disabledReason: 'asked',
      healthMessage: expect.stringContaining(message),
    });
    expect((await client.endpoints.history({ id: endpoint.id })).items).toContainEqual(
      expect.objectContaining({ kind: 'disabled', message }),
    );
    expect(await client.endpoints.update({ id: endpoint.id, isActive: true })).toMatchObject({ isActive: true, disabledReason: null });
  });

  it('counts for nothing in a test of the endpoint', async () => {
    const receiver = await startReceiver([], { otherwise: respond({ status: 200, headers: [['webhook-delivery', 'disable']] }) });
    onTestFinished(() => receiver.close());
    const { client, deliveryWhen } = await startClockedEngine();
    const { id } = await client.endpoints.create({ profile: 'svix', url: receiver.url });
    const { deliveries } = await client.endpoints.test({ id });
    await deliveryWhen(deliveries[0]?.id ?? '', hasAttempts(1));
    expect((await client.endpoints.get({ id })).isActive).toBe(true);
  });

  it('is refused where nothing names it', async () => {
    const { client } = await startClockedEngine();
    const make = (stopAnswers: object[]) =>
      client.endpoints.create({ name: 'Own', url: 'http://127.0.0.1:9/', stopAnswers: stopAnswers as never });
    await expect(make([{ action: 'end' }])).rejects.toMatchObject({
      data: { issues: [{ path: 'stopAnswers.0.statuses', message: 'Give statuses, such as 406, or the name of a header.' }] },
    });
    await expect(make([{ statuses: '406', value: 'x', action: 'end' }])).rejects.toMatchObject({
      data: { issues: [{ path: 'stopAnswers.0.header' }] },
    });
  });
});

describe('Retry-After', () => {
  it.each([
    { unit: undefined, waitMs: 7_000_000 },
    { unit: 'milliseconds' as const, waitMs: 7000 },
  ])('counts in the unit of the policy, seconds by default: $unit', async ({ unit, waitMs }) => {
    const retryAfter = { kind: 'honour', ...(unit === undefined ? {} : { unit }) };
    const { clock, delivery } = await answeredBy(
      { status: 429, headers: [['Retry-After', '7000']] },
      { retryPolicy: { ...everySecond, retryAfter } },
    );
    expect(delivery.nextAttemptAtMs).toBe(clock.now() + waitMs);
  });
});
