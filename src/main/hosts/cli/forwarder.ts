import { ORPCError } from '@orpc/client';
import type { Capture } from '#shared/contract/captures.ts';
import type { Attempt, DeliveryDetail } from '#shared/contract/deliveries.ts';
import { isFinal } from '#shared/contract/delivery-status.ts';
import type { RetryPolicyChoice } from '#shared/contract/retry-choice.ts';
import type { Change } from '#shared/contract/system.ts';
import { durationText, coarseText } from '#shared/duration-text.ts';
import { isUrl } from '#shared/names/nearest-name.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import type { EngineClient } from './engine-client.ts';
import { findEndpoint } from './find-endpoint.ts';
import { printJsonLine, printLine, printNote, toned } from './output.ts';

/** Sends captures on as they come in, each as a delivery with its retries, and prints what becomes of them. */
export interface Forwarder {
  readonly forward: (capture: Capture) => Promise<void>;
  /** Prints the attempts that have ended since the last time, of deliveries that a change is about. */
  readonly follow: (change: Change) => Promise<void>;
  /** Forwards that have not ended. */
  readonly pending: () => number;
}

interface ForwarderOptions {
  /** A URL, or the id or name of an endpoint. */
  readonly to: string;
  /** For a URL; an endpoint has its own. */
  readonly retryPolicy: RetryPolicyChoice;
  readonly binUrl: string;
  readonly json: boolean;
}

export async function createForwarder(client: EngineClient, { to, retryPolicy, binUrl, json }: ForwarderOptions): Promise<Forwarder> {
  const endpointId = isUrl(to) ? null : await findEndpoint(client, to);
  const url = endpointId === null ? to : (await client.endpoints.get({ id: endpointId })).url;
  assertNoLoop(url, binUrl);
  /** How many attempts of each open delivery were printed. */
  const open = new Map<string, number>();

  const look = async (id: string): Promise<void> => {
    const delivery = await client.deliveries.get({ id, bodies: false });
    const ended = delivery.attempts.filter(({ outcome }) => outcome !== null);
    for (const [index, attempt] of ended.entries())
      if (index >= (open.get(id) ?? 0)) printAttempt(attempt, index === ended.length - 1, delivery, json);
    if (isFinal(delivery.status)) open.delete(id);
    else open.set(id, ended.length);
  };

  return {
    forward: async (capture) => {
      const target = endpointId === null ? { url: urlFor(url, binUrl, capture.target), retryPolicy } : { endpointId };
      const answer = await client.captures.replay({ id: capture.id, ...target }).catch(refusal);
      if (answer instanceof ORPCError) return printNote(`Not sent on: ${answer.message}`);
      const { deliveries, warnings } = answer;
      for (const { message } of warnings) printNote(message);
      for (const { id } of deliveries) {
        open.set(id, 0);
        await look(id);
      }
    },
    follow: async ({ topic, ids }) => {
      if (topic !== 'deliveries') return;
      for (const id of open.keys()) if (ids.length === 0 || ids.includes(id)) await look(id);
    },
    pending: () => open.size,
  };
}

/** A request that cannot be sent on, such as one that came in part, ends nothing; every other error does. */
function refusal(error: unknown) {
  if (error instanceof ORPCError && error.defined) return error;
  throw error;
}

/** Whatever was forwarded to this listener would be captured and forwarded again. */
function assertNoLoop(url: string, binUrl: string): void {
  if (URL.canParse(url) && new URL(url).origin === new URL(binUrl).origin)
    throw usageError(`--forward ${url} leads back to the port that captures: give the address of your own code.`);
}

/** The target with the path and query that came behind the bin's own. */
function urlFor(target: string, binUrl: string, captured: string): string {
  const own = new URL(binUrl).pathname;
  const rest = captured.startsWith(own) ? captured.slice(own.length) : '';
  const [path = '', ...query] = rest.split('?');
  const url = new URL(target);
  if (path !== '' && path !== '/') url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  if (query.length > 0) url.search = url.search === '' ? query.join('?') : `${url.search.slice(1)}&${query.join('?')}`;
  return url.href;
}

function printAttempt(attempt: Attempt, isLast: boolean, delivery: DeliveryDetail, json: boolean): void {
  const isOk = attempt.outcome?.code === 'ok';
  if (json) {
    const { sourceCaptureId: captureId, id: deliveryId, status } = delivery;
    const nextAttemptAtMs = isLast && !isOk ? delivery.nextAttemptAtMs : null;
    return printJsonLine({ event: 'forward', captureId, deliveryId, status, attempt, nextAttemptAtMs });
  }
  const answer = attempt.response === null ? (attempt.outcome?.message ?? '') : String(attempt.response.status);
  const took = attempt.timings === null ? '' : ` in ${durationText(attempt.timings.totalMs)}`;
  const then = isOk ? '' : `, ${isLast ? nextText(delivery) : 'tried again'}`;
  printLine(`          ${toned('->', isOk ? 'good' : 'bad')} ${attempt.request?.url ?? ''}  ${answer}${took}${then}`);
}

/** What follows the last attempt that ended: another one that waits or is under way, or nothing. */
function nextText({ status, nextAttemptAtMs }: DeliveryDetail): string {
  if (isFinal(status)) return status;
  return nextAttemptAtMs === null ? 'tried again' : `again in ${coarseText(nextAttemptAtMs - Date.now())}`;
}
