import { expect, it } from 'vitest';
import { unmetByDelivery, type DeliveryFacts } from '#engine/waits/delivery-match.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import type { DeliveryMatch } from '#shared/contract/waits.ts';

const refused: Outcome = { code: 'http_status', message: 'The endpoint answered 503.', status: 503, phase: null, reason: null };
const failed: DeliveryFacts = { eventType: 'invoice.paid', status: 'failed', lastOutcome: refused, lastDurationMs: 812 };
const fresh: DeliveryFacts = { eventType: 'invoice.paid', status: 'pending', lastOutcome: null, lastDurationMs: null };

const cutOff: Outcome = { ...refused, code: 'incomplete', message: 'The endpoint broke off.', status: 200 };
const broken: DeliveryFacts = { ...failed, status: 'exhausted', lastOutcome: cutOff, lastDurationMs: 3 };

const cases: readonly (readonly [DeliveryMatch, DeliveryFacts, readonly string[]])[] = [
  [{}, failed, []],
  [{ eventTypes: ['invoice.*'], statuses: ['failed', 'exhausted'], outcomes: ['http_status'], answers: [503] }, failed, []],
  [{ answeredWithinMs: 812 }, failed, []],
  [{ eventTypes: ['order.*'] }, failed, ['type=order.*: It is invoice.paid.']],
  [{ statuses: ['delivered'] }, failed, ['status=delivered: It is failed: The endpoint answered 503.']],
  [{ statuses: ['delivered'] }, fresh, ['status=delivered: It is pending.']],
  [{ outcomes: ['timeout'] }, failed, ['outcome=timeout: It is http_status: The endpoint answered 503.']],
  [{ answers: [200] }, failed, ['answer=200: It is 503.']],
  [{ answeredWithinMs: 200 }, failed, ['answered-within=200ms: Its last attempt took 812 ms.']],
  // A status before an answer broke off is none, and how long that took is no answer in time.
  [{ answers: [200] }, broken, ['answer=200: The endpoint broke off.']],
  [{ answeredWithinMs: 500 }, broken, ['answered-within=500ms: The endpoint broke off.']],
  [{ outcomes: ['incomplete'], answeredWithinMs: 500 }, broken, []],
  [
    { outcomes: ['ok'], answers: [200], answeredWithinMs: 200 },
    fresh,
    [
      'outcome=ok: No attempt of it has ended yet.',
      'answer=200: No attempt of it has ended yet.',
      'answered-within=200ms: No attempt of it has ended yet.',
    ],
  ],
];

it.each(cases)('says what a delivery lacks: %j', (match, delivery, unmet) => {
  expect(unmetByDelivery(match, delivery).map(({ condition, found }) => `${condition}: ${found}`)).toEqual(unmet);
});
