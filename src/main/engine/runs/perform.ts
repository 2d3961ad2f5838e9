import { allOf } from '#shared/all-of.ts';
import { isFinal } from '#shared/contract/delivery-status.ts';
import type { CaptureExpected, Run, RunStep } from '#shared/contract/project-runs.ts';
import type { RunEvent, RunReport } from '#shared/contract/runs.ts';
import { durationText } from '#shared/duration-text.ts';
import { captureWait, type CaptureWait } from '#shared/contract/waits.ts';
import type { Caller } from '../base/admission.ts';
import type { Ids } from '../base/ports.ts';
import { Refusal, unknownId } from '../base/refusal.ts';
import type { BinBook } from '../capture/bin-book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { Messages } from '../messages/messages.ts';
import type { Calls } from '../project/kinds/kind.ts';
import type { SecretValues } from '../project/resolve-secrets.ts';
import { assertPossibleVerdicts } from '../waits/possible.ts';
import type { Waits } from '../waits/waits.ts';
import { reportedAnswer } from './answer.ts';
import { createEventCleaner, type EventCleanerDeps } from './event-cleaner.ts';
import { createPacer } from './pacer.ts';
import { conditionWords } from './judge.ts';
import { gapsOf, titleOf } from './outline.ts';
import { givenFile, messageOf, type BodyFiles } from './step-message.ts';
import { createTargets, type RunTargets, type TargetDeps } from './targets.ts';
import { toldWork, type TellWaiting } from './told-work.ts';
import { watchDelivery, type WatchDeps, type Watched } from './watch.ts';

export interface PerformDeps extends TargetDeps, WatchDeps, EventCleanerDeps {
  readonly ids: Ids;
  readonly messages: Messages;
  readonly bins: Pick<BinBook, 'named' | 'find'>;
  readonly waits: Pick<Waits, 'wait'>;
}

export interface PerformOrder {
  readonly name: string;
  readonly run: Run;
  readonly to: string | undefined;
  /** Null for no gaps. */
  readonly speed: number | null;
  /** Whether it tells what it is waiting for. */
  readonly hasProgress: boolean;
  readonly secrets: SecretValues;
  readonly files: BodyFiles;
}

/** Who runs it: with what rights, and how a delivery is cancelled or sent again for them. */
export interface Performer {
  readonly caller: Caller;
  readonly calls: Pick<Calls, 'deliveries'>;
}

type StepEvent = Extract<RunReport, { readonly kind: 'step' }>;
type WholeEvent = Extract<RunReport, { readonly kind: 'whole' }>;

/** What a step has sent. */
interface Sent {
  readonly messageId: string;
  readonly deliveryId: string;
  readonly afterNumber: number;
  readonly endpoint: EndpointConfig;
}

/**
 * Runs a run: one step after the other, each once the one before is decided and its gap is over. Rejects with a Refusal before the first
 * event where something is missing; when the signal aborts, with its reason.
 */
export async function performRun(
  deps: PerformDeps,
  order: PerformOrder,
  performer: Performer,
  signal: AbortSignal,
): Promise<AsyncGenerator<RunEvent, void, void>> {
  const { name, run } = order;
  const targets = createTargets(deps, { name, run, to: order.to, secrets: order.secrets, creator: performer.caller.actor });
  const endpoints = run.steps.map((step, index) => (step.again === undefined ? targets.of(step, index + 1) : null));
  const waits = (run.expect?.captures ?? []).map((expected) => waitOf(deps.bins, expected));
  for (const { wait } of waits) assertPossibleVerdicts(deps, wait);
  for (const { bodyFile } of run.steps) if (bodyFile !== undefined) givenFile(bodyFile, order.files);
  const clean = createEventCleaner(deps, { secrets: order.secrets, endpoints });
  return events(deps, order, { ...performer, endpoints, targets, waits, clean }, signal);
}

/** What has to come of the whole, at a bin by its slug. */
interface WholeWait {
  readonly bin: string;
  readonly wait: CaptureWait;
}

interface Ready extends Performer {
  /** The endpoint of each step; null for those that send another's message again. */
  readonly endpoints: readonly (EndpointConfig | null)[];
  readonly targets: Pick<RunTargets, 'assertCurrent' | 'unsaved' | 'noteSaved'>;
  readonly waits: readonly WholeWait[];
  /** Takes secrets out of an event, which an answer may have repeated: reports are passed on. */
  readonly clean: <E extends StepEvent | WholeEvent>(event: E) => E;
}

