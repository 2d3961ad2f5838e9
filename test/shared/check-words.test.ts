import { expect, it } from 'vitest';
import { countsText, nothingFound } from '#shared/check-words.ts';

const right = { passed: 62, failed: 0, advice: 0, noted: 0, skipped: 0, undecided: 0 };

it('counts results, and leaves out what there was none of', () => {
  expect(countsText(right)).toBe('62 passed, 0 failed');
  expect(countsText({ ...right, failed: 1, advice: 2, noted: 3, skipped: 4, undecided: 0 })).toBe(
    '62 passed, 1 failed, 2 with advice, 3 noted, 4 skipped',
  );
});

it('says of a check without a defect whether there is advice, and does not call one right that did not come to its end', () => {
  const said = (status: 'completed' | 'stopped', counts: Partial<typeof right>) =>
    nothingFound({ status, counts: { ...right, ...counts } });
  expect(said('completed', {})).toBe('Nothing wrong was found.');
  expect(said('completed', { advice: 1 })).toBe('Nothing wrong was found; one case has advice.');
  expect(said('completed', { advice: 2 })).toBe('Nothing wrong was found; 2 cases have advice.');
  expect(said('completed', { failed: 1 })).toMatch(/not enough/);
  expect(said('stopped', {})).toMatch(/not enough/);
  // What is undecided is nothing that was found to be right.
  expect(said('completed', { undecided: 1 })).toBe('Nothing wrong was found in the cases that came out.');
  expect(countsText({ ...right, undecided: 2 })).toBe('62 passed, 0 failed, 2 undecided');
});
