import { describe, expect, it } from 'vitest';
import { pathBehindBin } from '#engine/capture/request-target.ts';
import { forwardedHead, type CapturedRequest } from '#engine/relay/forwarded-request.ts';
import { loopOf, slugsAt } from '#engine/relay/loops.ts';
import { isLoop, mostRelays, relaysIn } from '#engine/relay/relay-mark.ts';
import { mapTarget } from '#engine/relay/target-url.ts';
import type { PathMapping, QueryMapping } from '#shared/contract/relay-targets.ts';

const keep: QueryMapping = { keep: true, set: {}, remove: [] };
const noChanges = { set: {}, remove: [] };

describe('the path behind a bin', () => {
  it.each([
    ['/shop', '/', ''],
    ['/shop/', '/', ''],
    ['/shop/a/b?x=1', '/a/b', 'x=1'],
    ['/shop?x=1', '/', 'x=1'],
    ['http://127.0.0.1:1/shop/a?b', '/a', 'b'],
  ])('of %s is %s with the query "%s"', (target, path, query) => {
    expect(pathBehindBin(target, 'path')).toEqual({ path, query });
  });

  it.each([
    ['/', '/', ''],
    ['/a/b?x=1', '/a/b', 'x=1'],
    ['?x=1', '/', 'x=1'],
    ['http://shop.localhost:1/a?b', '/a', 'b'],
  ])('that is named by its host is all of %s', (target, path, query) => {
    expect(pathBehindBin(target, 'host')).toEqual({ path, query });
  });
});

describe('the target of a forwarded request', () => {
  it.each<[string, string, PathMapping, QueryMapping, string]>([
    ['http://h/hook', '/shop', 'append', keep, '/hook'],
    ['http://h', '/shop', 'append', keep, '/'],
    ['http://h/hook/', '/shop/a', 'append', keep, '/hook/a'],
    ['http://h/hook?k=1', '/shop/a?x=%20y', 'append', keep, '/hook/a?k=1&x=%20y'],
    ['http://h/hook?k=1', '/shop/a?x=1', 'drop', { ...keep, keep: false }, '/hook?k=1'],
    ['http://h/hook', '/shop/v1/a', { replace: '/v1', by: '/v2' }, keep, '/hook/v2/a'],
    ['http://h/hook', '/shop/v12/a', { replace: '/v1', by: '/v2' }, keep, '/hook/v12/a'],
    ['http://h', '/shop/v1', { replace: '/v1', by: '/' }, keep, '/'],
    ['http://h/hook', '/shop?x=1&y=2&x=3', 'append', { keep: true, set: { y: 'é' }, remove: ['x'] }, '/hook?y=%C3%A9'],
    ['http://h/hook', '/shop//other.example/a', 'append', keep, '/hook//other.example/a'],
  ])('%s for %s with %j and %j is %s', (url, captured, path, query, target) => {
    expect(mapTarget(url, pathBehindBin(captured, 'path'), { path, query })).toEqual({ target });
  });

  it.each([
    '/shop/../admin',
    '/shop/a/%2e%2E/../b',
    '/shop/a\\..\\b',
    '/shop/..',
    '/shop/%2e.',
    '/shop/a%5c..%5cb',
    '/shop/a/..%2fb',
    '/shop/..%2F',
    '/shop/..;/b',
    '/shop/%2e%2e;x=1/b',
    '/shop/..%3Bx/b',
  ])('is none for %s, which would lead out of the path of the target', (captured) => {
    expect(mapTarget('http://h/hook', pathBehindBin(captured, 'path'), { path: 'append', query: keep })).toEqual({ problem: 'path' });
    expect(mapTarget('http://h/hook', pathBehindBin(captured, 'path'), { path: 'drop', query: keep })).toEqual({ target: '/hook' });
  });
});

const captured: CapturedRequest = {
  method: 'POST',
  behindBin: { path: '/a', query: '' },
  headers: [
    ['Host', 'shop.example'],
    ['x-Lower', '1'],
    ['X-Twice', 'a'],
    ['Connection', 'X-Hop'],
    ['X-Twice', 'b'],
    ['X-Hop', 'here'],
    ['hookyard-relay', 'rly_other'],
  ],
  trailerNames: ['X-Sum'],
  through: ['rly_other'],
};

