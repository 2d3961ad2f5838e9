import { describe, expect, it, onTestFinished } from 'vitest';
import { countPending, listDeliveries, type DeliveryFilter } from '#engine/log/deliveries.ts';
import { dueOf, headDueAtMs, headOf, interruptedAttempts, nextDueOf, waitingEndpoints } from '#engine/log/queue.ts';
import { rescaleStep, rescaleUnderWay } from '#engine/log/moved-times.ts';
import { countByStatus } from '#engine/log/delivery-counts.ts';
import { waitingCopies } from '#engine/log/waiting.ts';
import { deletedWithCopies } from '#engine/endpoints/delete-copies.ts';
import { listEndpoints } from '#engine/endpoints/store.ts';
import { activityOf, hasLastAttemptWaiting } from '#engine/log/endpoint-activity.ts';
import { healthEvents } from '#engine/health/store.ts';
import { deliveriesOf, findMessage } from '#engine/log/messages.ts';
import { markCapturesStep } from '#engine/capture/marks.ts';
import { listCaptures } from '#engine/capture/list.ts';
import type { Database } from '#engine/store/database.ts';
import { openStore } from '#engine/store/open.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';

/** The plans of every statement that `run` makes, read instead of running them. */
function plansOf(run: (database: Database) => unknown): string {
  const { database } = openStore(createTempFolder());
  onTestFinished(database.close);
  const plans: string[] = [];
  const explain = (text: string, parameters: readonly unknown[]) => {
    for (const { detail } of database.raw<{ detail: string }>(`EXPLAIN QUERY PLAN ${text}`, parameters)) plans.push(detail);
  };
  run({
    ...database,
    raw: (text, parameters) => {
      explain(text, parameters);
      return database.raw(text, parameters);
    },
    values: (text, parameters) => {
      explain(text, parameters);
      return database.values(text, parameters);
    },
    all: (query) => {
      const { sql, parameters } = query.compile();
      explain(sql, parameters);
      return database.all(query);
    },
    first: (query) => {
      const { sql, parameters } = query.compile();
      explain(sql, parameters);
      return database.first(query);
    },
  });
  return plans.join('\n');
}

/** The writes of a new time scale, made to answer rows so that they can be run like a query. */
const rescaled = (database: Database) => {
  const writer = {
    runRaw: (text: string, parameters: readonly unknown[]) =>
      text.includes('settings') ? 0 : database.raw(`${text} RETURNING id`, parameters).length,
  };
  rescaleStep(writer, { nowMs: 5, factor: 2, beforeSeq: 1000, limit: 100 });
  rescaleUnderWay(writer, { nowMs: 5, factor: 2 });
};

/** A step of a write that takes captures out of sight; what it finds is not changed. */
const emptied = (database: Database) =>
  markCapturesStep(
    { values: database.values, runRaw: () => 0 },
    { binId: 'bin', fromMs: null, toMs: 5, afterSeq: 0, uptoSeq: 1000, limit: 100 },
  );

const page = { beforeSeq: 1000, limit: 50 };
const list = (filter: DeliveryFilter) => (database: Database) => listDeliveries(database, filter, page);

