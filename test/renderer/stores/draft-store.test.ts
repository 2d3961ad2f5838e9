import { expect, test } from 'vitest';
import { createDraftStore, formOfDraft } from '../../../src/renderer/stores/draft-store.ts';

/** A page whose session storage outlives a reload; `room` bounds what it takes. */
function createPage(room = 5_000_000) {
  const stored = new Map<string, string>();
  const listeners: (() => void)[] = [];
  const sessionStorage = {
    getItem: (key: string) => stored.get(key) ?? null,
    setItem: (key: string, value: string) => {
      if (value.length > room) throw new Error('QuotaExceededError');
      stored.set(key, value);
    },
    removeItem: (key: string) => void stored.delete(key),
  } as unknown as Storage;
  const page = {
    sessionStorage,
    addEventListener: ((_name: string, listener: () => void) => void listeners.push(listener)) as Window['addEventListener'],
  };
  const load = () => createDraftStore(page);
  const leave = () => {
    for (const listener of listeners.splice(0)) listener();
  };
  return { load, leave, stored };
}

const name = { was: 'Billing', now: 'Invoices' };
const saved = { name: 'Billing', 'limits.rate': '5', secret: '' };

test('drafts are there again after a reload, without their secrets', () => {
  const { load, leave, stored } = createPage();
  load().put('endpoint:ep_1', saved, { name, secret: { was: '', now: 'whsec_typed' } });
  leave();
  expect(load().getState()).toEqual({ 'endpoint:ep_1': { saved: { name: 'Billing', 'limits.rate': '5' }, edits: { name } } });
  expect([...stored.values()].join()).not.toContain('whsec_typed');
});

test('the secrets of parts in a list are not kept over a reload either', () => {
  const { load, leave, stored } = createPage();
  const targets = [{ url: 'http://h/', secret: 'whsec_typed' }];
  load().put('relay:rly_1', { targets: [] }, { targets: { was: [], now: targets } });
  leave();
  expect(load().getState()['relay:rly_1']?.edits).toEqual({ targets: { was: [], now: [{ url: 'http://h/', secret: '' }] } });
  expect([...stored.values()].join()).not.toContain('whsec_typed');
});

test('a draft that was saved or discarded is gone, also after a reload', () => {
  const { load, leave } = createPage();
  const drafts = load();
  drafts.put('bin:bin_1', saved, { name });
  drafts.put('event:a.b', saved, { name });
  drafts.put('bin:bin_1', saved, {});
  drafts.drop('event:a.b');
  expect(drafts.getState()).toEqual({});
  leave();
  expect(load().getState()).toEqual({});
});

test('storage that is full, or holds something else, is no trouble', () => {
  const full = createPage(10);
  const drafts = full.load();
  drafts.put('bin:bin_1', saved, { name });
  full.leave();
  expect([drafts.getState(), full.load().getState()]).toEqual([{ 'bin:bin_1': { saved, edits: { name } } }, {}]);
  const odd = createPage();
  for (const text of [
    '[1]',
    '{',
    '5',
    'null',
    '{"bin:bin_1": 5}',
    '{"bin:bin_1": {"name": "x"}}',
    '{"bin:bin_1": {"saved": {}, "edits": {"name": "x"}}}',
  ]) {
    odd.stored.set('hookyard.drafts', text);
    expect(odd.load().getState()).toEqual({});
  }
});

test('what was saved last is kept with the edits, so that the whole form is left when the thing is gone', () => {
  const { load } = createPage();
  const drafts = load();
  drafts.put('endpoint:ep_1', saved, { name });
  const draft = drafts.getState()['endpoint:ep_1'];
  expect(draft && formOfDraft(draft, { name: '', secretHeaders: [] })).toEqual({
    name: 'Invoices',
    limits: { rate: '5' },
    secret: '',
    secretHeaders: [],
  });
});
