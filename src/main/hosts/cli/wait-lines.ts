import type { CaptureSummary } from '#shared/contract/captures.ts';
import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import type { WaitResult } from '#shared/contract/waits.ts';
import { durationText } from '#shared/duration-text.ts';
import { missLines } from '#shared/miss-lines.ts';
import { formatTime, table } from './output.ts';

/** What became of a wait, for people: what matched, or what came closest. */
export function waitLines(result: WaitResult): readonly string[] {
  const { message, matchCount, matched, nearest, tookMs } = result;
  const rows = result.for === 'captures' ? captureRows(result.matched) : deliveryRows(result.matched);
  return [
    `${message} (${durationText(tookMs)})`,
    ...rows,
    ...(matchCount > matched.length ? [`and ${matchCount - matched.length} more, or some of these were deleted since`] : []),
    ...(nearest === null ? [] : ['', ...missLines(nearest)]),
  ];
}

function captureRows(captures: readonly CaptureSummary[]): readonly string[] {
  if (captures.length === 0) return [];
  const rows = captures.map(({ id, receivedAtMs, method, target, status, verdict }) => [
    id,
    formatTime(receivedAtMs),
    `${method} ${target}`,
    String(status),
    verdict ?? '-',
  ]);
  return table(['ID', 'RECEIVED', 'REQUEST', 'ANSWER', 'VERDICT'], rows).split('\n');
}

function deliveryRows(deliveries: readonly DeliverySummary[]): readonly string[] {
  if (deliveries.length === 0) return [];
  const rows = deliveries.map(({ id, createdAtMs, eventType, endpointName, status, attemptCount, lastDurationMs }) => [
    id,
    formatTime(createdAtMs),
    `${eventType} to ${endpointName}`,
    status,
    String(attemptCount),
    lastDurationMs === null ? '-' : durationText(lastDurationMs),
  ]);
  return table(['ID', 'MADE', 'DELIVERY', 'STATUS', 'ATTEMPTS', 'TIME'], rows).split('\n');
}
