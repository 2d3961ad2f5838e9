import { describe, expect, it } from 'vitest';
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
