import type { AnsweredBy, AnswerCount } from '#shared/contract/bin-answers.ts';
import { kindOf, stepAt, stepsLength, stepText, type AnswerStep } from '#shared/answer-steps.ts';
import { countText } from '#shared/answer-conditions.ts';
import { matchTexts } from '#shared/match-text.ts';
import { sentenceAnswer, type Answer } from '../answer.ts';
import type { ReadyAnswers, ReadyPlan, ReadyRule } from './config.ts';
import { keyValue, unmetText, type AnswerFacts } from './facts.ts';
import { answerHandshake, handshakeIn, signedForAnybody, type HandshakeMeans } from './handshake.ts';
import { drawFor } from './random.ts';

/** How a request is answered: by an answer that is ready, or by a plan whose response may have to be rendered. */
export type Decision = { readonly by: AnsweredBy } & (
  | { readonly answer: Answer }
  | {
      readonly plan: ReadyPlan;
      /** Null for the response itself. */
      readonly step: AnswerStep | null;
      /** The number of the request among those that the plan counted; 0 where it counts none. */
      readonly number: number;
      readonly key: string;
    }
);

/** What deciding asks of the world. */
export interface DecideDeps {
  /** Counts the request and returns its number; without counting where nothing may change. */
  readonly count: (scope: string, key: string) => number;
  /** Whether a request with the same valid signature was answered with 2xx before. */
  readonly wasSeen: () => boolean;
  /** Told each thing that was looked at, for a preview. */
  readonly look?: (look: {
    readonly label: string;
    readonly ruleId: string | null;
    readonly isTaken: boolean;
    readonly message: string;
  }) => void;
}

/** Decides, in this order: handshakes, refusals, rules, the usual answer of a provider, the bin's own answer. */
export function decide(answers: ReadyAnswers, means: HandshakeMeans, facts: AnswerFacts, deps: DecideDeps): Decision {
  const { look = () => undefined } = deps;
  const handshake = handshakeDecision(answers, means, facts, look);
  if (typeof handshake !== 'string') return handshake;
  const refusal = refusalDecision(answers, facts, deps);
  if (refusal !== null) return refusal;
  for (const [index, rule] of answers.rules.entries()) {
    const decided = ruleDecision(rule, facts.met[index] === true, facts, deps);
    if (decided !== null) return decided;
  }
  const usual = handshakeIn(
    answers.handshakes.filter(({ isUsual }) => isUsual === true),
    facts,
  );
  if (usual !== null) {
    const result = answerHandshake(usual, facts, means);
    if (result.kind === 'answered') {
      const why = `${withNote(handshake)}No rule answers it, so it gets what ${usual.title} says.`;
      look({ label: usual.title, ruleId: null, isTaken: true, message: why });
      return { by: { kind: 'handshake', label: usual.title, ruleId: null, why }, answer: result.answer };
    }
  }
  return ownDecision(answers, facts, deps, handshake);
}

type Look = NonNullable<DecideDeps['look']>;

/** The answer to a handshake, or a remark about one that is not answered; empty where none is asked for. */
function handshakeDecision(answers: ReadyAnswers, means: HandshakeMeans, facts: AnswerFacts, look: Look): Decision | string {
  const asked = handshakeIn(
    answers.handshakes.filter(({ isUsual }) => isUsual !== true),
    facts,
  );
  if (asked === null) return '';
  const result = answerHandshake(asked, facts, means);
  look({ label: asked.title, ruleId: null, isTaken: result.kind !== 'passed', message: result.why });
  if (result.kind === 'passed') return result.why;
  if (result.kind === 'answered')
    return { by: { kind: 'handshake', label: asked.title, ruleId: null, why: result.why }, answer: result.answer };
  return {
    by: { kind: 'refusal', label: 'verify token', ruleId: null, why: result.why },
    answer: sentenceAnswer(403, 'The verify token is not the right one.', { isLast: false }),
  };
}

function refusalDecision(
  { refuse, handshakes }: ReadyAnswers,
  facts: AnswerFacts,
  { wasSeen, look = () => undefined }: DecideDeps,
): Decision | null {
  const refused = (status: number, label: string, why: string, sentence: string): Decision => {
    look({ label, ruleId: null, isTaken: true, message: why });
    return { by: { kind: 'refusal', label, ruleId: null, why }, answer: sentenceAnswer(status, sentence, { isLast: false }) };
  };
  const { verdict } = facts.matched;
  const unverified = (why: string) => refused(401, 'not verified', why, 'The signature of this request could not be verified.');
  if (refuse.unverified && verdict !== 'valid')
    return unverified(`The bin refuses what does not verify, and the verdict is ${verdict ?? 'missing'}.`);
  const open = refuse.unverified ? signedForAnybody(handshakes, facts) : null;
  if (open !== null)
    return unverified(
      `Its signature is valid and proves nothing: its body has the form of a token, and anybody gets the signature of that by ${open.title}.`,
    );
  if (refuse.seenBefore && wasSeen()) {
    const why = 'The bin refuses what it has seen before, and a request with the same signature was answered with 2xx.';
    return refused(409, 'seen before', why, 'This request came before.');
  }
  if (refuse.unverified || refuse.seenBefore) look({ label: 'refusals', ruleId: null, isTaken: false, message: 'Nothing is refused.' });
  return null;
}

