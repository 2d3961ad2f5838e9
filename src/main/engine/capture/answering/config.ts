import type { AnswerCount, AnswerRule, AnswerSequence, BinAnswers, RandomFailures } from '#shared/contract/bin-answers.ts';
import type { BinResponse } from '#shared/contract/bin-response.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import { readSteps, type AnswerStep } from '#shared/answer-steps.ts';
import { handshakeAnswers, handshakesOfScheme, type HandshakeAnswer } from '#shared/handshakes/answers.ts';
import { binAnswer, type Answer } from '../answer.ts';

/** A rule as it is stored. Its epoch goes up when its counting begins anew. */
export type StoredRule = AnswerRule & { readonly epoch: number };

/** How a bin answers, as it is stored, with the epoch of its own counting. */
export interface StoredAnswers extends Omit<BinAnswers, 'rules'> {
  readonly rules: readonly StoredRule[];
  readonly epoch: number;
}

/** What a bin begins with: its one response answers everything. */
export const noAnswers: StoredAnswers = {
  handshakes: 'none',
  verifyTokenFingerprint: null,
  refuse: { unverified: false, seenBefore: false },
  rules: [],
  key: 'none',
  sequence: null,
  failures: null,
  epoch: 0,
};

/** A response, ready to be sent, with the texts that are rendered first. */
export interface ReadyResponse {
  readonly answer: Answer;
  /** Null where it is sent as it is. */
  readonly template: ResponseTemplate | null;
}

/** The templates of a response. */
export interface ResponseTemplate {
  /** Null for a body that is sent as it is. */
  readonly body: string | null;
  /** All headers in their order; those without an output are sent as they are. */
  readonly headers: readonly (readonly [name: string, source: string])[];
}

/** How one rule, or the bin itself, answers. */
export interface ReadyPlan {
  /** What its requests are counted under. */
  readonly scope: string;
  readonly key: string;
  readonly sequence: { readonly steps: readonly AnswerStep[]; readonly atEnd: AnswerSequence['atEnd'] } | null;
  readonly failures: (Pick<RandomFailures, 'rate' | 'seed'> & { readonly steps: readonly AnswerStep[] }) | null;
  readonly response: ReadyResponse;
  /** Whether its requests are counted: its answer depends on how many came before, or a template may say so. */
  readonly isCounted: boolean;
}

/** A rule that is switched on. */
export interface ReadyRule extends ReadyPlan {
  readonly id: string;
  /** As it is shown: its name, or its place. */
  readonly label: string;
  readonly match: RequestMatch | null;
  readonly count: AnswerCount | null;
}

/** How a bin answers, ready for requests. */
export interface ReadyAnswers {
  readonly handshakes: readonly HandshakeAnswer[];
  /** What `hub.verify_token` has to be; null for anything. */
  readonly verifyToken: string | null;
  readonly refuse: BinAnswers['refuse'];
  readonly rules: readonly ReadyRule[];
  readonly own: ReadyPlan;
}

/** The scope of a rule, or with null that of the bin's own answer. */
export function scopeOf(ruleId: string | null, epoch: number): string {
  return `${ruleId ?? 'own'}@${epoch}`;
}

/** Makes a bin's answers ready; null where its response alone answers everything as it is. */
export function readyAnswers(
  stored: StoredAnswers,
  {
    response,
    scheme,
    verifyToken,
  }: { readonly response: BinResponse; readonly scheme: string | null; readonly verifyToken: string | null },
): ReadyAnswers | null {
  const own = readyPlan(stored, response, scopeOf(null, stored.epoch));
  const handshakes = handshakesOf(stored.handshakes, scheme);
  const isPlain = stored.rules.length === 0 && handshakes.length === 0 && !stored.refuse.unverified && !stored.refuse.seenBefore;
  if (isPlain && !own.isCounted && own.response.template === null) return null;
  const rules = stored.rules.flatMap((rule, index): readonly ReadyRule[] => (rule.isActive ? [readyRule(rule, index)] : []));
  return { handshakes, verifyToken, refuse: stored.refuse, rules, own };
}

/** A rule with its place in the list, from 0. */
function readyRule(rule: StoredRule, index: number): ReadyRule {
  const plan = readyPlan(rule, rule.response, scopeOf(rule.id, rule.epoch));
  const { id, name, match, count } = rule;
  return { ...plan, isCounted: plan.isCounted || count !== null, id, label: ruleLabel(name, index), match, count };
}

/** What a rule is called: its name, or its place in the list, from 0. */
function ruleLabel(name: string, index: number): string {
  return name === '' ? `rule ${index + 1}` : name;
}

function readyPlan(
  { key, sequence, failures }: Pick<StoredAnswers, 'key' | 'sequence' | 'failures'>,
  response: BinResponse,
  scope: string,
): ReadyPlan {
  const ready = readyResponse(response);
  return {
    scope,
    key,
    sequence: sequence === null ? null : { steps: stepsOf(sequence.steps), atEnd: sequence.atEnd },
    failures: failures === null ? null : { rate: failures.rate, seed: failures.seed, steps: stepsOf(failures.steps) },
    response: ready,
    isCounted: sequence !== null || failures !== null || namesCount(ready),
  };
}

/** Whether a template may name how often its rule has answered. */
function namesCount({ template }: ReadyResponse): boolean {
  return template !== null && [template.body ?? '', ...template.headers.map(([, source]) => source)].some((text) => /\bcount\b/.test(text));
}

/** Steps that were checked when they were saved; none of a text that only a newer version can read. */
function stepsOf(text: string): readonly AnswerStep[] {
  const read = readSteps(text);
  return 'steps' in read ? read.steps : [];
}

/** Whether a text has an output or a tag of Liquid. */
export function isTemplateText(text: string): boolean {
  return text.includes('{{') || text.includes('{%');
}

/** A response with its templates. */
export function readyResponse(response: BinResponse): ReadyResponse {
  const answer = binAnswer(response);
  const isRendered = response.isTemplate && (isTemplateText(response.body) || answer.headers.some(([, value]) => isTemplateText(value)));
  if (!isRendered) return { answer, template: null };
  return { answer, template: { body: isTemplateText(response.body) ? response.body : null, headers: answer.headers } };
}

/** The handshakes that a bin answers, in the order in which they are looked at. */
export function handshakesOf(chosen: BinAnswers['handshakes'], scheme: string | null): readonly HandshakeAnswer[] {
  if (chosen === 'none') return [];
  return chosen === 'scheme' ? handshakesOfScheme(scheme) : handshakeAnswers.filter(({ id }) => chosen.includes(id));
}
