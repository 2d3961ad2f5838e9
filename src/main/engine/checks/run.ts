import { setTimeout as rest } from 'node:timers/promises';
import type { CaseOutcome, CheckExchange } from '#shared/contract/checks.ts';
import { Refusal } from '../base/refusal.ts';
import { seededRandom } from '#shared/seeded-random.ts';
import { inTurn, type AnyCase, type Case, type Plan, type Skip, type VariantCase } from './case.ts';
import { describedCase } from './catalogue.ts';
import { answerWord, isBroken, isUnmet, judge, judgedOf, withoutGenuine, type Answered, type AnswerKind } from './judge.ts';
import type { SeenCase } from './seen.ts';
import { createLimitWaits } from './sending/limit-waits.ts';
import { sendSteadily } from './sending/send-steadily.ts';
import { counting, steadyPorts, uncounted, type SendingPorts, type Standing } from './sending/steady-ports.ts';
import type { CheckEvent } from './subject.ts';
import { createVariantRun, type VariantRun } from './variants/variant-run.ts';
import type { VariantSource } from './variants/variant-source.ts';

/** What running cases takes from outside. */
export interface RunPorts extends SendingPorts {
  readonly cases: readonly AnyCase[];
  readonly seed: number;
  /** A new event, rendered; with other data as JSON where that is given. Rejects with a Refusal where its body cannot be made. */
  readonly newEvent: (dataJson?: string) => Promise<CheckEvent>;
  readonly variants: VariantSource;
  readonly now: () => number;
  /** Whether to go on when the genuine request is refused. */
  readonly isWhole: boolean;
  readonly onCase: (outcome: CaseOutcome) => Promise<void>;
  /** How long all waits for a receiver that limits its rate may take. */
  readonly mostWaitMs: number;
  /** Told what is waited for, in a sentence; null when it is over. */
  readonly onWaiting: (waiting: string | null) => void;
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
  const { now, signal, onWaiting } = ports;
  const pause = (ms: number) => rest(ms, undefined, { signal }).catch(() => undefined);
  const limitWaits = createLimitWaits({ mostMs: ports.mostWaitMs, now, pause, signal, onWaiting });
  const standing: Standing = { limitWaits, pause, hasWavered: false, title: '' };
  const seen: SeenCase[] = [];
  let gone = 0;
  let isRefused = false;
  /** How the genuine request was answered, where it was not taken. */
  let notTaken: readonly AnswerKind[] | null = null;
  let number = 0;
  const variants = variantRunOf(ports, standing);
  for (const one of ports.cases) {
    if (ports.signal.aborted) return { end: { kind: 'aborted' }, seen };
    if (isRefused && !mayExplain(one)) continue;
    number += 1;
    standing.title = one.title;
    const ran: RanCase =
      'variants' in one ? await runVariants(variants, one, number) : await runCase(ports, standing, one, number, notTaken);
    // What was cut short by the abort says nothing.
    if (ports.signal.aborted) return { end: { kind: 'aborted' }, seen };
    seen.push(ran.seen);
    await ports.onCase(ran.outcome);
    if (one.family === 'genuine') notTaken = ran.outcome.result === 'passed' ? null : ran.seen.answers.map(({ kind }) => kind);
    if (one.family === 'genuine' && ran.outcome.result !== 'passed' && !ports.isWhole) {
      if (ran.outcome.exchanges.every(({ answer }) => answer === null))
        return { end: { kind: 'stopped', reason: 'Nothing answered the genuine request.' }, seen };
      if (ran.outcome.result === 'undecided')
        return { end: { kind: 'stopped', reason: 'Whether it takes the genuine request is not known.' }, seen };
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

async function runCase(
  ports: RunPorts,
  standing: Standing,
  one: Case,
  number: number,
  notTaken: readonly AnswerKind[] | null,
): Promise<RanCase> {
  const startedMs = performance.now();
  const base = { ...describedCase(one), number };
  const plan = await planOf(ports, one);
  if (plan.kind === 'skip') {
    const durationMs = performance.now() - startedMs;
    return {
      outcome: { ...base, result: 'skipped', message: plan.reason, exchanges: [], unmet: [], effects: null, findings: [], durationMs },
      seen: { id: one.id, result: 'skipped', isGenuine: false, answers: [], effects: null, mostEffects: null, wavering: [], findings: [] },
    };
  }
  const isCounted = one.family !== 'genuine' && plan.mostEffects !== undefined && ports.effects?.isCounting() === true;
  const steady = steadyPorts(ports, standing, () => planOf(ports, one), counting(ports, one, isCounted));
  // Where the genuine request breaks each time, so do others, and sending them again would tell no more.
  const isOnce = notTaken?.some((kind) => isBroken({ kind })) ?? false;
  const { answers, wavering, isUnsteady, effects } = await sendSteadily({ ...steady, isOnce }, plan);
  standing.hasWavered ||= wavering.length > 0;
  const judgement = judge(one, { plan, answers, effects, isUnsteady });
  const told = notTaken === null ? judgement : withoutGenuine(judgement, { plan, answers: judgedOf(answers) }, notTaken);
  const level = plan.level ?? one.level;
  const exchanges = [...wavering, ...answers].map(({ exchange }) => exchange);
  const effectWords = one.family === 'genuine' ? effectNote(ports, effects) : '';
  const message = `${told.message}${waveringNote(wavering, isUnsteady)}${effectWords}`;
  return {
    outcome: {
      ...base,
      level,
      result: told.result,
      message,
      exchanges,
      unmet: [...wavering, ...answers.filter((answer) => isUnmet(plan, answer))].flatMap(({ exchange }) => exchange.deliveryId ?? []),
      effects,
      findings: [],
      durationMs: performance.now() - startedMs,
    },
    // Its answers are seen all the same: beside another that is taken, a refusal shows something.
    seen: {
      id: one.id,
      result: judgement.result,
      isGenuine: plan.expects.kind === 'accept' || plan.expects.kind === 'fast',
      answers: judgedOf(answers)
        .filter(({ kind }) => kind !== 'limited')
        .map(({ kind, send, exchange }) => seenAnswer(kind, exchange, send.label)),
      effects,
      mostEffects: plan.mostEffects ?? null,
      wavering: wavering.map(({ kind, send, exchange }) => seenAnswer(kind, exchange, send.label)),
      findings: [],
    },
  };
}

function variantRunOf(ports: RunPorts, standing: Standing): VariantRun {
  const { eventType, count, make, combine } = ports.variants;
  const planned = async (dataJson: string) => inTurn('accept', [ports.subject(() => 0).build(await ports.newEvent(dataJson))]);
  return createVariantRun({
    eventType,
    count,
    make,
    combine,
    send: async (dataJson, isOnce) => {
      const steady = steadyPorts(ports, standing, () => planned(dataJson), uncounted);
      const { answers, wavering } = await sendSteadily({ ...steady, isOnce }, await planned(dataJson));
      standing.hasWavered ||= wavering.length > 0;
      const [answer] = answers;
      if (answer === undefined) throw new Error('A variant was sent and has no answer.');
      return { answer, wavering };
    },
    random: seededRandom(ports.seed ^ hashOf('variants')),
    signal: ports.signal,
  });
}

async function runVariants(variants: VariantRun, one: VariantCase, number: number): Promise<RanCase> {
  const startedMs = performance.now();
  const { result, message, exchanges, unmet, findings, answers, wavering } = await variants.run(one);
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
      wavering: wavering.map(({ kind, exchange }) => seenAnswer(kind, exchange)),
      mostEffects: null,
    },
  };
}

/** A status that came before an answer broke off is none. */
function seenAnswer(kind: AnswerKind, { answer }: CheckExchange, label?: string): SeenCase['answers'][number] {
  return { kind, status: kind === 'unanswered' ? null : (answer?.status ?? null), label: label ?? null };
}

/** Says of a case that it was sent again, so that nobody wonders about its first answers. */
function waveringNote(wavering: readonly Answered[], isUnsteady: boolean): string {
  if (wavering.length === 0 || isUnsteady) return '';
  const words = [...new Set(wavering.map(({ exchange }) => answerWord(exchange)))].join(' or ');
  return ` It was sent again, since it was first answered ${words}.`;
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