describe('the head of a forwarded request', () => {
  const to = { relayId: 'rly_own', url: 'http://h/hook', authHeaders: [] };
  const target = { path: 'append', query: keep, headers: noChanges, as: 'received', withAuth: false } as const;

  it('keeps headers in order, case and number, and says what is other', () => {
    expect(forwardedHead(captured, target, to)).toEqual({
      head: {
        method: 'POST',
        isSigned: false,
        isAuthenticated: false,
        target: '/hook/a',
        headers: [
          ['x-Lower', '1'],
          ['X-Twice', 'a'],
          ['X-Twice', 'b'],
          ['Hookyard-Relay', 'rly_other, rly_own'],
        ],
        changes: [
          'Host and Content-Length are written for the target.',
          'Left out, since they are about one connection: X-Hop.',
          'The trailers are left out: X-Sum.',
          'Hookyard-Relay is added, so that a request that goes round is noticed.',
          '/a became /hook/a.',
        ],
      },
    });
  });

  it('sets headers in their place and removes others', () => {
    const headers = { set: { 'X-Lower': '2', 'X-New': 'n' }, remove: ['x-twice', 'X-None'] };
    const made = forwardedHead(captured, { ...target, path: 'drop', headers, as: 'resigned' }, to);
    expect(made).toMatchObject({
      head: {
        isSigned: true,
        headers: [
          ['X-Lower', '2'],
          ['X-New', 'n'],
          ['Hookyard-Relay', 'rly_other, rly_own'],
        ],
        changes: expect.arrayContaining(['Removed by the relay: x-twice.', 'Set by the relay: X-Lower.', 'Added by the relay: X-New.']),
      },
    });
    expect(made).not.toHaveProperty('head.target');
  });

  it('says which headers the authentication of the endpoint replaces, and which it adds', () => {
    const authHeaders = ['X-Lower', 'Authorization'];
    expect(forwardedHead(captured, { ...target, withAuth: true }, { ...to, authHeaders })).toMatchObject({
      head: {
        isAuthenticated: true,
        changes: expect.arrayContaining([
          "Replaced by that of the endpoint's authentication: X-Lower.",
          "Added by the endpoint's authentication: Authorization.",
        ]),
      },
    });
    const plain = forwardedHead(captured, target, { ...to, authHeaders });
    expect(JSON.stringify(plain)).not.toContain('authentication:');
  });

  it('is none for a method that cannot be sent', () => {
    expect(forwardedHead({ ...captured, method: 'PROPFIND' }, target, to)).toEqual({ problem: 'unsendable' });
  });
});

describe('a loop', () => {
  it('is a request that went through the relay before, or through too many', () => {
    expect(
      relaysIn([
        ['Hookyard-Relay', 'rly_a, rly_b'],
        ['hookyard-relay', 'rly_c'],
      ]),
    ).toEqual(['rly_a', 'rly_b', 'rly_c']);
    expect(isLoop('rly_a', ['rly_b'])).toBe(false);
    expect(isLoop('rly_a', ['rly_b', 'rly_a'])).toBe(true);
    expect(
      isLoop(
        'rly_a',
        Array.from({ length: mostRelays }, (_, index) => `rly_${index}`),
      ),
    ).toBe(true);
  });

  it.each([
    ['http://127.0.0.1:4610/shop/a?b', ['shop']],
    ['http://LOCALHOST:4610/shop', ['shop']],
    ['http://[::1]:4610/shop', ['shop']],
    ['https://127.0.0.1:4611/shop', ['shop']],
    ['http://shop.localhost:4610/orders', ['shop', 'orders']],
    ['https://expired.shop.localhost:4611', ['shop', '']],
    ['http://127.0.0.1:4612/shop', []],
    ['http://example.com:4610/shop', []],
  ])('may come by %s, which names the bins %j of the own listener', (url, slugs) => {
    expect(slugsAt(url, ['http://127.0.0.1:4610', 'https://127.0.0.1:4611'])).toEqual(slugs);
    expect(slugsAt(url, [null, null])).toEqual([]);
  });

  it('is found through other relays, and named', () => {
    const edge = (id: string, binId: string, ...toBins: readonly string[]) => ({ relay: { id, name: id, binId }, toBins });
    expect(loopOf(edge('a', '1', '1'), [])).toEqual(['a']);
    expect(loopOf(edge('a', '1', '2'), [edge('b', '2', '3'), edge('c', '3', '4', '1')])).toEqual(['a', 'b', 'c']);
    expect(loopOf(edge('a', '1', '2'), [edge('b', '2', '3'), edge('c', '3', '2')])).toBeNull();
  });
});
