import type { z } from 'zod';
import type { deliveryFilter } from './contract/delivery-filter.ts';

type Filter = Partial<z.infer<z.ZodObject<typeof deliveryFilter>>> & { readonly ids?: readonly string[] | undefined };

/** A group by how it fails, where that is known. */
function groupWords(key: string, cause: string): string {
  return cause === key ? `of failure group ${key}` : `that failed with “${cause}”`;
}

/** Which deliveries a filter means, in a few words: `failed deliveries of invoice.paid to Shop that are no tests`. */
export function deliveriesWords(filter: Filter, nameOf: (id: string) => string, timeText: (atMs: number) => string): string {
  const { status, eventType, endpointId, messageId, replayId, relayId, sourceCaptureId, failureGroup, isTest, ids, q, fromMs, toMs } =
    filter;
  const noun = isTest === true ? 'tests' : 'deliveries';
  const parts = [
    status === undefined ? noun : `${status} ${noun}`,
    ...(eventType === undefined ? [] : [`of ${eventType}`]),
    ...(endpointId === undefined ? [] : [`to ${nameOf(endpointId)}`]),
    ...(messageId === undefined ? [] : [`of message ${messageId}`]),
    ...(replayId === undefined ? [] : [`of replay ${replayId}`]),
    ...(relayId === undefined ? [] : [`of relay ${nameOf(relayId)}`]),
    ...(sourceCaptureId === undefined ? [] : [`of capture ${sourceCaptureId}`]),
    ...(failureGroup === undefined ? [] : [groupWords(failureGroup, nameOf(failureGroup))]),
    ...(ids === undefined ? [] : [`named one by one (${ids.length.toLocaleString('en')})`]),
    ...(q === undefined || q === '' ? [] : [`with “${q}”`]),
    ...(isTest === false ? ['that are no tests'] : []),
    ...(fromMs === undefined ? [] : [`from ${timeText(fromMs)}`]),
    ...(toMs === undefined ? [] : [`until ${timeText(toMs)}`]),
  ];
  return parts.length === 1 ? `all ${parts[0]}` : parts.join(' ');
}
