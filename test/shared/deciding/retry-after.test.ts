import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '#shared/deciding/retry-after.ts';

/** The moment of the examples in RFC 9110, section 5.6.7. */
const exampleMs = Date.UTC(1994, 10, 6, 8, 49, 37);

describe('Retry-After', () => {
  it.each<[string, number]>([
    ['0', 0],
    ['120', 120_000],
    [' 7 ', 7000],
    ['Sun, 06 Nov 1994 08:49:37 GMT', 10_000],
    ['Sunday, 06-Nov-94 08:49:37 GMT', 10_000],
    ['Sun Nov  6 08:49:37 1994', 10_000],
  ])('reads %j', (value, waitMs) => {
    expect(retryAfterMs(value, exampleMs - 10_000)).toBe(waitMs);
  });

  it('asks for no wait by a date in the past', () => {
    expect(retryAfterMs('Sun, 06 Nov 1994 08:49:37 GMT', exampleMs + 1)).toBe(0);
  });

  it.each([
    '',
    '-1',
    '1.5',
    '10s',
    'soon',
    '2026-01-01',
    '2026-01-01T00:00:00Z',
    'Sun, 06 Nov 1994 08:49:37 +0100',
    'Xxx, 99 Xxx 1994 08:49:37 GMT',
    '1e3',
  ])('does not take %j for a wait', (value) => {
    expect(retryAfterMs(value, exampleMs)).toBeNull();
  });

  it('stays finite for any number of digits', () => {
    expect(retryAfterMs('9'.repeat(400), 0)).toBe(1e15);
  });

  it('answers null or a whole number of milliseconds that is not negative for any text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
          fc.nat().map(String),
        ),
        fc.nat(),
        (value, nowMs) => {
          expect(retryAfterMs(value, nowMs)).toSatisfy(
            (waitMs: number | null) => waitMs === null || (Number.isSafeInteger(waitMs) && waitMs >= 0),
          );
        },
      ),
    );
  });
});