function ruleDecision(rule: ReadyRule, isMet: boolean, facts: AnswerFacts, deps: DecideDeps): Decision | null {
  const { count, look = () => undefined } = deps;
  const tell = (isTaken: boolean, message: string) => look({ label: rule.label, ruleId: rule.id, isTaken, message });
  if (!isMet) {
    // Looked for only where somebody asks why.
    if (deps.look !== undefined) tell(false, unmetText(rule.match, facts));
    return null;
  }
  const key = rule.isCounted ? keyValue(rule.key, facts) : '';
  const number = rule.isCounted ? count(rule.scope, key) : 0;
  if (rule.count !== null && !isCounted(rule.count, number)) {
    tell(
      false,
      `It meets the conditions, but as request ${number}${ofKey(rule.key, key)} it is outside of count=${countText(rule.count)}.`,
    );
    return null;
  }
  const met = matchTexts(rule.match);
  const conditions = met.length === 0 ? 'Every request meets it' : `It meets ${met.join(' and ')}`;
  const chosen = stepFor(rule, rule.count === null ? number : answeredBefore(rule.count, number) + 1, key);
  const why = `${conditions}${number === 0 ? '' : `; request ${number}${ofKey(rule.key, key)}`}${chosen.words}.`;
  tell(true, why);
  return { by: { kind: 'rule', label: rule.label, ruleId: rule.id, why }, plan: rule, step: chosen.step, number, key };
}

function ownDecision(
  { own, rules }: ReadyAnswers,
  facts: AnswerFacts,
  { count, look = () => undefined }: DecideDeps,
  note: string,
): Decision {
  const key = own.isCounted ? keyValue(own.key, facts) : '';
  const number = own.isCounted ? count(own.scope, key) : 0;
  const chosen = stepFor(own, number, key);
  const noRule = rules.length === 0 ? "The bin's own answer" : "No rule answers it, so it gets the bin's own answer";
  const why = `${withNote(note)}${noRule}${number === 0 ? '' : `; request ${number}${ofKey(own.key, key)}`}${chosen.words}.`;
  look({ label: 'own answer', ruleId: null, isTaken: true, message: why });
  return { by: { kind: 'own', label: chosen.label, ruleId: null, why }, plan: own, step: chosen.step, number, key };
}

/** The step that answers the request of a number, by chance or by the sequence; null for the response itself. */
function stepFor(
  plan: ReadyPlan,
  number: number,
  key: string,
): { readonly step: AnswerStep | null; readonly label: string; readonly words: string } {
  if (plan.failures !== null && plan.failures.steps.length > 0) {
    const [fails, how] = drawFor(plan.failures.seed, key, number);
    const drawn = stepAt(plan.failures.steps, 'stay', Math.floor(how * stepsLength(plan.failures.steps)));
    if (fails < plan.failures.rate && drawn !== null)
      return { step: drawn.step, label: 'random failure', words: `, at random ${stepText({ ...drawn.step, times: 1 })}` };
  }
  const found = plan.sequence === null ? null : stepAt(plan.sequence.steps, plan.sequence.atEnd, number - 1);
  if (found === null) return { step: null, label: 'own answer', words: '' };
  const place = `step ${found.place + 1} of ${plan.sequence?.steps.length ?? 0}`;
  return { step: found.step, label: place, words: `, ${place}: ${stepText({ ...found.step, times: 1 })}` };
}

/** Whether a rule answers the request of this number. */
function isCounted({ from, to, every }: AnswerCount, number: number): boolean {
  return number >= from && (to === null || number <= to) && (number - from) % every === 0;
}

/** How many requests it answered before that one. */
function answeredBefore({ from, every }: AnswerCount, number: number): number {
  return Math.floor((number - from) / every);
}

function ofKey(key: string, value: string): string {
  if (key === 'none') return '';
  return value === '' ? ` of those without ${key}` : ` of ${key} ${value.length > 60 ? `${value.slice(0, 60)}…` : value}`;
}

function withNote(note: string): string {
  return note === '' ? '' : `${note} `;
}

const pathForm = /^\/~\/([a-z0-9]+)(?:\/|$)/;

/** The step that a path asks for, as in `/slug/~/503`; null for any other path. */
export function stepInPath(path: string): AnswerStep | null {
  const [, name = ''] = pathForm.exec(path) ?? [];
  const does = name === 'answer' ? null : kindOf(name);
  return does === null ? null : { does, times: 1, delayMs: null };
}
