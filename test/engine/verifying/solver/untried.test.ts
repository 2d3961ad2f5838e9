import { describe, expect, it } from 'vitest';
import { coverageOf, mergeCoverage } from '#engine/verifying/solver/coverage.ts';
import { mergeUntried, untriedAfter, untriedForSize, untriedPairs } from '#engine/verifying/solver/untried.ts';

describe('what several threads did not try', () => {
  it('is nothing when each of them tried everything', () => {
    expect(mergeUntried([[], []])).toEqual([]);
  });

  it('is what the thread that came least far says', () => {
    const early = untriedAfter('one change', 'time');
    expect(mergeUntried([[untriedAfter('two changes', 'time')], [early]])).toEqual([early]);
    expect(mergeUntried([[untriedPairs([['body', 'body']], 'time')], [early]])).toEqual([early]);
  });

  it('joins far-fetched pairs, each kind once, and keeps what is left out for size', () => {
    const left = mergeUntried([
      [untriedForSize(300_000), untriedPairs([['body', 'secret']], 'time')],
      [
        untriedForSize(300_000),
        untriedPairs(
          [
            ['body', 'secret'],
            ['string', 'string'],
          ],
          'time',
        ),
      ],
    ]);
    expect(left.map(({ why }) => why)).toEqual(['size', 'time']);
    expect(left[1]?.pairs).toEqual([
      ['body', 'secret'],
      ['string', 'string'],
    ]);
    expect(left[1]?.sentence).toContain('left are some of: body with secret, two of the signed string.');
  });
});

describe('how far each family was searched', () => {
  const tried = new Map([
    ['line-ends', 3],
    ['key-order', 5],
  ] as const);
  const stateOf = (coverage: ReturnType<typeof coverageOf>, family: string) => {
    const found = coverage.find((one) => one.family === family);
    return found && [found.state, found.why, found.tried];
  };

  it('is to its end where the search came to its own, and says where the request has nothing of a kind', () => {
    const coverage = coverageOf(tried, [], new Set(['key-order']));
    expect(stateOf(coverage, 'line-ends')).toEqual(['searched', null, 3]);
    expect(stateOf(coverage, 'key-order')).toEqual(['in part', 'size', 5]);
    expect(stateOf(coverage, 'bom')).toEqual(['nothing to change', null, 0]);
  });

  it.each([
    ['one change', ['in part', 'time', 3], ['not reached', 'time', 0]],
    ['two changes', ['searched', null, 3], ['nothing to change', null, 0]],
  ] as const)('is not known beyond the phase %s in which the time limit was reached', (phase, lineEnds, mark) => {
    const coverage = coverageOf(tried, [untriedAfter(phase, 'time')], new Set());
    expect(stateOf(coverage, 'line-ends')).toEqual(lineEnds);
    expect(stateOf(coverage, 'bom')).toEqual(mark);
    expect(stateOf(coverage, 'key-order')).toEqual(['in part', 'time', 5]);
  });

  it('is for several threads what the one that came least far says, with all that they tried', () => {
    const whole = coverageOf(tried, [], new Set());
    const cut = coverageOf(new Map(), [untriedAfter('one change', 'time')], new Set());
    expect(stateOf(mergeCoverage([whole, cut]), 'line-ends')).toEqual(['in part', 'time', 3]);
    expect(stateOf(mergeCoverage([cut, cut]), 'line-ends')).toEqual(['not reached', 'time', 0]);
    expect(mergeCoverage([whole, whole])).toHaveLength(whole.length);
  });
});
