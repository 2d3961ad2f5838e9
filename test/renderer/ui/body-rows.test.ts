import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { jsonRows, looksLikeJson, prettyJson, rawRows, rowChars, type Rows, type TextRow } from '../../../src/renderer/ui/body-rows.ts';

/** The first rows of a body, and how many characters it took to make them. */
function firstRows(rows: Rows<TextRow>, count: number): readonly TextRow[] {
  const found: TextRow[] = [];
  for (const row of rows) {
    if (row !== null) found.push(row);
    if (found.length >= count) break;
  }
  return found;
}

const linesIn = (rows: Iterable<TextRow | null>) => {
  const lines: string[] = [];
  for (const row of rows) {
    if (row === null) continue;
    if (row.isContinued) lines.push(`${lines.pop() ?? ''}${row.text}`);
    else lines.push(row.text);
  }
  return lines;
};

test('pretty JSON keeps every digit and escape that was sent', () => {
  expect(prettyJson('{"big":12345678901234567890,"e":1.0e+2,"t":"\\u00e9\\/","empty":{ },"list":[1,[]]}')).toBe(
    '{\n  "big": 12345678901234567890,\n  "e": 1.0e+2,\n  "t": "\\u00e9\\/",\n  "empty": {},\n  "list": [\n    1,\n    []\n  ]\n}',
  );
});

test('pretty JSON means the same as what it was made from', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(JSON.parse(prettyJson(text) ?? 'null')).toEqual(JSON.parse(text));
    }),
  );
});

test('what is not JSON has no pretty form', () => {
  for (const text of ['<a>', '{"a":1', '{"a" 1}', '[1 2]', '[,]', '{"a":1}}', 'nope', '"a', '01']) expect(prettyJson(text)).toBeNull();
});

describe('rows of a text', () => {
  it('lose nothing, whatever ends the lines', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\u{1f600}') }), (text) => {
        expect(linesIn(rawRows(text))).toEqual(text.split(/\r\n|\n|\r/));
      }),
    );
  });

  it('cut an endless line without halving a character, and number it once', () => {
    const rows = firstRows(rawRows(`ab\r\n${'x'.repeat(rowChars - 1)}${'\u{1f600}'.repeat(rowChars)}`), 10);
    expect(rows.map(({ line, isContinued }) => [line, isContinued])).toEqual([
      [1, false],
      [2, false],
      [2, true],
      [2, true],
    ]);
    expect(rows.map(({ text }) => text.isWellFormed())).toEqual([true, true, true, true]);
  });
});

describe('JSON that is meant to harm', () => {
  const deep = 100_000;

  it('is laid out however deep it is, with rows of a moderate width', () => {
    const text = `${'['.repeat(deep)}1${']'.repeat(deep)}`;
    let rows = 0;
    let widest = 0;
    for (const row of jsonRows(text)) {
      if (row === null) continue;
      rows += 1;
      widest = Math.max(widest, row.text.length);
    }
    expect([rows, widest]).toEqual([2 * deep + 1, 81]);
    expect(looksLikeJson(text)).toBe(true);
  });

  it.each([
    ['one string of 10 MB', `"${'x'.repeat(10_000_000)}"`],
    ['one string of escaped quotes', `["${'\\"'.repeat(2_000_000)}"]`],
    ['one number of a million digits', `[${'7'.repeat(1_000_000)}]`],
  ])('is cut into rows when it is %s', (_, text) => {
    const [first, second, third] = firstRows(jsonRows(text), 3);
    expect(Math.max(...[first, second, third].map((row) => row?.text.length ?? 0))).toBeLessThanOrEqual(rowChars + 1);
    expect(looksLikeJson(text)).toBe(true);
  });

  it('lets other work in where there is nothing to show for long', () => {
    const rows = jsonRows(`[${' '.repeat(1_000_000)}`);
    const steps = Array.from({ length: 20 }, () => rows.next().value);
    expect(steps.filter((step) => step === null).length).toBeGreaterThan(10);
  });

  it('is shown as it came from where it stops being JSON', () => {
    const good = `[${'1,'.repeat(200_000)}`;
    const lines = linesIn(jsonRows(`${good}oops]`));
    expect(lines.slice(-3)).toEqual(['  1,', '(From here on this is not JSON. It is shown as it came.)', 'oops]']);
  });
});
