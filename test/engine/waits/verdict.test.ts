import { describe, expect, it } from 'vitest';
import { mostMatches, verdictOf, type Expectation, type Tally } from '#engine/waits/verdict.ts';

const expectation: Expectation = {
  noun: ['capture', 'captures'],
  where: '',
  count: 1,
  atMost: null,
  steps: 0,
  oncePerId: false,
  withinMs: 5000,
};
const tally: Tally = { looked: 0, matchCount: 0, repeated: null, withoutId: null, unread: [] };

const cases: readonly (readonly [
  string,
  Partial<Expectation>,
  Partial<Tally>,
  { readonly early: string | null; readonly over: string },
])[] = [
  ['nothing came', {}, {}, { early: null, over: 'Not met: No capture came; 1 was expected within 5.00 s.' }],
  [
    'nothing came to a bin',
    { where: ' to the bin orders' },
    {},
    { early: null, over: 'Not met: No capture came to the bin orders; 1 was expected within 5.00 s.' },
  ],
  ['none matched', {}, { looked: 3 }, { early: null, over: 'Not met: None of 3 captures matched; 1 was expected within 5.00 s.' }],
  [
    'too few matched',
    { count: 3 },
    { looked: 3, matchCount: 2 },
    { early: null, over: 'Not met: 2 of 3 captures matched; 3 were expected within 5.00 s.' },
  ],
  ['enough matched', {}, { looked: 1, matchCount: 1 }, { early: 'Met: 1 capture matched.', over: 'Met: 1 capture matched.' }],
  [
    'none is to match, and none does',
    { count: 0, atMost: 0 },
    { looked: 2 },
    { early: null, over: 'Met: No capture matched within 5.00 s.' },
  ],
  [
    'none is to match, and one does',
    { count: 0, atMost: 0 },
    { looked: 2, matchCount: 1 },
    { early: 'Not met: 1 capture matched; none was expected.', over: 'Not met: 1 capture matched; none was expected.' },
  ],
  [
    'more may come until the time is over',
    { atMost: 2 },
    { looked: 2, matchCount: 2 },
    { early: null, over: 'Met: 2 captures matched within 5.00 s.' },
  ],
  [
    'more came than may',
    { atMost: 1 },
    { looked: 2, matchCount: 2 },
    { early: 'Not met: 2 captures matched; at most 1 was expected.', over: 'Not met: 2 captures matched; at most 1 was expected.' },
  ],
  [
    'none is to match, and one was not read',
    { count: 0, atMost: 0 },
    { looked: 2, unread: ['cap_1'] },
    {
      early: 'Not met: The body of cap_1 was not read to its end, so nobody can tell whether that matches.',
      over: 'Not met: The body of cap_1 was not read to its end, so nobody can tell whether that matches.',
    },
  ],
  [
    'so many may match that one that was not read changes nothing',
    { atMost: 2 },
    { looked: 2, matchCount: 1, unread: ['cap_1'] },
    { early: null, over: 'Met: 1 capture matched within 5.00 s.' },
  ],
  [
    'an event may come again until the time is over',
    { oncePerId: true },
    { looked: 1, matchCount: 1 },
    { early: null, over: 'Met: 1 capture matched within 5.00 s, and no event came twice.' },
  ],
  [
    'an event came twice',
    { oncePerId: true },
    { matchCount: 2, repeated: { eventId: 'evt_1', ids: ['cap_1', 'cap_2'] } },
    { early: 'Not met: The event evt_1 came twice: as cap_1 and cap_2.', over: 'Not met: The event evt_1 came twice: as cap_1 and cap_2.' },
  ],
  [
    'the order is complete',
    { steps: 2 },
    { matchCount: 2 },
    { early: 'Met: 2 captures came in this order.', over: 'Met: 2 captures came in this order.' },
  ],
  [
    'a step of the order is missing',
    { steps: 3 },
    { matchCount: 1, looked: 4 },
    { early: null, over: 'Not met: Within 5.00 s 1 of 3 steps came in this order; step 2 did not.' },
  ],
];

describe('a wait', () => {
  it.each(cases)('is judged where %s', (_, asked, seen, { early, over }) => {
    const textOf = (isOver: boolean) => {
      const verdict = verdictOf({ ...expectation, ...asked }, { ...tally, ...seen }, isOver);
      return verdict === null ? null : `${verdict.isMet ? 'Met' : 'Not met'}: ${verdict.message}`;
    };
    expect({ early: textOf(false), over: textOf(true) }).toEqual({ early, over });
  });

  it('does not say that an event came once when it has no id', () => {
    const verdict = verdictOf({ ...expectation, oncePerId: true }, { ...tally, looked: 1, matchCount: 1, withoutId: 'cap_1' }, false);
    expect(verdict).toMatchObject({ isMet: false, message: expect.stringContaining('cap_1 has no id of an event') });
  });

  it('is met by very many where more change nothing', () => {
    expect(verdictOf(expectation, { ...tally, matchCount: mostMatches }, false)).toMatchObject({ isMet: true });
  });

  it('ends when more match than it counts', () => {
    const verdict = verdictOf({ ...expectation, oncePerId: true }, { ...tally, matchCount: mostMatches }, false);
    expect(verdict).toMatchObject({ isMet: false, message: expect.stringContaining('as many as one wait counts') });
  });
});
