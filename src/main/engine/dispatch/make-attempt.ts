import type { AttemptStep } from '#shared/contract/deliveries.ts';
import { maxAttemptsOf, type RetryPolicy } from '#shared/contract/retry.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import { stopsOf, type Stops } from '#shared/stop-answers.ts';
import { headerValue } from '#shared/text/headers.ts';
import { packConnection, packOutcome, packTimings } from '../base/packed-columns.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { resolveTarget, type ResolvedTarget } from '../request/resolve-target.ts';
import { shownHeaders } from '../request/shown-headers.ts';
import { maskUrlSecrets } from '../request/url-secrets.ts';
import type { Variables } from '../templates/variables.ts';
import { attemptPastOf } from '../log/attempt-past.ts';
import { mayNamePast, type AttemptFacts } from '../templates/attempt-scope.ts';
import { packSignature } from '../request/signature-record.ts';
import type { PolicyBook } from '../policies/book.ts';
import type { Clock, Log } from '../base/ports.ts';
import { Refusal } from '../base/refusal.ts';
import { remembered } from '../base/remembered.ts';
import type { SettingsBook } from '../settings/settings.ts';
import type { Database } from '../store/database.ts';
import type { CancelSignal } from '../http/canceller.ts';
import { plainOutcome, policyOutcome, templateOutcome } from '../http/outcome.ts';
import { retryAfterMs } from '#shared/deciding/retry-after.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { bodyOf, type AttemptRecord, type Claim, type ClaimWithBody, type Interrupted } from '../log/queue.ts';
import type { ReceivedResponse, Sender } from '../http/sender.types.ts';
import type { SentRequest } from '../http/sent-requests.ts';
import type { DeliveryProgress, DeliveryStep } from '#shared/deciding/delivery-step.ts';
import type { AwaitedAttempts } from './awaited-attempts.ts';
import { sendAttempt, type SendDeps, type SentOnce } from './send-attempt.ts';
import { stackOf } from '../base/stack-of.ts';
import { transition } from '#shared/deciding/transition.ts';

export interface AttemptDeps extends SendDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: SettingsBook;
  readonly policies: Pick<PolicyBook, 'resolve'>;
  readonly environments: Pick<EnvironmentBook, 'variablesOf'>;
  readonly bodies: BodyRenderer;
  readonly awaited: AwaitedAttempts;
  readonly sender: Sender;
  readonly random: () => number;
}

/** Renders the body of a message again, for an attempt. Rejects with a Refusal where that cannot be done. */
export interface BodyRenderer {
  readonly makeAgain: (
    endpoint: EndpointConfig,
    messageId: string,
    variables: Variables,
    attempt: { readonly facts: AttemptFacts; readonly atMs: number },
  ) => Promise<Uint8Array>;
}

/** An attempt whose delivery is marked as under way. */
export interface BegunAttempt {
  readonly claim: ClaimWithBody;
  readonly attemptId: string;
  readonly startedAtMs: number;
  /** The sum of all changes to the clock when it began. */
  readonly movedMs: number;
  readonly signal: CancelSignal;
  /** Gets the marks and the port of the request, so that the capture of it can be recognised. */
  readonly sent: Pick<SentRequest, 'carries' | 'wentOut'>;
}

/** Makes one attempt and returns what to record. Never rejects: whatever goes wrong is an outcome. */
export async function makeAttempt(deps: AttemptDeps, attempt: BegunAttempt, target: EndpointConfig): Promise<AttemptRecord> {
  const { claim } = attempt;
  const end = (outcome: Outcome, sent: Sent | null = null, steps: readonly AttemptStep[] = []) => {
    deps.awaited.ended(claim.messageId, outcome, sent?.result ?? null);
    return toRecord(deps, attempt, target, { outcome, sent: sent === null ? null : asLogged(deps, sent), steps });
  };
  try {
    const variables = deps.environments.variablesOf(claim.environmentId);
    const resolved = resolveTarget(target, variables);
    const refused = refusedByPolicy(resolved);
    if (refused !== null) return end(refused);
    const nowMs = claim.signAtMs ?? attempt.startedAtMs;
    const facts = factsOf(deps, attempt, target);
    const ownBody = isRenderedAgain(target, claim)
      ? await deps.bodies.makeAgain(target, claim.messageId, variables, { facts, atMs: nowMs })
      : null;
    const body = ownBody ?? claim.body ?? bodyOf(deps.database, claim);
    const { messageId: id, deliveryId, eventType, head } = claim;
    const { startedAtMs, signal } = attempt;
    const keptBytes = Math.max(deps.settings.get().responseBodyKeptBytes, deps.awaited.wantedBytes(id));
    const message = { id, body, nowMs, deliveryId, eventType, head, ...facts };
    const { isWithinLoopback } = claim;
    const outgoing = { message, startedAtMs, signal, sent: attempt.sent, keptBytes, isWithinLoopback };
    const { outcome, sent, steps } = await sendAttempt(deps, outgoing, resolved);
    if (sent === null) return end(outcome, null, steps);
    return end(outcome, { ...sent, ownBody: sent.built.signed?.body ?? (target.method === 'GET' ? null : ownBody) }, steps);
  } catch (error) {
    // A scheme that signs inside the body refuses a body that it cannot sign, such as text where it needs JSON.
    if (error instanceof Refusal) {
      const isOfTemplate = error.code === 'TEMPLATE_INVALID' || error.code === 'BODY_TOO_LARGE';
      return end(isOfTemplate ? templateOutcome(error.message, error.code) : policyOutcome(`Nothing was sent: ${error.message}`));
    }
    // A bug here must not leave the delivery under way for ever: it is recorded and retried like any failure.
    deps.log.error({ deliveryId: claim.deliveryId, error: stackOf(error) }, 'An attempt failed unexpectedly');
    return end(plainOutcome('unknown', `Hookyard could not make this attempt: ${error instanceof Error ? error.message : String(error)}`));
  }
}

