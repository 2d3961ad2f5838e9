import { describe, expect, it } from 'vitest';
import type { DecodedBody } from '#shared/contract/bodies.ts';
import { textsOf, whyTooLarge } from '../../../src/renderer/features/comparing/body-texts.ts';
import { compareRoute, partOf } from '../../../src/renderer/features/comparing/compare-route.ts';
import { hexRows } from '../../../src/renderer/features/comparing/hex-rows.ts';
import { timingBars } from '../../../src/renderer/features/comparing/timing-bars.ts';
import { formatRoute, parseRoute } from '../../../src/renderer/base/router.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

describe('bytes of two bodies at the same offsets', () => {
  it('are cut into runs that differ and runs that do not, and what only one has differs', () => {
    const rows = hexRows(bytes('abXd\nfgh'), bytes('abYd\nf'), 32, 4);
    expect(rows.map(({ offset }) => offset)).toEqual(['00000020', '00000024']);
    expect(rows[0]?.before).toEqual([
      { differs: false, hex: '61 62', ascii: 'ab' },
      { differs: true, hex: '58', ascii: 'X' },
      { differs: false, hex: '64', ascii: 'd' },
    ]);
    expect(rows[1]?.before).toEqual([
      { differs: false, hex: '0a 66', ascii: '.f' },
      { differs: true, hex: '67 68', ascii: 'gh' },
    ]);
    expect(rows[1]?.after).toEqual([{ differs: false, hex: '0a 66', ascii: '.f' }]);
  });
});

describe('the time of two attempts', () => {
  const phase = (beforeMs: number | null, afterMs: number | null) => ({ phase: 'wait' as const, beforeMs, afterMs, differenceMs: null });

  it('is drawn to one scale, each phase where the one before it ended', () => {
    const bars = timingBars({
      phases: [phase(10, null), phase(30, 60)],
      total: { beforeMs: 40, afterMs: 80, differenceMs: 40 },
    });
    expect(bars.phases).toEqual([
      { first: { from: 0, share: 0.125 }, second: null },
      { first: { from: 0.125, share: 0.375 }, second: { from: 0, share: 0.75 } },
    ]);
    expect(bars.total).toEqual({ first: { from: 0, share: 0.5 }, second: { from: 0, share: 1 } });
  });

  it('has no bar where nothing is known', () => {
    const total = { beforeMs: null, afterMs: null, differenceMs: null };
    expect(timingBars({ phases: [phase(null, null)], total })).toEqual({
      phases: [{ first: null, second: null }],
      total: { first: null, second: null },
    });
  });
});

describe('the text of two bodies', () => {
  const decoded = (text: string, rest: Partial<DecodedBody> = {}): DecodedBody => ({
    undone: [],
    charset: 'utf-8',
    rawBytes: text.length,
    unpackedBytes: text.length,
    bodyBase64: Buffer.from(text).toString('base64'),
    isCut: false,
    summary: '',
    problems: [],
    ...rest,
  });

  it('is laid out in the same way where both are JSON', () => {
    expect(textsOf(decoded('{"a":1}'), decoded('{\n"a": 2}'))).toEqual({
      before: '{"a":1}',
      after: '{\n"a": 2}',
      laidOut: { before: '{\n  "a": 1\n}', after: '{\n  "a": 2\n}' },
    });
    expect(textsOf(decoded('a'), decoded('{"a": 2}'))).toMatchObject({ before: 'a', laidOut: null });
  });

  it('is only laid out where a line of one of them is too long as it was sent', () => {
    const items = Array.from({ length: 5000 }, (_, index) => index);
    const [minified, indented] = [JSON.stringify(items), JSON.stringify(items, null, 1)];
    expect(textsOf(decoded(minified), decoded(indented))).toMatchObject({ before: '', after: '' });
  });

  it('is not shown of what is no text, too large or in endless lines, and says so', () => {
    expect(textsOf(decoded('a', { charset: null }), decoded('b'))).toEqual({ why: expect.stringContaining('no text') as string });
    expect(textsOf(decoded('a', { unpackedBytes: 300_000 }), decoded('b'))).toEqual({ why: expect.stringContaining('256 KiB') as string });
    expect(textsOf(decoded('a'.repeat(20_000)), decoded('b'))).toEqual({ why: expect.stringContaining('line is too long') as string });
    expect(whyTooLarge(262_144, 0)).toBeNull();
    expect(whyTooLarge(0, 262_145)).not.toBeNull();
  });
});

it('a comparison has an address of its own', () => {
  const address = formatRoute(compareRoute('att_1', 'cap_2', 'timing'));
  expect(address).toBe('#/compare/att_1?with=cap_2&part=timing');
  expect(parseRoute(address)).toEqual({ area: 'compare', id: 'att_1', query: { with: 'cap_2', part: 'timing' } });
  expect(partOf('timing')).toBe('timing');
  expect(partOf('other')).toBeNull();
});
