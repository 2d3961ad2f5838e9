import { setImmediate as nextTurn } from 'node:timers/promises';
import { TaskEnded } from '../background/background.ts';
import { createGathered, type Changes } from '../base/changes.ts';
import type { Clock, Log } from '../base/ports.ts';
import { Refusal } from '../base/refusal.ts';
import { createTurnBudget } from '../base/turn-budget.ts';
import { dropOwed, owedCaptures, relaysOwed, type OwedCapture, type RelayedCapture } from '../capture/outbox.ts';
import { forwardWrite } from '../log/forwards.ts';
import type { AwaitedAnswers } from './awaited-answers.ts';
import type { RelayBook } from './book.ts';
import type { Database } from '../store/database.ts';
import { smallBodyBytes } from '../capture/matching/match-all.ts';
import type { RelayConfig } from './config.ts';
import { asWritten, forwardAtOnce, type AtOnceDeps, type ForwardedAtOnce } from './forward-at-once.ts';
import { planCapture, type PlanDeps, type PlannedCapture, type PlannedForward } from './plan.ts';
import { stackOf } from '../base/stack-of.ts';

export interface RelayRunnerDeps extends PlanDeps, Pick<AtOnceDeps, 'promise'> {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly changes: Changes;
  readonly relays: Pick<RelayBook, 'find' | 'all' | 'ofBin'>;
  /** Senders that wait for what targets answer. */
  readonly awaited: Pick<AwaitedAnswers, 'planned'>;
  /** Wakes the dispatcher: deliveries of these endpoints are due. */
  readonly onDue: (endpointIds: readonly string[], dueAtMs: number) => void;
}

/** Forwards what relays owe. What is owed stands in the data file, so nothing is lost when this ends at any moment. */
export interface RelayRunner {
  /** Goes on with what was owed when the process ended. */
  readonly start: () => void;
  /** Ends after the write under way. */
  readonly stop: () => Promise<void>;
  /**
   * A request to this bin is being stored: its write was asked for in this turn, and `written` settles with it. Relays that have nothing else
   * to forward have it in the same write.
   */
  readonly capturing: (binId: string, capture: () => RelayedCapture, written: Promise<unknown>) => void;
  /** Holds one relay while its rules change; resolves once none of its writes is under way. */
  readonly hold: (relayId: string) => Promise<void>;
  /** Ends a hold: the relay goes on with what is owed, if it is active. */
  readonly release: (relayId: string) => void;
  /** Why a relay makes no progress, or null. */
  readonly problemOf: (relayId: string) => string | null;
}

interface Job {
  /** More may have come since it last looked. */
  isWoken: boolean;
  /** More is owed than it has read. */
  isBehind: boolean;
  problem: string | null;
  endSleep: () => void;
  done: Promise<void>;
}

/** Deliveries made in one write, of at least one capture: each write waits for the disk, and one of many holds up others. */
const deliveriesAtOnce = 50;
/** Targets of one capture that are planned while its sender waits: some milliseconds. */
const targetsAtOnce = 20;
/** How many characters and bytes of captures are planned before other work gets a turn. */
const plannedAtOnce = 65_536;
/** Wait before the store is tried again after it refused a write. */
const storeAgainMs = 1000;

