import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesOfBase64, hexRow, jsonTokens, linesOf, prettyJson, utf8OrNull } from '../../../src/renderer/ui/body-format.ts';

test('pretty JSON keeps every digit and escape that was sent', () => {
  expect(prettyJson('{"big":12345678901234567890,"e":1.0e+2,"t":"\\u00e9\\/","empty":{},"list":[1,[]]}')).toBe(
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
  expect(prettyJson('<a>')).toBeNull();
  expect(prettyJson('{"a":1')).toBeNull();
});

test('the runs of a line put together are the line', () => {
  fc.assert(
    fc.property(fc.string(), (line) => {
      expect(
        jsonTokens(line)
          .map(({ text }) => text)
          .join(''),
      ).toBe(line);
    }),
  );
  expect(jsonTokens('  "a": "b",').map(({ kind }) => kind)).toEqual(['plain', 'key', 'plain', 'plain', 'string', 'plain']);
});

test('a hex row shows offset, bytes and printable characters', () => {
  const bytes = new Uint8Array([...Array(16).fill(0), 0x48, 0x69, 0x0a, 0xff]);
  expect(hexRow(bytes, 1)).toEqual({ offset: '00000010', hex: `48 69 0a ff${' '.repeat(12)}  ${' '.repeat(23)}`, ascii: 'Hi..' });
});

test('bytes that are not UTF-8 have no text, and a byte order mark stays', () => {
  expect(utf8OrNull(bytesOfBase64('//4='))).toBeNull();
  expect(utf8OrNull(bytesOfBase64('77u/YQ=='))).toBe('\ufeffa');
});

test('an endless line is cut into rows and loses nothing', () => {
  expect(linesOf(`ab\r\n${'x'.repeat(9000)}`, 4000).map(({ length }) => length)).toEqual([2, 4000, 4000, 1000]);
});
