import type { Source } from '#shared/contract/sources.ts';
import type { Procedures } from '../base/procedures.ts';
import { unknownId } from '../base/refusal.ts';
import { assertUnchanged } from '../base/unchanged.ts';
import type { BinBook } from '../capture/bin-book.ts';
import { sourcePositionOf } from '../capture/source-position.ts';
import { shownUrl, type SourceConfig } from '../sources/config.ts';
import type { Sources } from '../sources/sources.ts';
import { listSources } from '../sources/store.ts';
import type { Database } from '../store/database.ts';
import { seqPages } from '../store/page.ts';

const pages = seqPages('sources');

export interface SourceHandlerDeps {
  readonly database: Database;
  readonly bins: Pick<BinBook, 'find' | 'named'>;
  readonly sources: Sources;
}

/** Sources of bins: channels elsewhere whose requests they capture. */
export function createSourceHandlers(os: Procedures, { database, bins, sources }: SourceHandlerDeps) {
  const view = (source: SourceConfig): Source => {
    const { id, binId, kind, name, verifyTls, isActive, gaps, gapCount, creator, createdAtMs, updatedAtMs } = source;
    const position = sourcePositionOf(database, id);
    return {
      id,
      binId,
      kind,
      name,
      url: shownUrl(source),
      verifyTls,
      isActive,
      ...sources.stateOf(id),
      captured: position?.captured ?? 0,
      lastEventAtMs: position === undefined || position.captured === 0 ? null : position.lastAtMs,
      gaps: [...gaps],
      gapCount,
      creator,
      createdAtMs,
      updatedAtMs,
    };
  };
  return {
    list: os.sources.list.handler(({ input: { binId, cursor, limit } }) => {
      if (binId !== undefined && bins.find(binId) === undefined) throw unknownId('bin', binId, bins.named());
      const rows = listSources(database, { binId, beforeSeq: pages.before(cursor), limit: limit + 1 });
      const shown = pages.page(rows, limit, ({ id }) => sources.find(id));
      return { ...shown, items: shown.items.flatMap((source) => (source === undefined ? [] : [view(source)])) };
    }),
    get: os.sources.get.handler(({ input }) => view(sources.get(input.id))),
    create: os.sources.create.handler(async ({ input, context }) => view(await sources.create(input, context.actor))),
    open: os.sources.open.handler(async ({ input, context }) => {
      const { source, ...how } = await sources.open(input, context.actor);
      return { ...view(source), ...how };
    }),
    update: os.sources.update.handler(async ({ input: { id, ifUpdatedAtMs, ...patch } }) => {
      const assert = (source: SourceConfig) => {
        const before = view(source);
        assertUnchanged(before.name === '' ? before.url : before.name, before, ifUpdatedAtMs, patch);
      };
      return view(await sources.update(id, patch, assert));
    }),
    remove: os.sources.remove.handler(async ({ input: { id } }) => {
      await sources.remove(id);
      return { id };
    }),
  };
}
