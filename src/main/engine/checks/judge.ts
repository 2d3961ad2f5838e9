import { allOf } from '#shared/all-of.ts';
import { isAnswered } from '#shared/contract/answered.ts';
import type { CaseResult, CheckExchange, CheckLevel } from '#shared/contract/checks.ts';
import { isSuccess } from '#shared/contract/success-rule.ts';
import { retryAfterMs } from '#shared/deciding/retry-after.ts';
import { durationText } from '#shared/duration-text.ts';
import { headerValue } from '#shared/text/headers.ts';
import { judgeHandshake } from '../handshakes/judge.ts';
import type { Case, Plan, PlannedSend } from './case.ts';
import type { SubjectHandshake } from './subject.ts';

/**
 * What an answer says; `limited` is 429, or a 503 that says when to come again, `unanswered` stands for all ways of not answering, and `uncounted` is a 2xx that the provider does
 * not count as success.
 */
export type AnswerKind = 'accepted' | 'uncounted' | 'refused' | 'limited' | 'redirected' | 'crashed' | 'unanswered';

/** A request of a case and its answer. */
export interface Answered {
  readonly send: PlannedSend;
  readonly exchange: CheckExchange;
  readonly kind: AnswerKind;
}

/** How a case came out. */
export interface Judgement {
  readonly result: CaseResult;
  readonly message: string;
}

/** Whether an answer is a 5xx, or none. */
export function isBroken({ kind }: Pick<Answered, 'kind'>): boolean {
  return kind === 'crashed' || kind === 'unanswered';
}

/** The kind of an answer. `successRule` is in the grammar of success rules. */
export function answerKindOf({ outcome, answer }: Pick<CheckExchange, 'outcome' | 'answer'>, successRule: string): AnswerKind {
  if (answer === null || !isAnswered(outcome.code)) return 'unanswered';
  const { status } = answer;
  if (isSuccess(successRule, status)) return 'accepted';
  if (status === 429 || (status === 503 && saysWhen(answer))) return 'limited';
  if (status >= 500) return 'crashed';
  if (status >= 400) return 'refused';
  return status >= 300 ? 'redirected' : 'uncounted';
}

/** Whether an answer has a `Retry-After` that can be read: the receiver turned the request away unread, and takes it later (RFC 9110, section 15.6.4). */
function saysWhen({ headers }: Pick<NonNullable<CheckExchange['answer']>, 'headers'>): boolean {
  const value = headerValue(headers, 'retry-after');
  return value !== null && retryAfterMs(value, 0) !== null;
}

/** An answer that takes longer than this part of the provider's time is slow. */
const slowPart = 0.5;

/** Whether an answer is other than its case expects. Effects are counted for all requests of a case, and say nothing of one of them. */
export function isUnmet({ expects }: Pick<Plan, 'expects'>, { send, exchange, kind }: Answered): boolean {
  if (send.isJudged === false) return false;
  switch (expects.kind) {
    case 'accept':
      return kind !== 'accepted';
    case 'refuse':
      return kind !== 'refused';
    case 'survive':
      return isBroken({ kind });
    case 'fast':
      return kind !== 'accepted' || (exchange.durationMs ?? 0) > expects.limitMs * slowPart;
    case 'note':
    case 'handshake':
      return false;
  }
}

interface Judged {
  readonly level: CheckLevel;
  readonly plan: Plan;
  readonly answers: readonly Answered[];
  /** Null where they were not counted. */
  readonly effects: number | null;
  /** Whether what broke when it came at once broke one after the other, too. */
  readonly isUnsteady?: boolean;
}

/** The answers that a case is judged by. */
export function judgedOf(answers: readonly Answered[]): readonly Answered[] {
  return answers.filter(({ send }) => send.isJudged !== false);
}

