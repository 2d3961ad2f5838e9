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
import type { Waits } from '../waits/waits.ts';
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
      if (input.for === 'deliveries') assertKnownFilter(deps, { endpointId: input.endpointId, messageId: input.messageId });
      const { matchedIds, ...end } = await waits.wait(input, signal);
      const ended = { ...end, report: [end.message, ...(end.nearest === null ? [] : missLines(end.nearest))].join('\n') };
      if (input.for === 'captures') return { for: input.for, ...ended, matched: capturesWith(matchedIds).map(captureSummaryOf) };
      const rows = deliveriesAfter(database, { ids: matchedIds }, { afterSeq: 0, limit: toldMatches });
      return { for: input.for, ...ended, matched: rows.map((row) => deliverySummaryOf(row, facts)) };
    }),
  };
}
