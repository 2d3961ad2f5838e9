import { expect, it } from 'vitest';
import { binAnswersInput } from '#shared/contract/bin-answers.ts';
import {
  answersDraftOf,
  copyOf,
  moved,
  newAnswers,
  newRule,
  planText,
  readAnswers,
  type RuleDraft,
} from '../../../src/renderer/features/captures/answers-draft.ts';

const rule = (formKey: string, change: Partial<RuleDraft> = {}): RuleDraft => ({ ...newRule([]), formKey, ...change });

it('answers come out of the form as they went in', () => {
  const { rules = [], ...rest } = binAnswersInput.parse({
    handshakes: ['crc'],
    refuse: { unverified: true, seenBefore: false },
    key: 'message',
    sequence: { steps: '500 x2, 200', atEnd: 'again' },
    failures: { rate: 0.125, seed: 'a', steps: '503' },
    rules: [
      {
        id: 'rule_1',
        name: 'Orders',
        match: { path: '/orders/*', json: [{ path: '$.a', value: 'b' }] },
        count: { from: 1, to: 3 },
        key: 'json.$.id',
        response: { status: 404, headers: { 'X-A': ['1', '2'] }, body: '{{ count }}', delayMs: 500, fault: { kind: 'close' } },
      },
    ],
  });
  const saved = rules.map((each) => ({ ...each, id: 'rule_1' }));
  const draft = answersDraftOf({ ...(rest as Parameters<typeof answersDraftOf>[0]), verifyTokenFingerprint: null, rules: saved });
  const { answers, issues } = readAnswers(draft);
  expect(issues).toEqual([]);
  expect(answers).toEqual({ ...rest, rules: saved });
});

it('what cannot be read is told at its field', () => {
  const { issues } = readAnswers({
    ...newAnswers,
    plan: { ...newAnswers.plan, steps: '500, boom', failPercent: 'many' },
    rules: [rule('a', { conditions: 'path=/a\ncolour=red', headersText: 'nonsense', delay: 'soon' })],
  });
  expect(issues.map(({ path }) => path)).toEqual([
    'answers.rules.0.match',
    'answers.rules.0.response.headers',
    'answers.rules.0.response.delayMs',
    'answers.failures.rate',
    'answers.sequence.steps',
  ]);
  expect(issues[0]?.message).toContain('Line 2: "colour"');
  expect(issues.at(-1)?.message).toContain('At character 6: "boom"');
});

it('an empty verify token keeps the one that is saved', () => {
  expect(readAnswers(newAnswers).answers).not.toHaveProperty('verifyToken');
  expect(readAnswers({ ...newAnswers, verifyToken: 'new' }).answers.verifyToken).toBe('new');
});

it('a rule is moved within its list, and nowhere else', () => {
  const rules = [rule('a'), rule('b'), rule('c')];
  const keys = (list: readonly RuleDraft[]) => list.map(({ formKey }) => formKey).join('');
  expect(keys(moved(rules, 'c', 0))).toBe('cab');
  expect(keys(moved(rules, 'a', 1))).toBe('bac');
  expect(moved(rules, 'a', -1)).toBe(rules);
  expect(moved(rules, 'c', 3)).toBe(rules);
  expect(moved(rules, 'd', 0)).toBe(rules);
});

it('a copy is a rule of its own', () => {
  const original = rule('rule_1', { id: 'rule_1', name: 'Orders', conditions: 'path=/a' });
  const copy = copyOf(original, [original]);
  expect(copy).toMatchObject({ id: null, name: 'Orders (copy)', conditions: 'path=/a' });
  expect(copy.formKey).not.toBe('rule_1');
});

it('a plan is told in a few words', () => {
  expect(planText(newAnswers.plan)).toBe('');
  expect(planText({ ...newAnswers.plan, steps: '500, 200', failPercent: '20 %', key: 'message' })).toBe('500, 200; 20 % fail by message');
});
