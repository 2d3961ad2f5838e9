import { expect, it } from 'vitest';
import { caseDeliveries, evidenceOf } from '#shared/check-evidence.ts';
import type { CheckExchange } from '#shared/contract/checks.ts';

const exchange = (deliveryId: string | null, status: number | null): CheckExchange => ({
  deliveryId,
  sentHow: null,
  request: { method: 'POST', url: 'http://127.0.0.1/', headers: [], bodyBase64: '', bodyBytes: 0 },
  outcome: { code: status === null ? 'timeout' : 'ok', message: '' } as CheckExchange['outcome'],
  answer: status === null ? null : { status, headers: [], bodyBase64: '', bodyBytes: 0 },
  durationMs: 1,
});

it('lists the deliveries with an answer that was not expected first, each with its place and status', () => {
  const exchanges = [exchange('dlv_a', 200), exchange(null, 200), exchange('dlv_b', 500), exchange('dlv_c', 200), exchange('dlv_d', null)];
  expect(
    caseDeliveries({ exchanges, unmet: ['dlv_b', 'dlv_d'] }).map(({ deliveryId, number, status }) => [deliveryId, number, status]),
  ).toEqual([
    ['dlv_b', 2, 500],
    ['dlv_d', 4, null],
    ['dlv_a', 1, 200],
    ['dlv_c', 3, 200],
  ]);
});

it('tells the cases that show a defect from those that passed, unless all did', () => {
  const evidence = ['a', 'b'];
  const result = (a: 'passed' | 'failed' | 'noted', b: 'passed' | 'failed' | 'noted') =>
    evidenceOf({ evidence }, [
      { id: 'a', result: a },
      { id: 'b', result: b },
    ]);
  expect(result('failed', 'passed')).toEqual({ shows: ['a'], contrast: ['b'] });
  expect(result('failed', 'noted')).toEqual({ shows: ['a', 'b'], contrast: [] });
  expect(result('passed', 'passed')).toEqual({ shows: ['a', 'b'], contrast: [] });
});