async function* events(deps: PerformDeps, order: PerformOrder, ready: Ready, signal: AbortSignal): AsyncGenerator<RunEvent, void, void> {
  const { name, run, speed } = order;
  const startedAtMs = deps.clock.now();
  const id = `run_${name.replaceAll(/[^A-Za-z0-9-]+/g, '-').toLowerCase()}_${deps.ids.next('msg').slice(-8)}`;
  const gapsMs = gapsOf(run);
  const { steps } = run;
  const titles = steps.map((step, index) => titleOf(step, index));
  const wholeTitles = ready.waits.map(wholeTitle);
  const to = wordsOf(ready.endpoints);
  yield { kind: 'started', id, name, to, steps: steps.length, titles, wholeTitles, gapsMs, speed: gapsMs === 0 ? 1 : speed };
  const pacer = createPacer(deps.clock, speed);
  const sent: (Sent | null)[] = [];
  let met = 0;
  for (const [index, step] of steps.entries()) {
    const event = yield* toldWork(signal, order.hasProgress, async (until, tell) => {
      const afterMs = index === 0 ? 0 : step.afterMs;
      const leftMs = pacer.leftMs(afterMs);
      const place = { number: index + 1, title: titleOf(step, index) };
      if (leftMs > 0) tell({ ...noWaiting, ...place, for: 'gap', nextInMs: leftMs });
      await pacer.next(afterMs, until);
      return await performStep(deps, order, { ready, step, index, id: `${id}_${index + 1}`, sent, startedAtMs, tell }, until);
    });
    if (event.isMet) met += 1;
    yield ready.clean(event);
  }
  for (const [index, wait] of ready.waits.entries()) {
    const event = yield* toldWork(signal, order.hasProgress, async (until, tell) => {
      const place = { number: index + 1, title: wholeTitle(wait) };
      tell({ ...noWaiting, ...place, for: 'captures', leftMs: wait.wait.withinMs });
      return await judgeWhole(deps, wait, { number: index + 1, sinceMs: startedAtMs }, until);
    });
    if (event.isMet) met += 1;
    yield ready.clean(event);
  }
  const total = steps.length + ready.waits.length;
  const tookMs = deps.clock.now() - startedAtMs;
  const message = endText(met, total);
  yield { kind: 'ended', isMet: met === total, met, total, tookMs, message };
}

function endText(met: number, total: number): string {
  if (met === total) return `${allOf(total, 'expectation was', 'expectations were')} met.`;
  const missed = total - met;
  return total === 1 ? 'The one expectation was not met.' : `${missed} of ${total} expectations ${missed === 1 ? 'was' : 'were'} not met.`;
}

const noWaiting = { kind: 'waiting', attempts: 0, status: null, nextInMs: null, leftMs: null } as const;

interface StepWork {
  readonly ready: Ready;
  readonly step: RunStep;
  readonly index: number;
  /** Of its message. */
  readonly id: string;
  /** What the steps before have sent; this one adds its own. */
  readonly sent: (Sent | null)[];
  readonly startedAtMs: number;
  readonly tell: TellWaiting;
}

async function performStep(deps: PerformDeps, order: PerformOrder, work: StepWork, signal: AbortSignal): Promise<StepEvent> {
  const { step, index, startedAtMs } = work;
  const beganMs = deps.clock.now();
  const base = {
    kind: 'step' as const,
    number: index + 1,
    title: titleOf(step, index),
    sentAfterMs: beganMs - startedAtMs,
  };
  const nothing = { messageId: null, deliveryId: null, state: null, attempts: 0, status: null, answer: null, nearest: null };
  let sent: Sent;
  try {
    sent = await sendStep(deps, order, work);
    work.sent.push(sent);
  } catch (error) {
    if (!isRefused(error)) throw error;
    work.sent.push(null);
    return { ...base, ...nothing, isMet: false, message: `Nothing was sent: ${error.message}`, tookMs: deps.clock.now() - beganMs };
  }
  const { deliveryId, afterNumber } = sent;
  let isDecided = false;
  try {
    const onWait = (waiting: Watched, leftMs: number) => {
      const { attempts, status, dueAtMs } = waiting;
      const nextInMs = attempts === 0 || dueAtMs === null ? null : Math.max(0, dueAtMs - deps.clock.now());
      const { number, title } = base;
      work.tell({ kind: 'waiting', number, title, for: nextInMs === null ? 'attempt' : 'retry', attempts, status, nextInMs, leftMs });
    };
    const seen = await watchDelivery(deps, { id: deliveryId, afterNumber, expected: step.expect, onWait }, signal);
    isDecided = isFinal(seen.state);
    const isMet = seen.unmet.length === 0;
    return {
      ...base,
      messageId: sent.messageId,
      deliveryId,
      isMet,
      state: seen.state,
      attempts: seen.attempts,
      status: seen.status,
      answer: isMet || seen.last === null ? null : await reportedAnswer(deps, seen.last),
      message: sentenceOf(seen, step),
      nearest: isMet ? null : { id: deliveryId, what: base.title, unmet: [...seen.unmet], differences: [], differenceCount: 0 },
      tookMs: deps.clock.now() - beganMs,
    };
  } finally {
    // What is decided is not tried again: a later attempt would come between the steps that follow.
    if (!isDecided) await cancel(work.ready.calls, deliveryId);
  }
}

