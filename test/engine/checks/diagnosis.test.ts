import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '#engine/checks/catalogue.ts';
import { defectRules, diagnose } from '#engine/checks/diagnosis.ts';
import { answerKindOf, judge, type AnswerKind } from '#engine/checks/judge.ts';
import type { SeenCase } from '#engine/checks/seen.ts';
import { plainOutcome } from '#engine/http/outcome.ts';

function seen(id: string, result: SeenCase['result'], ...kinds: readonly AnswerKind[]): SeenCase {
  return {
    id,
    result,
    isGenuine: false,
    answers: kinds.map((kind) => ({ kind, status: null, label: null })),
    effects: null,
    mostEffects: null,
    wavering: [],
    findings: [],
  };
}
const idsOf = (...cases: readonly SeenCase[]) => diagnose(cases).map(({ id, level }) => `${level} ${id}`);

describe('the diagnosis', () => {
  const refused = seen('wrong-secret', 'passed', 'refused');
  const genuine = seen('genuine', 'passed', 'accepted');

  it('concludes nothing from a case that was skipped, or not sent', () => {
    expect(idsOf()).toEqual([]);
    expect(idsOf(refused, seen('missing-signature', 'skipped'))).toEqual([]);
    expect(idsOf(refused, seen('missing-signature', 'skipped', 'accepted'))).toEqual([]);
    expect(idsOf(seen('missing-signature', 'failed', 'accepted'))).toEqual([]);
  });

  it('names a defect by what was taken and what was refused, each with its cases', () => {
    expect(diagnose([refused, seen('missing-signature', 'failed', 'accepted')])).toMatchObject([
      { id: 'accepts-missing-signature', level: 'must', evidence: ['missing-signature', 'wrong-secret'] },
    ]);
    const taken = ['compact-json', 'key-order'].map((id) => seen(id, 'passed', 'accepted'));
    const notTaken = ['pretty-json', 'unicode-escapes', 'trailing-newline'].map((id) => seen(id, 'failed', 'refused'));
    expect(diagnose([...taken, ...notTaken])).toMatchObject([
      { id: 'parses-before-verifying', evidence: ['compact-json', 'pretty-json', 'unicode-escapes'] },
    ]);
  });

  it('leaves out what another defect explains', () => {
    const all = [
      'wrong-secret',
      'missing-signature',
      'empty-signature',
      'byte-changed',
      'stale-time',
      'id-changed',
      'two-wrong-signatures',
    ];
    expect(idsOf(...all.map((id) => seen(id, 'failed', 'accepted')))).toEqual(['must verifies-nothing']);
  });

  it('is advice where the library of the provider does the same', () => {
    expect(idsOf(seen('own-signature-first', 'advice', 'refused'), seen('own-signature-last', 'passed', 'accepted'))).toEqual([
      'should takes-last-signature-only',
    ]);
  });

  it('says which answers they were that a receiver broke with', () => {
    const broken = (...answers: SeenCase['answers']) => diagnose([genuine, { ...seen('null-fields', 'advice'), answers }])[0]?.message;
    const crashed = (status: number, label: string) => ({ kind: 'crashed', status, label }) as const;
    expect(broken({ kind: 'accepted', status: 200, label: 'a is null' }, crashed(500, 'b is null'))).toBe(
      'It answered 500 to fields that are null: when b is null.',
    );
    expect(broken(crashed(502, 'a is null'), crashed(500, 'b is null'), { kind: 'unanswered', status: null, label: 'c is null' })).toBe(
      'It answered 500 or 502, or gave no complete answer, to fields that are null: when a is null, or b is null, or c is null.',
    );
    const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => crashed(500, name));
    expect(broken(...many)).toBe('It answered 500 to fields that are null: when a, or b, or c, or d, or e, and in 2 more cases.');
  });

  it('concludes nothing from what breaks where the genuine request breaks, too', () => {
    const named = ['null-fields', 'byte-order-mark', 'get', 'missing-signature', 'malformed-signature', 'wrong-secret'];
    const broken = named.map((id) => seen(id, 'advice', 'crashed'));
    const crashed = seen('genuine', 'failed', 'crashed');
    const isOfCrashes = (id: string) => id.includes('fails-on');
    expect(idsOf(crashed, ...broken).filter(isOfCrashes)).toEqual([]);
    expect(idsOf(...broken).filter(isOfCrashes)).toEqual([]);
    expect(idsOf(genuine, ...broken).filter(isOfCrashes)).toEqual([
      'should fails-on-wrong-signatures',
      'should fails-on-null',
      'should fails-on-mark',
      'should fails-on-get',
    ]);
    // A refusal is another answer, so that a crash says something beside it.
    expect(idsOf(seen('genuine', 'failed', 'refused'), seen('null-fields', 'advice', 'crashed'))).toContain('should fails-on-null');
    const two = ['own-signature-first', 'own-signature-last'].map((id) => seen(id, 'failed', 'refused'));
    expect(idsOf(seen('genuine', 'failed', 'refused'), ...two)).not.toContain('must takes-one-signature-only');
    expect(idsOf(genuine, ...two)).toContain('must takes-one-signature-only');
  });

  it.each(['refused', 'crashed', 'unanswered', 'redirected', 'limited', 'uncounted'] as const)(
    'concludes nothing where every answer is %s',
    (kind) => {
      for (const result of ['failed', 'advice'] as const)
        expect(idsOf(...catalogue.map(({ id }) => seen(id, result, kind, kind)))).toEqual([]);
    },
  );

  it('concludes nothing without the counterpart that a rule declares', () => {
    for (const rule of defectRules) {
      if (rule.counterpart === 'none') continue;
      const { oneOf } = rule.counterpart;
      const alike = (['accepted', 'refused', 'crashed'] as const).flatMap((kind) =>
        idsOf(...catalogue.filter(({ id }) => !oneOf.includes(id)).map(({ id }) => seen(id, 'failed', kind))),
      );
      expect(alike).not.toContain(`${rule.level} ${rule.id}`);
    }
  });

  it('tells wavering by itself, from how many requests', () => {
    const crashed = { kind: 'crashed', status: 503, label: null } as const;
    const lost = { kind: 'unanswered', status: null, label: null } as const;
    const one = { ...seen('genuine', 'passed', 'accepted'), wavering: [crashed, lost] };
    expect(diagnose([one, { ...seen('chunked', 'passed', 'accepted'), wavering: [crashed] }])).toMatchObject([
      {
        id: 'unsteady',
        level: 'should',
        evidence: ['genuine', 'chunked'],
        message: expect.stringMatching(/^It answered 503 to 2 and gave no complete answer to 1 of 5 requests, and did not when/),
      },
    ]);
  });

  it('has rules with ids of their own, about cases that there are', () => {
    const ids = defectRules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(defectRules.flatMap(({ covers = [] }) => covers).filter((id) => !ids.includes(id))).toEqual([]);
    const caseIds = catalogue.map(({ id }) => id);
    expect(new Set(caseIds).size).toBe(caseIds.length);
    // A rule that names a case which is none would never find anything there.
    const named = new Set<string>();
    const watching = {
      of: (id: string) => (named.add(id), undefined),
      accepted: (id: string) => (named.add(id), true),
      refused: (id: string) => (named.add(id), true),
      brokeAlone: (asked: readonly string[]) => asked.filter((id) => named.add(id)),
    };
    for (const rule of defectRules) rule.find(watching);
    expect([...named].filter((id) => !caseIds.includes(id))).toEqual([]);
  });
});

