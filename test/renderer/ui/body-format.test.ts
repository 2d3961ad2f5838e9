import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOfBase64, hexRow, jsonTokens, markupTokens, utf8OrNull } from '../../../src/renderer/ui/body-format.ts';

test('the runs of a line put together are the line', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[<>!\-"'a =/]{0,40}$/)), (line) => {
      for (const tokens of [jsonTokens, markupTokens])
        expect(
          tokens(line)
            .map(({ text }) => text)
            .join(''),
        ).toBe(line);
    }),
    { examples: [['</>'], ['</ >']] },
  );
  expect(jsonTokens('  "a": "b",').map(({ kind }) => kind)).toEqual(['plain', 'key', 'plain', 'plain', 'string', 'plain']);
});

test('tags, the values of their attributes, and comments are distinguished from the text between them', () => {
  expect(markupTokens('<a href="x > y">text</a><br/><!-- <b> -->').map(({ kind, text }) => [kind, text])).toEqual([
    ['key', '<a'],
    ['plain', ' href='],
    ['string', '"x > y"'],
    ['key', '>'],
    ['plain', 'text'],
    ['key', '</a'],
    ['key', '>'],
    ['key', '<br'],
    ['key', '/>'],
    ['literal', '<!-- <b> -->'],
  ]);
});

test('a hex row shows offset, bytes and printable characters', () => {
  const bytes = new Uint8Array([...Array(16).fill(0), 0x48, 0x69, 0x0a, 0xff]);
  expect(hexRow(bytes, 1)).toEqual({ offset: '00000010', hex: `48 69 0a ff${' '.repeat(12)}  ${' '.repeat(23)}`, ascii: 'Hi..' });
});

test('bytes that are not UTF-8 have no text, and a byte order mark stays', () => {
  expect(utf8OrNull(bytesOfBase64('//4='))).toBeNull();
  expect(utf8OrNull(bytesOfBase64('77u/YQ=='))).toBe('\ufeffa');
});
