import { expect, it } from 'vitest';
import type { LeftOutHeader } from '#shared/contract/comparing.ts';
import { leftOutText, sameHeadersText } from '#shared/left-out-words.ts';

const id: LeftOutHeader = { name: 'Webhook-Id', kind: 'ids' };
const time: LeftOutHeader = { name: 'Webhook-Timestamp', kind: 'dates' };
const many = Array.from({ length: 14 }, (_, index): LeftOutHeader => ({ name: `X-${index}-Id`, kind: 'ids' }));

it('says of headers without a difference that counts which of them are left out, the first of many', () => {
  expect(sameHeadersText([])).toBe('the same names and values');
  expect(sameHeadersText([id, time])).toBe('the same, but for what is left out: Webhook-Id, Webhook-Timestamp');
  expect(sameHeadersText(many)).toMatch(/: X-0-Id, .*, X-11-Id and 2 more$/);
});

it('says how many of each kind are left out, and in which headers', () => {
  const told = (dates: number, ids: number, leftOutHeaders: LeftOutHeader[]) =>
    leftOutText({ leftOut: { dates, ids, signatures: 0 }, leftOutHeaders });
  expect(told(0, 0, [])).toBe('');
  expect(told(3, 1, [id, time])).toBe('3 dates (Webhook-Timestamp, 2 in the body), 1 id (Webhook-Id)');
  expect(told(0, 2, [])).toBe('2 ids (2 in the body)');
});
