import type { CheckExchange } from '#shared/contract/checks.ts';
import type { Plan, PlannedSend, Skip } from '../case.ts';
import { isBroken, type Answered } from '../judge.ts';

/** What sending the requests of a case takes from outside. */
export interface SteadyPorts {
  /** Sends at once, and settles when all were answered; `isApart` over a new connection for each. */
  readonly send: (requests: readonly PlannedSend[], isApart: boolean) => Promise<readonly Answered[]>;
  /** Waits for a receiver that limits its rate; false where no time is left for that. */
  readonly waitForLimit: (limited: readonly CheckExchange[], round: number) => Promise<boolean>;
  readonly pause: (ms: number) => Promise<void>;
  /** The same case with new events: a receiver may remember those that it broke over. */
  readonly replan: () => Promise<Plan | Skip>;
  /** Begins to count effects, and gives what was counted; null where they are not. */
  readonly count: { readonly begin: () => Promise<void>; readonly end: () => Promise<number | null> };
  readonly signal: AbortSignal;
  /** Whether this receiver was seen to waver before. */
  readonly hasWavered: boolean;
  /** Whether nothing is sent again but what was limited. */
  readonly isOnce?: boolean;
}

/** What came of the requests of a case. */
export interface Sent {
  /** One for each request of the plan, in its order. */
  readonly answers: readonly Answered[];
  /** Answers with a 5xx and lost connections that did not come again when the same was sent again. */
  readonly wavering: readonly Answered[];
  /** Whether what broke when it came at once broke one after the other, too, so that nothing can be told from it. */
  readonly isUnsteady: boolean;
  /** The most that were counted for one time of sending all; null where they were not. */
  readonly effects: number | null;
}

/** How often what broke is sent again before it counts, and how often to a receiver that is known to waver. */
const repeats = 2;
const repeatsOfWavering = 5;
const firstPauseMs = 100;
const longestPauseMs = 800;

/**
 * Sends the requests of a case. What is answered with a 429, or a 503 that says when to come again, is sent again later, as far as there is time. Where one is answered with a 5xx,
 * or its connection is lost, all are sent again with new events, then over new connections: only what comes again says something of the
 * request.
 */
export async function sendSteadily(ports: SteadyPorts, plan: Plan): Promise<Sent> {
  const { answers: first, effects } = await sendCounted(ports, plan, false);
  let answers = first;
  let mostEffects = effects;
  const wavering: Answered[] = [];
  const isOver = () => ports.signal.aborted || ports.isOnce === true || !answers.some(isBlamed);
  const isAtOnce = plan.steps.some(({ length }) => length > 1);
  for (let again = 0; !isOver() && again < repeatsFor(answers, ports.hasWavered || wavering.length > 0); again += 1) {
    await ports.pause(Math.min(firstPauseMs * 2 ** again, longestPauseMs));
    const next = await ports.replan();
    if (next.kind === 'skip' || ports.signal.aborted) break;
    const sent = await sendCounted(ports, next, answers.some(isLost));
    mostEffects = mostEffects === null ? null : Math.max(mostEffects, sent.effects ?? 0);
    if (sent.answers.length !== answers.length) break;
    const merged = isAtOnce ? better(answers, sent.answers) : answers.map((one, index) => betterOf(one, sent.answers[index] ?? one));
    wavering.push(...answers.filter((one, index) => isBlamed(one) && merged[index] !== one && merged[index]?.kind !== 'limited'));
    answers = merged;
  }
  const broken = isOver() || !isAtOnce ? [] : await brokenInTurn(ports, answers.some(isLost));
  return { answers, wavering: [...wavering, ...broken], isUnsteady: broken.length > 0, effects: mostEffects };
}

function isBlamed({ send, kind }: Answered): boolean {
  return send.isJudged !== false && isBroken({ kind });
}

/** Whether a connection was lost, which may have been one that the receiver no longer kept open. */
function isLost(answered: Answered): boolean {
  return isBlamed(answered) && answered.exchange.answer === null;
}

/** A receiver that hangs would make the check too long. */
function repeatsFor(answers: readonly Answered[], hasWavered: boolean): number {
  if (answers.some(({ exchange }) => exchange.outcome.code === 'timeout')) return 1;
  return hasWavered ? repeatsOfWavering : repeats;
}

function betterOf(one: Answered, again: Answered): Answered {
  return isBlamed(one) && !isBlamed(again) ? again : one;
}

/** Of requests that came at once, all those of one time count: which of them break may differ. */
function better(one: readonly Answered[], again: readonly Answered[]): readonly Answered[] {
  return again.some(isBlamed) ? one : again;
}

/** What breaks when requests that came at once come one after the other. */
async function brokenInTurn(ports: SteadyPorts, isApart: boolean): Promise<readonly Answered[]> {
  const next = await ports.replan();
  if (next.kind === 'skip') return [];
  const inTurn = { ...next, steps: next.steps.flatMap((step) => step.map((send) => [send])) };
  const answers = await sendAll(ports, inTurn, isApart);
  return answers.filter(isBlamed);
}

async function sendCounted(
  ports: SteadyPorts,
  plan: Plan,
  isApart: boolean,
): Promise<{ readonly answers: readonly Answered[]; readonly effects: number | null }> {
  await ports.count.begin();
  const answers = await sendAll(ports, plan, isApart);
  return { answers, effects: await ports.count.end() };
}

async function sendAll(ports: SteadyPorts, plan: Plan, isApart: boolean): Promise<readonly Answered[]> {
  const answers: Answered[] = [];
  for (const step of plan.steps) {
    if (ports.signal.aborted) break;
    answers.push(...(await sendWithinLimit(ports, step, isApart)));
  }
  return answers;
}

/** Sends at once, and what was turned away for now again when the receiver takes more. */
async function sendWithinLimit(ports: SteadyPorts, step: readonly PlannedSend[], isApart: boolean): Promise<readonly Answered[]> {
  let answers = await ports.send(step, isApart);
  for (let round = 0; ; round += 1) {
    const limited = answers.filter(({ kind }) => kind === 'limited');
    if (limited.length === 0) return answers;
    const isTime = await ports.waitForLimit(
      limited.map(({ exchange }) => exchange),
      round,
    );
    if (!isTime) return answers;
    const again = await ports.send(
      limited.map(({ send }) => send),
      isApart,
    );
    const next = new Map(limited.map((one, index) => [one, again[index] ?? one]));
    answers = answers.map((one) => next.get(one) ?? one);
  }
}
