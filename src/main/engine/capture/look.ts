import type { FoundIn } from '#shared/contract/bodies.ts';
import { inlineBytes, type BodyLooks } from '../bodies/body-looks.ts';
import { isInHeaders, isInText, isInUrl } from '../bodies/needle.ts';
import { readBody } from '../store/bodies.ts';
import { search } from '../store/searcher.ts';
import type { Reader } from '../store/database.ts';
import type { SeqRange } from '../store/in-steps.ts';
import { lookBack, type FoundRow, type Look, type LookLimits } from '../store/look-back.ts';
import { capturesForLook, type CaptureLooked } from './list.ts';

/** A text search in captures. */
export interface CaptureLook extends SeqRange, LookLimits {
  readonly binId: string | undefined;
  readonly q: string;
}

/** Looks for a text in captures: in id, method, target, headers and trailers, body, and the headers of the bin's answer. */
function lookInCaptures(
  reader: Reader,
  { binId, q, fromSeq, beforeSeq, ...limits }: CaptureLook,
  looks: BodyLooks,
): Promise<Look<FoundRow>> {
  const { needle } = looks;
  const inRow = (row: CaptureLooked): FoundIn | null => {
    if (row.id === q || row.deliveryId === q || row.messageId === q) return 'id';
    if (isInText(needle, row.method) || isInUrl(needle, row.target) || isInText(needle, `${row.method} ${row.target}`))
      return 'request line';
    if (isInHeaders(needle, row.headersJson) || isInHeaders(needle, row.trailersJson)) return 'request headers';
    if (isInText(needle, row.note) || (JSON.parse(row.tagsJson) as string[]).some((tag) => isInText(needle, tag))) return 'note or tags';
    return isInHeaders(needle, row.answerHeadersJson) ? 'answer headers' : null;
  };
  return lookBack<CaptureLooked>({ fromSeq, beforeSeq }, limits, {
    rows: (before, count) => capturesForLook(reader, { binId, fromSeq, beforeSeq: before, limit: count, inlineBytes }),
    find: async (row, seenInPart) => {
      const quick = inRow(row);
      if (quick !== null) return quick;
      const { isFound, isPart } = await looks.look(row.body, row.headersJson, (hash) => readBody(reader, hash));
      if (isPart) seenInPart(row.body.hash());
      return isFound ? 'request body' : null;
    },
  });
}

/** Captures of a range in which a text is found. */
export const captureSearch = search('captures', (reader, look: CaptureLook, memory) =>
  lookInCaptures(reader, look, memory.looksFor(look.q)),
);
