import { maxAttemptsOf, resolveRetryPolicy } from '#shared/contract/retry.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import type { Changes } from '../changes.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import { activeSecrets, maskSecretHeaders, type EndpointConfig } from '../endpoints/config.ts';
import { buildRequest, toEvidence, type BuiltRequest } from '../messages/build-request.ts';
import { packSignature, type SignatureRecord } from '../messages/signature-record.ts';
import { readBody } from '../messages/store.ts';
import type { Clock, Ids, Log } from '../ports.ts';
import type { SettingsBook } from '../settings/settings.ts';
import type { Database } from '../store/database.ts';
import { beginAttempt, dueOf, endAttempt, interruptedAttempts, nextDueOf, waitingEndpoints, type Claim, type EndedAttempt } from './queue.ts';
import type { Sender } from './sender.types.ts';
import { transition } from './transition.ts';

export interface DispatcherDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly changes: Changes;
  readonly settings: SettingsBook;
  readonly endpoints: EndpointBook;
  readonly sender: Sender;
  readonly random: () => number;
}

/** Makes the attempts that are due and records each. */
export interface Dispatcher {
  /** Marks attempts that a killed process left behind as interrupted, then begins. */
  readonly start: () => Promise<void>;
  /** Begins no more attempts and waits for those under way, which are cut off after `graceMs`. */
  readonly stop: (graceMs: number) => Promise<void>;
  /** Deliveries of these endpoints are due at `dueAtMs`. */
  readonly notify: (endpointIds: readonly string[], dueAtMs: number) => void;
  /** Looks at all due times again, after they changed in the store. */
  readonly refresh: () => void;
  /** Aborts the attempt under way, answering when its end is recorded; null when there is none. Its delivery then ends as cancelled. */
  readonly abort: (deliveryId: string) => Promise<void> | null;
  readonly isInFlight: (deliveryId: string) => boolean;
  readonly inFlightCount: () => number;
  /** The delivery whose attempt goes out from this local TCP port, or null. */
  readonly deliveryAtPort: (localPort: number) => string | null;
}

interface Flight {
  readonly claim: Claim;
  readonly attemptId: string;
  readonly startedAtMs: number;
  readonly abort: AbortController;
  localPort: number | null;
  done: Promise<void>;
}

/** Wait before trying again to record an attempt that the store refused. */
const recordAgainMs = 1000;

