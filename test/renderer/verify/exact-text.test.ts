import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyEdit,
  countLineBreaks,
  shownText,
  splitRawRequest,
  withLineEnding,
} from '../../../src/renderer/features/verify/exact-text.ts';

const text = fc.array(fc.constantFrom('a', 'b', '\n', '\r\n', '\r'), { maxLength: 12 }).map((pieces) => pieces.join(''));

describe('keeping the exact text behind a text field', () => {
  it('keeps the line breaks of what was pasted over everything', () => {
    const pasted = '{\r\n"a": 1\n}';
    expect(applyEdit('old', shownText(pasted), { text: pasted, from: 0, to: 3 })).toBe(pasted);
  });

  it('keeps CRLF elsewhere when one character is typed', () => {
    expect(applyEdit('a\r\nb\r\nc', 'a\nbX\nc', null)).toBe('a\r\nbX\r\nc');
  });

  it('turns a typed line break into the kind that the text mostly has', () => {
    expect(applyEdit('a\r\nb', 'a\nb\n', null)).toBe('a\r\nb\r\n');
    expect(applyEdit('a\nb', 'a\nb\n', null)).toBe('a\nb\n');
  });

  it('always shows what the field shows, whatever is pasted or typed where', () => {
    fc.assert(
      fc.property(text, text, fc.nat(12), fc.nat(12), (exact, inserted, one, other) => {
        const shown = shownText(exact);
        const from = Math.min(one, other, shown.length);
        const to = Math.min(Math.max(one, other), shown.length);
        const after = shown.slice(0, from) + shownText(inserted) + shown.slice(to);
        expect(shownText(applyEdit(exact, after, { text: inserted, from, to }))).toBe(after);
        expect(shownText(applyEdit(exact, after, null))).toBe(after);
      }),
    );
  });

  it('counts line breaks by kind and makes them one kind on demand', () => {
    expect(countLineBreaks('a\r\nb\nc\rd')).toEqual({ lf: 1, crlf: 1, cr: 1 });
    expect(withLineEnding('a\r\nb\nc', 'lf')).toBe('a\nb\nc');
    expect(withLineEnding('a\r\nb\nc', 'crlf')).toBe('a\r\nb\r\nc');
    expect(withLineEnding('a\r\nb\nc', 'asPasted')).toBe('a\r\nb\nc');
  });
});

describe('a raw request', () => {
  it('is cut at its first empty line, and the body keeps every byte', () => {
    expect(splitRawRequest('POST / HTTP/1.1\r\nA: 1\r\n\r\n{"a":\r\n1}\n\n')).toEqual({
      head: 'POST / HTTP/1.1\r\nA: 1',
      body: '{"a":\r\n1}\n\n',
    });
  });

  it('is not cut when nothing follows the empty line, or precedes it', () => {
    expect(splitRawRequest('A: 1\r\n\r\n')).toBeNull();
    expect(splitRawRequest('A: 1\nB: 2')).toBeNull();
    expect(splitRawRequest('\n\nA: 1')).toBeNull();
  });
});
