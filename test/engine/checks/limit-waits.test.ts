import { expect, it } from 'vitest';
import type { CheckExchange } from '#shared/contract/checks.ts';
import { createLimitWaits } from '#engine/checks/sending/limit-waits.ts';
import { plainOutcome } from '#engine/http/outcome.ts';

const limited = (retryAfter?: string): CheckExchange => ({
  deliveryId: null,
  sentHow: null,
  request: { method: 'POST', url: '', headers: [], bodyBase64: '', bodyBytes: 0 },
  outcome: plainOutcome('http_status', ''),
  answer: { status: 429, headers: retryAfter === undefined ? [] : [['retry-after', retryAfter]], bodyBase64: '', bodyBytes: 0 },
  durationMs: 1,
});

function waits(mostMs: number) {
  const paused: number[] = [];
  const said: (string | null)[] = [];
  const stop = new AbortController();
  const made = createLimitWaits({
    mostMs,
    now: () => 0,
    pause: (ms) => (paused.push(ms), Promise.resolve()),
    signal: stop.signal,
    onWaiting: (waiting) => said.push(waiting),
  });
  return { made, paused, said, stop };
}

it('waits as long as the answers ask for, says so, and ends at once where that is more than is left', async () => {
  const { made, paused, said } = waits(50_000);
  const one = made.ofCase(null);
  expect(await one.wait([limited('2'), limited('7')], 0)).toBe(true);
  expect(said).toEqual([
    'The receiver limits its rate (429): waiting 7.00 s, as its Retry-After asks for; up to 43.0 s more may be waited in this check.',
    null,
  ]);
  expect(await one.wait([limited('44')], 1)).toBe(false);
  // Another case has no more than the whole check has left.
  expect(await made.ofCase(null).wait([limited('43')], 0)).toBe(true);
  expect(await made.ofCase(null).wait([limited('1')], 0)).toBe(false);
  expect(paused).toEqual([7000, 43_000]);
});

it('waits longer each time where nothing is asked for, and never for so long that the requests become too old', async () => {
  const { made, paused } = waits(1_000_000);
  const young = made.ofCase(100);
  for (const round of [0, 1, 2, 3, 4, 5]) await young.wait([limited()], round);
  // A quarter of 100 s.
  expect(paused).toEqual([1000, 2000, 4000, 8000]);
  expect(await made.ofCase(null).wait([limited('61')], 0)).toBe(false);
});

it('does not wait in a check that is over, and soon longer for a receiver that asks for no time at all', async () => {
  const { made, paused, stop } = waits(1_000_000);
  const one = made.ofCase(null);
  for (const round of [0, 1, 9]) await one.wait([limited('0')], round);
  expect(paused).toEqual([100, 200, 2000]);
  stop.abort();
  expect(await one.wait([limited('1')], 0)).toBe(false);
});