/** Sends what a step says. Where its endpoint was deleted meanwhile, or its secrets were replaced, that is why it fails, whatever was in the way first. */
async function sendStep(deps: PerformDeps, order: PerformOrder, work: StepWork): Promise<Sent> {
  const { ready, step, index, sent } = work;
  const endpoint = step.again === undefined ? ready.endpoints[index] : sent[step.again - 1]?.endpoint;
  try {
    return await trySendStep(deps, order, work);
  } catch (error) {
    if (endpoint != null) ready.targets.assertCurrent(endpoint);
    throw error;
  }
}

async function trySendStep(deps: PerformDeps, order: PerformOrder, { ready, step, index, id, sent }: StepWork): Promise<Sent> {
  if (step.again !== undefined) {
    const before = sent[step.again - 1];
    if (before == null) throw new Refusal('CONFLICT', `step ${step.again} has sent nothing.`, { issues: [] });
    const { attemptCount } = await ready.calls.deliveries.get({ id: before.deliveryId, bodies: false });
    await ready.calls.deliveries.redeliver({ id: before.deliveryId });
    return { ...before, afterNumber: attemptCount };
  }
  const endpoint = ready.endpoints[index];
  if (endpoint == null) throw new Error('A step that sends a message of its own has no endpoint.');
  const unsaved = ready.targets.unsaved(endpoint);
  const sending = { ...messageOf(step, { id, endpointId: endpoint.id, files: order.files }), unsaved };
  const answer = await deps.messages.accept(sending, ready.caller);
  ready.targets.noteSaved(endpoint);
  const [delivery] = answer.deliveries;
  if (delivery === undefined) throw new Refusal('CONFLICT', answer.warnings.map(({ message }) => message).join(' '), { issues: [] });
  return { messageId: answer.id, deliveryId: delivery.id, afterNumber: 0, endpoint };
}

/** A delivery that has ended meanwhile is refused, which is fine. */
async function cancel({ deliveries }: Performer['calls'], id: string): Promise<void> {
  try {
    await deliveries.cancel({ id });
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
}

/** A refusal of a room, or of a procedure. */
function isRefused(error: unknown): error is Error {
  return error instanceof Refusal || (error instanceof Error && 'defined' in error && error.defined === true);
}

function sentenceOf(watched: Watched, { expect }: RunStep): string {
  const { unmet, state, status, attempts, outcome } = watched;
  const answered = status === null ? (outcome ?? 'Nothing was answered.') : `Answered ${status}`;
  const tries = attempts > 1 ? ` at attempt ${attempts}` : '';
  if (unmet.length === 0) return status === null ? `It is ${state}: ${answered}` : `${answered}${tries}.`;
  const missed = unmet.map(({ condition }) => conditionWords(condition)).join(', ');
  const found = [...new Set(unmet.map((each) => each.found))];
  // Several conditions may want the same; it is said once, where most is said.
  const said = found.filter((text) => !found.some((other) => other !== text && other.includes(text)));
  return `Expected ${missed}. ${said.join(' ')}${retriesText(watched, expect.withinMs)}`;
}

/** Why a step took longer than its receiver: it waited for retries. */
function retriesText({ attempts, state, last }: Watched, withinMs: number): string {
  const isWaiting = state === 'failed';
  if (attempts === 0 || (attempts === 1 && !isWaiting)) return '';
  const made = attempts === 1 ? '1 attempt was' : `${attempts} attempts were`;
  const waited = isWaiting ? ` It waited up to ${durationText(withinMs)} for retries.` : '';
  const took = typeof last?.duration_ms === 'number' ? `, the last in ${durationText(last.duration_ms)}` : '';
  return ` ${made} made${took}.${waited}`;
}

function wordsOf(endpoints: readonly (EndpointConfig | null)[]): string {
  const places = new Set(
    endpoints.flatMap((endpoint) => (endpoint === null ? [] : [endpoint.testOf === null ? endpoint.url : endpoint.name])),
  );
  const [first = '', ...others] = places;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

function waitOf(bins: Pick<BinBook, 'named'>, { bin, ...wait }: CaptureExpected): WholeWait {
  const found = bins.named().find(({ slug }) => slug === bin);
  if (found === undefined) throw unknownId('bin', bin, bins.named());
  return { bin, wait: captureWait.parse({ for: 'captures', binId: found.id, ...wait }) };
}

/** Of captures that matched where more, or fewer, were expected. */
const namedCaptures = 10;

const wholeTitle = ({ bin }: Pick<WholeWait, 'bin'>) => `captures of ${bin}`;

async function judgeWhole(
  { waits }: Pick<PerformDeps, 'waits'>,
  { bin, wait }: WholeWait,
  { number, sinceMs }: { readonly number: number; readonly sinceMs: number },
  signal: AbortSignal,
): Promise<WholeEvent> {
  const { isMet, message: outcome, matchedIds, nearest, tookMs } = await waits.wait({ ...wait, sinceMs }, signal);
  const matched = isMet ? [] : matchedIds.slice(0, namedCaptures);
  const message = matched.length === 0 ? outcome : `${outcome} What matched: ${matched.join(', ')}.`;
  return { kind: 'whole', number, title: wholeTitle({ bin }), isMet, message, nearest, tookMs };
}
