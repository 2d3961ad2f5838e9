import { describe, expect, it } from 'vitest';
import { diffBytes } from '../../../src/renderer/features/verify/byte-diff.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('the difference of two bodies', () => {
  it('is none where they are the same', () => {
    expect(diffBytes(bytes('{"a":1}'), bytes('{"a":1}'))).toBeNull();
  });

  it('begins at the first byte that differs, with its line and column', () => {
    expect(diffBytes(bytes('{\n  "a": 1\n}'), bytes('{\n  "a":1\n}'))).toMatchObject({
      offset: 8,
      line: 2,
      column: 7,
      received: { before: '{⟦LF⟧  "a":', after: ' 1⟦LF⟧}', hex: '20 31 0a 7d' },
      signed: { before: '{⟦LF⟧  "a":', after: '1⟦LF⟧}', hex: '31 0a 7d' },
    });
  });

  it('shows the end of a body, and line breaks and marks that cannot be seen', () => {
    expect(diffBytes(bytes('\ufeffa\r\n'), bytes('\ufeffa'))).toMatchObject({
      offset: 4,
      received: { before: '⟦BOM⟧a', after: '⟦CR⟧⟦LF⟧', hex: '0d 0a' },
      signed: { after: '', hex: '' },
    });
  });

  it('cuts no character of UTF-8 at the edges of what it shows', () => {
    const text = `${'ä'.repeat(40)}x${'ö'.repeat(40)}`;
    const diff = diffBytes(bytes(text), bytes(text.replace('x', 'y')));
    expect(diff?.received).toEqual({
      before: `…${'ä'.repeat(12)}`,
      after: `x${'ö'.repeat(12)}`,
      hasMore: true,
      hex: '78 c3 b6 c3 b6 c3 b6 c3',
    });
  });

  it('writes bytes that are no text by their numbers', () => {
    expect(diffBytes(Uint8Array.from([0xff, 0xe9]), Uint8Array.from([0xff, 0x41]))).toMatchObject({
      received: { before: '⟦ff⟧', after: '⟦e9⟧' },
      signed: { after: 'A' },
    });
  });
});
