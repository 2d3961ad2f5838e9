import { expect, test } from 'vitest';
import { table } from '#hosts/cli/output.ts';

test('a table is aligned by what is printed, whatever a stranger put into its cells', () => {
  const text = table(
    ['ID', 'TARGET', 'SEEN'],
    [
      ['cap_1', '/a\u001b[31m', 'first\nID  TARGET'],
      ['cap_2', '/longer/than/that', 'second'],
    ],
  );
  const lines = text.split('\n');
  expect(lines).toHaveLength(3);
  expect(lines[1]).toContain(String.raw`/a\u{1b}[31m`);
  expect(lines[1]).toContain(String.raw`first\nID  TARGET`);
  const at = lines.map((line, index) => line.indexOf(['SEEN', 'first', 'second'][index] ?? ''));
  expect(new Set(at).size).toBe(1);
});
