import type { AnswerRule, AnswerRuleInput, BinAnswers, BinAnswersInput } from '#shared/contract/bin-answers.ts';
import type { BinResponse } from '#shared/contract/bin-response.ts';
import { conditionTexts, readConditions } from '#shared/answer-conditions.ts';
import { conditionErrors } from '#shared/match-text.ts';
import { stepsProblem } from '#shared/answer-steps.ts';
import { formatDurationMs, parseDurationMs } from '#shared/duration-text.ts';
import type { Issue } from '../../base/problem.ts';
import { draftOfFault, noFault, readFault, type FaultDraft } from './fault-draft.ts';
import { readHeaders } from './header-lines.ts';

/** What comes one after the other, or by chance, as it is in a form. */
export interface PlanDraft {
  /** `none`, `message`, `path`, `header.NAME`, `query.NAME` or `json.$.PATH`. */
  readonly key: string;
  /** Empty for no sequence. */
  readonly steps: string;
  readonly atEnd: 'stay' | 'again';
  /** Percent as text; empty for none. */
  readonly failPercent: string;
  readonly failSeed: string;
  readonly failSteps: string;
}

/** One response in a form. Headers are text of `Name: value` lines. */
export interface ResponseDraft {
  readonly status: number;
  readonly headersText: string;
  readonly body: string;
  /** With its unit, such as `500 ms` or `5 s`. */
  readonly delay: string;
  readonly isTemplate: boolean;
  readonly fault: FaultDraft;
}

/** A rule while it is edited. */
export interface RuleDraft extends ResponseDraft {
  /** Identifies it in the form. */
  readonly formKey: string;
  /** The id that it is saved under; null for a new one. */
  readonly id: string | null;
  readonly name: string;
  readonly isActive: boolean;
  /** Conditions, one a line. */
  readonly conditions: string;
  readonly plan: PlanDraft;
}

/** How a bin answers beyond its response, as it is in its form. */
export interface AnswersDraft {
  readonly rules: readonly RuleDraft[];
  readonly plan: PlanDraft;
  readonly refuse: BinAnswers['refuse'];
  readonly handshakes: BinAnswers['handshakes'];
  /** Empty keeps what the bin has; null removes it. */
  readonly verifyToken: string | null;
}

const noPlan: PlanDraft = { key: 'none', steps: '', atEnd: 'stay', failPercent: '', failSeed: '', failSteps: '503' };

/** A response to begin with. */
export const newResponse: ResponseDraft = { status: 200, headersText: '', body: '', delay: '0 s', isTemplate: true, fault: noFault };

/** The answers of a bin that does not exist yet. */
export const newAnswers: AnswersDraft = {
  rules: [],
  plan: noPlan,
  refuse: { unverified: false, seenBefore: false },
  handshakes: 'none',
  verifyToken: '',
};

/** The draft of answers as they are. */
export function answersDraftOf(answers: BinAnswers): AnswersDraft {
  const { refuse, handshakes } = answers;
  return { rules: answers.rules.map(ruleDraftOf), plan: planDraftOf(answers), refuse, handshakes, verifyToken: '' };
}

function planDraftOf({ key, sequence, failures }: Pick<BinAnswers, 'key' | 'sequence' | 'failures'>): PlanDraft {
  return {
    key,
    steps: sequence?.steps ?? '',
    atEnd: sequence?.atEnd ?? 'stay',
    failPercent: failures === null ? '' : String(Number((failures.rate * 100).toFixed(4))),
    failSeed: failures?.seed ?? '',
    failSteps: failures?.steps ?? '503',
  };
}

/** A response in a form. */
export function responseDraftOf({ status, headers, body, delayMs, isTemplate, fault }: BinResponse): ResponseDraft {
  return {
    status,
    headersText: Object.entries(headers)
      .flatMap(([name, value]) => [value].flat().map((single) => `${name}: ${single}`))
      .join('\n'),
    body,
    delay: formatDurationMs(delayMs),
    isTemplate,
    fault: draftOfFault(fault),
  };
}

function ruleDraftOf(rule: AnswerRule): RuleDraft {
  const { id, name, isActive, match, count, response } = rule;
  return {
    formKey: id,
    id,
    name,
    isActive,
    conditions: conditionTexts(match, count).join('\n'),
    plan: planDraftOf(rule),
    ...responseDraftOf(response),
  };
}

function freeKey(others: readonly RuleDraft[]): string {
  const taken = new Set(others.map(({ formKey }) => formKey));
  let number = others.length + 1;
  while (taken.has(`new ${number}`)) number += 1;
  return `new ${number}`;
}

/** A rule with nothing in it; `others` are those beside it. */
export function newRule(others: readonly RuleDraft[]): RuleDraft {
  return {
    formKey: freeKey(others),
    id: null,
    name: '',
    isActive: true,
    conditions: '',
    plan: noPlan,
    ...newResponse,
  };
}

/** A copy of a rule, which counts for itself. */
export function copyOf(rule: RuleDraft, others: readonly RuleDraft[]): RuleDraft {
  return { ...rule, formKey: freeKey(others), id: null, name: rule.name === '' ? '' : `${rule.name} (copy)` };
}