/** How a case came out, from the answers to all of its requests. */
export function judge(one: Pick<Case, 'level'>, judged: Omit<Judged, 'level'>): Judgement {
  const level = judged.plan.level ?? one.level;
  const answers = judgedOf(judged.answers);
  // What was limited says nothing of a request, but does not hide what the others say.
  const decided = answers.filter(({ kind }) => kind !== 'limited');
  const judgement = judgeDecided({ ...judged, level, answers: decided });
  if (isWrong(judgement) && (judged.isUnsteady !== true || judgement.result === 'failed')) return judgement;
  if (decided.length < answers.length)
    return { result: 'undecided', message: limitedText(answers.length - decided.length, answers.length) };
  return judged.isUnsteady === true
    ? {
        result: 'undecided',
        message: `The same was not always taken one after the other either, so this shows nothing. ${judgement.message}`,
      }
    : judgement;
}

function isWrong({ result }: Judgement): boolean {
  return result === 'failed' || result === 'advice';
}

function limitedText(limited: number, sent: number): string {
  const what =
    sent === 1 ? 'It was' : limited === sent ? `${allOf(sent, 'request was', 'requests were')}` : `${limited} of ${sent} requests were`;
  return `${what} answered 429 (too many requests), or 503 with Retry-After, for longer than the check waits, which says nothing about ${sent === 1 ? 'the request' : 'them'}: raise the limit of the receiver for the check, or give the check more time.`;
}

function judgeDecided(judged: Judged): Judgement {
  const { plan, answers } = judged;
  const byAnswers = judgeAnswers(judged);
  const judgement = byAnswers.result === 'failed' ? byAnswers : (judgeEffects(judged) ?? byAnswers);
  const isAsLibrary = judgement.result === 'advice' && plan.libraryNote !== undefined && isOtherwise(plan, answers);
  return isAsLibrary ? { ...judgement, message: `${judgement.message} ${plan.libraryNote}` } : judgement;
}

/** Whether a request was taken that is to be refused, or the other way round. */
function isOtherwise({ expects: { kind } }: Plan, answers: readonly Answered[]): boolean {
  return kind === 'refuse' ? answers.some(isTaken) : kind === 'accept' && answers.some((each) => each.kind === 'refused');
}

function isTaken({ kind }: Answered): boolean {
  return kind === 'accepted' || kind === 'uncounted';
}

/**
 * The same where the genuine request was not taken, but answered with `genuine`: a refusal then says nothing of what is special about a
 * request, since all are refused, and neither does a crash where the genuine one makes it crash, too.
 */
export function withoutGenuine(
  judgement: Judgement,
  { plan, answers }: Pick<Judged, 'plan' | 'answers'>,
  genuine: readonly AnswerKind[],
): Judgement {
  const { kind } = plan.expects;
  const { result } = judgement;
  if ((kind !== 'refuse' && kind !== 'survive') || answers.some((each) => each.kind === 'accepted')) return judgement;
  const isByRefusal = result === 'passed' && plan.standsAlone !== true;
  const isUnmetAlike = (result === 'failed' || result === 'advice') && answers.every((each) => genuine.includes(each.kind));
  const isAsGenuine = isUnmetAlike && !answers.some(isTaken);
  if (!isByRefusal && !isAsGenuine) return judgement;
  return { result: 'skipped', message: `The genuine request was not taken either, so this shows nothing. ${judgement.message}` };
}

function judgeEffects({ level, plan, effects, answers }: Judged): Judgement | null {
  if (effects === null || plan.mostEffects === undefined || effects <= plan.mostEffects) return null;
  const times = (count: number) => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);
  if (plan.mostEffects > 0)
    return { result: 'failed', message: `It acted ${times(effects)}, and ${times(plan.mostEffects)} was right. ${told(answers)}` };
  if (plan.expects.kind !== 'refuse')
    return { result: 'failed', message: `It acted ${times(effects)} on a request that is no event. ${told(answers)}` };
  // Acting on what it took follows from taking it, and is as bad as that. Acting on what it refused is wrong in itself.
  const result = level === 'should' && answers.some(isTaken) ? 'advice' : 'failed';
  return { result, message: `It acted ${times(effects)} on a request that it has to refuse. ${told(answers, true)}` };
}

