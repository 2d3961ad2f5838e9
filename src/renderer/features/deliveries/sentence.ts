import { coarseText, durationText } from '#shared/duration-text.ts';
import type { DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Outcome } from '#shared/contract/outcome.ts';

/** What the sentence needs to know about a delivery. */
export interface DescribedDelivery {
  readonly url: string;
  readonly status: DeliveryStatus;
  readonly isInFlight: boolean;
  readonly nextAttemptAtMs: number | null;
  /** Why it is exhausted although attempts were left; null otherwise. */
  readonly endReason: string | null;
  readonly attempts: readonly {
    readonly startedAtMs: number;
    readonly endedAtMs: number | null;
    readonly outcome: Outcome | null;
    readonly timings: { readonly totalMs: number } | null;
  }[];
}

/** One sentence that says what happened to a delivery and what comes next. */
export function sentenceOf(delivery: DescribedDelivery, nowMs: number): string {
  const host = hostOf(delivery.url);
  const ended = delivery.attempts.filter((attempt) => attempt.outcome !== null);
  const failures = ended.filter((attempt) => attempt.outcome?.code !== 'ok');
  switch (delivery.status) {
    case 'pending':
      return pendingSentence(delivery, host, ended.length, nowMs);
    case 'delivered':
      return deliveredSentence(host, ended, failures.length);
    case 'failed':
      // A redelivery of what was accepted before waits in this state too.
      if (failures.length === 0) return pendingSentence(delivery, host, ended.length, nowMs);
      return `${failurePhrase(ended, host)}; ${nextPhrase(delivery, nowMs)}.`;
    case 'exhausted':
      if (delivery.endReason !== null) return `${failurePhrase(ended, host)}${overPhrase(ended)}. ${delivery.endReason}`;
      return ended.length === 1
        ? `${failurePhrase(ended, host)}; it was the only attempt allowed.`
        : `${failurePhrase(ended, host)}${overPhrase(ended)}; no attempts are left.`;
    case 'cancelled':
      return ended.length === 0
        ? 'Cancelled before the first attempt.'
        : `Cancelled after ${times(ended.length, 'attempt')}. ${failurePhrase(ended, host)}.`;
  }
}

type DescribedAttempt = DescribedDelivery['attempts'][number];

function pendingSentence(delivery: DescribedDelivery, host: string, endedCount: number, nowMs: number): string {
  if (delivery.isInFlight) return endedCount === 0 ? `Sending to ${host} for the first time.` : `Sending to ${host} again.`;
  if (endedCount === 0)
    return `Waiting for its first attempt at ${host}${delivery.nextAttemptAtMs === null ? '' : `, ${whenPhrase(delivery.nextAttemptAtMs, nowMs)}`}.`;
  return `To be sent to ${host} again${delivery.nextAttemptAtMs === null ? '' : `, ${whenPhrase(delivery.nextAttemptAtMs, nowMs)}`}.`;
}

function deliveredSentence(host: string, ended: readonly DescribedAttempt[], failureCount: number): string {
  const last = ended.at(-1);
  const status = last?.outcome?.status ?? null;
  const answer = `${status === null ? 'success' : status}${last === undefined || last.timings === null ? '' : ` in ${durationText(last.timings.totalMs)}`}`;
  if (failureCount === 0)
    return `${host} accepted it${ended.length > 1 ? ` on ${ended.length === 2 ? 'both' : `all ${numberWords[ended.length] ?? ended.length}`} attempts, the last` : ' on the first attempt'} with ${answer}.`;
  return `${host} accepted it with ${answer} after ${times(failureCount, 'failed attempt')}${overPhrase(ended)}.`;
}

function nextPhrase(delivery: DescribedDelivery, nowMs: number): string {
  if (delivery.isInFlight) return 'the next attempt is under way';
  return delivery.nextAttemptAtMs === null
    ? 'the next attempt is not scheduled'
    : `next attempt ${whenPhrase(delivery.nextAttemptAtMs, nowMs)}`;
}

