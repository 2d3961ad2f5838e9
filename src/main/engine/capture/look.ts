import type { FoundIn } from '#shared/contract/bodies.ts';
import { inlineBytes, type BodyLooks } from '../bodies/body-looks.ts';
import { isInHeaders, isInText, isInUrl } from '../bodies/needle.ts';
import { readBody } from '../store/bodies.ts';
import { search } from '../store/searcher.ts';
import type { Reader } from '../store/database.ts';
import type { SeqRange } from '../store/in-steps.ts';
import { lookBack, type FoundRow, type Look, type LookLimits } from '../store/look-back.ts';
import { passes, type CaptureAsked, type FilteredRow } from './filter.ts';
import { capturesForFilter, capturesForLook, readEventType, type CaptureLooked } from './looked.ts';

/** A search in captures by a filter. */
export interface CaptureLook extends SeqRange, LookLimits {
  readonly asked: CaptureAsked;
}

/** Where a text is in a capture, or that it was found by its fields alone. */
export type CapturePlace = FoundIn | 'fields';

type Looked = Promise<Look<FoundRow<CapturePlace>>>;

function lookByFields(reader: Reader, { asked, fromSeq, beforeSeq, ...limits }: CaptureLook): Looked {
  return lookBack<FilteredRow, CapturePlace>({ fromSeq, beforeSeq }, limits, {
    rows: (before, limit) => capturesForFilter(reader, { asked, fromSeq, beforeSeq: before, limit }),
    find: (row) => (passes(asked, row, (seq) => readEventType(reader, seq)) ? 'fields' : null),
  });
}

/** Looks for a text in captures: in id, method, target, headers and trailers, body, and the headers of the bin's answer. */
function lookForText(reader: Reader, { asked, fromSeq, beforeSeq, ...limits }: CaptureLook, q: string, looks: BodyLooks): Looked {
  const { needle } = looks;
  const inRow = (row: CaptureLooked): FoundIn | null => {
    if (row.id === q || row.deliveryId === q || row.messageId === q) return 'id';
    if (isInText(needle, row.method) || isInUrl(needle, row.target) || isInText(needle, `${row.method} ${row.target}`))
      return 'request line';
    if (isInHeaders(needle, row.headersJson) || isInHeaders(needle, row.trailersJson)) return 'request headers';
    if (isInText(needle, row.note) || (JSON.parse(row.tagsJson) as string[]).some((tag) => isInText(needle, tag))) return 'note or tags';
    return isInHeaders(needle, row.answerHeadersJson) ? 'answer headers' : null;
  };
  return lookBack<CaptureLooked, CapturePlace>({ fromSeq, beforeSeq }, limits, {
    rows: (before, limit) => capturesForLook(reader, { asked, fromSeq, beforeSeq: before, limit, inlineBytes }),
    find: async (row, seenInPart) => {
      if (!passes(asked, row, (seq) => readEventType(reader, seq))) return null;
      const quick = inRow(row);
      if (quick !== null) return quick;
      const { isFound, isPart } = await looks.look(row.body, row.headersJson, (hash) => readBody(reader, hash));
      if (isPart) seenInPart(row.body.hash());
      return isFound ? 'request body' : null;
    },
  });
}

/** Captures of a range that a filter finds. */
export const captureSearch = search('captures', (reader, look: CaptureLook, memory): Looked => {
  const { q } = look.asked;
  return q === undefined || q === '' ? lookByFields(reader, look) : lookForText(reader, look, q, memory.looksFor(q));
});
