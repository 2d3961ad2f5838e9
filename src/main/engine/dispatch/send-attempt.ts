import { performance } from 'node:perf_hooks';
import type { HeaderField } from '#shared/contract/common.ts';
import type { AttemptStep } from '#shared/contract/deliveries.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import type { AccessToken } from '../auth/tokens.ts';
import { activeSecrets } from '../endpoints/config.ts';
import type { CancelSignal } from '../http/canceller.ts';
import { cancelledOutcome } from '../http/outcome.ts';
import type { Sender, SendResult } from '../http/sender.types.ts';
import type { SentRequest } from '../http/sent-requests.ts';
import type { AuthenticatedTarget, Authenticator } from '../request/authenticator.ts';
import type { BuiltRequest, OutgoingMessage } from '../request/build-request.ts';
import type { Builder } from '../request/builder.ts';
import type { ResolvedTarget } from '../request/resolve-target.ts';
import { maskUrlSecrets, variableSecrets } from '../request/url-secrets.ts';

export interface SendDeps {
  readonly authenticator: Pick<Authenticator, 'ready' | 'refused'>;
  readonly builder: Pick<Builder, 'build'>;
  readonly sender: Pick<Sender, 'send'>;
}

/** A message to send, and what follows its request. */
export interface Outgoing {
  /** All but the secrets, which the target has. */
  readonly message: Omit<OutgoingMessage, 'secrets'>;
  readonly startedAtMs: number;
  readonly signal: CancelSignal;
  readonly sent: Pick<SentRequest, 'carries' | 'wentOut'>;
  /** How much of the answer's body is kept. */
  readonly keptBytes: number;
  /** Whether it may go to loopback addresses only. */
  readonly isWithinLoopback: boolean;
}

/** A request that reached the sender, without the secrets that stood in its URL. */
export interface SentOnce {
  readonly built: BuiltRequest;
  readonly result: SendResult;
  /** What the request was made from. */
  readonly ready: AuthenticatedTarget;
}

/** How sending ended; `sent` is null when there was nothing that could be sent. */
export interface Sending {
  readonly outcome: Outcome;
  readonly sent: SentOnce | null;
  readonly steps: readonly AttemptStep[];
}

/**
 * Authenticates, builds and sends the request; once more with a new access token when the one at hand was not accepted any more. Rejects with a
 * Refusal where the request cannot be made.
 */
export async function sendAttempt(deps: SendDeps, outgoing: Outgoing, target: ResolvedTarget): Promise<Sending> {
  const beganAtMs = performance.now();
  const first = await sendOnce(deps, outgoing, target, target.timeoutMs);
  const { sent, token } = first;
  if (sent === null || token === null || first.steps.length > 0 || first.outcome.status !== 401 || first.outcome.code === 'ok')
    return first;
  deps.authenticator.refused(target, token);
  const second = await sendOnce(deps, outgoing, target, leftOf(target.timeoutMs, beganAtMs));
  return { ...second, steps: [refusedToken(sent, outgoing.startedAtMs), ...second.steps] };
}

async function sendOnce(
  deps: SendDeps,
  { message, startedAtMs, signal, sent, keptBytes, isWithinLoopback }: Outgoing,
  target: ResolvedTarget,
  timeoutMs: number,
): Promise<Sending & { readonly token: AccessToken | null }> {
  const beganAtMs = performance.now();
  const getting = deps.authenticator.ready(target, timeoutMs);
  // Most attempts need not wait for a token, and an await costs them a turn.
  const got = getting instanceof Promise ? await orAborted(getting, signal) : getting;
  if (got === null) return { outcome: cancelledOutcome(), sent: null, token: null, steps: [] };
  const { target: ready, token, steps } = got;
  if (got.problem !== null) return { outcome: got.problem, sent: null, token, steps };
  const building = deps.builder.build(ready, { ...message, secrets: activeSecrets(ready, startedAtMs) });
  const built = building instanceof Promise ? await building : building;
  sent.carries(built.marks);
  const answered = await deps.sender.send(built.request, {
    timeoutMs: steps.length === 0 ? timeoutMs : leftOf(timeoutMs, beganAtMs),
    verifyTls: target.verifyTls,
    tls: ready.tls,
    keptBytes,
    ...(target.answerLimitBytes === undefined ? {} : { readLimitBytes: target.answerLimitBytes }),
    successRule: (message.retry > 0 ? target.retrySuccessRule : null) ?? target.successRule,
    redirects: target.redirects,
    isWithinLoopback,
    // Headers that somebody sent may hold credentials.
    isConfidential: message.head != null || isConfidential(ready, built),
    signal,
    onSent: sent.wentOut,
  });
  const result = withoutSecrets(answered, ready, built);
  return { outcome: result.outcome, sent: { built, result, ready }, token, steps };
}

/** What is left of a time that began then, in whole milliseconds; at least one. */
function leftOf(timeoutMs: number, beganAtMs: number): number {
  return Math.max(1, Math.round(timeoutMs - (performance.now() - beganAtMs)));
}

/** Null when the signal is aborted first; what was waited for goes on for others. */
function orAborted<T>(waited: Promise<T>, signal: CancelSignal): Promise<T | null> {
  return new Promise((resolve, reject) => {
    const listener = { handleEvent: () => resolve(null) };
    signal.addEventListener('abort', listener);
    waited.then(resolve, reject).finally(() => signal.removeEventListener('abort', listener));
  });
}

/** Whether a request must not leave its origin. */
function isConfidential(
  { secretHeaders, urlSecrets, hasClientCertificate }: AuthenticatedTarget,
  { signed, hiddenFields }: BuiltRequest,
): boolean {
  const hasSecrets = Object.keys(secretHeaders).length > 0 || urlSecrets.length > 0 || hiddenFields.length > 0;
  return signed !== null || hasSecrets || hasClientCertificate;
}

/** The result without the secrets of the URL and those of variables in headers, which answers and redirects may quote. */
function withoutSecrets(result: SendResult, { urlSecrets }: AuthenticatedTarget, { hiddenFields }: BuiltRequest): SendResult {
  if (urlSecrets.length === 0 && hiddenFields.length === 0) return result;
  const inHeaders = variableSecrets(hiddenFields.flatMap(({ secrets }) => secrets));
  const known = [...urlSecrets, ...inHeaders];
  const mask = (text: string) => maskUrlSecrets(text, known);
  const { outcome, response, redirects } = result;
  return {
    ...result,
    outcome: { ...outcome, message: mask(outcome.message) },
    response:
      response === null
        ? null
        : {
            ...response,
            reason: mask(response.reason),
            headers: response.headers.map(([name, value]): HeaderField => [name, mask(value)]),
          },
    redirects: redirects.map((redirect) => ({ ...redirect, url: mask(redirect.url), location: mask(redirect.location) })),
  };
}

/** The request that carried an access token which the receiver did not accept any more. */
function refusedToken({ built, result, ready }: SentOnce, startedAtMs: number): AttemptStep {
  return {
    kind: 'refused-token',
    isOk: false,
    url: maskUrlSecrets(built.request.url, ready.urlSecrets),
    status: result.response?.status ?? null,
    startedAtMs,
    durationMs: result.timings.totalMs,
    message: 'The receiver answered 401 to the access token at hand, so a new one was fetched and the request sent once more.',
  };
}
