import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareSlots } from '#engine/dispatch/share-slots.ts';

const state = {
  freeInAll: 10,
  reserved: 0,
  guaranteedTo: () => 1,
  capOf: () => 4,
  flightsTo: () => 0,
  isActive: () => true,
};

describe('sharing slots', () => {
  it('gives one endpoint no more than its cap', () => {
    expect(shareSlots(['a'], state)).toEqual([{ endpointId: 'a', slots: 4 }]);
  });

  it('leaves out what is switched off or at its cap', () => {
    const shares = shareSlots(['off', 'full', 'due'], {
      ...state,
      flightsTo: (id) => (id === 'full' ? 4 : 0),
      isActive: (id) => id !== 'off',
    });
    expect(shares).toEqual([{ endpointId: 'due', slots: 4 }]);
  });

  it('serves an endpoint without attempts before busy ones that have waited longer', () => {
    const flights = new Map([
      ['busy', 1],
      ['busier', 3],
    ]);
    const shares = shareSlots(['busy', 'busier', 'idle'], { ...state, freeInAll: 2, flightsTo: (id) => flights.get(id) ?? 0 });
    expect(shares.map(({ endpointId }) => endpointId)).toEqual(['idle', 'busy']);
  });

  it.each([
    { freeInAll: 10, reserved: 6, flights: 0, slots: 4 },
    { freeInAll: 7, reserved: 6, flights: 0, slots: 3 },
    { freeInAll: 6, reserved: 6, flights: 1, slots: 1 },
    { freeInAll: 6, reserved: 6, flights: 2, slots: null },
    { freeInAll: 7, reserved: 6, flights: 2, slots: 1 },
    { freeInAll: 1, reserved: 6, flights: 0, slots: 1 },
  ])('with $freeInAll free, $reserved reserved and $flights under way gives $slots', ({ flights, slots, ...free }) => {
    const shares = shareSlots(['a'], { ...state, ...free, guaranteedTo: () => 2, flightsTo: () => flights });
    expect(shares).toEqual(slots === null ? [] : [{ endpointId: 'a', slots }]);
  });

  it('asks about no more endpoints than there are slots for, however many wait', () => {
    const due = Array.from({ length: 100_000 }, (_, index) => `ep_${index}`);
    let asked = 0;
    const isActive = () => {
      asked += 1;
      return true;
    };
    expect(shareSlots(due, { ...state, isActive })).toHaveLength(10);
    expect(asked).toBe(10);
  });

  it('never gives out more than is free, and always something when something may begin', () => {
    const endpoint = fc.record({
      flights: fc.integer({ min: 0, max: 6 }),
      isActive: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.array(endpoint, { maxLength: 30 }),
        fc.integer({ min: -2, max: 20 }),
        fc.integer({ min: 0, max: 10 }),
        fc.integer({ min: 1, max: 6 }),
        (list, freeInAll, reserved, cap) => {
          const byId = new Map(list.map((each, index) => [`ep_${index}`, each]));
          const flightsTo = (id: string) => byId.get(id)?.flights ?? 0;
          const shares = shareSlots(byId.keys(), {
            freeInAll,
            reserved,
            guaranteedTo: () => 2,
            capOf: () => cap,
            flightsTo,
            isActive: (id) => byId.get(id)?.isActive === true,
          });
          const given = shares.reduce((sum, { slots }) => sum + slots, 0);
          expect(given).toBeLessThanOrEqual(Math.max(0, freeInAll));
          for (const { endpointId, slots } of shares) {
            expect(slots).toBeGreaterThan(0);
            expect(flightsTo(endpointId) + slots).toBeLessThanOrEqual(cap);
          }
          const isRoomFor = (flights: number) => flights < cap && (freeInAll > reserved || flights < 2);
          const mayBegin = freeInAll > 0 && list.some((each) => each.isActive && isRoomFor(each.flights));
          expect(shares.length > 0).toBe(mayBegin);
          const toFull = shares.filter(({ endpointId }) => flightsTo(endpointId) >= 2).reduce((sum, { slots }) => sum + slots, 0);
          expect(toFull).toBeLessThanOrEqual(Math.max(0, freeInAll - reserved));
        },
      ),
    );
  });
});
