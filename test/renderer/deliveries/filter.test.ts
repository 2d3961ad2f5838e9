import { expect, test } from 'vitest';
import { completions, filterDoubt, parseFilter, withKey, withoutKey } from '../../../src/renderer/features/deliveries/filter.ts';

const endpoints = [
  { id: 'ep_1', name: 'Billing' },
  { id: 'ep_2', name: 'Local receiver' },
];

test('known keys narrow, other words are searched for', () => {
  expect(parseFilter('status:failed event:invoice.paid endpoint:"Local receiver" timeout at:5', endpoints)).toEqual({
    status: 'failed',
    eventType: 'invoice.paid',
    endpointId: 'ep_2',
    q: 'timeout at:5',
  });
});

test('a status that does not exist is searched for as text', () => {
  expect(parseFilter('status:gone', endpoints)).toEqual({ q: 'status:gone' });
});

test.each([
  ['status:faild', 'faild is not a status, so \u201cstatus:faild\u201d was searched for as text. Did you mean failed?'],
  ['status:gone', expect.stringContaining('Use pending, delivered, failed, exhausted, cancelled.')],
  ['event:a.b statsu:failed', 'There is no filter statsu, so \u201cstatsu:failed\u201d was searched for as text. Did you mean status?'],
  ['test:maybe', 'test is yes or no, so \u201ctest:maybe\u201d was searched for as text.'],
  ['stauts=failed', 'A filter is written with a colon, so \u201cstauts=failed\u201d was searched for as text. Did you mean status:failed?'],
  ['plan=pro', null],
  // What is a filter, is still being typed, or is a text with a colon in it.
  ['status:failed event:x', null],
  ['status:', null],
  ['http://127.0.0.1/ at:5 reason:timeout', null],
])('of the filter %j is said: %j', (text, said) => {
  expect(filterDoubt(text)).toEqual(said);
});

test('an endpoint without a known name is read as an id', () => {
  expect(parseFilter('endpoint:ep_9', endpoints)).toEqual({ endpointId: 'ep_9' });
});

test('a key is completed first, then its values, and names with spaces are quoted', () => {
  expect(completions('sta', endpoints, [])).toEqual(['status:']);
  expect(completions('timeout status:f', endpoints, [])).toEqual(['timeout status:failed ']);
  expect(completions('endpoint:rec', endpoints, [])).toEqual(['endpoint:"Local receiver" ']);
  expect(completions('status:failed ', endpoints, [])).toEqual(['status:failed event:', 'status:failed endpoint:', 'status:failed test:']);
});

test('what was completed is read as it was meant', () => {
  const [text = ''] = completions('endpoint:local', endpoints, []);
  expect(parseFilter(text, endpoints)).toEqual({ endpointId: 'ep_2' });
});

test('a key is replaced in place and removed again', () => {
  expect(withKey('status:failed timeout', 'status', 'exhausted')).toBe('timeout status:exhausted');
  expect(withoutKey('timeout status:exhausted', 'status')).toBe('timeout');
});
