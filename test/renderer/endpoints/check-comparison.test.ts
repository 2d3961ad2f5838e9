import { expect, it } from 'vitest';
import type { CaseOutcome, Check, CheckDetail, CheckFinding } from '#shared/contract/checks.ts';
import { checkBefore, compareChecks, comparisonText } from '../../../src/renderer/features/endpoints/check-comparison.ts';

const check: Check = {
  id: 'chk_2',
  status: 'completed',
  reason: null,
  waiting: null,
  endpointId: 'ep_1',
  name: 'Orders',
  url: 'http://127.0.0.1:3000/',
  profile: null,
  scheme: null,
  eventType: 'order.placed',
  seed: 1,
  total: 3,
  done: 3,
  counts: { passed: 0, failed: 0, advice: 0, noted: 0, skipped: 0, undecided: 0 },
  defects: [],
  creator: 'tester',
  createdAtMs: 2000,
  endedAtMs: 2001,
};

function finding(path: string): CheckFinding {
  const places = [{ path, is: 'is null' }];
  return {
    id: `variant:${path}:null`,
    level: 'must',
    message: '',
    places,
    deliveryId: null,
    isFlaky: false,
    eventType: 'order.placed',
    dataText: '{}',
  };
}

function detail(...cases: readonly Pick<CaseOutcome, 'id' | 'result' | 'findings'>[]): CheckDetail {
  const made = cases.map((one, index): CaseOutcome => {
    const words = { title: `Case ${one.id}`, expects: '', why: '', message: '' };
    return { ...one, ...words, number: index + 1, family: 'data', level: 'must', exchanges: [], unmet: [], effects: null, durationMs: 1 };
  });
  return { ...check, schemeOptions: null, cases: made };
}

it('says what is newly wrong and what is fixed, by cases and by what variants showed', () => {
  const before = detail(
    { id: 'a', result: 'failed', findings: [] },
    { id: 'b', result: 'passed', findings: [] },
    { id: 'c', result: 'skipped', findings: [] },
    { id: 'nulls', result: 'failed', findings: [finding('email'), finding('note')] },
  );
  const now = detail(
    { id: 'a', result: 'noted', findings: [] },
    { id: 'b', result: 'advice', findings: [] },
    { id: 'c', result: 'failed', findings: [] },
    { id: 'nulls', result: 'failed', findings: [finding('note'), finding('name')] },
  );
  // Of what was skipped before, nothing is known.
  expect(compareChecks(now, before)).toEqual({
    newlyWrong: ['Case b', 'An event in which name is null'],
    fixed: ['Case a', 'An event in which email is null'],
    stillWrong: 1,
    inBoth: 3,
    isPart: true,
  });
});

it('compares with the newest ended check of the same receiver and event', () => {
  const at = (id: string, more: Partial<Check>): Check => ({ ...check, id, createdAtMs: 1000, ...more });
  const others = [
    at('later', { createdAtMs: 3000 }),
    check,
    at('running', { status: 'running' }),
    at('other-event', { eventType: 'order.paid' }),
    at('other-endpoint', { endpointId: 'ep_2' }),
    at('same', { status: 'stopped' }),
    at('older', {}),
  ];
  expect(checkBefore(others, check)?.id).toBe('same');
  expect(checkBefore(others, { ...check, endpointId: null })).toBeNull();
});

it('says nothing of cases that came out in one check only', () => {
  const now = detail({ id: 'a', result: 'passed', findings: [] }, { id: 'b', result: 'failed', findings: [] });
  const textAgainst = (before: CheckDetail) => comparisonText(compareChecks(now, before));
  expect(textAgainst(detail({ id: 'c', result: 'failed', findings: [] }))).toBe('no case ran in both, so nothing can be compared.');
  expect(textAgainst(detail({ id: 'a', result: 'passed', findings: [] }))).toBe(
    'only 1 case ran in both and can be compared: nothing is wrong there.',
  );
  expect(textAgainst(detail({ id: 'a', result: 'failed', findings: [] }, { id: 'b', result: 'failed', findings: [] }))).toBe('1 fixed.');
  expect(textAgainst(detail({ id: 'a', result: 'passed', findings: [] }, { id: 'b', result: 'failed', findings: [] }))).toBe(
    'the same is wrong.',
  );
  const [early, right] = [detail({ id: 'a', result: 'passed', findings: [] }), detail({ id: 'a', result: 'noted', findings: [] })];
  expect(comparisonText(compareChecks(early, now))).toBe('only 1 case ran in both and can be compared: nothing is wrong there.');
  expect(comparisonText(compareChecks(early, right))).toBe('nothing is wrong in either.');
});