export function createDispatcher(deps: DispatcherDeps): Dispatcher {
  const { database, clock, endpoints, settings } = deps;
  /** Earliest due time of each endpoint that has deliveries waiting. */
  const waiting = new Map<string, number>();
  const flights = new Map<string, Flight>();
  const flightsTo = new Map<string, number>();
  const ports = new Map<number, string>();
  let isRunning = false;
  let isPumping = false;
  let takeTimerBack: () => void = () => undefined;

  const freeSlots = (endpointId: string) => {
    const { maxConcurrency, maxConcurrencyPerEndpoint } = settings.get();
    return Math.min(maxConcurrency - flights.size, maxConcurrencyPerEndpoint - (flightsTo.get(endpointId) ?? 0));
  };

  /** Endpoints to claim for now; those switched off keep their deliveries waiting. */
  const ready = (nowMs: number) =>
    [...waiting].filter(([endpointId, dueAtMs]) => dueAtMs <= nowMs && freeSlots(endpointId) > 0 && endpoints.find(endpointId)?.isActive === true).map(([endpointId]) => endpointId);

  const pump = async () => {
    if (isPumping || !isRunning) return;
    isPumping = true;
    try {
      for (let targets = ready(clock.now()); isRunning && targets.length > 0; targets = ready(clock.now())) await claim(targets);
    } catch (error) {
      deps.log.error({ error: String(error) }, 'Due deliveries could not be claimed; trying again');
      takeTimerBack();
      takeTimerBack = clock.at(clock.now() + recordAgainMs, () => void pump());
      return;
    } finally {
      isPumping = false;
    }
    setTimer();
  };

  const setTimer = () => {
    takeTimerBack();
    if (!isRunning) return;
    const nowMs = clock.now();
    // What is due already waits for a free slot and not for time; the end of a flight pumps again.
    const next = Math.min(...[...waiting.values()].filter((dueAtMs) => dueAtMs > nowMs));
    takeTimerBack = Number.isFinite(next) ? clock.at(next, () => void pump()) : () => undefined;
  };

  const claim = async (targets: readonly string[]) => {
    const nowMs = clock.now();
    const begun = await database.write((writer) => {
      const started: Flight[] = [];
      for (const endpointId of targets) {
        const free = Math.min(freeSlots(endpointId), settings.get().maxConcurrency - flights.size - started.length);
        const target = endpoints.find(endpointId);
        if (target === undefined || free <= 0) continue;
        for (const found of dueOf(database, endpointId, nowMs, free)) {
          const attempt = { id: deps.ids.next('att'), startedAtMs: nowMs, method: target.method, url: target.url };
          beginAttempt(writer, found, attempt);
          started.push({ claim: found, attemptId: attempt.id, startedAtMs: nowMs, abort: new AbortController(), localPort: null, done: Promise.resolve() });
        }
      }
      return started;
    });
    for (const endpointId of targets) settleWaiting(endpointId);
    for (const flight of begun) {
      flights.set(flight.claim.deliveryId, flight);
      flightsTo.set(flight.claim.endpointId, (flightsTo.get(flight.claim.endpointId) ?? 0) + 1);
      flight.done = fly(flight);
    }
    if (begun.length > 0) deps.changes.publish('deliveries', begun.map((flight) => flight.claim.deliveryId));
  };

  const settleWaiting = (endpointId: string) => {
    const dueAtMs = nextDueOf(database, endpointId);
    if (dueAtMs === null) waiting.delete(endpointId);
    else waiting.set(endpointId, dueAtMs);
  };

  const fly = async (flight: Flight) => {
    const { claim: claimed } = flight;
    const target = endpoints.get(claimed.endpointId);
    const ended = await attempt(flight, target);
    if (flight.localPort !== null) ports.delete(flight.localPort);
    await record(ended);
    flights.delete(claimed.deliveryId);
    flightsTo.set(claimed.endpointId, (flightsTo.get(claimed.endpointId) ?? 1) - 1);
    deps.changes.publish('deliveries', [claimed.deliveryId]);
    deps.changes.publish('endpoints', [claimed.endpointId]);
    if (ended.step.dueAtMs !== null) noteDue(claimed.endpointId, ended.step.dueAtMs);
    void pump();
  };

  const attempt = async (flight: Flight, target: EndpointConfig): Promise<EndedAttempt> => {
    const policy = resolveRetryPolicy(target.retryPolicy);
    const end = (outcome: Outcome, sent: EndedAttempt['sent'], retryAfterMs: number | null): EndedAttempt => {
      const endedAtMs = clock.now();
      const step = transition(flight.claim, outcome, policy, { nowMs: endedAtMs, timeScale: settings.get().timeScale, retryAfterMs, random: deps.random });
      const maxAttempts = step.attemptCount + Math.max(0, maxAttemptsOf(policy) - step.scheduleStep);
      return { attemptId: flight.attemptId, deliveryId: flight.claim.deliveryId, endedAtMs, maxAttempts, step, outcome, sent };
    };
    try {
      const refused = refusedByPolicy(target);
      if (refused !== null) return end(refused, null, null);
      const body = readBody(database, database, flight.claim.bodyHash);
      const built = buildRequest(target, { id: flight.claim.messageId, body, nowMs: flight.startedAtMs, secrets: activeSecrets(target, flight.startedAtMs) });
      const result = await deps.sender.send(built.request, {
        timeoutMs: target.timeoutMs,
        verifyTls: target.verifyTls,
        keptBytes: settings.get().responseBodyKeptBytes,
        successRule: target.successRule,
        signal: flight.abort.signal,
        onSent: (localPort) => {
          flight.localPort = localPort;
          ports.set(localPort, flight.claim.deliveryId);
        },
      });
      const kept = { ...result, sentHeaders: maskSecretHeaders(result.sentHeaders, target) };
      return end(result.outcome, { result: kept, body: built.request.body, signature: signatureToKeep(target, built) }, result.retryAfterMs);
    } catch (error) {
      // A bug here must not leave the delivery in flight for ever: it is recorded and retried like any failure.
      deps.log.error({ deliveryId: flight.claim.deliveryId, error: error instanceof Error ? (error.stack ?? error.message) : String(error) }, 'An attempt failed unexpectedly');
      return end({ code: 'unknown', message: `Hookyard could not make this attempt: ${error instanceof Error ? error.message : String(error)}`, status: null, phase: null, reason: null }, null, null);
    }
  };

  /** Keeps at it until the store takes it: an attempt that was made must not be forgotten. */
  const record = async (ended: EndedAttempt): Promise<void> => {
    for (;;) {
      try {
        await database.write((writer) => endAttempt(writer, ended));
        return;
      } catch (error) {
        deps.log.error({ deliveryId: ended.deliveryId, error: String(error) }, 'An attempt could not be recorded');
        // After a restart the attempt counts as interrupted and is made again, so leaving it is safe when stopping.
        if (!isRunning) return;
        await new Promise<void>((resolve) => clock.at(clock.now() + recordAgainMs, resolve));
      }
    }
  };

  const noteDue = (endpointId: string, dueAtMs: number) => waiting.set(endpointId, Math.min(waiting.get(endpointId) ?? Number.POSITIVE_INFINITY, dueAtMs));

  const loadWaiting = () => {
    waiting.clear();
    for (const { endpointId, dueAtMs } of waitingEndpoints(database)) waiting.set(endpointId, dueAtMs);
  };

  return {
    start: async () => {
      await recover(deps);
      loadWaiting();
      isRunning = true;
      void pump();
    },
    stop: async (graceMs) => {
      isRunning = false;
      takeTimerBack();
      // Closing the sender ends what is left as interrupted, to be made again at the next start.
      const timer = setTimeout(() => void deps.sender.close(), graceMs);
      await Promise.all([...flights.values()].map((flight) => flight.done));
      clearTimeout(timer);
      await deps.sender.close();
    },
    notify: (endpointIds, dueAtMs) => {
      for (const endpointId of endpointIds) noteDue(endpointId, dueAtMs);
      void pump();
    },
    refresh: () => {
      loadWaiting();
      void pump();
    },
    abort: (deliveryId) => {
      const flight = flights.get(deliveryId);
      flight?.abort.abort();
      return flight?.done ?? null;
    },
    isInFlight: (deliveryId) => flights.has(deliveryId),
    inFlightCount: () => flights.size,
    deliveryAtPort: (localPort) => ports.get(localPort) ?? null,
  };
}

