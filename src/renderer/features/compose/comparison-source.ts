import type { Client } from '../../base/client.ts';
import { bytesOfBase64 } from '../../ui/body-format.ts';
import type { ComparedRequest } from './compare-requests.ts';
import { requestTarget } from './request-text.ts';

/** Something that a request can be compared with. */
export interface ComparisonChoice {
  readonly kind: 'delivery' | 'capture';
  readonly id: string;
  readonly label: string;
  readonly atMs: number;
}

/** A request of the log or of a bin, with its body; null where that was not kept. */
export interface ComparisonSource extends ComparedRequest {
  readonly body: Uint8Array | null;
  /** What is to be known about its body, as a sentence; null for nothing. */
  readonly note: string | null;
}

const shownChoices = 20;

/** The last deliveries of an endpoint, newest first, then the last captures. */
export async function readChoices(client: Client, endpointId: string | null, signal: AbortSignal): Promise<readonly ComparisonChoice[]> {
  const [deliveries, captures] = await Promise.all([
    endpointId === null ? [] : client.deliveries.list({ endpointId, limit: shownChoices }, { signal }).then(({ items }) => items),
    client.captures.list({ limit: shownChoices }, { signal }).then(({ items }) => items),
  ]);
  return [
    ...deliveries
      .filter(({ attemptCount }) => attemptCount > 0)
      .map(({ id, eventType, createdAtMs }) => ({ kind: 'delivery' as const, id, label: eventType, atMs: createdAtMs })),
    ...captures.map(({ id, method, target, receivedAtMs }) => ({
      kind: 'capture' as const,
      id,
      label: `${method} ${target.slice(0, 60)}`,
      atMs: receivedAtMs,
    })),
  ];
}

/** Reads the request of a choice: of a delivery, that of its last attempt. Null where it never made one. */
export async function readComparison(
  client: Client,
  { kind, id }: Pick<ComparisonChoice, 'kind' | 'id'>,
): Promise<ComparisonSource | null> {
  if (kind === 'capture') {
    const { method, target, headers, bodyBase64, bodyBytes, isBodyTruncated } = await client.captures.get({ id });
    const note = isBodyTruncated ? `Only the first ${bodyBytes} bytes of its body were received.` : null;
    return { method, target, headers, body: bytesOfBase64(bodyBase64), note };
  }
  const { attempts } = await client.deliveries.get({ id, bodies: false });
  const last = attempts.findLast(({ request }) => request !== null);
  const request = last === undefined ? null : (await client.deliveries.attempt({ id: last.id })).request;
  if (request === null) return null;
  const { method, url, headers, bodyBase64 } = request;
  return {
    method,
    target: requestTarget(url),
    headers,
    body: bodyBase64 === null ? null : bytesOfBase64(bodyBase64),
    note: bodyBase64 === null ? 'Its body is no longer kept.' : null,
  };
}
