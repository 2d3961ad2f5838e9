import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import { deliveryStatus, type DeliveryStatus } from '#shared/contract/delivery-status.ts';
import { maxAttemptsOf, resolveRetryPolicy } from '#shared/contract/retry.ts';
import type { Changes } from '../changes.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import { assertActive } from '../messages/messages.ts';
import { findMessage, readBody } from '../messages/store.ts';
import type { Clock } from '../ports.ts';
import type { Procedures } from '../procedures.ts';
import { notFound, Refusal } from '../refusal.ts';
import type { Database } from '../store/database.ts';
import { seqBefore, toPage } from '../store/page.ts';
import { renderFor } from '../templates/render-event.ts';
import { attemptsOf, cancelDelivery, countDeliveries, findAttempt, findDelivery, listDeliveries, scheduleDelivery, spanOf, type DeliveryFilter, type DeliveryWithEndpoint } from './store.ts';
import { toAttempt, toSummary } from './view.ts';

export interface DeliveryDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly endpoints: EndpointBook;
  readonly dispatcher: Dispatcher;
}

const nothing = new Uint8Array();

/** The delivery log and what can be done with a delivery. */
export function createDeliveryHandlers(os: Procedures, deps: DeliveryDeps) {
  const { database, clock, changes, endpoints, dispatcher } = deps;
  const get = (id: string): DeliveryWithEndpoint => {
    const row = findDelivery(database, id);
    if (row === undefined) throw notFound('delivery', id);
    return row;
  };
  const bodyOf = (hash: Uint8Array | null) => (hash === null ? nothing : readBody(database, database, hash));

  const due = async (row: DeliveryWithEndpoint, trigger: 'redelivery' | 'manual'): Promise<DeliverySummary> => {
    if (row.in_flight_attempt_id !== null) throw conflict('An attempt is under way. Wait for it to end, or cancel it.');
    const endpoint = endpoints.find(row.endpoint_id);
    if (endpoint === undefined || endpoint.isDeleted) throw conflict('The endpoint of this delivery was deleted. Send the event again to another endpoint.');
    // A one-off target has no switch of its own.
    assertActive(endpoint);
    const nowMs = clock.now();
    const freshBody = row.body_hash === null ? renderAgain(deps, row) : null;
    const restart = trigger === 'redelivery' ? { schedule_step: 0, max_attempts: row.attempt_count + maxAttemptsOf(resolveRetryPolicy(endpoint.retryPolicy)) } : {};
    await database.write((writer) => {
      const body = freshBody === null ? {} : { body_hash: writer.putBody(freshBody) };
      scheduleDelivery(database, writer, row.id, { ...restart, ...body, status: row.attempt_count === 0 ? 'pending' : 'failed', due_at_ms: nowMs, next_trigger: trigger, updated_at_ms: nowMs });
    });
    dispatcher.notify([row.endpoint_id], nowMs);
    changes.publish('deliveries', [row.id]);
    return toSummary(get(row.id));
  };

  return {
    list: os.deliveries.list.handler(({ input: { cursor, limit, ...filter } }) => {
      const page = toPage(listDeliveries(database, filter, { beforeSeq: seqBefore(cursor), limit: limit + 1 }), limit, toSummary);
      return page;
    }),
    stats: os.deliveries.stats.handler(({ input: { buckets, ...filter } }) => statsOf(database, filter, buckets, clock.now())),
    get: os.deliveries.get.handler(({ input }) => {
      const row = get(input.id);
      return { ...toSummary(row), attempts: attemptsOf(database, row.id).map((attempt) => toAttempt(attempt, input.bodies, bodyOf)) };
    }),
    attempt: os.deliveries.attempt.handler(({ input }) => {
      const row = findAttempt(database, input.id);
      if (row === undefined) throw notFound('attempt', input.id);
      return toAttempt(row, true, bodyOf);
    }),
    redeliver: os.deliveries.redeliver.handler(({ input }) => due(get(input.id), 'redelivery')),
    attemptNow: os.deliveries.attemptNow.handler(({ input }) => {
      const row = get(input.id);
      if (row.due_at_ms === null) throw conflict('No attempt is scheduled for this delivery. Redeliver it instead.');
      return due(row, 'manual');
    }),
    cancel: os.deliveries.cancel.handler(async ({ input }) => {
      const row = get(input.id);
      const wasWaiting = await database.write((writer) => cancelDelivery(database, writer, row.id, clock.now()));
      const aborted = wasWaiting ? null : dispatcher.abort(row.id);
      if (!wasWaiting && aborted === null) throw conflict(`This delivery is ${row.status} already; there is nothing left to cancel.`);
      await aborted;
      changes.publish('deliveries', [row.id]);
      return toSummary(get(row.id));
    }),
  };
}

function conflict(message: string): Refusal<'CONFLICT'> {
  return new Refusal('CONFLICT', message, { issues: [{ path: 'id', message }] });
}

/** The body of a delivery whose template failed, by the template as it is now. Throws a Refusal TEMPLATE_INVALID. */
function renderAgain({ database, endpoints }: DeliveryDeps, row: DeliveryWithEndpoint): Uint8Array {
  const message = findMessage(database, database, row.message_id);
  if (message === undefined) throw notFound('message', row.message_id);
  return renderFor(endpoints.get(row.endpoint_id), { id: message.id, type: message.event_type, data: JSON.parse(message.data_json) as unknown, nowMs: message.created_at_ms });
}

function statsOf(database: Database, filter: DeliveryFilter, buckets: number, nowMs: number) {
  const span = spanOf(database, filter);
  const fromMs = filter.fromMs ?? span?.fromMs ?? nowMs;
  const toMs = Math.max(filter.toMs ?? Math.max(nowMs, span?.toMs ?? nowMs), fromMs + buckets);
  const stepMs = Math.ceil((toMs - fromMs) / buckets);
  const byStatus = Object.fromEntries(deliveryStatus.options.map((status) => [status, 0])) as Record<DeliveryStatus, number>;
  const counts: Partial<Record<DeliveryStatus, number>>[] = Array.from({ length: buckets }, () => ({}));
  for (const { bucket, status, count } of countDeliveries(database, filter, { fromMs, stepMs })) {
    const known = deliveryStatus.parse(status);
    byStatus[known] += count;
    const cell = counts[Math.min(bucket, buckets - 1)];
    if (cell !== undefined) cell[known] = (cell[known] ?? 0) + count;
  }
  return {
    total: Object.values(byStatus).reduce((sum, count) => sum + count, 0),
    byStatus,
    fromMs,
    toMs,
    buckets: counts.map((cell, index) => ({ startMs: fromMs + index * stepMs, counts: cell })),
  };
}
