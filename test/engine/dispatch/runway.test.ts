import { describe, expect, it } from 'vitest';
import { createRunway } from '#engine/dispatch/runway.ts';

const ready = (deliveryId: string, endpointId: string) => ({ claim: { deliveryId, endpointId } });
const ids = (list: readonly ReturnType<typeof ready>[]) => list.map(({ claim }) => claim.deliveryId);

function runwayOf(...list: readonly ReturnType<typeof ready>[]) {
  const runway = createRunway<ReturnType<typeof ready>>();
  for (const each of list) runway.add(each);
  return runway;
}

describe('the runway', () => {
  it('lets endpoints take turns, and each of them its deliveries in their order', () => {
    const runway = runwayOf(ready('a1', 'a'), ready('a2', 'a'), ready('a3', 'a'), ready('b1', 'b'), ready('b2', 'b'));
    const order = Array.from({ length: 5 }, () => runway.next(() => true)?.claim.deliveryId);
    expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
    expect([runway.next(() => true), runway.count()]).toEqual([undefined, 0]);
  });

  it('passes over an endpoint that may not begin', () => {
    const runway = runwayOf(ready('a1', 'a'), ready('b1', 'b'));
    expect(runway.next((endpointId) => endpointId !== 'a')?.claim.deliveryId).toBe('b1');
    expect(runway.next((endpointId) => endpointId !== 'a')).toBeUndefined();
    expect([runway.countTo('a'), runway.countTo('b'), runway.count()]).toEqual([1, 0, 1]);
  });

  it('gives out one by its delivery, and all at once', () => {
    const runway = runwayOf(ready('a1', 'a'), ready('a2', 'a'), ready('b1', 'b'));
    expect(runway.remove('a2')?.claim.endpointId).toBe('a');
    expect(runway.remove('a2')).toBeUndefined();
    expect(ids(runway.removeAll())).toEqual(['a1', 'b1']);
    expect(runway.count()).toBe(0);
  });
});