describe('the queries on the path of every attempt and of the log', () => {
  it.each<[string, (database: Database) => unknown, RegExp]>([
    [
      'due deliveries of an endpoint',
      (database) => dueOf(database, 'ep', 5, 16),
      /SEARCH deliveries USING INDEX deliveries_waiting \(endpoint_id=\? AND due_at_ms<\?\)/,
    ],
    [
      'the next due time of an endpoint',
      (database) => nextDueOf(database, 'ep'),
      /SEARCH deliveries USING COVERING INDEX deliveries_waiting/,
    ],
    [
      'the first of an ordered endpoint that waits',
      (database) => headOf(database, 'ep', 5),
      /SEARCH deliveries USING INTEGER PRIMARY KEY[\s\S]*SEARCH deliveries USING COVERING INDEX deliveries_waiting \(endpoint_id=\?/,
    ],
    [
      'when the first of an ordered endpoint is due',
      (database) => headDueAtMs(database, 'ep'),
      /SEARCH deliveries USING INTEGER PRIMARY KEY[\s\S]*SEARCH deliveries USING COVERING INDEX deliveries_waiting \(endpoint_id=\?/,
    ],
    [
      'whether a delivery waits for its last attempt',
      (database) => hasLastAttemptWaiting(database, 'ep'),
      /SEARCH deliveries USING INDEX deliveries_waiting \(endpoint_id=\?/,
    ],
    ['the health history of an endpoint', (database) => healthEvents(database, 'ep'), /SEARCH endpoint_events USING INDEX/],
    ['endpoints that wait', (database) => waitingEndpoints(database), /SCAN deliveries USING COVERING INDEX deliveries_waiting/],
    ['attempts under way', (database) => interruptedAttempts(database), /USING INDEX deliveries_in_flight/],
    ['what a change of the time scale moves', rescaled, /INTEGER PRIMARY KEY \(rowid>\? AND rowid<\?\)[\s\S]*INDEX deliveries_in_flight/],
    ['what health counts', countPending, /COVERING INDEX deliveries_(due|waiting)[\s\S]*COVERING INDEX deliveries_in_flight/],
    ['a message by its id', (database) => findMessage(database, database, 'msg'), /SEARCH messages USING INDEX/],
    [
      'the deliveries of a message',
      (database) => deliveriesOf(database, database, 'msg'),
      /SEARCH deliveries USING INDEX deliveries_message/,
    ],
    ['the log', list({}), /SEARCH d USING INTEGER PRIMARY KEY/],
    ['the log of an endpoint', list({ endpointId: 'ep' }), /SEARCH d USING INDEX deliveries_endpoint \(endpoint_id=\? AND seq<\?\)/],
    ['the log of a status', list({ status: 'failed' }), /SEARCH d USING INDEX deliveries_status \(status=\? AND seq<\?\)/],
    ['the log of an event type', list({ eventType: 'a.b' }), /SEARCH d USING INDEX deliveries_event_type/],
    ['the tests in the log', list({ isTest: true }), /SEARCH d USING INDEX deliveries_tests \(is_test=\? AND seq<\?\)/],
    ['the tests of a status', list({ isTest: true, status: 'failed' }), /SEARCH d USING INDEX deliveries_tests \(is_test=\? AND seq<\?\)/],
    [
      'the tests of an endpoint',
      list({ isTest: true, endpointId: 'ep' }),
      /INDEX endpoints_test_of[\s\S]*SEARCH d USING INDEX deliveries_endpoint \(endpoint_id=\? AND seq<\?\)/,
    ],
    ['the tests of a message', list({ isTest: true, messageId: 'msg' }), /SEARCH d USING INDEX deliveries_message/],
    [
      'how many tests there are',
      (database) => countByStatus(database, { isTest: true }, { fromSeq: 1, beforeSeq: 1000 }),
      /SEARCH d USING INDEX deliveries_tests \(is_test=\? AND seq>\? AND seq<\?\)/,
    ],
    [
      'the copies of an endpoint that deliveries wait for',
      (database) => waitingCopies(database, 'ep'),
      /SEARCH e USING INDEX endpoints_copy_of[\s\S]*SEARCH d EXISTS USING COVERING INDEX deliveries_waiting \(endpoint_id=\?/,
    ],
    ['deleted endpoints with copies', (database) => deletedWithCopies(database), /USING INDEX endpoints_copy_of/],
    ['the log of a message', list({ messageId: 'msg' }), /SEARCH d USING INDEX deliveries_message/],
    [
      'what an endpoint did lately',
      (database) => activityOf(database, 'ep'),
      /SEARCH attempts USING INDEX attempts_endpoint[\s\S]*SEARCH deliveries USING COVERING INDEX deliveries_waiting/,
    ],
    [
      'a step of emptying a bin',
      emptied,
      /SEARCH captures USING COVERING INDEX captures_bin \(bin_id=\? AND removed_at_ms=\? AND seq>\? AND seq<\?\)/,
    ],
    [
      'the captures of a bin',
      (database) => listCaptures(database, { ...page, binId: 'bin' }),
      /SEARCH captures USING INDEX captures_bin \(bin_id=\? AND removed_at_ms=\? AND seq<\?\)/,
    ],
    [
      'the endpoints, past one-off targets',
      (database) => listEndpoints(database, { ...page, q: undefined }),
      /USING INDEX endpoints_listed/,
    ],
  ])('%s use an index and sort nothing large', (_, run, expected) => {
    const plan = plansOf(run);
    expect(plan).toMatch(expected);
    expect(plan).not.toMatch(/SCAN \w+$/m);
  });
});
