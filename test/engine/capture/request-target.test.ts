import { expect, test } from 'vitest';
import { fieldsOf, pathBehindBin, slugOf, urlOf } from '#engine/capture/request-target.ts';

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

test.each([
  ['/orders/a?b=1', 'path', '/a', 'b=1'],
  ['/orders', 'path', '/', ''],
  ['/a?b=1', 'host', '/a', 'b=1'],
  ['http://shop.localhost:1/a?b=1', 'host', '/a', 'b=1'],
  ['http://shop.localhost:1?b=1', 'host', '/', 'b=1'],
  ['*', 'host', '/', ''],
  ['*@127.0.0.1:4999/x?b=1', 'host', '/', ''],
  ['*@127.0.0.1:4999/x', 'path', '/', ''],
  ['@127.0.0.1:4999', 'host', '/', ''],
] as const)('behind the bin, the target %j (named by its %s) has the path %j', (target, by, path, query) => {
  expect(pathBehindBin(target, by)).toEqual({ path, query });
});

test('the URL is what the sender called: Host, target and the protocol that a proxy tells, or the absolute form', () => {
  expect(urlOf('/a?b', [['hOST', 'localhost:81']])).toBe('http://localhost:81/a?b');
  expect(urlOf('/a?b', [['Host', 'shop.example']])).toBe('https://shop.example/a?b');
  const proxied: [string, string][] = [
    ['Host', 'shop.example'],
    ['X-Forwarded-Proto', 'http'],
  ];
  expect(urlOf('/a?b', proxied)).toBe('http://shop.example/a?b');
  expect(urlOf('https://shop.example/a', [['Host', 'other']])).toBe('https://shop.example/a');
  expect(urlOf('/a', [])).toBe('/a');
});

test('header fields keep order, case and repeats', () => {
  expect(fieldsOf(['X-A', '1', 'x-a', '2', 'X-A', '1'])).toEqual([
    ['X-A', '1'],
    ['x-a', '2'],
    ['X-A', '1'],
  ]);
});