it('says of a layout by its title, as cases are called, and not by its id', () => {
  const layouts = [
    seen('genuine', 'passed', 'accepted'),
    seen('compact-json', 'passed', 'accepted'),
    seen('pretty-json', 'failed', 'refused'),
  ];
  expect(diagnose(layouts)[0]?.message).toBe(
    'Of the same JSON with right signatures it takes “JSON without spaces”, and refuses “JSON over several lines”.',
  );
});

it('has as many cases as the guide says, with and without variants', () => {
  const guide = readFileSync(join(import.meta.dirname, '../../../docs/guide/checking.md'), 'utf8');
  expect(guide).toContain(`There are ${catalogue.length} cases`);
  const variants = catalogue.filter(({ family }) => family === 'variants').length;
  expect(variants).toBe(10);
  expect(guide).toContain(`so that a check has ${catalogue.length - variants + 1}.`);
});

describe('the judgement of an answer', () => {
  const answered = (status: number, rule = '2xx', headers: [string, string][] = []) =>
    answerKindOf(
      { outcome: plainOutcome(status < 300 ? 'ok' : 'http_status', ''), answer: { status, headers, bodyBase64: '', bodyBytes: 0 } },
      rule,
    );

  it('goes by the success rule of the provider, and tells a refusal from a crash', () => {
    expect([200, 204, 302, 400, 401, 429, 500, 503].map((status) => answered(status))).toEqual([
      'accepted',
      'accepted',
      'redirected',
      'refused',
      'refused',
      'limited',
      'crashed',
      'crashed',
    ]);
    expect(answered(200, '204')).toBe('uncounted');
    expect(['5', 'Thu, 20 Nov 2025 00:53:20 GMT', 'soon'].map((value) => answered(503, '2xx', [['Retry-After', value]]))).toEqual([
      'limited',
      'limited',
      'crashed',
    ]);
    expect(answered(500, '2xx', [['Retry-After', '5']])).toBe('crashed');
    expect(answerKindOf({ outcome: plainOutcome('timeout', ''), answer: null }, '2xx')).toBe('unanswered');
  });

  it('fails what gets in, advises on what ends in a 5xx, and says nothing of a 429', () => {
    const request = { method: 'POST', url: 'http://127.0.0.1/', headers: [], body: new Uint8Array() };
    const plan = { kind: 'plan', steps: [[{ request }]], expects: { kind: 'refuse' }, mostEffects: 0 } as const;
    const exchange = (status: number) => ({
      deliveryId: null,
      sentHow: null,
      request: { method: 'POST', url: '', headers: [], bodyBase64: '', bodyBytes: 0 },
      outcome: plainOutcome('http_status', `It answered ${status}.`),
      answer: { status, headers: [], bodyBase64: '', bodyBytes: 0 },
      durationMs: 1,
    });
    const judged = (kind: AnswerKind, status: number, effects: number | null = null) =>
      judge({ level: 'must' }, { plan, answers: [{ send: { request }, exchange: exchange(status), kind }], effects }).result;
    expect(judged('refused', 401)).toBe('passed');
    expect(judged('accepted', 200)).toBe('failed');
    expect(judged('uncounted', 202)).toBe('failed');
    expect(judged('crashed', 500)).toBe('advice');
    expect(judged('limited', 429)).toBe('undecided');
    expect(judged('refused', 401, 1)).toBe('failed');
    // One that was limited hides no other one that got in, but leaves open whether all are refused.
    const together = (...kinds: readonly AnswerKind[]) =>
      judge(
        { level: 'must' },
        { plan, answers: kinds.map((kind) => ({ send: { request }, exchange: exchange(200), kind })), effects: null },
      ).result;
    expect(together('limited', 'accepted')).toBe('failed');
    expect(together('limited', 'refused')).toBe('undecided');
    // Where the library of the provider takes it, acting on it is no worse than taking it; acting on what was refused is.
    const asLibrary = (kind: AnswerKind, status: number) =>
      judge(
        { level: 'must' },
        {
          plan: { ...plan, level: 'should', libraryNote: 'The library does so, too.' },
          answers: [{ send: { request }, exchange: exchange(status), kind }],
          effects: 1,
        },
      );
    expect(asLibrary('accepted', 200)).toEqual({
      result: 'advice',
      message: 'It acted once on a request that it has to refuse. It was answered 200. The library does so, too.',
    });
    expect(asLibrary('refused', 401).result).toBe('failed');
  });
});
