import { expect, test } from 'vitest';
import { slugFrom, withSuffix } from '#engine/capture/slug.ts';

test.each([
  ['Orders', 'orders'],
  ['  Größe & Café  ', 'gro-e-cafe'],
  ['--Stripe: test/live--', 'stripe-test-live'],
  ['日本', 'bin'],
  ['', 'bin'],
  ['a'.repeat(100), 'a'.repeat(63)],
])('the name %j gives the slug %j', (name, slug) => {
  expect(slugFrom(name)).toBe(slug);
});

test('a suffix keeps the slug within 63 characters and ends in those of the id', () => {
  expect(withSuffix('orders', 'bin_01ABCDEFxyz789')).toBe('orders-xyz789');
  expect(withSuffix('a'.repeat(63), 'bin_xyz789')).toBe(`${'a'.repeat(56)}-xyz789`);
});
