import type { Outcome } from '#shared/contract/outcome.ts';
import { resolveRetryPolicy } from '#shared/contract/retry-choice.ts';
import { packConnection, packOutcome, packTimings } from '#engine/base/packed-columns.ts';
import { newDelivery } from '#engine/log/deliveries.ts';
import { recordAttempt, toRecordOrder, type AttemptRecord } from '#engine/log/queue.ts';
import { transition } from '#shared/deciding/transition.ts';
import { createIds } from '#engine/base/ids.ts';
import { insertAccepted } from '#engine/log/messages.ts';
import type { SignatureRecord } from '#engine/request/signature-record.ts';
import type { Writer } from '#engine/store/database.ts';
import { openStore } from '#engine/store/open.ts';
import { bodyOf } from './payload.ts';

/** Names of event types in the log, in turn. */
export const eventTypes = ['order.placed', 'order.shipped', 'invoice.paid', 'customer.updated'] as const;

/** Longest pause between two attempts, so that a log of any size lies in the past and nothing in it is due while it is read. */
const attemptGapMs = 60_000;
const dueInMs = 30 * 86_400_000;
const deliveriesInBatch = 400;

/** Outcomes of a delivery's attempts in their order. */
type Life = readonly ('ok' | 'http_status')[];

/**
 * Of 20 deliveries 16 are delivered at once, 2 at the second attempt, 1 still fails after three and 1 is exhausted after
 * five: 28 attempts.
 */
const lives: readonly Life[] = [
  ...Array.from({ length: 8 }, () => ['ok'] as const),
  ['http_status', 'ok'],
  ...Array.from({ length: 8 }, () => ['ok'] as const),
  ['http_status', 'ok'],
  ['http_status', 'http_status', 'http_status'],
  ['http_status', 'http_status', 'http_status', 'http_status', 'http_status'],
];

export interface SeededLog {
  readonly deliveries: number;
  readonly attempts: number;
  readonly oldestMessageId: string;
  /** The order number in the body of the oldest delivery, in no other. */
  readonly oldestOrderNumber: string;
  readonly seedMs: number;
}

interface Seed {
  readonly attempts: number;
  readonly bodyBytes: number;
  readonly endpoints: readonly { readonly id: string; readonly url: string }[];
}

/**
 * Fills the log of a data folder that no engine has open, with the statements that the engine itself writes messages,
 * deliveries and attempts with, 400 deliveries in each transaction. Deliveries are two seconds apart.
 */
export async function seedLog(dataDir: string, { attempts, bodyBytes, endpoints }: Seed): Promise<SeededLog> {
  const startedMs = performance.now();
  const { database } = openStore(dataDir);
  try {
    const nowMs = Date.now();
    const beginMs = nowMs - attempts * 2000 - lives.length * attemptGapMs;
    const planned = planLives(attempts);
    const messageIds: string[] = [];
    for (let first = 0; first < planned.length; first += deliveriesInBatch) {
      const batch = planned.slice(first, first + deliveriesInBatch);
      const written = await database.write((writer) =>
        batch.map((life, at) => {
          const number = first + at;
          const endpoint = endpoints[number % endpoints.length];
          if (endpoint === undefined) throw new Error('The log needs an endpoint.');
          return writeDelivery(writer, { number, createdAtMs: beginMs + number * 2000, nowMs, endpoint, life, bodyBytes });
        }),
      );
      messageIds.push(...written);
    }
    return {
      deliveries: planned.length,
      attempts,
      oldestMessageId: messageIds[0] ?? '',
      oldestOrderNumber: String(0).padStart(12, '0'),
      seedMs: performance.now() - startedMs,
    };
  } finally {
    await database.close();
  }
}

/** The lives of as many deliveries as it takes to make this many attempts; the last one may be cut short. */
function planLives(attempts: number): readonly Life[] {
  const planned: Life[] = [];
  for (let left = attempts; left > 0; left -= planned.at(-1)?.length ?? left)
    planned.push((lives[planned.length % lives.length] ?? []).slice(0, left));
  return planned;
}

interface NewLife {
  readonly number: number;
  readonly createdAtMs: number;
  readonly nowMs: number;
  readonly endpoint: { readonly id: string; readonly url: string };
  readonly life: Life;
  readonly bodyBytes: number;
}

