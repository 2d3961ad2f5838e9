import { expect, test } from 'vitest';
import { takePageKey } from '../../../src/renderer/base/page-key.ts';

const key = 'a'.repeat(43);

/** A tab of one origin; tabs share their storage. */
function openTab(hash: string, storage = new Map<string, string>()) {
  const addresses: unknown[] = [];
  const tab = {
    location: { hash, pathname: '/', search: '?theme=dark' },
    history: { replaceState: (_state: unknown, _title: string, url?: string | URL | null) => void addresses.push(url) },
    localStorage: {
      getItem: (name: string) => storage.get(name) ?? null,
      setItem: (name: string, value: string) => void storage.set(name, value),
    },
  };
  return { tab, addresses, storage };
}

test('the key is removed from the address of the printed link', () => {
  const { tab, addresses } = openTab(`#page-key=${key}`);
  expect(takePageKey(tab)).toBe(key);
  expect(addresses).toEqual(['/?theme=dark']);
});

test('a reload and a second tab on the plain address have the key, and keep where they are', () => {
  const { tab, storage } = openTab(`#page-key=${key}`);
  takePageKey(tab);
  const second = openTab('#/deliveries/dlv_1', storage);
  expect(takePageKey(second.tab)).toBe(key);
  expect(second.addresses).toEqual([]);
});

test('a newer link replaces the key that is kept', () => {
  const { tab, storage } = openTab(`#page-key=${key}`);
  takePageKey(tab);
  takePageKey(openTab('#page-key=newer', storage).tab);
  expect(takePageKey(openTab('', storage).tab)).toBe('newer');
});

test('a browser that has not opened the link has none', () => {
  expect(takePageKey(openTab('#/compose').tab)).toBeNull();
});

test('a browser that keeps nothing for pages gets in by the link', () => {
  const refuse = () => {
    throw new Error('The operation is insecure.');
  };
  const blocked = { ...openTab(`#page-key=${key}`).tab, localStorage: { getItem: refuse, setItem: refuse } };
  expect(takePageKey(blocked)).toBe(key);
  expect(takePageKey({ ...blocked, location: { ...blocked.location, hash: '' } })).toBeNull();
});
