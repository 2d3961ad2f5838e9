import { expect, test } from 'vitest';
import { fieldsOf, slugOf, urlOf } from '#engine/capture/request-target.ts';

test.each([
  ['/orders', 'orders'],
  ['/orders/', 'orders'],
  ['/orders/any/path?x=1', 'orders'],
  ['/orders?x=/y', 'orders'],
  ['/orders#top', 'orders'],
  ['http://127.0.0.1:9/orders/x', 'orders'],
  ['HTTPS://example.com/orders', 'orders'],
  ['/ORDERS', 'ORDERS'],
  ['/orders/../other', 'orders'],
  ['/', null],
  ['//orders', null],
  ['*', null],
  ['example.com:443', null],
  ['http://example.com', null],
  ['/?a=b', null],
])('the target %j names the slug %j', (target, slug) => {
  expect(slugOf(target)).toBe(slug);
});

test('the URL is what the sender wrote: Host and target, or the absolute form', () => {
  expect(urlOf('/a?b', [['hOST', 'shop.example:81']], 'http://127.0.0.1:9')).toBe('http://shop.example:81/a?b');
  expect(urlOf('https://shop.example/a', [['Host', 'other']], 'http://127.0.0.1:9')).toBe('https://shop.example/a');
  expect(urlOf('/a', [], 'http://127.0.0.1:9')).toBe('http://127.0.0.1:9/a');
});

test('header fields keep order, case and repeats', () => {
  expect(fieldsOf(['X-A', '1', 'x-a', '2', 'X-A', '1'])).toEqual([
    ['X-A', '1'],
    ['x-a', '2'],
    ['X-A', '1'],
  ]);
});
