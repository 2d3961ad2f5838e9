import { expect, test } from 'vitest';
import { refusalReason } from '#shared/contract/refused-requests.ts';
import { copiedText } from '../../../src/renderer/features/captures/capture-text.ts';
import { refusedRowText } from '../../../src/renderer/features/captures/refused-words.ts';

test('the row of a refused request begins with its reason in a few words, so that a narrow list shows it', () => {
  const rows = refusalReason.options.map((reason) => refusedRowText({ reason, firstLine: null, more: 0 }).reason);
  expect(rows.filter((words) => words.length > 28)).toEqual([]);
  expect(new Set(rows).size).toBe(rows.length);
  expect(refusedRowText({ reason: 'path-space', firstLine: 'GET /a b HTTP/1.1', more: 1200 })).toEqual({
    reason: 'space in the path, and 1,200 more',
    line: 'GET /a b',
  });
});

test('a command that was copied from a cut body says how much of it there is', () => {
  expect(copiedText({ bodyBase64: 'aGk=', isBodyTruncated: false })).toBe('Copied');
  expect(copiedText({ bodyBase64: 'aGk=', isBodyTruncated: true })).toBe('Copied, with the first 2 B of a body that is cut');
});
