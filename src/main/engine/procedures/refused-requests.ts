import { Buffer } from 'node:buffer';
import type { RefusalReason, RefusedRequest, RefusedSummary } from '#shared/contract/refused-requests.ts';
import type { Changes } from '../base/changes.ts';
import { nearestName } from '#shared/names/nearest-name.ts';
import type { Clock } from '../base/ports.ts';
import type { Procedures } from '../base/procedures.ts';
import { notFound, Refusal } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import { seqPages } from '../store/page.ts';
import type { BinBook } from '../capture/bin-book.ts';
import { adviceFor } from '../capture/refused/advice.ts';
import type { RefusedRecorder } from '../capture/refused/recorder.ts';
import { findRefused, listRefused, removeRefused, restoreRefused, type RefusedSummaryRow } from '../capture/refused/store.ts';

const pages = seqPages('refused-requests');

export interface RefusedHandlerDeps {
  readonly database: Database;
  readonly bins: Pick<BinBook, 'find' | 'slugs'>;
  readonly changes: Changes;
  readonly clock: Clock;
  readonly refused: Pick<RefusedRecorder, 'forget'>;
}

/** The contract's procedures for requests that were refused. */
export function createRefusedHandlers(os: Procedures, { database, bins, changes, clock, refused }: RefusedHandlerDeps) {
  const toSummary = (row: Omit<RefusedSummaryRow, 'seq'>): RefusedSummary => ({
    id: row.id,
    binId: row.bin_id !== null && bins.find(row.bin_id) !== undefined ? row.bin_id : null,
    reason: row.reason as RefusalReason,
    seen: row.seen,
    firstLine: firstLineOf(row.head),
    status: row.status,
    receivedBytes: row.received_bytes,
    remoteAddress: row.remote_address,
    receivedAtMs: row.received_at_ms,
    more: row.more,
    lastAtMs: row.last_at_ms,
  });
  return {
    list: os.refusedRequests.list.handler(({ input }) => {
      if (input.binId !== undefined && bins.find(input.binId) === undefined) throw notFound('bin', input.binId);
      const query = { binId: input.binId, q: input.q, beforeSeq: pages.before(input.cursor), limit: input.limit + 1 };
      return pages.page(listRefused(database, query), input.limit, toSummary);
    }),
    get: os.refusedRequests.get.handler(({ input }): RefusedRequest => {
      const row = findRefused(database, input.id);
      if (row === undefined) throw notFound('refused request', input.id);
      const reason = row.reason as RefusalReason;
      return {
        ...toSummary({ ...row, head: row.first_bytes }),
        firstBytesBase64: Buffer.from(row.first_bytes).toString('base64'),
        advice: `${nearBin(reason, row.slug, bins.slugs())}${adviceFor(reason)}`,
      };
    }),
    remove: os.refusedRequests.remove.handler(async ({ input }) => {
      const removedAtMs = clock.now();
      if ((await database.write((writer) => removeRefused(database, writer, input, removedAtMs))) === 0)
        throw notFound('refused request', input.id);
      refused.forget();
      changes.publish('refused-requests', [input.id]);
      return { id: input.id, removedAtMs };
    }),
    clear: os.refusedRequests.clear.handler(async ({ input }) => {
      if (input.binId !== undefined && bins.find(input.binId) === undefined) throw notFound('bin', input.binId);
      const removedAtMs = clock.now();
      const removed = await database.write((writer) => removeRefused(database, writer, { binId: input.binId }, removedAtMs));
      refused.forget();
      changes.publish('refused-requests', []);
      return { removed, removedAtMs };
    }),
    restore: os.refusedRequests.restore.handler(async ({ input }) => {
      const restored = await database.write((writer) => restoreRefused(database, writer, input));
      if (restored === 0)
        throw new Refusal(
          'NOT_FOUND',
          'Nothing that was deleted here is still kept: deleted entries go after 10 minutes, or before when a clean-up is asked to take them or newer ones need their place.',
          {
            kind: 'refused request',
            id: 'id' in input ? input.id : String(input.removedAtMs),
          },
        );
      changes.publish('refused-requests', 'id' in input ? [input.id] : []);
      return { restored };
    }),
  };
}

/** The first line, up to the first byte that is not text. */
function firstLineOf(head: Uint8Array): string | null {
  const line = /^[^\r\n]*/.exec(textOf(head))?.[0] ?? '';
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return line === '' || /[\x00-\x08\x0b-\x1f\x7f]/.test(line) ? null : line.slice(0, 200);
}

/** Bytes as UTF-8, whose last character may be cut off; otherwise one character for each byte. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    return Buffer.from(bytes).toString('latin1');
  }
}

/** Suggests a bin with a similar slug; only callers that may read the bins see it. */
function nearBin(reason: RefusalReason, slug: string | null, slugs: readonly string[]): string {
  const near = reason === 'no-bin' && slug !== null ? nearestName(slug, slugs) : null;
  return near === null ? '' : `There is a bin with the slug ${near}. `;
}