/** Whether an attempt sends a body of its own: not the first, nor a redelivery that is to repeat the first. */
function isRenderedAgain({ bodyPerAttempt }: EndpointConfig, { attemptCount, signAtMs }: Claim): boolean {
  return bodyPerAttempt && attemptCount > 0 && signAtMs === null;
}

function factsOf({ database }: Pick<AttemptDeps, 'database'>, { claim, attemptId }: BegunAttempt, target: EndpointConfig): AttemptFacts {
  const past = claim.attemptCount > 0 && namesPast(target) ? attemptPastOf(database, claim) : null;
  return { attemptId, attempt: claim.attemptCount + 1, retry: claim.scheduleStep, past };
}

/** Whether the past has to be read, which most targets do not name. */
const namesPast = remembered(({ headers, retryHeaders, bodyPerAttempt, template }: EndpointConfig) =>
  [...Object.values(headers), ...Object.values(retryHeaders), (bodyPerAttempt && template?.source) || ''].some(mayNamePast),
);

/** What to record of an attempt that the end of the process interrupted; `target` is undefined when its endpoint does not exist any more. */
export function interruptedRecord(
  deps: Pick<AttemptDeps, 'clock' | 'settings' | 'policies' | 'random'>,
  left: Interrupted,
  target: EndpointConfig | undefined,
): AttemptRecord {
  const outcome = plainOutcome(
    'interrupted',
    'Hookyard ended while this attempt was under way, so it is not known whether it reached the receiver; it is made again.',
  );
  const begun = { claim: left, attemptId: left.attemptId, startedAtMs: left.startedAtMs, movedMs: deps.clock.movedMs?.() ?? 0 };
  return toRecord(deps, begun, target, { outcome, sent: null, steps: [] });
}

/** A record without details, for when they cannot be stored: that the attempt was made has to be recorded. */
export function bareRecord(record: AttemptRecord): AttemptRecord {
  const { id, delivery_id, endpoint_id, number, trigger, started_at_ms, ended_at_ms, outcome_code, outcome_json, method, url } =
    record.attempt;
  const kept = { id, delivery_id, endpoint_id, number, trigger, started_at_ms, ended_at_ms, outcome_code, outcome_json, method, url };
  return { ...record, attempt: { ...unsent, ...kept }, isBodyOfDelivery: false, ownBody: null, responseBody: null };
}

/** What to record of an attempt that reached the sender. */
interface Sent extends SentOnce {
  /** The body that was sent where it is not the delivery's: it contains the signature, or was rendered for this attempt. */
  readonly ownBody: Uint8Array | null;
}

/** Of an answer that somebody waited for, no more than of others goes into the log. */
function asLogged({ settings }: Pick<AttemptDeps, 'settings'>, sent: Sent): Sent {
  const { response } = sent.result;
  const { responseBodyKeptBytes } = settings.get();
  if (response === null || response.body.byteLength <= responseBodyKeptBytes) return sent;
  const body = response.body.subarray(0, responseBodyKeptBytes);
  return { ...sent, result: { ...sent.result, response: { ...response, body, isBodyTruncated: true } } };
}

/** Columns of an attempt at which nothing was sent. */
const unsent = {
  request_headers_json: '[]',
  request_body_bytes: 0,
  status: null,
  reason: null,
  response_headers_json: null,
  response_body_bytes: null,
  is_response_truncated: 0,
  duration_ms: null,
  timings_json: null,
  connection_json: null,
  redirects_json: null,
  signature_json: null,
  steps_json: null,
} as const;

