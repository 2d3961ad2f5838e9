import type { Outcome } from '#shared/contract/outcome.ts';
import { resolveRetryPolicy } from '#shared/contract/retry.ts';
import { insertDelivery, newDelivery } from '#engine/deliveries/store.ts';
import { beginAttempt, endAttempt, type Claim, type EndedAttempt } from '#engine/dispatch/queue.ts';
import { transition } from '#engine/dispatch/transition.ts';
import { createIds } from '#engine/ids.ts';
import { insertMessage } from '#engine/messages/store.ts';
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
    database.close();
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

/** Writes a message, its delivery and all attempts of it; answers the message's id. */
function writeDelivery(writer: Writer, { number, createdAtMs, nowMs, endpoint, life, bodyBytes }: NewLife): string {
  let atMs = createdAtMs;
  const ids = createIds({ now: () => atMs, at: () => () => undefined });
  const [messageId, deliveryId] = [ids.next('msg'), ids.next('dlv')];
  const eventType = eventTypes[number % eventTypes.length] ?? eventTypes[0];
  const body = bodyOf(number, bodyBytes);
  const bodyHash = writer.putBody(body);
  insertMessage(writer, {
    id: messageId,
    event_type: eventType,
    data_json: body.toString('utf8'),
    body_hash: null,
    created_at_ms: createdAtMs,
  });
  insertDelivery(
    writer,
    newDelivery({
      id: deliveryId,
      messageId,
      endpointId: endpoint.id,
      eventType,
      bodyHash,
      problem: null,
      maxAttempts: 5,
      nowMs: createdAtMs,
    }),
  );

  let progress = { attemptCount: 0, scheduleStep: 0 };
  for (const code of life) {
    const attemptId = ids.next('att');
    const claim: Claim = { deliveryId, messageId, endpointId: endpoint.id, bodyHash, trigger: 'schedule', ...progress };
    beginAttempt(writer, claim, { id: attemptId, startedAtMs: atMs, method: 'POST', url: endpoint.url });
    const outcome = outcomes[code];
    const context = { nowMs: nowMs + dueInMs, timeScale: 1, retryAfterMs: null, random: () => 0.5 };
    const step = transition(progress, outcome, code === 'ok' || life.length < 5 ? retrying : fiveAttempts, context);
    endAttempt(writer, {
      attemptId,
      deliveryId,
      endedAtMs: atMs + 12,
      maxAttempts: 5,
      step,
      outcome,
      sent: sentWith(messageId, atMs, body, outcome),
    });
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
function sentWith(messageId: string, atMs: number, body: Uint8Array, outcome: Outcome): EndedAttempt['sent'] {
  const timestamp = String(Math.floor(atMs / 1000));
  const signature = `v1,${Buffer.from(messageId.padEnd(32).slice(-32)).toString('base64')}`;
  const signatureHeaders: [string, string][] = [
    ['webhook-id', messageId],
    ['webhook-timestamp', timestamp],
    ['webhook-signature', signature],
  ];
  const before = `${messageId}.${timestamp}.`;
  return {
    url: 'http://127.0.0.1:9/',
    bodyBytes: body.byteLength,
    signedBody: null,
    signature: {
      scheme: 'standard-webhooks',
      parts: [
        { name: 'id', start: 0, end: messageId.length },
        { name: 'timestamp', start: messageId.length + 1, end: before.length - 1 },
        { name: 'body', start: before.length, end: before.length + body.byteLength },
      ],
      headers: signatureHeaders,
      secretFingerprints: ['0a1b2c3d'],
      framing: { beforeBase64: Buffer.from(before).toString('base64'), afterBase64: '' },
    },
    result: {
      outcome,
      sentHeaders: [
        ['host', '127.0.0.1:9'],
        ['connection', 'keep-alive'],
        ['Content-Type', 'application/json'],
        ['User-Agent', 'Hookyard/0.1'],
        ...signatureHeaders,
        ['content-length', String(body.byteLength)],
      ],
      response: {
        status: outcome.status ?? 0,
        reason: outcome.code === 'ok' ? 'OK' : 'Service Unavailable',
        headers: [
          ['Date', new Date(atMs).toUTCString()],
          ['Content-Type', 'application/json'],
          ['Content-Length', '11'],
        ],
        body: Buffer.from('{"ok":true}'),
        bodyBytes: 11,
        isBodyTruncated: false,
      },
      timings: { queuedMs: null, dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: 11.25, downloadMs: 0.5, totalMs: 12.125 },
      connection: { remoteAddress: '127.0.0.1', remotePort: 9, isReused: true, tls: null },
      retryAfterMs: null,
    },
  };
}