/** Writes a message, its delivery and all attempts of it; returns the message's id. */
function writeDelivery(writer: Writer, { number, createdAtMs, nowMs, endpoint, life, bodyBytes }: NewLife): string {
  let atMs = createdAtMs;
  const ids = createIds({ now: () => atMs, at: () => () => undefined });
  const [messageId, deliveryId] = [ids.next('msg'), ids.next('dlv')];
  const eventType = eventTypes[number % eventTypes.length] ?? eventTypes[0];
  const body = bodyOf(number, bodyBytes);
  const maxAttempts = 5;
  insertAccepted(writer, {
    message: {
      id: messageId,
      event_type: eventType,
      data_json: body.toString('utf8'),
      source_capture_id: null,
      is_batch: 0,
      created_at_ms: createdAtMs,
    },
    givenBody: null,
    givenHead: null,
    isIdGiven: false,
    oneOff: null,
    deliveries: [
      {
        row: newDelivery({
          id: deliveryId,
          messageId,
          endpointId: endpoint.id,
          eventType,
          problem: null,
          environmentId: null,
          isTest: false,
          maxAttempts,
          nowMs: createdAtMs,
        }),
        body,
      },
    ],
  });
  const stored = writer.raw<{ readonly seq: number }>('SELECT seq FROM deliveries WHERE id = ?', [deliveryId])[0];
  if (stored === undefined) throw new Error('The delivery was not written.');

  let progress = { attemptCount: 0, scheduleStep: 0 };
  for (const code of life) {
    const outcome = outcomes[code];
    const context = { nowMs: nowMs + dueInMs, timeScale: 1, scheduleBeganAtMs: createdAtMs, retryAfterMs: null, random: () => 0.5 };
    const step = transition(progress, outcome, code === 'ok' || life.length < 5 ? retrying : fiveAttempts, context);
    const record: AttemptRecord = {
      deliverySeq: stored.seq,
      attempt: {
        id: ids.next('att'),
        delivery_id: deliveryId,
        endpoint_id: endpoint.id,
        number: step.attemptCount,
        trigger: 'schedule',
        started_at_ms: atMs,
        ended_at_ms: atMs + 12,
        outcome_code: outcome.code,
        outcome_json: packOutcome(outcome),
        method: 'POST',
        url: endpoint.url,
        ...seenColumns(messageId, atMs, body, outcome),
      },
      isBodyOfDelivery: true,
      ownBody: null,
      responseBody: Buffer.from('{"ok":true}'),
      step,
      maxAttempts,
      disableReason: null,
    };
    recordAttempt(writer, toRecordOrder(record, step, null));
    progress = { attemptCount: step.attemptCount, scheduleStep: step.scheduleStep };
    atMs += attemptGapMs;
  }
  return messageId;
}

const retrying = resolveRetryPolicy('standard-webhooks');
const fiveAttempts = resolveRetryPolicy({ kind: 'schedule', delaysMs: [1000, 1000, 1000, 1000], jitter: { kind: 'none' } });

const outcomes: Readonly<Record<'ok' | 'http_status', Outcome>> = {
  ok: { code: 'ok', message: '127.0.0.1:9 answered 200 OK.', status: 200, phase: null, reason: null },
  http_status: {
    code: 'http_status',
    message: '127.0.0.1:9 answered 503 Service Unavailable, which is not a success by the rule 2xx.',
    status: 503,
    phase: null,
    reason: null,
  },
};

/** What an attempt leaves behind, of the size that a real one has. */
function seenColumns(messageId: string, atMs: number, body: Uint8Array, outcome: Outcome) {
  const timestamp = String(Math.floor(atMs / 1000));
  const signature = `v1,${Buffer.from(messageId.padEnd(32).slice(-32)).toString('base64')}`;
  const before = `${messageId}.${timestamp}.`;
  return {
    request_headers_json: JSON.stringify([
      ['host', '127.0.0.1:9'],
      ['connection', 'keep-alive'],
      ['Content-Type', 'application/json'],
      ['User-Agent', 'Hookyard/0.1'],
      ['webhook-id', messageId],
      ['webhook-timestamp', timestamp],
      ['webhook-signature', signature],
      ['content-length', String(body.byteLength)],
    ]),
    request_body_bytes: body.byteLength,
    status: outcome.status,
    reason: outcome.code === 'ok' ? 'OK' : 'Service Unavailable',
    response_headers_json: JSON.stringify([
      ['Date', new Date(atMs).toUTCString()],
      ['Content-Type', 'application/json'],
      ['Content-Length', '11'],
    ]),
    response_body_bytes: 11,
    is_response_truncated: 0,
    duration_ms: 12.125,
    timings_json: packTimings({
      queuedMs: null,
      dnsMs: null,
      connectMs: null,
      tlsMs: null,
      firstByteMs: 11.25,
      downloadMs: 0.5,
      totalMs: 12.125,
    }),
    connection_json: packConnection({ remoteAddress: '127.0.0.1', remotePort: 9, isReused: true, tls: null }),
    redirects_json: null,
    steps_json: null,
    signature_json: JSON.stringify([
      'standard-webhooks',
      ['id', messageId.length, 'separator', 1, 'timestamp', timestamp.length, 'separator', 1, 'body', body.byteLength],
      [4, 5, 6],
      ['0a1b2c3d'],
      Buffer.from(before).toString('base64'),
      '',
    ] satisfies SignatureRecord),
  } satisfies Partial<AttemptRecord['attempt']>;
}