export function createRelayRunner(deps: RelayRunnerDeps): RelayRunner {
  const { database, clock, relays } = deps;
  const { touch } = createGathered(deps.changes);
  const jobs = new Map<string, Job>();
  const held = new Set<string>();
  /** How many captures of each relay are being stored and left to the outbox. */
  const leftToOutbox = new Map<string, number>();
  /** The newest write of captures that went on at once, by relay. Writes end in their order. */
  const atOnce = new Map<string, Promise<void>>();
  /** Hundreds of small requests may come in one turn of the event loop, which planning all of them would hold. */
  const budget = createTurnBudget();
  let isRunning = false;
  const mayRun = (relayId: string) => isRunning && !held.has(relayId);

  const touchForwards = (relayId: string, forwards: readonly PlannedForward[]) => {
    touch('relays', relayId);
    for (const { messageId, deliveryId } of forwards) {
      touch('messages', messageId);
      touch('deliveries', deliveryId);
    }
  };
  const notifyDue = (forwards: readonly PlannedForward[], nowMs: number) => {
    if (forwards.length > 0) deps.onDue([...new Set(forwards.map(({ endpointId }) => endpointId))], nowMs);
  };

  /** Forwards some captures; false when there were none. */
  const turn = async (relayId: string, job: Job): Promise<boolean> => {
    const relay = relays.find(relayId);
    if (relay === undefined) return false;
    const limit = Math.ceil(deliveriesAtOnce / relay.targets.length);
    const owed = owedCaptures(database, relayId, { limit, inlineBytes: smallBodyBytes });
    job.isBehind = owed.length === limit;
    if (owed.length === 0) return false;
    const nowMs = clock.now();
    const planned = await planAll(deps, relay, owed);
    const captures = planned.map((each, index) => asWritten(each, owed[index]?.seq ?? null));
    const made = new Set((await database.hot(forwardWrite, { relayId, captures, nowMs })).map(([id]) => id));
    for (const each of planned) if (relay.answer !== null) deps.awaited.planned(each.captureId, each);
    const forwards = planned.flatMap((each) => each.forwards).filter(({ deliveryId }) => made.has(deliveryId));
    touchForwards(relayId, forwards);
    notifyDue(forwards, nowMs);
    return true;
  };

  const run = async (relayId: string, job: Job): Promise<void> => {
    while (job.isWoken && mayRun(relayId)) {
      job.isWoken = false;
      try {
        // Looks again at once after some, since more may be owed than fits one write.
        if (await turn(relayId, job)) job.isWoken = true;
        job.problem = null;
        await nextTurn();
      } catch (error) {
        job.isWoken = true;
        job.isBehind = true;
        job.problem = problemIn(deps.log, relayId, error);
        touch('relays', relayId);
        if (mayRun(relayId)) await sleep(job);
      }
    }
    jobs.delete(relayId);
  };

  const sleep = (job: Job) =>
    new Promise<void>((resolve) => {
      const end = () => {
        cancel();
        job.endSleep = () => undefined;
        resolve();
      };
      const cancel = clock.at(clock.now() + storeAgainMs, end);
      job.endSleep = end;
    });

  const wake = (relayId: string) => {
    if (!mayRun(relayId) || relays.find(relayId)?.isActive !== true) return;
    const known = jobs.get(relayId);
    if (known !== undefined) {
      known.isWoken = true;
      return;
    }
    const job: Job = { isWoken: true, isBehind: true, problem: null, endSleep: () => undefined, done: Promise.resolve() };
    jobs.set(relayId, job);
    job.done = run(relayId, job);
  };

  /** Whether a capture that is being stored passes none that came before it, or few where order does not matter. */
  const isCaughtUp = ({ id, isActive, targets }: RelayConfig): boolean => {
    if (!isActive || !mayRun(id)) return false;
    const isOrdered = targets.some(({ endpointId }) => deps.endpoints.find(endpointId)?.isOrdered === true);
    return isOrdered ? !jobs.has(id) && !leftToOutbox.has(id) : jobs.get(id)?.isBehind !== true;
  };

  const settle = async (relay: RelayConfig, going: Promise<ForwardedAtOnce>, nowMs: number): Promise<void> => {
    try {
      const { planned, due, claimed, begin } = await going;
      if (relay.answer !== null) deps.awaited.planned(planned.captureId, planned);
      begin();
      notifyDue(due, nowMs);
      touchForwards(relay.id, [...due, ...claimed]);
    } catch {
      // The capture itself may have been stored, and then it stands in the outbox.
      wake(relay.id);
    }
  };

  /** A capture goes on in its turn once it is stored. */
  const leave = (relayId: string, written: Promise<unknown>) => {
    leftToOutbox.set(relayId, (leftToOutbox.get(relayId) ?? 0) + 1);
    const stored = () => {
      wake(relayId);
      // A relay that is paused shows how many wait.
      touch('relays', relayId);
    };
    const left = () => {
      const others = (leftToOutbox.get(relayId) ?? 1) - 1;
      if (others === 0) leftToOutbox.delete(relayId);
      else leftToOutbox.set(relayId, others);
    };
    written.then(stored, () => undefined).finally(left);
  };

  return {
    start: () => {
      isRunning = true;
      for (const id of relaysOwed(database)) {
        if (relays.find(id) !== undefined) wake(id);
        // Of a relay whose deletion was interrupted.
        else void dropOwed(database, { relayId: id, isCounted: false }).catch(() => undefined);
      }
    },
    stop: async () => {
      isRunning = false;
      const left = [...jobs.values()];
      for (const job of left) job.endSleep();
      await Promise.all([...left.map(({ done }) => done), ...atOnce.values()]);
    },
    capturing: (binId, look, written) => {
      const ofBin = relays.ofBin(binId);
      if (ofBin.length === 0) return;
      const capture = look();
      const nowMs = clock.now();
      let targets = 0;
      for (const relay of ofBin) {
        targets += relay.targets.length;
        const mayPlan = targets <= targetsAtOnce && isCaughtUp(relay) && !budget.isSpent();
        const going = mayPlan ? forwardAtOnce(deps, relay, capture, nowMs) : null;
        if (going === null) leave(relay.id, written);
        else atOnce.set(relay.id, settle(relay, going, nowMs));
      }
    },
    hold: async (relayId) => {
      held.add(relayId);
      await atOnce.get(relayId);
      atOnce.delete(relayId);
      const job = jobs.get(relayId);
      job?.endSleep();
      await job?.done;
    },
    release: (relayId) => {
      held.delete(relayId);
      wake(relayId);
    },
    problemOf: (relayId) => jobs.get(relayId)?.problem ?? null,
  };
}

async function planAll(deps: RelayRunnerDeps, relay: RelayConfig, owed: readonly OwedCapture[]): Promise<readonly PlannedCapture[]> {
  const planned: PlannedCapture[] = [];
  let looked = 0;
  for (const capture of owed) {
    looked += capture.headersJson.length + (capture.body?.byteLength ?? 0);
    if (looked > plannedAtOnce) {
      await nextTurn();
      looked = 0;
    }
    planned.push(
      await planCapture(deps, relay, capture).catch((error: unknown) => {
        if (error instanceof Refusal || error instanceof TaskEnded) throw error;
        // A bug at one capture must not keep back all those behind it.
        deps.log.error({ relayId: relay.id, captureId: capture.id, error: stackOf(error) }, 'A capture could not be forwarded');
        return { captureId: capture.id, forwards: [], skips: ['failed'] };
      }),
    );
  }
  return planned;
}

function problemIn(log: Log, relayId: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof Refusal) return message;
  log.error({ relayId, error: stackOf(error) }, 'A relay failed unexpectedly; trying again');
  return `Hookyard could not go on: ${message} It tries again.`;
}
