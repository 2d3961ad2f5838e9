import { describe, expect, test } from 'vitest';
import { hostOf, outcomePhrase, sentenceOf, type DescribedDelivery } from '../../../src/renderer/features/deliveries/sentence.ts';
import { outcomeCode, type Outcome } from '../../../src/shared/contract/outcome.ts';

const now = 1_000_000_000;
const outcome = (code: Outcome['code'], more: Partial<Outcome> = {}): Outcome => ({
  code,
  message: 'A sentence.',
  status: null,
  phase: null,
  reason: null,
  ...more,
});
const ok = outcome('ok', { status: 200 });
const refused = outcome('refused', { reason: 'ECONNREFUSED' });
const status500 = outcome('http_status', { status: 500 });

function delivery(
  status: DescribedDelivery['status'],
  outcomes: readonly Outcome[],
  more: Partial<DescribedDelivery> = {},
): DescribedDelivery {
  const attempts = outcomes.map((ended, index) => ({
    startedAtMs: now - 600_000 + index * 60_000,
    endedAtMs: now - 600_000 + index * 60_000 + 38,
    outcome: ended,
    timings: { totalMs: 38 },
  }));
  return {
    url: 'http://127.0.0.1:3000/webhooks?x=1',
    status,
    isInFlight: false,
    nextAttemptAtMs: null,
    endReason: null,
    attempts,
    ...more,
  };
}

describe('the sentence of a delivery', () => {
  test('a redelivery that was accepted too is counted with the first', () => {
    expect(sentenceOf(delivery('delivered', [ok, ok]), now)).toBe(
      '127.0.0.1:3000 accepted it on both attempts, the last with 200 in 38 ms.',
    );
  });

  test.each<readonly [string, DescribedDelivery]>([
    ['Waiting for its first attempt at 127.0.0.1:3000, in 12 s.', delivery('pending', [], { nextAttemptAtMs: now + 12_000 })],
    ['Sending to 127.0.0.1:3000 for the first time.', delivery('pending', [], { isInFlight: true })],
    ['127.0.0.1:3000 accepted it on the first attempt with 200 in 38 ms.', delivery('delivered', [ok])],
    ['127.0.0.1:3000 accepted it with 200 in 38 ms after two failed attempts over 2 m.', delivery('delivered', [refused, status500, ok])],
    [
      'Refused by 127.0.0.1:3000 three times; next attempt in 4 m 12 s.',
      delivery('failed', [refused, refused, refused], { nextAttemptAtMs: now + 252_000 }),
    ],
    ['127.0.0.1:3000 answered 500; the next attempt is under way.', delivery('failed', [status500], { isInFlight: true })],
    [
      'Failed twice, last because: 127.0.0.1:3000 answered 500; next attempt now.',
      delivery('failed', [refused, status500], { nextAttemptAtMs: now }),
    ],
    ['Sending to 127.0.0.1:3000 again.', delivery('failed', [ok], { isInFlight: true })],
    ['Refused by 127.0.0.1:3000 twice over 1 m; no attempts are left.', delivery('exhausted', [refused, refused])],
    ['127.0.0.1:3000 answered 500; it was the only attempt allowed.', delivery('exhausted', [status500])],
    [
      '127.0.0.1:3000 answered 500. The retry policy tries again only after network failures, and the answer was 500.',
      delivery('exhausted', [status500], {
        endReason: 'The retry policy tries again only after network failures, and the answer was 500.',
      }),
    ],
    ['Cancelled before the first attempt.', delivery('cancelled', [])],
    ['Cancelled after one attempt. Refused by 127.0.0.1:3000.', delivery('cancelled', [refused])],
  ])('%s', (sentence, told) => {
    expect(sentenceOf(told, now)).toBe(sentence);
  });

  test('every outcome has its own complete phrase', () => {
    const phrases = outcomeCode.options.map((code) => outcomePhrase(outcome(code), 'example.com'));
    expect(new Set(phrases).size).toBe(outcomeCode.options.length);
    for (const phrase of phrases) expect(phrase).not.toMatch(/null|undefined|\.$/);
  });

  test('a timeout says what did not come in time', () => {
    expect(outcomePhrase(outcome('timeout', { phase: 'connect' }), 'example.com')).toBe('example.com did not take the connection in time');
  });

  test('the host is read from a URL with its port, and other text is unchanged', () => {
    expect(hostOf('https://[::1]:8443/x')).toBe('[::1]:8443');
    expect(hostOf('nonsense')).toBe('nonsense');
  });
});