function toRecord(
  deps: Pick<AttemptDeps, 'clock' | 'settings' | 'policies' | 'random'>,
  { claim, attemptId, startedAtMs, movedMs }: Pick<BegunAttempt, 'attemptId' | 'startedAtMs' | 'movedMs'> & { readonly claim: Claim },
  target: EndpointConfig | undefined,
  { outcome, sent, steps }: { readonly outcome: Outcome; readonly sent: Sent | null; readonly steps: readonly AttemptStep[] },
): AttemptRecord {
  const response = sent?.result.response ?? null;
  const bodyBytes = sent?.built.request.body.byteLength ?? 0;
  const ownBody = sent?.ownBody ?? null;
  const stops = target === undefined ? null : stopsOf(target.stopAnswers, outcome, response?.headers ?? []);
  return {
    deliverySeq: claim.seq,
    attempt: {
      id: attemptId,
      delivery_id: claim.deliveryId,
      endpoint_id: claim.endpointId,
      number: claim.attemptCount + 1,
      trigger: claim.trigger,
      started_at_ms: startedAtMs,
      ended_at_ms: deps.clock.now(),
      outcome_code: outcome.code,
      outcome_json: packOutcome(outcome),
      method: claim.head?.method ?? target?.method ?? '',
      url: sent === null ? (target?.url ?? '') : maskUrlSecrets(sent.built.request.url, sent.ready.urlSecrets),
      ...(sent === null ? unsent : seenColumns(sent)),
      steps_json: steps.length === 0 ? null : JSON.stringify(steps),
    },
    // An attempt that sent nothing still records what it was about to send; a GET has no body.
    isBodyOfDelivery: ownBody === null && (sent === null || bodyBytes > 0),
    ownBody: ownBody === null ? null : ownBytes(ownBody),
    responseBody: response === null || response.body.byteLength === 0 ? null : ownBytes(response.body),
    ...nextStep(deps, { ...claim, scheduleBeganAtMs: claim.scheduleBeganAtMs + movedSince(deps.clock, movedMs) }, outcome, target, {
      response,
      stops,
    }),
    disableReason: stops?.disableReason ?? null,
  };
}

function seenColumns({ built, result, ready }: Sent): Pick<AttemptRecord['attempt'], Exclude<keyof typeof unsent, 'steps_json'>> {
  const { response, connection, timings, redirects } = result;
  const sentHeaders = shownHeaders(result.sentHeaders, ready, built);
  const signature = packSignature(ready, built, sentHeaders);
  return {
    request_headers_json: JSON.stringify(sentHeaders),
    request_body_bytes: built.request.body.byteLength,
    status: response?.status ?? null,
    reason: response?.reason ?? null,
    response_headers_json: response === null ? null : JSON.stringify(response.headers),
    response_body_bytes: response?.bodyBytes ?? null,
    is_response_truncated: Number(response?.isBodyTruncated ?? false),
    duration_ms: timings.totalMs,
    timings_json: packTimings(timings),
    connection_json: connection === null ? null : connectionJson(connection),
    redirects_json: redirects.length === 0 ? null : JSON.stringify(redirects),
    signature_json: signature === null ? null : JSON.stringify(signature),
  };
}

/** Encoded once per connection: its facts are the same for each of its requests. */
const connectionJson = remembered(packConnection);

/** By how much the clock was set since then. */
function movedSince({ movedMs }: Pick<Clock, 'movedMs'>, thenMs: number): number {
  return movedMs === undefined ? 0 : movedMs() - thenMs;
}

/** The step to record: a deleted endpoint gets no further attempts, so its delivery would wait for ever. */
export function stepFor(step: DeliveryStep, target: Pick<EndpointConfig, 'isDeleted'> | undefined): DeliveryStep {
  const isGone = target === undefined || target.isDeleted;
  return isGone && step.dueAtMs !== null ? { ...step, status: 'cancelled', dueAtMs: null } : step;
}

function nextStep(
  { clock, settings, policies, random }: Pick<AttemptDeps, 'clock' | 'settings' | 'policies' | 'random'>,
  progress: DeliveryProgress & { readonly scheduleBeganAtMs: number },
  outcome: Outcome,
  target: EndpointConfig | undefined,
  { response, stops }: { readonly response: ReceivedResponse | null; readonly stops: Stops | null },
): Pick<AttemptRecord, 'step' | 'maxAttempts'> {
  const policy = policies.resolve(target?.retryPolicy ?? { kind: 'none' });
  const { timeScale } = settings.get();
  const { scheduleBeganAtMs } = progress;
  const nowMs = clock.now();
  const step = transition(progress, outcome, policy, {
    nowMs,
    scheduleBeganAtMs,
    timeScale,
    retryAfterMs: askedMs(policy, response, nowMs),
    stopReason: stops?.endReason ?? null,
    random,
  });
  return { step: stepFor(step, target), maxAttempts: step.attemptCount + Math.max(0, maxAttemptsOf(policy) - step.scheduleStep) };
}

/** The wait that an answer asks for, by the unit of the policy; null when it asks for none. */
function askedMs(policy: RetryPolicy, response: ReceivedResponse | null, nowMs: number): number | null {
  const value = response === null ? null : headerValue(response.headers, 'retry-after');
  if (value === null || policy.kind === 'none') return null;
  return retryAfterMs(value, nowMs, policy.retryAfter?.kind === 'honour' ? policy.retryAfter.unit : undefined);
}

function refusedByPolicy(target: ResolvedTarget): Outcome | null {
  if (!target.httpsOnly || target.url.toLowerCase().startsWith('https:')) return null;
  return policyOutcome('Nothing was sent: this endpoint is set to https only and its URL is http.');
}
