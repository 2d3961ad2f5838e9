import { expect, it } from 'vitest';
import { createPromisedSlots } from '#engine/dispatch/promised-slots.ts';

it('promised slots are counted by endpoint until they are settled, which can be waited for', async () => {
  const slots = createPromisedSlots();
  const [first, second, other] = [slots.add('a'), slots.add('a'), slots.add('b')];
  expect([slots.count(), slots.countTo('a'), slots.countTo('b'), slots.countTo('c')]).toEqual([3, 2, 1, 0]);
  const events: string[] = [];
  const waited = slots.settled().then(() => events.push('settled'));
  first();
  other();
  // One that is promised later is not waited for.
  const later = slots.add('b');
  second();
  await waited;
  expect([slots.count(), slots.countTo('a'), slots.countTo('b')]).toEqual([1, 0, 1]);
  later();
  expect([slots.count(), events]).toEqual([0, ['settled']]);
  await slots.settled();
});