function refusedByPolicy(target: EndpointConfig): Outcome | null {
  if (!target.httpsOnly || target.url.toLowerCase().startsWith('https:')) return null;
  return { code: 'policy', message: 'Nothing was sent: this endpoint is set to https only and its URL is http.', status: null, phase: null, reason: null };
}

function signatureToKeep(target: EndpointConfig, built: BuiltRequest): SignatureRecord | null {
  if (built.signed === null || target.signing === null) return null;
  return packSignature(toEvidence(target.signing.scheme, built.signed, built.fingerprints));
}

/** Attempts that were under way when the process died are recorded as interrupted and are due again at once. */
async function recover({ database, clock, log, endpoints, settings, random }: DispatcherDeps): Promise<void> {
  const found = interruptedAttempts(database);
  if (found.length === 0) return;
  const nowMs = clock.now();
  const outcome: Outcome = { code: 'interrupted', message: 'Hookyard ended while this attempt was under way, so what became of it is not known; it is made again.', status: null, phase: null, reason: null };
  await database.write((writer) => {
    for (const left of found) {
      const policy = resolveRetryPolicy(endpoints.find(left.endpointId)?.retryPolicy ?? { kind: 'none' });
      const step = transition(left, outcome, policy, { nowMs, timeScale: settings.get().timeScale, retryAfterMs: null, random });
      endAttempt(writer, { attemptId: left.attemptId, deliveryId: left.deliveryId, endedAtMs: nowMs, maxAttempts: step.attemptCount + Math.max(0, maxAttemptsOf(policy) - step.scheduleStep), step, outcome, sent: null });
    }
  });
  log.info({ attempts: found.length }, 'Attempts left under way by an earlier run were rescheduled');
}
