import type { CaseOutcome, CheckExchange } from '#shared/contract/checks.ts';
import { Refusal } from '../base/refusal.ts';
import { seededRandom } from '#shared/seeded-random.ts';
import type { AnyCase, Case, Plan, PlannedSend, Skip, VariantCase } from './case.ts';
import { describedCase } from './catalogue.ts';
import type { EffectCounter } from './effects.ts';
import { answerKindOf, isUnmet, judge, withoutGenuine, type Answered, type AnswerKind } from './judge.ts';
import type { CheckSending } from './send.ts';
import type { SeenCase } from './seen.ts';
import type { CheckEvent, Subject } from './subject.ts';
import { createVariantRun, type VariantRun } from './variants/variant-run.ts';
import type { VariantSource } from './variants/variant-source.ts';

/** What running cases takes from outside. */
export interface RunPorts {
  readonly cases: readonly AnyCase[];
  readonly seed: number;
  /** A new event, rendered; with other data as JSON where that is given. Rejects with a Refusal where its body cannot be made. */
  readonly newEvent: (dataJson?: string) => Promise<CheckEvent>;
  readonly variants: VariantSource;
  /** The receiver as of now. */
  readonly subject: (random: () => number) => Subject;
  /** Sends at once; settles when all were answered. */
  readonly send: (sending: CheckSending) => Promise<readonly CheckExchange[]>;
  readonly sendInOwnWay: (send: PlannedSend) => Promise<CheckExchange>;
  /** Null where effects are not counted. */
  readonly effects: EffectCounter | null;
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Whether to go on when the genuine request is refused. */
  readonly isWhole: boolean;
  readonly onCase: (outcome: CaseOutcome) => Promise<void>;
}

/** How the cases ended; `stopped` has the reason. */
export type RunEnd = { readonly kind: 'completed' | 'aborted' } | { readonly kind: 'stopped'; readonly reason: string };

/** A run that has ended. */
export interface Ran {
  readonly end: RunEnd;
  readonly seen: readonly SeenCase[];
}

/** Cases in a row to which no connection was taken, after which the receiver counts as gone. */
const goneAfter = 2;

/** Runs cases one after the other. Rejects only for a bug or where the store refuses. */
export async function runCases(ports: RunPorts): Promise<Ran> {
  const seen: SeenCase[] = [];
  let gone = 0;
  let isRefused = false;
  /** How the genuine request was answered, where it was not taken. */
  let notTaken: readonly AnswerKind[] | null = null;
  let number = 0;
  let title = '';
  const variants = variantRunOf(ports, () => title);
  for (const one of ports.cases) {
    if (ports.signal.aborted) return { end: { kind: 'aborted' }, seen };
    if (isRefused && !mayExplain(one)) continue;
    number += 1;
    title = one.title;
    const ran: RanCase = 'variants' in one ? await runVariants(variants, one, number) : await runCase(ports, one, number, notTaken);
    // What was cut short by the abort says nothing.
    if (ports.signal.aborted) return { end: { kind: 'aborted' }, seen };
    seen.push(ran.seen);
    await ports.onCase(ran.outcome);
    if (one.family === 'genuine') notTaken = ran.outcome.result === 'passed' ? null : ran.seen.answers.map(({ kind }) => kind);
    if (one.family === 'genuine' && ran.outcome.result !== 'passed' && !ports.isWhole) {
      if (ran.outcome.exchanges.every(({ answer }) => answer === null))
        return { end: { kind: 'stopped', reason: 'Nothing answered the genuine request.' }, seen };
      isRefused = true;
    }
    gone = isUnreachable(ran.outcome) ? gone + 1 : 0;
    if (gone >= goneAfter)
      return { end: { kind: 'stopped', reason: `The receiver no longer takes connections. ${ran.outcome.message}` }, seen };
  }
  if (!isRefused) return { end: { kind: 'completed' }, seen };
  return { end: { kind: 'stopped', reason: 'The genuine request was not taken, so only those cases were run that may say why.' }, seen };
}

/** Whether a case may say why a genuine request was refused: other ways of writing and sending the same. */
function mayExplain({ id, family }: AnyCase): boolean {
  return family === 'encoding' || id === 'header-name-case' || id === 'content-type-charset';
}

function isUnreachable({ exchanges }: CaseOutcome): boolean {
  return exchanges.length > 0 && exchanges.every(({ outcome }) => ['refused', 'unreachable', 'dns'].includes(outcome.code));
}

interface RanCase {
  readonly outcome: CaseOutcome;
  readonly seen: SeenCase;
}

