import { expect, test } from 'vitest';
import { targetHints } from '../../../src/renderer/features/compose/target-hints.ts';

const endpoint = { name: 'Shop', url: 'http://127.0.0.1:3000/hooks', events: ['order.*'], lastDelivery: null };
const last = (outcomeCode: string) => ({ id: 'dlv_1', atMs: 5, outcomeCode, status: null });

test('an endpoint where nothing listened lately, or that would not get the event by itself, has a hint before anything is sent', () => {
  expect(targetHints(endpoint, 'order.paid')).toEqual([]);
  expect(targetHints({ ...endpoint, lastDelivery: last('refused') }, 'order.paid')).toEqual([
    { sentence: 'Nothing listened at 127.0.0.1:3000 when the last event was sent there', atMs: 5 },
  ]);
  expect(targetHints(endpoint, 'invoice.paid')).toEqual([
    {
      sentence: 'Shop does not listen to invoice.paid: it gets this test, but not the events of this type that go to all endpoints',
      atMs: null,
    },
  ]);
  expect(targetHints({ ...endpoint, lastDelivery: last('dns') }, 'invoice.paid')).toHaveLength(2);
});

test('one that answered, with any status, and an event without a name have no hint', () => {
  for (const code of ['ok', 'http_status', 'timeout'])
    expect(targetHints({ ...endpoint, lastDelivery: last(code) }, 'order.paid')).toEqual([]);
  expect(targetHints(endpoint, '')).toEqual([]);
});
