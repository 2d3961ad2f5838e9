import { maxAttemptsOf, resolveRetryPolicy } from '#shared/contract/retry.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import { activeSecrets, maskSecretHeaders, type EndpointConfig } from '../endpoints/config.ts';
import { buildRequest, toEvidence, type BuiltRequest } from '../messages/build-request.ts';
import { packSignature, type SignatureRecord } from '../messages/signature-record.ts';
import { readBody } from '../messages/store.ts';
import type { Clock, Log } from '../ports.ts';
import { Refusal } from '../refusal.ts';
import type { SettingsBook } from '../settings/settings.ts';
import type { Database } from '../store/database.ts';
import { plainOutcome, policyOutcome } from './outcome.ts';
import type { Claim, EndedAttempt } from './queue.ts';
import type { Sender } from './sender.types.ts';
import { transition, type DeliveryProgress, type DeliveryStep } from './transition.ts';

export interface AttemptDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: SettingsBook;
  readonly sender: Sender;
  readonly random: () => number;
}

/** An attempt that has been recorded as begun. */
export interface BegunAttempt {
  readonly claim: Claim;
  readonly attemptId: string;
  readonly startedAtMs: number;
  readonly signal: AbortSignal;
  /** Told the local port each time the request's headers are written. */
  readonly onSent: (localPort: number) => void;
}

/** Makes one attempt and answers what to record of it. Never rejects: whatever goes wrong is an outcome. */
export async function makeAttempt(deps: AttemptDeps, attempt: BegunAttempt, target: EndpointConfig): Promise<EndedAttempt> {
  const { claim } = attempt;
  const end = (outcome: Outcome, sent: EndedAttempt['sent'], retryAfterMs: number | null): EndedAttempt => ({
    attemptId: attempt.attemptId,
    deliveryId: claim.deliveryId,
    endedAtMs: deps.clock.now(),
    outcome,
    sent,
    ...nextStep(deps, claim, outcome, target, retryAfterMs),
  });
  try {
    const refused = refusedByPolicy(target);
    if (refused !== null) return end(refused, null, null);
    const body = readBody(deps.database, deps.database, claim.bodyHash);
    const built = buildRequest(target, {
      id: claim.messageId,
      body,
      nowMs: attempt.startedAtMs,
      secrets: activeSecrets(target, attempt.startedAtMs),
    });
    const result = await deps.sender.send(built.request, {
      timeoutMs: target.timeoutMs,
      verifyTls: target.verifyTls,
      keptBytes: deps.settings.get().responseBodyKeptBytes,
      successRule: target.successRule,
      signal: attempt.signal,
      onSent: attempt.onSent,
    });
    const kept = { ...result, sentHeaders: maskSecretHeaders(result.sentHeaders, target) };
    const sent = {
      result: kept,
      url: built.request.url,
      bodyBytes: built.request.body.byteLength,
      signedBody: built.signed?.body ?? null,
      signature: signatureToKeep(target, built),
    };
    return end(result.outcome, sent, result.retryAfterMs);
  } catch (error) {
    // A scheme that signs inside the body refuses one that it cannot sign, such as text where it needs JSON.
    if (error instanceof Refusal) return end(policyOutcome(`Nothing was sent: ${error.message}`), null, null);
    // A bug here must not leave the delivery in flight for ever: it is recorded and retried like any failure.
    deps.log.error(
      { deliveryId: claim.deliveryId, error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
      'An attempt failed unexpectedly',
    );
    return end(
      plainOutcome('unknown', `Hookyard could not make this attempt: ${error instanceof Error ? error.message : String(error)}`),
      null,
      null,
    );
  }
}

/** An attempt that the end of the process cut off, with where its delivery goes from there. */
export function interruptedEnd(
  deps: Omit<AttemptDeps, 'database' | 'sender' | 'log'>,
  left: DeliveryProgress & { readonly attemptId: string; readonly deliveryId: string },
  target: EndpointConfig | undefined,
): EndedAttempt {
  const outcome = plainOutcome(
    'interrupted',
    'Hookyard ended while this attempt was under way, so what became of it is not known; it is made again.',
  );
  const step = nextStep(deps, left, outcome, target, null);
  return { attemptId: left.attemptId, deliveryId: left.deliveryId, endedAtMs: deps.clock.now(), outcome, sent: null, ...step };
}

/** The step as it is recorded: a deleted endpoint gets no further attempt, so its delivery would wait for ever. */
export function stepFor(step: DeliveryStep, target: Pick<EndpointConfig, 'isDeleted'> | undefined): DeliveryStep {
  const isGone = target === undefined || target.isDeleted;
  return isGone && step.dueAtMs !== null ? { ...step, status: 'cancelled', dueAtMs: null } : step;
}

function nextStep(
  { clock, settings, random }: Pick<AttemptDeps, 'clock' | 'settings' | 'random'>,
  progress: DeliveryProgress,
  outcome: Outcome,
  target: EndpointConfig | undefined,
  retryAfterMs: number | null,
): Pick<EndedAttempt, 'step' | 'maxAttempts'> {
  const policy = resolveRetryPolicy(target?.retryPolicy ?? { kind: 'none' });
  const step = transition(progress, outcome, policy, { nowMs: clock.now(), timeScale: settings.get().timeScale, retryAfterMs, random });
  return { step: stepFor(step, target), maxAttempts: step.attemptCount + Math.max(0, maxAttemptsOf(policy) - step.scheduleStep) };
}

function refusedByPolicy(target: EndpointConfig): Outcome | null {
  if (!target.httpsOnly || target.url.toLowerCase().startsWith('https:')) return null;
  return policyOutcome('Nothing was sent: this endpoint is set to https only and its URL is http.');
}

function signatureToKeep(target: EndpointConfig, built: BuiltRequest): SignatureRecord | null {
  if (built.signed === null || target.signing === null) return null;
  return packSignature(toEvidence(target.signing.scheme, built.signed, built.fingerprints));
}
