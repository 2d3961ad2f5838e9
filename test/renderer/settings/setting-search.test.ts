import { expect, test } from 'vitest';
import { searchSettings } from '../../../src/renderer/features/settings/setting-search.ts';

const groups = [
  { title: 'Retries', entries: [{ title: 'Time scale', effect: 'How fast the schedule runs.', control: null }] },
  {
    title: 'Appearance',
    entries: [
      { title: 'Theme', effect: 'Light or dark.', control: null },
      { title: 'Times in UTC', effect: 'Which zone.', control: null },
    ],
  },
];

test('all words have to occur, in title, effect or group', () => {
  const titles = (text: string) => searchSettings(groups, text).flatMap(({ entries }) => entries.map(({ title }) => title));
  expect(titles('')).toEqual(['Time scale', 'Theme', 'Times in UTC']);
  expect(titles('DARK')).toEqual(['Theme']);
  expect(titles('appearance zone')).toEqual(['Times in UTC']);
  expect(titles('dark zone')).toEqual([]);
});