/** The rules with one moved to another place, from 0. */
export function moved(rules: readonly RuleDraft[], formKey: string, to: number): readonly RuleDraft[] {
  const from = rules.findIndex((rule) => rule.formKey === formKey);
  const rule = rules[from];
  if (rule === undefined || to < 0 || to >= rules.length || to === from) return rules;
  return rules.toSpliced(from, 1).toSpliced(to, 0, rule);
}

/** The response of a draft, with what cannot be read of it; `path` is its field. */
export function readResponseDraft(
  { status, headersText, body, delay, isTemplate, fault: faultDraft }: ResponseDraft,
  path: string,
): { readonly response: BinResponse; readonly issues: readonly Issue[] } {
  const headers = readHeaders(headersText);
  const delayMs = parseDurationMs(delay);
  const fault = readFault(faultDraft);
  return {
    response: {
      status,
      headers: headers.ok ? headers.headers : {},
      body,
      delayMs: delayMs ?? 0,
      isTemplate,
      fault: fault.ok ? fault.fault : null,
    },
    issues: [
      ...(headers.ok ? [] : [{ path: `${path}.headers`, message: headers.message }]),
      ...(delayMs === null ? [{ path: `${path}.delayMs`, message: 'Write a length of time, such as 500 ms or 5 s.' }] : []),
      ...(fault.ok ? [] : [{ path: `${path}.fault`, message: fault.message }]),
    ],
  };
}

/** What is saved of answers, with what cannot be read of them. */
export interface ReadAnswers {
  readonly answers: Required<Pick<BinAnswersInput, 'rules' | 'key' | 'sequence' | 'failures' | 'refuse' | 'handshakes'>> &
    Pick<BinAnswersInput, 'verifyToken'>;
  readonly issues: readonly Issue[];
}

/** Reads the texts of a form. */
export function readAnswers(draft: AnswersDraft): ReadAnswers {
  const issues: Issue[] = [];
  const rules = draft.rules.map((rule, index): AnswerRuleInput => {
    const path = `answers.rules.${index}`;
    const read = readConditions(rule.conditions.split('\n'));
    if ('problems' in read) issues.push({ path: `${path}.match`, message: conditionErrors(read.problems) });
    const { response, issues: wrong } = readResponseDraft(rule, `${path}.response`);
    issues.push(...wrong);
    return {
      ...(rule.id === null ? {} : { id: rule.id }),
      name: rule.name.trim(),
      isActive: rule.isActive,
      match: 'problems' in read ? null : read.match,
      count: 'problems' in read ? null : read.count,
      ...readPlan(rule.plan, path, issues),
      response,
    };
  });
  return {
    answers: {
      rules,
      ...readPlan(draft.plan, 'answers', issues),
      refuse: draft.refuse,
      handshakes: draft.handshakes,
      ...(draft.verifyToken === '' ? {} : { verifyToken: draft.verifyToken }),
    },
    issues,
  };
}

function readPlan({ key, steps, atEnd, failPercent, failSeed, failSteps }: PlanDraft, path: string, issues: Issue[]) {
  const percent = failPercent.trim().replace(/\s*%$/, '');
  const rate = percent === '' ? 0 : Number(percent) / 100;
  if (!(rate >= 0 && rate <= 1)) issues.push({ path: `${path}.failures.rate`, message: 'Write a number of percent from 0 to 100.' });
  for (const [field, text] of [
    ['sequence.steps', steps],
    ['failures.steps', rate === 0 ? '' : failSteps],
  ] as const) {
    const message = text.trim() === '' ? null : stepsProblem(text);
    if (message !== null) issues.push({ path: `${path}.${field}`, message });
  }
  return {
    key: key.trim() === '' ? 'none' : key.trim(),
    sequence: steps.trim() === '' ? null : { steps: steps.trim(), atEnd },
    failures: rate > 0 && rate <= 1 ? { rate, seed: failSeed, steps: failSteps } : null,
  };
}

const planFields = ['key', 'sequence', 'sequence.steps', 'failures', 'failures.rate', 'failures.seed', 'failures.steps'];
const responseFields = ['response', 'response.status', 'response.headers', 'response.body', 'response.delayMs', 'response.fault'];

/** Fields of the contract that the form of these answers has. */
export function answerFields({ rules }: Pick<AnswersDraft, 'rules'>): readonly string[] {
  const perRule = ['', 'name', 'match', 'count', ...planFields, ...responseFields];
  return [
    ...planFields.map((field) => `answers.${field}`),
    'answers.refuse.unverified',
    'answers.refuse.seenBefore',
    'answers.handshakes',
    'answers.verifyToken',
    'answers.rules',
    ...rules.flatMap((_, index) => perRule.map((field) => `answers.rules.${index}${field === '' ? '' : `.${field}`}`)),
  ];
}

/** How a plan answers, in a few words: `500 x2, 200`, `20 % fail`. */
export function planText({ steps, failPercent, key }: PlanDraft): string {
  const parts = [
    ...(steps.trim() === '' ? [] : [steps.trim()]),
    ...(failPercent.trim() === '' || failPercent.trim() === '0' ? [] : [`${failPercent.trim().replace(/\s*%$/, '')} % fail`]),
  ];
  return parts.length === 0 ? '' : `${parts.join('; ')}${key === 'none' ? '' : ` by ${key}`}`;
}
