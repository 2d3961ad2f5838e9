import type { CaptureSelection } from '#shared/contract/capture-filter.ts';
import type { Warning } from '#shared/contract/common.ts';
import type { Procedures } from '../base/procedures.ts';
import { invalid, notFound, unknownId } from '../base/refusal.ts';
import { TaskEnded } from '../background/background.ts';
import type { BinBook } from '../capture/bin-book.ts';
import { eventNames } from '../capture/event-names.ts';
import { askedOf, isNarrow, type CaptureAsked } from '../capture/filter.ts';
import { listCaptures, type SummaryRow } from '../capture/list.ts';
import { searchCaptures, type FoundCapture, type SearchDeps } from '../capture/search.ts';
import type { Database } from '../store/database.ts';
import { seqPages } from '../store/page.ts';
import type { Searched, Searcher } from '../store/searcher.ts';
import { toSummary } from './capture-view.ts';

const pages = seqPages('captures');

interface CaptureListDeps extends SearchDeps {
  readonly bins: Pick<BinBook, 'find' | 'named'>;
}

/** The list of captures. */
export function createCaptureListHandlers(os: Procedures, deps: CaptureListDeps) {
  return {
    list: os.captures.list.handler(async ({ input: { cursor, limit, ...filter }, signal }) => {
      const asked = knownCaptures(deps, filter);
      const page = { beforeSeq: pages.before(cursor), limit: limit + 1 };
      const { found, searchedInPart } = await find(deps, asked, page, signal);
      const nameOf = await namesOf(deps.searcher, found);
      return {
        ...pages.page(found, limit, (row) => ({
          ...toSummary(row),
          eventType: nameOf(row),
          fault: row.fault,
          ...(row.foundIn === undefined ? {} : { foundIn: row.foundIn }),
        })),
        ...(searchedInPart === 0 ? {} : { searchedInPart }),
        warnings: found.length === 0 && cursor === undefined ? await unusedValues(deps, asked, signal) : [],
      };
    }),
  };
}

/** A page: from the index where only a bin is asked for, otherwise by looking through the rows in a thread. */
async function find(
  deps: SearchDeps,
  asked: CaptureAsked,
  page: { readonly beforeSeq: number; readonly limit: number },
  signal: AbortSignal | undefined,
): Promise<Searched<FoundCapture>> {
  if (isNarrow(asked)) return searchCaptures(deps, asked, page, signal);
  return { found: listCaptures(deps.database, { binId: asked.binId, ...page }), searchedInPart: 0 };
}

/**
 * The filter with its ids looked up. Throws a Refusal for what can find nothing: a bin or a capture that does not exist, or an end that is
 * before its beginning.
 */
export function knownCaptures(
  { database, bins }: { readonly database: Database; readonly bins: Pick<BinBook, 'find' | 'named'> },
  filter: CaptureSelection,
): CaptureAsked {
  const { binId, fromMs, toMs } = filter;
  if (binId !== undefined && bins.find(binId) === undefined) throw unknownId('bin', binId, bins.named());
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs)
    throw invalid('toMs', 'This time is before fromMs, so nothing can lie between them: swap the two, or leave one of them out.');
  const found = askedOf(database, filter);
  if ('unknown' in found) throw notFound('capture', found.unknown);
  return found.asked;
}

/** What captures call their events, read in a thread for those stored without; null for none, and where that took too long. */
async function namesOf(searcher: Searcher, rows: readonly SummaryRow[]): Promise<(row: SummaryRow) => string | null> {
  const unread = rows.filter((row) => row.event_type === null).map(({ seq }) => seq);
  const names = new Map(unread.length === 0 ? [] : await readNames(searcher, unread));
  return (row) => (row.event_type ?? names.get(row.seq) ?? '') || null;
}

async function readNames(searcher: Searcher, seqs: readonly number[]): Promise<readonly (readonly [number, string])[]> {
  try {
    return await searcher.look(eventNames, { seqs });
  } catch (error) {
    if (error instanceof TaskEnded) return [];
    throw error;
  }
}

/** Fields whose value may be any text, and how a sentence says that no capture has it. */
const freeFields = {
  eventType: (value: string) => `names an event ${value}`,
  messageId: (value: string) => `has the event id ${value}`,
  tag: (value: string) => `has the tag ${value}`,
  answeredBy: (value: string) => `was answered by ${value}`,
  sourceId: (value: string) => `came by the source ${value}`,
} as const;

/** Warnings for a filter that found nothing, each about a value that no capture has by itself. */
async function unusedValues(deps: SearchDeps, asked: CaptureAsked, signal: AbortSignal | undefined): Promise<Warning[]> {
  const warnings: Warning[] = [];
  for (const field of Object.keys(freeFields) as (keyof typeof freeFields)[]) {
    const value = asked[field];
    if (value === undefined) continue;
    const page = { beforeSeq: Number.MAX_SAFE_INTEGER, limit: 1 };
    const { found } = await searchCaptures(deps, { binId: asked.binId, [field]: value }, page, signal);
    if (found.length > 0) continue;
    const which = asked.binId === undefined ? 'No capture' : 'No capture of this bin';
    warnings.push({ code: 'FILTER_VALUE_UNUSED', message: `${which} ${freeFields[field](value)}.`, path: field });
  }
  return warnings;
}
