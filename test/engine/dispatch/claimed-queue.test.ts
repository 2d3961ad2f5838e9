import { describe, expect, it } from 'vitest';
import { createClaimedQueue } from '#engine/dispatch/claimed-queue.ts';

const claimed = (deliveryId: string, endpointId: string) => ({ claim: { deliveryId, endpointId } });
const ids = (list: readonly ReturnType<typeof claimed>[]) => list.map(({ claim }) => claim.deliveryId);

function queueOf(...list: readonly ReturnType<typeof claimed>[]) {
  const queue = createClaimedQueue<ReturnType<typeof claimed>>();
  for (const each of list) queue.add(each);
  return queue;
}

describe('the claimed queue', () => {
  it('lets endpoints take turns, and each of them its deliveries in their order', () => {
    const queue = queueOf(claimed('a1', 'a'), claimed('a2', 'a'), claimed('a3', 'a'), claimed('b1', 'b'), claimed('b2', 'b'));
    const order = Array.from({ length: 5 }, () => queue.next(() => true)?.claim.deliveryId);
    expect(order).toEqual(['a1', 'b1', 'a2', 'b2', 'a3']);
    expect([queue.next(() => true), queue.count()]).toEqual([undefined, 0]);
  });

  it('passes over an endpoint that may not begin', () => {
    const queue = queueOf(claimed('a1', 'a'), claimed('b1', 'b'));
    expect(queue.next((endpointId) => endpointId !== 'a')?.claim.deliveryId).toBe('b1');
    expect(queue.next((endpointId) => endpointId !== 'a')).toBeUndefined();
    expect([queue.countTo('a'), queue.countTo('b'), queue.count()]).toEqual([1, 0, 1]);
  });

  it('gives out one by its delivery, and all at once', () => {
    const queue = queueOf(claimed('a1', 'a'), claimed('a2', 'a'), claimed('b1', 'b'));
    expect(queue.remove('a2')?.claim.endpointId).toBe('a');
    expect(queue.remove('a2')).toBeUndefined();
    expect(ids(queue.removeAll())).toEqual(['a1', 'b1']);
    expect(queue.count()).toBe(0);
  });
});
