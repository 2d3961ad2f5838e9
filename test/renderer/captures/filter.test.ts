import { expect, test } from 'vitest';
import type { Bin } from '#shared/contract/bins.ts';
import { completions, filterDoubt, parseFilter } from '../../../src/renderer/base/filter-text.ts';
import { captureKeys, hasFields } from '../../../src/renderer/features/captures/filter.ts';

const bin = { id: 'bin_1', answers: { rules: [{ id: 'rule_1', name: 'Too many' }] } } as unknown as Bin;
const sources = [
  { id: 'src_1', name: 'GitHub channel', binId: 'bin_1' },
  { id: 'src_2', name: 'Of another bin', binId: 'bin_2' },
];
const keys = captureKeys({ bin, sources, eventTypes: ['order.paid'], nowMs: 10_000_000 });

test('every field of the filter can be written', () => {
  const text =
    'status:5XX verdict:none event:order.* method:post path:/orders/* tag:bug pinned:yes rule:"Too many" source:"GitHub channel" id:evt_1 since:1h left over';
  expect(parseFilter(text, keys)).toEqual({
    status: '5xx',
    verdict: 'none',
    eventType: 'order.*',
    method: 'POST',
    path: '/orders/*',
    tag: 'bug',
    isPinned: true,
    answeredBy: 'Too many',
    sourceId: 'src_1',
    messageId: 'evt_1',
    fromMs: 10_000_000 - 3_600_000,
    q: 'left over',
  });
  expect(hasFields(parseFilter('left over', keys))).toBe(false);
  expect(hasFields(parseFilter('tag:bug', keys))).toBe(true);
});

test.each([
  ['status:6xx', '6xx is not a status such as 404, or a class such as 4xx, so \u201cstatus:6xx\u201d was searched for as text.'],
  ['verdict:vald', 'vald is not a verdict, so \u201cverdict:vald\u201d was searched for as text. Did you mean valid?'],
  ['event:order*', expect.stringMatching(/^order\* is not the name of an event, such as order\.paid or order\.\*, so /)],
  ['sorce:x', 'There is no filter sorce, so \u201csorce:x\u201d was searched for as text. Did you mean source?'],
  ['status:404 verdict:valid', null],
])('of the filter %j is said: %j', (text, said) => {
  expect(filterDoubt(text, keys)).toEqual(said);
});

test('rules of the bin, its sources and events are offered', () => {
  expect(completions('rule:too', keys)).toEqual(['rule:"Too many" ']);
  expect(completions('source:', keys)).toEqual(['source:"GitHub channel" ']);
  expect(completions('event:', keys)).toEqual(['event:order.paid ']);
});
