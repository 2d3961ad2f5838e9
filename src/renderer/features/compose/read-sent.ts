import type { Attempt } from '#shared/contract/deliveries.ts';
import type { Client } from '../../base/client.ts';
import { dataTextOf } from '../../base/data-text.ts';
import type { DraftHead } from './draft.ts';
import { exactBodyOf, type ExactBody } from './exact-body.ts';
import { toDraftHead } from './header-lines.ts';

/** What a delivery sent and where to. */
export interface SentEvent {
  readonly endpointId: string;
  readonly endpointName: string;
  readonly type: string;
  /** The data as it stands in an editor. */
  readonly dataText: string;
  /** Whether that is a list of the data of several events. */
  readonly isBatch: boolean;
  /** The body byte for byte; null if it has to be rendered again. */
  readonly body: ExactBody | null;
  /** Method and headers that it was sent with in place of the endpoint's; null for an event. */
  readonly head: DraftHead | null;
}

/** Reads what a delivery sent, byte for byte where that can be sent again. */
export async function readSent(client: Client, deliveryId: string): Promise<SentEvent> {
  const delivery = await client.deliveries.get({ id: deliveryId, bodies: false });
  const { type, data, dataText, isBatch, bodyBase64, head } = await client.messages.get({ id: delivery.messageId });
  const { endpointId, endpointName } = delivery;
  const given = bodyBase64 ?? (await sentBody(client, delivery.attempts));
  return {
    endpointId,
    endpointName,
    type,
    dataText: dataTextOf(data, dataText),
    isBatch,
    body: given === null ? null : exactBodyOf(given),
    head: head === null ? null : toDraftHead(head.method, head.headers, head.isSigned),
  };
}

/** The body of the newest attempt that made a request; null where it has none, or the signature was put into it. */
async function sentBody(client: Client, attempts: readonly Attempt[]): Promise<string | null> {
  const last = attempts.findLast(({ request }) => request !== null && request.bodyBytes > 0);
  if (last === undefined) return null;
  const { request, signature } = await client.deliveries.attempt({ id: last.id });
  return signature?.headers.length === 0 ? null : (request?.bodyBase64 ?? null);
}
