import type { CaptureSummary } from '#shared/contract/captures.ts';
import type { DeliverySummary } from '#shared/contract/deliveries.ts';
import { toldMatches } from '#shared/contract/waits.ts';
import { missLines } from '#shared/miss-lines.ts';
import type { Procedures } from '../base/procedures.ts';
import { unknownId } from '../base/refusal.ts';
import type { BinBook } from '../capture/bin-book.ts';
import { listCaptures } from '../capture/list.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { deliveriesAfter } from '../log/deliveries.ts';
import type { Database } from '../store/database.ts';
import { assertPossibleVerdicts } from '../waits/possible.ts';
import type { WaitEnd, Waits } from '../waits/waits.ts';
import { toSummary as captureSummaryOf } from './capture-view.ts';
import { toSummary as deliverySummaryOf } from './delivery-view.ts';
import { assertKnownFilter } from './known-filter.ts';

export interface WaitHandlerDeps {
  readonly database: Database;
  readonly bins: Pick<BinBook, 'find' | 'named'>;
  readonly endpoints: Pick<EndpointBook, 'find' | 'listed'>;
  readonly environments: Pick<EnvironmentBook, 'nameOf'>;
  readonly dispatcher: Pick<Dispatcher, 'holdOn'>;
  readonly waits: Pick<Waits, 'wait'>;
}

/** Of those that matched where a wait is not met; with more, the first say enough. */
const namedMatches = 10;

/** What came out, in lines for people: where it is not met, what matched all the same, and what came closest. */
function reportOf({ isMet, message, matchCount, nearest }: Omit<WaitEnd, 'matchedIds'>, matched: readonly string[]): string {
  const named = isMet ? [] : matched.slice(0, namedMatches);
  const left = isMet ? 0 : matchCount - named.length;
  return [
    message,
    ...named.map((line) => `Matched: ${line}`),
    ...(named.length > 0 && left > 0 ? [`and ${left} more`] : []),
    ...(nearest === null ? [] : missLines(nearest)),
  ].join('\n');
}

function captureLine({ id, receivedAtMs, method, target, messageId }: CaptureSummary): string {
  const sent = messageId === null ? '' : `  message ${messageId}`;
  return `${id}  ${new Date(receivedAtMs).toISOString()}  ${method} ${target.slice(0, shownTarget)}${sent}`;
}

function deliveryLine({ id, createdAtMs, eventType, endpointName, status, messageId }: DeliverySummary): string {
  return `${id}  ${new Date(createdAtMs).toISOString()}  ${eventType} to ${endpointName}, ${status}  message ${messageId}`;
}

/** Characters of a path and query that a line has. */
const shownTarget = 200;

/** The `waits` part of the router. */
export function createWaitHandlers(os: Procedures, deps: WaitHandlerDeps) {
  const { database, bins, waits, dispatcher, environments } = deps;
  const capturesWith = (ids: readonly string[]) =>
    listCaptures(database, { binId: undefined, beforeSeq: Number.MAX_SAFE_INTEGER, limit: toldMatches, ids }).toReversed();
  const facts = { holdOn: dispatcher.holdOn, environmentOf: environments.nameOf };
  return {
    wait: os.waits.wait.handler(async ({ input, signal }) => {
      if (input.for === 'captures' && input.binId !== undefined && bins.find(input.binId) === undefined)
        throw unknownId('bin', input.binId, bins.named());
      if (input.for === 'captures') assertPossibleVerdicts(deps, input);
      if (input.for === 'deliveries') assertKnownFilter(deps, { endpointId: input.endpointId, messageId: input.messageId });
      const { matchedIds, ...end } = await waits.wait(input, signal);
      if (input.for === 'captures') {
        const matched = capturesWith(matchedIds).map(captureSummaryOf);
        return { for: input.for, ...end, report: reportOf(end, matched.map(captureLine)), matched };
      }
      const rows = deliveriesAfter(database, { ids: matchedIds }, { afterSeq: 0, limit: toldMatches });
      const matched = rows.map((row) => deliverySummaryOf(row, facts));
      return { for: input.for, ...end, report: reportOf(end, matched.map(deliveryLine)), matched };
    }),
  };
}
