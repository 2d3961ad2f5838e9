import { expect, test } from 'vitest';
import type { CaptureSummary } from '#shared/contract/captures.ts';
import type { RefusedSummary } from '#shared/contract/refused-requests.ts';
import { mergeRows } from '../../../src/renderer/features/captures/merged-rows.ts';

const capture = (receivedAtMs: number): CaptureSummary => ({
  id: `cap_${receivedAtMs}`,
  binId: 'bin_1',
  method: 'POST',
  target: '/orders',
  contentType: null,
  bodyBytes: 0,
  isBodyTruncated: false,
  status: 200,
  verdict: null,
  remoteAddress: '127.0.0.1',
  receivedAtMs,
  seenBeforeId: null,
  answeredBy: null,
  messageId: null,
  sameMessageAsId: null,
  isPinned: false,
  note: '',
  tags: [],
});

const refused = (receivedAtMs: number, binId: string | null = 'bin_1'): RefusedSummary => ({
  id: `ref_${receivedAtMs}`,
  binId,
  reason: 'lf-only',
  seen: 'x',
  firstLine: null,
  status: 400,
  receivedBytes: 1,
  remoteAddress: '127.0.0.1',
  receivedAtMs,
  more: 0,
  lastAtMs: receivedAtMs,
});

const idsOf = (merged: ReturnType<typeof mergeRows>) => merged.rows.map(({ id }) => id);

test('captures and what was refused on the way to the bin are one list by time', () => {
  const merged = mergeRows(
    { rows: [capture(9), capture(3)], hasMore: false },
    { rows: [refused(7), refused(5, null), refused(4, 'bin_2'), refused(1)], hasMore: false },
    'bin_1',
  );
  expect(idsOf(merged)).toEqual(['cap_9', 'ref_7', 'cap_3', 'ref_1']);
  expect(merged.next).toEqual([]);
});

test('the list ends where either has not been read, and continues with that one', () => {
  const captures = { rows: [capture(9), capture(6)], hasMore: true };
  const merged = mergeRows(captures, { rows: [refused(7), refused(2)], hasMore: false }, 'bin_1');
  expect(idsOf(merged)).toEqual(['cap_9', 'ref_7', 'cap_6']);
  expect(merged.next).toEqual(['captures']);
  const both = mergeRows(captures, { rows: [refused(7), refused(6, null)], hasMore: true }, 'bin_1');
  expect(idsOf(both)).toEqual(['cap_9', 'ref_7', 'cap_6']);
  expect(both.next).toEqual(['captures', 'refused']);
});
