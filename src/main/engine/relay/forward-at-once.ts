import { packHead } from '../base/given-head.ts';
import type { Log } from '../base/ports.ts';
import type { RelayedCapture } from '../capture/outbox.ts';
import type { PromisedClaim } from '../dispatch/claimer.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import { forwardWrite, type ForwardedCapture } from '../log/forwards.ts';
import type { ClaimWithBody } from '../log/queue.ts';
import type { Database } from '../store/database.ts';
import type { RelayConfig } from './config.ts';
import { planAtOnce, type HeadDeps, type PlannedCapture, type PlannedForward } from './plan.ts';

export interface AtOnceDeps extends HeadDeps {
  readonly database: Pick<Database, 'hot'>;
  readonly log: Log;
  readonly promise: Dispatcher['promise'];
}

/** A capture that was forwarded in the write that stored it: its deliveries that wait to be claimed, and those whose attempts begin. */
export interface ForwardedAtOnce {
  readonly planned: PlannedCapture;
  readonly due: readonly PlannedForward[];
  readonly claimed: readonly PlannedForward[];
  /** Lets the attempts of the claimed deliveries begin. */
  readonly begin: () => void;
}

/** Characters and bytes of a capture that are planned while its sender waits, and what its filters go over: some tenths of a millisecond. */
const mostCharacters = 65_536;

/**
 * Asks for the write of what a relay makes of a capture whose own write was asked for right before, so that both are on the disk at the same
 * time; null where that would take long, and the capture is left to the outbox. The result rejects when the store refuses.
 */
export function forwardAtOnce(
  deps: AtOnceDeps,
  relay: Pick<RelayConfig, 'id' | 'match' | 'targets'>,
  capture: RelayedCapture,
  nowMs: number,
): Promise<ForwardedAtOnce> | null {
  const planned = plannedAtOnce(deps, relay, capture);
  return planned === null ? null : write(deps, relay.id, capture, planned, nowMs);
}

function plannedAtOnce(
  deps: AtOnceDeps,
  relay: Pick<RelayConfig, 'id' | 'match' | 'targets'>,
  capture: RelayedCapture,
): PlannedCapture | null {
  if (capture.headersJson.length > mostCharacters) return null;
  try {
    return planAtOnce(deps, relay, capture, mostCharacters);
  } catch (error) {
    // A bug, which the outbox comes upon again and counts.
    deps.log.warn({ relayId: relay.id, captureId: capture.id, error: String(error) }, 'A capture could not be forwarded at once');
    return null;
  }
}

async function write(
  deps: AtOnceDeps,
  relayId: string,
  capture: RelayedCapture,
  planned: PlannedCapture,
  nowMs: number,
): Promise<ForwardedAtOnce> {
  const promised = new Map<string, PromisedClaim>();
  for (const { deliveryId, endpointId } of planned.forwards) {
    const claim = deps.promise(endpointId);
    if (claim !== null) promised.set(deliveryId, claim);
  }
  let made: ReadonlyMap<string, number> = new Map();
  try {
    const written = asWritten(planned, null, (deliveryId) => promised.get(deliveryId)?.attemptId ?? null);
    made = new Map(await deps.database.hot(forwardWrite, { relayId, captures: [written], nowMs }));
  } finally {
    for (const [deliveryId, claim] of promised) if (!made.has(deliveryId)) claim.giveUp();
  }
  const forwards = planned.forwards.filter(({ deliveryId }) => made.has(deliveryId));
  const claimed = forwards.filter(({ deliveryId }) => promised.has(deliveryId));
  return {
    planned,
    due: forwards.filter(({ deliveryId }) => !promised.has(deliveryId)),
    claimed,
    begin: () => {
      for (const forward of claimed) {
        const seq = made.get(forward.deliveryId) ?? 0;
        promised.get(forward.deliveryId)?.keep(claimOf(forward, seq, capture, nowMs));
      }
    },
  };
}

/** A planned capture as it is written; its number is null where its own write was asked for right before. */
export function asWritten(
  { captureId, forwards, skips }: PlannedCapture,
  captureSeq: number | null,
  attemptIdOf: (deliveryId: string) => string | null = () => null,
): ForwardedCapture {
  return {
    captureId,
    captureSeq,
    forwards: forwards.map((forward) => ({ ...forward, head: packHead(forward.head), attemptId: attemptIdOf(forward.deliveryId) })),
    skips,
  };
}

/** The claim of a delivery that was written as claimed, as the store would read it. */
function claimOf(
  { messageId, eventType, head, endpointId, deliveryId, environmentId }: PlannedForward,
  seq: number,
  { body }: RelayedCapture,
  nowMs: number,
): ClaimWithBody {
  return {
    seq,
    deliveryId,
    messageId,
    endpointId,
    eventType,
    attemptCount: 0,
    scheduleStep: 0,
    scheduleBeganAtMs: nowMs,
    trigger: 'schedule',
    dueAtMs: nowMs,
    signAtMs: null,
    head,
    environmentId,
    // A relay is a rule of its user.
    isWithinLoopback: false,
    body,
  };
}