function judgeAnswers(judged: Judged): Judgement {
  const { level, plan, answers } = judged;
  const unmet: CaseResult = level === 'must' ? 'failed' : 'advice';
  const seen = told(answers, plan.expects.kind === 'refuse');
  const passed = (): Judgement => ({ result: 'passed', message: seen });
  switch (plan.expects.kind) {
    case 'note':
      return { result: 'noted', message: seen };
    case 'accept':
      return answers.every(({ kind }) => kind === 'accepted') ? passed() : { result: unmet, message: seen };
    case 'survive':
      return answers.some(isBroken) ? { result: unmet, message: seen } : passed();
    case 'refuse': {
      if (answers.some(isTaken)) return { result: unmet, message: seen };
      if (answers.every(({ kind }) => kind === 'refused')) return passed();
      // Nobody got in, but senders go on with what ends in a 5xx.
      return { result: 'advice', message: `It did not take the request, but did not refuse it with a 4xx either. ${seen}` };
    }
    case 'fast':
      return judgeTime(answers, plan.expects.limitMs, seen);
    case 'handshake':
      return judgeHandshakeAnswer(answers, plan.expects.handshake, unmet);
  }
}

function judgeTime(answers: readonly Answered[], limitMs: number, seen: string): Judgement {
  if (answers.some(({ kind }) => kind !== 'accepted'))
    return { result: 'skipped', message: `No time can be told, since not all requests were taken. ${seen}` };
  const longestMs = Math.max(...answers.map(({ exchange }) => exchange.durationMs ?? 0));
  const took = `The slowest of ${answers.length} answers took ${durationText(longestMs)}; the provider waits ${durationText(limitMs)}.`;
  if (longestMs > limitMs) return { result: 'failed', message: took };
  return { result: longestMs > limitMs * slowPart ? 'advice' : 'passed', message: took };
}

function judgeHandshakeAnswer(answers: readonly Answered[], handshake: SubjectHandshake, unmet: CaseResult): Judgement {
  const exchange = answers[0]?.exchange;
  if (exchange === undefined) return { result: 'skipped', message: 'The handshake was not sent.' };
  const checks = judgeHandshake(handshake.expected, {
    outcome: exchange.outcome,
    headers: exchange.answer?.headers ?? [],
    body: Buffer.from(exchange.answer?.bodyBase64 ?? '', 'base64'),
    isTruncated: false,
  });
  const failed = checks.find(({ isMet }) => !isMet);
  if (failed === undefined) return { result: 'passed', message: `The answer is as ${handshake.title} expects it.` };
  return { result: unmet, message: `${handshake.title}: ${failed.message}` };
}

/**
 * The answers in words: what all have in common once, others one by one. A refusal that is right is told without the advice that a
 * refused delivery has.
 */
function told(answers: readonly Answered[], isToBeRefused = false): string {
  const [first] = answers;
  if (first === undefined) return 'Nothing was sent.';
  if (answers.length === 1)
    return `${first.send.label === undefined ? '' : `With ${first.send.label}: `}${answerSentence(first.exchange, isToBeRefused)}`;
  const words = answers.map(({ exchange }) => answerWord(exchange));
  if (new Set(words).size === 1) return `${allOf(answers.length, 'request was', 'requests were')} answered ${words[0] ?? ''}.`;
  const common = mostCommon(words);
  const others = answers.filter((_, index) => words[index] !== common);
  const named = others
    .slice(0, 5)
    .map(
      ({ send, exchange }, index) => `${send.label ?? `request ${answers.indexOf(others[index] ?? first) + 1}`}: ${answerWord(exchange)}`,
    );
  const more = others.length > named.length ? `, and ${others.length - named.length} more` : '';
  return `${answers.length - others.length} of ${answers.length} requests were answered ${common}; ${named.join(', ')}${more}.`;
}

function answerSentence({ answer, outcome }: CheckExchange, isToBeRefused: boolean): string {
  return isToBeRefused && answer !== null ? `It was answered ${answer.status}.` : outcome.message;
}

export function answerWord({ answer, outcome }: CheckExchange): string {
  return answer === null ? `not at all (${outcome.code})` : String(answer.status);
}

function mostCommon(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].toSorted(([, one], [, other]) => other - one)[0]?.[0] ?? '';
}
