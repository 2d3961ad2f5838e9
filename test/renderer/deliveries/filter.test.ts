import { expect, test } from 'vitest';
import { completions, filterDoubt, parseFilter, withKey, withoutKey } from '../../../src/renderer/base/filter-text.ts';
import { deliveryKeys } from '../../../src/renderer/features/deliveries/filter.ts';

const endpoints = [
  { id: 'ep_1', name: 'Billing' },
  { id: 'ep_2', name: 'Local receiver' },
];

const keys = deliveryKeys({ endpoints, eventTypes: [], nowMs: 10_000_000 });

test('known keys narrow, other words are searched for', () => {
  expect(parseFilter('status:failed event:invoice.paid endpoint:"Local receiver" timeout at:5', keys)).toEqual({
    status: 'failed',
    eventType: 'invoice.paid',
    endpointId: 'ep_2',
    q: 'timeout at:5',
  });
});

test('yes and no are also true and false, and turned round by a minus', () => {
  for (const text of ['test:no', 'test:false', '-test:yes', '-test:true']) expect(parseFilter(text, keys)).toEqual({ isTest: false });
  for (const text of ['test:yes', 'test:true', '-test:no']) expect(parseFilter(text, keys)).toEqual({ isTest: true });
});

test('a status that does not exist is searched for as text', () => {
  expect(parseFilter('status:gone', keys)).toEqual({ q: 'status:gone' });
});

test.each([
  ['status:faild', 'faild is not a status, so \u201cstatus:faild\u201d was searched for as text. Did you mean failed?'],
  ['status:gone', expect.stringContaining('Use pending, delivered, failed, exhausted, cancelled.')],
  ['event:a.b statsu:failed', 'There is no filter statsu, so \u201cstatsu:failed\u201d was searched for as text. Did you mean status?'],
  ['test:maybe', 'test is yes or no, so \u201ctest:maybe\u201d was searched for as text.'],
  ['-test:true', null],
  ['-status:failed', 'What a filter of status finds cannot be left out, so \u201c-status:failed\u201d was searched for as text.'],
  ['stauts=failed', 'A filter is written with a colon, so \u201cstauts=failed\u201d was searched for as text. Did you mean status:failed?'],
  ['plan=pro', null],
  // What is a filter, is still being typed, or is a text with a colon in it.
  ['status:failed event:x', null],
  ['status:', null],
  ['http://127.0.0.1/ at:5 reason:timeout', null],
])('of the filter %j is said: %j', (text, said) => {
  expect(filterDoubt(text, keys)).toEqual(said);
});

test('an endpoint without a known name is read as an id', () => {
  expect(parseFilter('endpoint:ep_9', keys)).toEqual({ endpointId: 'ep_9' });
});

test('a key is completed first, then its values, and names with spaces are quoted', () => {
  expect(completions('sta', keys)).toEqual(['status:']);
  expect(completions('timeout status:f', keys)).toEqual(['timeout status:failed ']);
  expect(completions('endpoint:rec', keys)).toEqual(['endpoint:"Local receiver" ']);
  expect(completions('status:failed ', keys)).toEqual([
    'status:failed event:',
    'status:failed endpoint:',
    'status:failed test:',
    'status:failed since:',
    'status:failed until:',
  ]);
});

test('what was completed is read as it was meant', () => {
  const [text = ''] = completions('endpoint:local', keys);
  expect(parseFilter(text, keys)).toEqual({ endpointId: 'ep_2' });
});

test('a key is replaced in place and removed again', () => {
  expect(withKey('status:failed timeout', 'status', 'exhausted')).toBe('timeout status:exhausted');
  expect(withoutKey('timeout status:exhausted', 'status')).toBe('timeout');
});

test('times are told as in the terminal, how long ago or when', () => {
  expect(parseFilter('since:1h until:2026-08-20', keys)).toEqual({ fromMs: 10_000_000 - 3_600_000, toMs: Date.parse('2026-08-20') });
  expect(filterDoubt('since:yesterday', keys)).toBe(
    'yesterday is not a time such as 2h, 7d or 2026-08-20, so \u201csince:yesterday\u201d was searched for as text.',
  );
});

test.each([
  // Without a key, the text is what was written.
  ['{"id": 1}', { q: '{"id": 1}' }],
  ['x-shop: nord  12', { q: 'x-shop: nord  12' }],
  // In quotes, a text is never a key.
  ['"status:failed"', { q: 'status:failed' }],
  ['status:failed "of the shop" {"a":"b"}', { status: 'failed', q: 'of the shop {"a":"b"}' }],
])('the text of %j stays as it was written', (text, filter) => {
  expect(parseFilter(text, keys)).toEqual(filter);
});