function whenPhrase(atMs: number, nowMs: number): string {
  return atMs - nowMs < 1000 ? 'now' : `in ${coarseText(atMs - nowMs)}`;
}

/** How it failed and how often: equal failures are stated once, different ones are counted and the last is described. */
function failurePhrase(ended: readonly DescribedAttempt[], host: string): string {
  const failed = ended.filter((attempt) => attempt.outcome !== null && attempt.outcome.code !== 'ok');
  const last = failed.at(-1)?.outcome;
  if (last === undefined || last === null) return `No attempt at ${host} failed`;
  const phrase = outcomePhrase(last, host);
  if (failed.length === 1) return phrase;
  const isAlike = failed.every(({ outcome }) => outcome?.code === last.code && outcome.status === last.status);
  return isAlike ? `${phrase} ${timesWord(failed.length)}` : `Failed ${timesWord(failed.length)}, last because: ${lowerFirst(phrase)}`;
}

/** An outcome as a clause with the host in it. */
export function outcomePhrase(outcome: Outcome, host: string): string {
  switch (outcome.code) {
    case 'ok':
      return `${host} accepted it`;
    case 'http_status':
      return `${host} answered ${outcome.status ?? 'with an error'}`;
    case 'redirect':
      return `${host} answered with a redirect${outcome.status === null ? '' : ` (${outcome.status})`}, which is not followed`;
    case 'dns':
      return `The name ${host} could not be looked up`;
    case 'refused':
      return `Refused by ${host}`;
    case 'reset':
      return `${host} broke the connection`;
    case 'unreachable':
      return `${host} could not be reached`;
    case 'timeout':
      return `${host} ${timeoutPhrase(outcome.phase)}`;
    case 'tls':
      return `TLS with ${host} failed${outcome.reason === null ? '' : ` (${outcome.reason})`}`;
    case 'proxy':
      return `The proxy on the way to ${host} failed${outcome.reason === null ? '' : ` (${outcome.reason})`}`;
    case 'protocol':
      return `${host} did not answer in HTTP`;
    case 'incomplete':
      return `${host} ended its answer too early`;
    case 'template':
      return 'The body template could not be rendered';
    case 'auth':
      return `The authentication for ${host} was not ready`;
    case 'policy':
      return 'The rules of the endpoint forbid this request';
    case 'interrupted':
      return 'Hookyard stopped during the attempt';
    case 'cancelled':
      return 'The attempt was cancelled';
    case 'unknown':
      return outcome.message.replace(/\.$/, '');
  }
}

function timeoutPhrase(phase: Outcome['phase']): string {
  switch (phase) {
    case 'dns':
      return 'was not looked up in time';
    case 'connect':
      return 'did not take the connection in time';
    case 'tls':
      return 'did not finish the TLS handshake in time';
    case 'request':
      return 'did not take the request in time';
    case 'body':
      return 'did not finish its answer in time';
    case 'response':
    case null:
      return 'did not answer in time';
  }
}

/** Host and port of a URL as shown; the text itself if it is not a URL. */
export function hostOf(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\/([^/?#]+)/i.exec(url)?.[1] ?? url;
}

function overPhrase(ended: readonly DescribedAttempt[]): string {
  const first = ended[0];
  const last = ended.at(-1);
  if (first === undefined || last === undefined || ended.length < 2) return '';
  const spanMs = (last.endedAtMs ?? last.startedAtMs) - first.startedAtMs;
  return spanMs < 1000 ? '' : ` over ${coarseText(spanMs)}`;
}

const numberWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'] as const;

function times(count: number, noun: string): string {
  return `${numberWords[count] ?? count} ${noun}${count === 1 ? '' : 's'}`;
}

function timesWord(count: number): string {
  if (count === 2) return 'twice';
  return `${numberWords[count] ?? count} times`;
}

function lowerFirst(text: string): string {
  return /^(The|Refused) /.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
