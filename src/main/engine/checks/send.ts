import type { HeaderField } from '#shared/contract/common.ts';
import type { CheckExchange } from '#shared/contract/checks.ts';
import { isFinal, type DeliveryStatus } from '#shared/contract/delivery-status.ts';
import type { Changes } from '../base/changes.ts';
import { packHead, type GivenHead } from '../base/given-head.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { unpackOutcome } from '../base/packed-columns.ts';
import type { Clock, Ids, Vault } from '../base/ports.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { toRow } from '../endpoints/row.ts';
import { interruptedOutcome } from '../http/outcome.ts';
import type { WireRequest } from '../http/sender.types.ts';
import { attemptsOf, cancelDelivery, findDelivery, newDelivery } from '../log/deliveries.ts';
import { insertAccepted } from '../log/messages.ts';
import type { AuthenticatedTarget } from '../request/authenticator.ts';
import { encodeBytes } from '../signing/encoding.ts';
import { readBody } from '../store/bodies.ts';
import type { Database } from '../store/database.ts';

export interface CheckSendDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly dispatcher: Pick<Dispatcher, 'abort' | 'notify'>;
}

/** A target that requests go to: a copy that is in no list, with what its authentication adds. */
export interface CheckTarget {
  readonly config: EndpointConfig;
  readonly ready: AuthenticatedTarget;
  readonly eventType: string;
  readonly environmentId: string | null;
  /** Whether requests may go to loopback addresses only. */
  readonly isWithinLoopback: boolean;
  /** Whether its row is there already; it is written with the first request. */
  isStored: boolean;
}

/** Bytes of a body that are shown. */
const shownBodyBytes = 4096;

/** Requests of one case, which is called so. */
export interface CheckSending {
  readonly title: string;
  readonly requests: readonly WireRequest[];
}

/** Sends requests at once as tests, through the log; settles when all have ended, and cancels them when the signal aborts. */
export async function sendLogged(
  deps: CheckSendDeps,
  target: CheckTarget,
  { title, requests }: CheckSending,
  signal: AbortSignal,
): Promise<readonly CheckExchange[]> {
  const { database, clock, ids, changes, dispatcher } = deps;
  const nowMs = clock.now();
  const made = requests.map((request) => ({ request, messageId: ids.next('msg'), deliveryId: ids.next('dlv') }));
  const stopFollowing = new AbortController();
  // Followed before it is sent, so that no end is missed.
  const news = changes.follow(stopFollowing.signal);
  await news.next();
  try {
    const oneOff = target.isStored ? null : toRow(target.config, deps.vault);
    await database.write((writer) => {
      for (const [index, { request, messageId, deliveryId }] of made.entries()) {
        const body = ownBytes(request.body);
        insertAccepted(writer, {
          message: {
            id: messageId,
            event_type: target.eventType,
            data_json: '{}',
            is_batch: 0,
            source_capture_id: null,
            created_at_ms: nowMs,
          },
          givenBody: body,
          givenHead: packHead(headOf(request, target.ready)),
          isIdGiven: false,
          oneOff: index === 0 ? oneOff : null,
          deliveries: [
            {
              row: newDelivery({
                id: deliveryId,
                messageId,
                endpointId: target.config.id,
                eventType: target.eventType,
                problem: null,
                maxAttempts: 1,
                nowMs,
                environmentId: target.environmentId,
                isTest: true,
                isWithinLoopback: target.isWithinLoopback,
                checkCase: title,
              }),
              body,
            },
          ],
        });
      }
    });
    target.isStored = true;
    changes.publish(
      'deliveries',
      made.map(({ deliveryId }) => deliveryId),
    );
    dispatcher.notify([target.config.id], nowMs);
    await allEnded(
      deps,
      made.map(({ deliveryId }) => deliveryId),
      news,
      signal,
    );
    return made.map(({ request, deliveryId }) => exchangeOf(database, deliveryId, request));
  } finally {
    stopFollowing.abort();
    // Otherwise it would follow on, since it waits for nobody.
    await news.return();
  }
}

/**
 * The head as the log keeps it: secret headers and a secret that is the signature itself are left out, and added again when the request
 * is built.
 */
function headOf(request: WireRequest, { url, secrets, secretHeaders }: AuthenticatedTarget): GivenHead {
  const tokens = new Set(secrets.map(({ secret }) => secret));
  const hidden = new Map(Object.entries(secretHeaders).map(([name, value]) => [name.toLowerCase(), value]));
  const isSecretHeader = ([name, value]: HeaderField) => hidden.get(name.toLowerCase()) === value;
  const parsed = new URL(request.url);
  return {
    method: request.method,
    headers: request.headers.filter((field) => !tokens.has(field[1]) && !isSecretHeader(field)),
    isSigned: request.headers.some(([, value]) => tokens.has(value)),
    hasSecretHeaders: request.headers.some(isSecretHeader),
    ...(request.url === url ? {} : { target: `${parsed.pathname}${parsed.search}` }),
  };
}

async function allEnded(
  { database, dispatcher, clock }: CheckSendDeps,
  deliveryIds: readonly string[],
  news: AsyncGenerator<unknown, void, void>,
  signal: AbortSignal,
): Promise<void> {
  const left = new Set(deliveryIds);
  const cancelLeft = async () => {
    for (const id of left)
      if (!(await database.write((writer) => cancelDelivery(database, writer, id, clock.now())))) await dispatcher.abort(id);
  };
  const { promise: aborted, resolve: abort } = Promise.withResolvers<'aborted'>();
  const onAbort = () => abort('aborted');
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort);
  try {
    for (;;) {
      for (const id of left) {
        const row = findDelivery(database, id);
        if (row === undefined || (row.in_flight_attempt_id === null && row.due_at_ms === null && isFinal(row.status as DeliveryStatus)))
          left.delete(id);
      }
      if (left.size === 0) return;
      if ((await Promise.race([news.next(), aborted])) !== 'aborted') continue;
      await cancelLeft();
      return;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function exchangeOf(database: Database, deliveryId: string, sent: WireRequest): CheckExchange {
  const row = attemptsOf(database, deliveryId).at(-1);
  if (row === undefined)
    return { deliveryId, sentHow: null, request: shownRequest(sent), outcome: interruptedOutcome(), answer: null, durationMs: null };
  const body = row.response_body_hash === null ? new Uint8Array() : readBody(database, row.response_body_hash);
  return {
    deliveryId,
    sentHow: null,
    request: {
      method: row.method,
      url: row.url,
      headers: JSON.parse(row.request_headers_json) as HeaderField[],
      ...shownBody(sent.body),
    },
    outcome: row.outcome_json === null ? interruptedOutcome() : unpackOutcome(row.outcome_json),
    answer:
      row.status === null
        ? null
        : {
            status: row.status,
            headers: row.response_headers_json === null ? [] : (JSON.parse(row.response_headers_json) as HeaderField[]),
            ...shownBody(body, row.response_body_bytes ?? body.byteLength),
          },
    durationMs: row.duration_ms,
  };
}

/** A request that did not come to be sent. */
function shownRequest({ method, url, body }: WireRequest): CheckExchange['request'] {
  return { method, url: new URL(url).origin, headers: [], ...shownBody(body) };
}

/** The beginning of a body, and its size. */
export function shownBody(body: Uint8Array, size = body.byteLength): { readonly bodyBase64: string; readonly bodyBytes: number } {
  return { bodyBase64: encodeBytes(body.subarray(0, shownBodyBytes), 'base64'), bodyBytes: size };
}
