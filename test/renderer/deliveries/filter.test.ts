import { expect, test } from 'vitest';
import { completions, parseFilter, withKey, withoutKey } from '../../../src/renderer/features/deliveries/filter.ts';

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

test('an endpoint that has no known name is taken for an id', () => {
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

test('a key is replaced where it is and taken out again', () => {
  expect(withKey('status:failed timeout', 'status', 'exhausted')).toBe('timeout status:exhausted');
  expect(withoutKey('timeout status:exhausted', 'status')).toBe('timeout');
});
