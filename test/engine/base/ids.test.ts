import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createIds } from '#engine/base/ids.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

it('sorts by the time of making and holds nothing that would break a signed string', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 48 }), fc.integer({ min: 1, max: 2 ** 40 }), (startMs, laterMs) => {
      const clock = createFakeClock(startMs);
      const ids = createIds(clock);
      const first = ids.next('msg');
      clock.advance(laterMs);
      const second = ids.next('msg');
      expect(first < second).toBe(true);
      for (const id of [first, second]) expect(id).toMatch(/^msg_[0-9a-z]{26}$/);
    }),
  );
});

it('does not repeat within a millisecond', () => {
  const ids = createIds(createFakeClock());
  expect(new Set(Array.from({ length: 5000 }, () => ids.next('dlv'))).size).toBe(5000);
});
