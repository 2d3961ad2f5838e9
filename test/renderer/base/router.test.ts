import fc from 'fast-check';
import { expect, test } from 'vitest';
import { areas, createRouter, formatRoute, parseRoute, type RouterHost } from '../../../src/renderer/base/router.ts';

/** A window's history in memory. */
function createHost(hash: string): RouterHost & { readonly back: () => void } {
  const entries = [hash];
  const listeners = new Set<() => void>();
  const location = { hash };
  return {
    location,
    history: {
      pushState: (_state, _title, url) => {
        entries.push(String(url));
        location.hash = String(url);
      },
      replaceState: (_state, _title, url) => {
        entries[entries.length - 1] = String(url);
        location.hash = String(url);
      },
    },
    addEventListener: (_type, listener) => listeners.add(listener),
    removeEventListener: (_type, listener) => listeners.delete(listener),
    back: () => {
      entries.pop();
      location.hash = entries.at(-1) ?? '';
      for (const listener of listeners) listener();
    },
  };
}

test('an address is read as the route it was made from', () => {
  const text = fc.string({ minLength: 1 });
  fc.assert(
    fc.property(fc.constantFrom(...areas), fc.option(text), fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), text), (area, id, query) => {
      expect(parseRoute(formatRoute({ area, id, query }))).toEqual({ area, id, query });
    }),
  );
});

test('an address that is not known leads to Compose', () => {
  for (const hash of ['', '#', '#/']) expect(parseRoute(hash)).toEqual({ area: 'compose', id: null, query: {} });
  for (const hash of ['#/nowhere', '#deliveries', '#/deliveries%', '#/deliveris/dlv_1?f=x'])
    expect(parseRoute(hash)).toEqual({ area: 'compose', id: null, query: {}, unknownAddress: hash });
});

test('going back shows what was shown before, and a replaced address leaves no step', () => {
  const host = createHost('#/endpoints');
  const router = createRouter(host);
  router.go({ area: 'deliveries' });
  router.replace({ area: 'deliveries', id: 'dlv_1', query: { f: 'status:failed', from: undefined } });
  expect(host.location.hash).toBe('#/deliveries/dlv_1?f=status%3Afailed');
  expect(router.route.getState()).toEqual({ area: 'deliveries', id: 'dlv_1', query: { f: 'status:failed' } });
  host.back();
  expect(router.route.getState()).toEqual({ area: 'endpoints', id: null, query: {} });
});

test('the way back leads over selections and filters, but not over each key of one', () => {
  const host = createHost('#/deliveries');
  let nowMs = 0;
  const router = createRouter(host, () => nowMs);
  const visit = (id: string | null, afterMs: number, f?: string) => {
    nowMs += afterMs;
    router.visit({ area: 'deliveries', id, query: { f } });
  };
  visit(null, 0, 's');
  visit(null, 200, 'status:failed');
  visit('dlv_1', 100, 'status:failed');
  visit('dlv_2', 300, 'status:failed');
  visit('dlv_3', 2000, 'status:failed');
  const back = () => {
    host.back();
    return host.location.hash;
  };
  expect([back(), back(), back()]).toEqual(['#/deliveries/dlv_2?f=status%3Afailed', '#/deliveries?f=status%3Afailed', '#/deliveries']);
  visit('dlv_4', 100);
  expect(back()).toBe('#/deliveries');
});
