import type { CaptureSelection } from '#shared/contract/capture-filter.ts';
import { base64ForAnswer } from '../base/deferred-text.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock } from '../base/ports.ts';
import type { Procedures } from '../base/procedures.ts';
import { invalid } from '../base/refusal.ts';
import type { BinBook } from '../capture/bin-book.ts';
import { captureExport } from '../capture/export.ts';
import type { CaptureAsked } from '../capture/filter.ts';
import { hideAll, markAll } from '../capture/mark-many.ts';
import { hideCaptures } from '../capture/marking.ts';
import { selectCaptures, type SearchDeps } from '../capture/search.ts';
import { newestCaptureSeq } from '../capture/sent-captures.ts';
import { knownCaptures } from './capture-list.ts';

interface SelectionDeps extends SearchDeps {
  readonly bins: Pick<BinBook, 'find' | 'named'>;
  readonly changes: Changes;
  readonly clock: Clock;
}

/** What is done with several captures: those that a filter finds, or some by their ids. */
export function createSelectionHandlers(os: Procedures, deps: SelectionDeps) {
  const { database, searcher, changes, clock } = deps;
  const select = (asked: CaptureAsked, signal: AbortSignal | undefined) =>
    selectCaptures(searcher, asked, { fromSeq: 1, beforeSeq: newestCaptureSeq(database) + 1 }, signal);
  /** The captures that something is to be done with; not those of every bin, so that a forgotten filter does not mean them. */
  const choose = (path: string, verb: string, filter: CaptureSelection, signal: AbortSignal | undefined) => {
    const asked = knownCaptures(deps, filter);
    if (asked.ids === undefined && asked.binId === undefined) throw invalid(path, `Say what to ${verb}: give ids, or a binId.`);
    return select(asked, signal);
  };
  /** Tells of changed captures; very many are told of as any. Returns how many there are. */
  const publish = (counts: ReadonlyMap<string, number>, ids: readonly string[] | undefined) => {
    if (counts.size > 0) {
      changes.publish('captures', ids ?? []);
      changes.publish('bins', [...counts.keys()]);
    }
    return [...counts.values()].reduce((sum, count) => sum + count, 0);
  };
  return {
    count: os.captures.count.handler(async ({ input, signal }) => ({
      captures: (await select(knownCaptures(deps, input), signal)).length,
    })),
    markMany: os.captures.markMany.handler(async ({ input: { filter, ...marks }, signal }) => {
      const both = marks.addTags.find((tag) => marks.removeTags.includes(tag));
      if (both !== undefined) throw invalid('removeTags', `The tag ${both} is to be added and to be taken away: leave one of them out.`);
      if (marks.isPinned === undefined && marks.addTags.length + marks.removeTags.length === 0)
        throw invalid('addTags', 'Say what to mark them with: isPinned, addTags or removeTags.');
      const { counts, full } = await markAll(database, await choose('filter', 'mark', filter, signal), marks);
      return { markedCaptures: publish(counts, filter.ids), fullCaptures: full };
    }),
    removeMany: os.captures.removeMany.handler(async ({ input, signal }) => {
      const seqs = await choose('ids', 'delete', input, signal);
      const removedAtMs = clock.now();
      return { removedCaptures: publish(await hideAll(database, seqs, removedAtMs), input.ids), removedAtMs };
    }),
    restoreMany: os.captures.restoreMany.handler(async ({ input: { ids, removedAtMs } }) => {
      const counts = await database.write((writer) => hideCaptures(writer, { ids }, { fromMs: removedAtMs, toMs: null }));
      return { restoredCaptures: publish(counts, ids) };
    }),
    export: os.captures.export.handler(async ({ input: { format, ...filter }, signal }) => {
      const path = filter.ids === undefined ? 'binId' : 'ids';
      const seqs = await choose('ids', 'export', filter, signal);
      const exported = await searcher.look(captureExport, { format, seqs });
      if ('tooMuch' in exported) throw invalid(path, exported.tooMuch);
      const { content, captures } = exported;
      if (captures === 0) throw invalid(path, 'There is no capture to export.');
      return {
        filename: `captures-${new Date(clock.now()).toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')}.${format}`,
        contentType: format === 'har' ? 'application/json' : 'application/jsonl',
        contentBase64: base64ForAnswer(content),
        captures,
      };
    }),
  };
}
