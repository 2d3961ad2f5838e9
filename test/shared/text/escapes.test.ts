import { expect, test } from 'vitest';
import { codePointName, htmlEscape, jsonEscape, percentEscape, regexEscape, shellQuote } from '../../../src/shared/text/escapes.ts';

test('text shows as itself in HTML, in content and in quoted attributes', () => {
  expect(htmlEscape(`<a href="x" id='y'>&amp;</a>`)).toBe('&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;');
});

test('escapes of JSON have four digits in either case', () => {
  expect([jsonEscape('\n'), jsonEscape('ä'), jsonEscape('ä', 'upper'), jsonEscape('\ud83d')]).toEqual([
    '\\u000a',
    '\\u00e4',
    '\\u00E4',
    '\\ud83d',
  ]);
});

test('percent-encoding has two digits in capitals', () => {
  expect([percentEscape('\n'), percentEscape('\xe4')]).toEqual(['%0A', '%E4']);
});

test('characters have the names of Unicode', () => {
  expect([codePointName('\u00a0'), codePointName('🎉')]).toEqual(['U+00A0', 'U+1F389']);
});

test('a quoted word keeps every sign that a shell reads', () => {
  expect(shellQuote(`it's $HOME "\\"`)).toBe(`'it'\\''s $HOME "\\"'`);
});

test('a text that is escaped for a regular expression matches itself and nothing like it', () => {
  const text = '^a.(b)[c]{1}|\\d$*+?';
  const pattern = new RegExp(`^${regexEscape(text)}$`);
  expect(pattern.test(text)).toBe(true);
  expect(pattern.test(text.replace('.', 'x'))).toBe(false);
});