async function runCase(ports: RunPorts, one: Case, number: number, notTaken: readonly AnswerKind[] | null): Promise<RanCase> {
  const startedMs = performance.now();
  const base = { ...describedCase(one), number };
  const plan = await planOf(ports, one);
  if (plan.kind === 'skip') {
    const durationMs = performance.now() - startedMs;
    return {
      outcome: { ...base, result: 'skipped', message: plan.reason, exchanges: [], unmet: [], effects: null, findings: [], durationMs },
      seen: { id: one.id, result: 'skipped', isGenuine: false, answers: [], effects: null, mostEffects: null, findings: [] },
    };
  }
  const isCounted = one.family !== 'genuine' && plan.mostEffects !== undefined && ports.effects?.isCounting() === true;
  if (isCounted || one.family === 'genuine') await ports.effects?.begin();
  const answers = await sendAll(ports, plan, one.title);
  const effects =
    one.family === 'genuine' ? ((await ports.effects?.learn()) ?? null) : isCounted ? ((await ports.effects?.count()) ?? null) : null;
  const judgement = judge(one, { plan, answers, effects });
  const told = notTaken === null ? judgement : withoutGenuine(judgement, { plan, answers: judgedOf(answers) }, notTaken);
  const level = plan.level ?? one.level;
  const exchanges = answers.map(({ exchange }) => exchange);
  const message = one.family === 'genuine' ? `${told.message}${effectNote(ports, effects)}` : told.message;
  return {
    outcome: {
      ...base,
      level,
      result: told.result,
      message,
      exchanges,
      unmet: answers.flatMap((answer) => (isUnmet(plan, answer) ? (answer.exchange.deliveryId ?? []) : [])),
      effects,
      findings: [],
      durationMs: performance.now() - startedMs,
    },
    // Its answers are seen all the same: beside another that is taken, a refusal shows something.
    seen: {
      id: one.id,
      result: judgement.result,
      isGenuine: plan.expects.kind === 'accept' || plan.expects.kind === 'fast',
      answers: judgedOf(answers).map(({ kind, send, exchange }) => seenAnswer(kind, exchange, send.label)),
      effects,
      mostEffects: plan.mostEffects ?? null,
      findings: [],
    },
  };
}

function judgedOf(answers: readonly Answered[]): readonly Answered[] {
  return answers.filter(({ send }) => send.isJudged !== false);
}

/** `title` is that of the case that is at work. */
function variantRunOf(ports: RunPorts, title: () => string): VariantRun {
  const { eventType, count, make, combine } = ports.variants;
  return createVariantRun({
    eventType,
    count,
    make,
    combine,
    send: async (dataJson) => {
      const subject = ports.subject(() => 0);
      const [exchange] = await ports.send({ title: title(), requests: [subject.build(await ports.newEvent(dataJson))] });
      if (exchange === undefined) throw new Error('A variant was sent and has no answer.');
      return { exchange, kind: answerKindOf(exchange, subject.successRule) };
    },
    random: seededRandom(ports.seed ^ hashOf('variants')),
    signal: ports.signal,
  });
}

async function runVariants(variants: VariantRun, one: VariantCase, number: number): Promise<RanCase> {
  const startedMs = performance.now();
  const { result, message, exchanges, unmet, findings, answers } = await variants.run(one);
  const came = { result, findings, effects: null };
  return {
    outcome: {
      ...describedCase(one),
      ...came,
      number,
      message,
      exchanges: [...exchanges],
      unmet: [...unmet],
      findings: [...findings],
      durationMs: performance.now() - startedMs,
    },
    seen: {
      id: one.id,
      ...came,
      isGenuine: true,
      answers: answers.map(({ kind, exchange }) => seenAnswer(kind, exchange)),
      mostEffects: null,
    },
  };
}

/** A status that came before an answer broke off is none. */
function seenAnswer(kind: AnswerKind, { answer }: CheckExchange, label?: string): SeenCase['answers'][number] {
  return { kind, status: kind === 'unanswered' ? null : (answer?.status ?? null), label: label ?? null };
}

function effectNote({ effects: counter }: RunPorts, effects: number | null): string {
  if (counter === null) return '';
  return effects === 0
    ? ' The bin of effects captured no call within 2 s, so effects are not counted.'
    : ' The bin of effects captured its call, so effects are counted.';
}

async function planOf(ports: RunPorts, one: Case): Promise<Plan | Skip> {
  try {
    const first = await ports.newEvent();
    const more: CheckEvent[] = [];
    while (more.length + 1 < (one.events ?? 1)) more.push(await ports.newEvent());
    // Each case draws from the seed by itself, so that leaving some out changes none of the others.
    const random = seededRandom(ports.seed ^ hashOf(one.id));
    return one.plan(ports.subject(random), [first, ...more]);
  } catch (error) {
    // Such as a scheme that signs within JSON, and a body that is none.
    if (error instanceof Refusal) return { kind: 'skip', reason: `It cannot be made for this receiver: ${error.message}` };
    throw error;
  }
}

/** A number from a text (FNV-1a). */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

async function sendAll(ports: RunPorts, plan: Plan, title: string): Promise<readonly Answered[]> {
  const successRule = ports.subject(() => 0).successRule;
  const answers: Answered[] = [];
  for (const step of plan.steps) {
    if (ports.signal.aborted) break;
    const usual = step.filter(({ wire }) => wire === undefined);
    const own = step.filter(({ wire }) => wire !== undefined);
    const [logged, paced] = await Promise.all([
      usual.length === 0 ? [] : ports.send({ title, requests: usual.map(({ request }) => request) }),
      Promise.all(own.map((send) => ports.sendInOwnWay(send))),
    ]);
    for (const [sends, exchanges] of [
      [usual, logged],
      [own, paced],
    ] as const)
      for (const [index, send] of sends.entries()) {
        const exchange = exchanges[index];
        if (exchange !== undefined) answers.push({ send, exchange, kind: answerKindOf(exchange, successRule) });
      }
  }
  return answers;
}
