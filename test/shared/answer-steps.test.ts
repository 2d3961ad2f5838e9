import { expect, it } from 'vitest';
import { readSteps, stepAt, stepsProblem, stepText, type AnswerStep } from '#shared/answer-steps.ts';
import { conditionTexts, readConditions } from '#shared/answer-conditions.ts';

function stepsOf(text: string): readonly AnswerStep[] {
  const read = readSteps(text);
  if ('problems' in read) throw new Error(read.problems[0]?.message);
  return read.steps;
}

it('reads the steps of a sequence with how often and after what wait', () => {
  expect(stepsOf('500 x2, 429 after 3s, timeout,\n reset, answer after 1.5 s x3')).toEqual([
    { does: { kind: 'status', status: 500 }, times: 2, delayMs: null },
    { does: { kind: 'status', status: 429 }, times: 1, delayMs: 3000 },
    { does: { kind: 'timeout' }, times: 1, delayMs: null },
    { does: { kind: 'reset' }, times: 1, delayMs: null },
    { does: { kind: 'answer' }, times: 3, delayMs: 1500 },
  ]);
});

it('writes a step so that it reads the same again', () => {
  for (const step of stepsOf('500 x2, 429 after 3s, timeout x4, reset, 200 x5 after 250ms'))
    expect(stepsOf(stepText(step))).toEqual([step]);
});

it.each([
  ['500, 99', 5, 2, '99 is no status'],
  ['500, 600', 5, 3, '600 is no status'],
  ['500 x2,, 200', 6, 1, 'A step is missing here'],
  ['500,', 3, 1, 'A step is missing here'],
  [', 500', 0, 1, 'A step is missing here'],
  ['500 x0', 0, 6, 'x0 is not possible'],
  ['200, 429 after a while', 5, 17, '"a while" is no length of time'],
  ['429 after 3h', 0, 12, 'A step waits for 10 m at most'],
  ['timeout after 3s', 0, 16, 'A timeout never answers'],
  ['200, teapot', 5, 6, '"teapot" is no step'],
])('says of %j at which place it is wrong', (text, at, length, message) => {
  expect(readSteps(text)).toMatchObject({ problems: [{ at, length, message: expect.stringContaining(message) }] });
});

it('says all that is wrong at once, in the order of the text', () => {
  expect(stepsProblem('500 x0, boom,, 99')).toBe(
    [
      'At character 1: x0 is not possible: a step answers 1 to 10000 requests.',
      'At character 9: "boom" is no step: write a status, answer, timeout or reset, with x2 to repeat it and after 3s to wait, as in 500 x2, 429 after 3s, timeout, reset, answer.',
      'At character 13: A step is missing here: write them as in 500 x2, 429 after 3s, timeout, reset, answer.',
      'At character 16: 99 is no status that an answer can have: use 200 to 599.',
    ].join(' '),
  );
});

it('stays at the last step, or begins again', () => {
  const steps = stepsOf('500 x2, 200');
  const places = (atEnd: 'stay' | 'again') => [0, 1, 2, 3, 4, 5].map((index) => stepAt(steps, atEnd, index)?.place);
  expect(places('stay')).toEqual([0, 0, 1, 1, 1, 1]);
  expect(places('again')).toEqual([0, 0, 1, 0, 0, 1]);
  expect(stepAt([], 'stay', 0)).toBeNull();
});

it.each([
  ['count=1-3', { from: 1, to: 3, every: 1 }],
  ['count=4-', { from: 4, to: null, every: 1 }],
  ['count=2', { from: 2, to: 2, every: 1 }],
  ['count=every 5', { from: 5, to: null, every: 5 }],
  ['count=2-10 every 3', { from: 2, to: 10, every: 3 }],
])('reads %s beside other conditions, and writes it the same', (text, count) => {
  const read = readConditions(['path=/orders/*', text]);
  expect(read).toEqual({ match: { path: '/orders/*' }, count });
  if ('problems' in read) throw new Error(JSON.stringify(read.problems));
  expect(conditionTexts(read.match, read.count)).toEqual(['path=/orders/*', text]);
});

it.each(['count=', 'count=0', 'count=3-1', 'count=some', 'count=every 0'])('refuses %s at its line', (text) => {
  expect(readConditions(['method=POST', text])).toEqual({ problems: [{ index: 1, problem: expect.stringContaining('is no count') }] });
});

it('tells of everything that is wrong at once, each at its line', () => {
  expect(readConditions(['count=1', 'colour=red', 'count=0'])).toEqual({
    problems: [
      { index: 1, problem: expect.stringContaining('"colour"') },
      { index: 2, problem: expect.stringContaining('Give one count') },
      { index: 2, problem: expect.stringContaining('is no count') },
    ],
  });
});
