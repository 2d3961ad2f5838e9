import type { TextEntry } from '#shared/contract/comparisons.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { PastedKind, PastedRequest } from '#shared/import/pasted.ts';
import { eventInHead } from '../capture/event-in-head.ts';
import { eventOf } from '../capture/event-naming.ts';
import type { Reader } from '../store/database.ts';
import { search } from '../store/searcher.ts';
import type { ComparedRequest } from './compare-requests.ts';
import { comparedThing, isMissing, type ComparedAsked } from './compared-things.ts';
import { readText, tellsNoBody, type ComparedText, type TextTrouble } from './given-text.ts';
import { likeliestFirst, likenessOf, type Marks } from './likeness.ts';
import { longWhere } from './long-comparisons.ts';
import { isMasked } from './masked-match.ts';
import { isChosen, kindOfHeader } from './noise.ts';
import { targetIn } from './target.ts';
import { besideRequest } from './text-records.ts';
import { bodyIn } from './text-thing.ts';

/** The requests of a text. */
export interface TextEntries {
  readonly readAs: string;
  readonly items: readonly TextEntry[];
  readonly notes: readonly string[];
}

/** What a text is listed for. */
export interface EntriesOrder {
  readonly given: Pick<ComparedText, 'text'> & Partial<Pick<ComparedText, 'name'>>;
  /** What one of its requests is to be compared with; null for nothing yet. */
  readonly other: ComparedAsked | null;
}

/** Lists the requests of a text, the likeliest to be meant beside another thing first. Another thing that is not there is none. */
export const entriesSearch = search(
  'textEntries',
  (reader: Reader, { given, other }: EntriesOrder): TextEntries | TextTrouble => {
    const read = readText(given);
    if ('trouble' in read) return read;
    const thing = other === null ? null : comparedThing(reader, other);
    const marks = thing === null || isMissing(thing) ? null : marksOf(thing.request, thing.side.atMs);
    const items = read.requests.map((request, index) => entryOf(request, index, read.pasted.kind, marks));
    return { readAs: read.readAs, items: likeliestFirst(items, marks?.atMs ?? null), notes: read.pasted.notes };
  },
  'comparisons',
  longWhere(({ given, other }) => [{ kind: 'text', name: null, entry: null, ...given }, ...(other === null ? [] : [other])]),
);

function entryOf(request: PastedRequest, index: number, kind: PastedKind, other: Marks | null): TextEntry {
  const { response, atMs } = besideRequest(request.records ?? []);
  const own = {
    method: request.method,
    target: targetIn(request, kind),
    headers: [...request.headers],
    ...bodyIn(request, tellsNoBody(kind)),
  };
  return {
    entry: index + 1,
    method: own.method,
    target: own.target,
    atMs,
    status: response.kind === 'answer' ? response.status : null,
    bodyBytes: own.size,
    likeness: other === null ? null : likenessOf(marksOf(own, atMs), other),
  };
}

function marksOf({ headers, bytes, target, method }: ComparedRequest, atMs: number | null): Marks {
  let known: ReturnType<Marks['event']> | null = null;
  return {
    signatures: new Set(headers.filter(isSignature).map(([name, value]) => `${name.toLowerCase()}: ${value}`)),
    event: () => (known ??= eventOf(eventInHead(headers, null), bytes)),
    method,
    path: target === null ? null : target.replace(/\?.*$/s, ''),
    atMs,
  };
}

function isSignature([name, value]: HeaderField): boolean {
  return kindOfHeader(name) === 'signatures' && !isChosen(name) && value !== '' && !isMasked(value);
}
