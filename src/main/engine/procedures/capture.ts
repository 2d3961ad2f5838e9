import type { HeaderField } from '#shared/contract/common.ts';
import type { Changes } from '../base/changes.ts';
import type { Procedures } from '../base/procedures.ts';
import type { Clock } from '../base/ports.ts';
import { notFound, Refusal } from '../base/refusal.ts';
import type { BinBook } from '../capture/bin-book.ts';
import { findCapture } from '../capture/list.ts';
import { markCapture, removeCapture, restoreCapture } from '../capture/marking.ts';
import { clearCaptures, restoreCleared } from '../capture/marks.ts';
import type { RelayBook } from '../relay/book.ts';
import type { Sources } from '../sources/sources.ts';
import { decodedSearch } from '../store/bodies.ts';
import type { Database } from '../store/database.ts';
import type { Searcher } from '../store/searcher.ts';
import type { Streams } from '../streams/streams.ts';
import type { Tunnels } from '../tunnels/tunnels.ts';
import { createCaptureListHandlers } from './capture-list.ts';
import { createSelectionHandlers } from './capture-selection.ts';
import { readCapture, toSummary } from './capture-view.ts';
import { assertNoRelay } from './in-use.ts';

export interface CaptureHandlerDeps {
  readonly database: Database;
  readonly bins: BinBook;
  readonly changes: Changes;
  readonly searcher: Searcher;
  readonly clock: Clock;
  /** Relays that take from bins; a workspace without any has none. */
  readonly relays?: Pick<RelayBook, 'ofBin'>;
  /** Sources of bins; a workspace may have none. */
  readonly sources?: Pick<Sources, 'followBin'>;
  /** Tunnels to bins; a workspace may have none. */
  readonly tunnels?: Pick<Tunnels, 'stopBin'>;
  /** Streams of bins; a workspace may have none. */
  readonly streams?: Pick<Streams, 'cutBin'>;
}

/** The contract's procedures for bins and captures. */
export function createCaptureHandlers(
  os: Procedures,
  { database, searcher, bins, changes, clock, relays, streams, sources, tunnels }: CaptureHandlerDeps,
) {
  return {
    bins: {
      list: os.bins.list.handler(({ input }) => bins.list({ cursor: input.cursor, limit: input.limit })),
      get: os.bins.get.handler(({ input }) => bins.get(input.id)),
      create: os.bins.create.handler(({ input }) => bins.create(input)),
      update: os.bins.update.handler(({ input: { id, ifUpdatedAtMs, ...patch } }) => bins.update(id, patch, ifUpdatedAtMs)),
      remove: os.bins.remove.handler(async ({ input }) => {
        assertNoRelay(relays?.ofBin(input.id) ?? [], 'this bin');
        const removed = await bins.remove(input.id);
        streams?.cutBin(input.id);
        await Promise.all([sources?.followBin(input.id), tunnels?.stopBin(input.id)]);
        return { id: input.id, ...removed };
      }),
      restore: os.bins.restore.handler(async ({ input }) => {
        const restored = await bins.restore(input.id);
        await sources?.followBin(input.id);
        return restored;
      }),
    },
    captures: {
      ...createCaptureListHandlers(os, { database, searcher, bins }),
      ...createSelectionHandlers(os, { database, searcher, bins, changes, clock }),
      get: os.captures.get.handler(({ input }) => readCapture(database, input.id)),
      decoded: os.captures.decoded.handler(({ input }) => {
        const row = findCapture(database, input.id);
        if (row === undefined) throw notFound('capture', input.id);
        const headers = JSON.parse(row.headers_json) as HeaderField[];
        return searcher.look(decodedSearch, { hash: row.body_hash, headers, isTruncated: row.is_body_truncated === 1 });
      }),
      mark: os.captures.mark.handler(async ({ input: { id, tags, ...marks } }) => {
        const isMarked = await database.write((writer) =>
          markCapture(writer, id, { ...marks, ...(tags === undefined ? {} : { tags: [...new Set(tags)] }) }),
        );
        const row = isMarked ? findCapture(database, id) : undefined;
        if (row === undefined) throw notFound('capture', id);
        changes.publish('captures', [id]);
        return toSummary(row);
      }),
      remove: os.captures.remove.handler(async ({ input }) => {
        const removedAtMs = clock.now();
        const binId = await database.write((writer) => removeCapture(database, writer, input.id, removedAtMs));
        if (binId === undefined) throw notFound('capture', input.id);
        changes.publish('captures', [input.id]);
        changes.publish('bins', [binId]);
        return { id: input.id, removedAtMs };
      }),
      clear: os.captures.clear.handler(async ({ input }) => {
        if (bins.find(input.binId) === undefined) throw notFound('bin', input.binId);
        const removedAtMs = clock.now();
        const removedCaptures = await clearCaptures(database, input.binId, removedAtMs);
        changes.publish('captures', []);
        changes.publish('bins', [input.binId]);
        return { removedCaptures, removedAtMs };
      }),
      restore: os.captures.restore.handler(async ({ input }) => {
        const restored = await restore({ database, bins }, input);
        if (restored.binId === undefined || restored.count === 0)
          throw new Refusal(
            'NOT_FOUND',
            'Nothing that was deleted here is still kept: deleted captures go after 10 minutes, or before when new ones need their room, a clean-up is asked to take them, or their bin goes.',
            { kind: 'capture', id: 'binId' in input ? input.binId : input.id },
          );
        changes.publish('captures', 'id' in input ? [input.id] : []);
        changes.publish('bins', [restored.binId]);
        return { restoredCaptures: restored.count };
      }),
    },
  };
}

async function restore(
  { database, bins }: Pick<CaptureHandlerDeps, 'database' | 'bins'>,
  asked: { readonly id: string } | { readonly binId: string; readonly removedAtMs: number },
) {
  if ('binId' in asked) {
    const isThere = bins.find(asked.binId) !== undefined;
    return { binId: asked.binId, count: isThere ? await restoreCleared(database, asked.binId, asked.removedAtMs) : 0 };
  }
  const binId = await database.write((writer) => restoreCapture(database, writer, asked.id));
  return { binId, count: binId === undefined ? 0 : 1 };
}
