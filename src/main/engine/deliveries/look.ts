import type { FoundIn } from '#shared/contract/bodies.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import { inlineBytes, type BodyLooks, type StoredBody } from '../bodies/body-looks.ts';
import { isInHeaders, isInText, isInUrl } from '../bodies/needle.ts';
import { readBody } from '../store/bodies.ts';
import { search } from '../store/searcher.ts';
import type { Reader } from '../store/database.ts';
import type { SeqRange } from '../store/in-steps.ts';
import { lookBack, type FoundRow, type Look, type LookLimits } from '../store/look-back.ts';
import { type DeliveryFilter } from '../log/deliveries.ts';
import { attemptsForLook, deliveriesForLook, endpointForLook, type AttemptLooked, type DeliveryLooked } from '../log/delivery-look.ts';

/** A text search in deliveries. */
export interface DeliveryLook extends SeqRange, LookLimits {
  readonly filter: DeliveryFilter & { readonly q: string };
  /** Only those that are not final. */
  readonly isOpen?: boolean;
}

interface Row extends DeliveryLooked {
  readonly attempts: readonly AttemptLooked[];
}

/**
 * Looks for the text of a filter in deliveries and their attempts: in ids, event type, endpoint, URL and outcome, in the headers
 * of requests and answers, and in the bodies of both. What is quick to check comes first.
 */
export function lookInDeliveries(
  reader: Reader,
  { filter, fromSeq, beforeSeq, isOpen = false, ...limits }: DeliveryLook,
  looks: BodyLooks,
): Promise<Look<FoundRow>> {
  const { q } = filter;
  const inRow = createRowSearch(reader, q, looks);
  return lookBack<Row>({ fromSeq, beforeSeq }, limits, {
    rows: (before, count) => {
      const rows = deliveriesForLook(reader, filter, { fromSeq, beforeSeq: before, limit: count, isOpen, inlineBytes });
      const seqs = rows.map(({ seq }) => seq);
      const attempts = Map.groupBy(attemptsForLook(reader, seqs, q), ({ deliverySeq }) => deliverySeq);
      return rows.map((row) => ({ ...row, attempts: attempts.get(row.seq) ?? [] }));
    },
    find: async (row, seenInPart) => {
      const quick = inRow(row);
      if (quick !== null) return quick;
      const isInBody = async (body: StoredBody, headersJson: string | null) => {
        const { isFound, isPart } = await looks.look(body, headersJson, (hash) => readBody(reader, hash));
        if (isPart) seenInPart(body.hash());
        return isFound;
      };
      // The headers of an attempt say how the body is encoded; without an attempt only the bytes can show it.
      if (row.body !== null && (await isInBody(row.body, row.attempts[0]?.requestHeadersJson ?? null))) return 'request body';
      for (const { answerBodyHash, answerHeadersJson, ownBodyHash, requestHeadersJson } of row.attempts) {
        if (answerBodyHash !== '' && (await isInBody(read(Buffer.from(answerBodyHash, 'hex')), answerHeadersJson))) return 'answer body';
        if (ownBodyHash !== null && (await isInBody(read(ownBodyHash), requestHeadersJson))) return 'request body';
      }
      return null;
    },
  });
}

/** A body that still has to be read. */
function read(hash: Uint8Array): StoredBody {
  return { size: 0, text: null, hash: () => hash };
}

const remembered = 5000;

/** Finds the text in a row without its bodies. Results are remembered, since names and outcomes repeat. */
function createRowSearch(reader: Reader, q: string, { needle }: BodyLooks): (row: Row) => FoundIn | null {
  const known = new Map<string, boolean>();
  const once = (text: string, find: (text: string) => boolean): boolean => {
    const before = known.get(text);
    if (before !== undefined) return before;
    if (known.size >= remembered) known.clear();
    const isFound = find(text);
    known.set(text, isFound);
    return isFound;
  };
  const endpoints = new Map<string, FoundIn | null>();
  const inEndpoint = (id: string): FoundIn | null => {
    const before = endpoints.get(id);
    if (before !== undefined) return before;
    const { name, url } = endpointForLook(reader, id);
    const foundIn = isInText(needle, name) ? 'endpoint' : isInUrl(needle, url) ? 'url' : null;
    endpoints.set(id, foundIn);
    return foundIn;
  };
  const inEvent = (eventType: string) => isInText(needle, eventType);
  const inUrl = (url: string) => isInUrl(needle, url);
  const inOutcome = (json: string) => {
    const { code, message, reason, status } = JSON.parse(json) as Partial<Outcome>;
    return [code, message, reason].some((text) => isInText(needle, text ?? '')) || (status != null && String(status) === q);
  };
  return (row) => {
    const { attempts } = row;
    if (row.isNamed || attempts.some(({ isNamed }) => isNamed)) return 'id';
    if (once(row.eventType, inEvent)) return 'event type';
    const foundIn = inEndpoint(row.endpointId);
    if (foundIn !== null) return foundIn;
    if (attempts.some(({ url }) => once(url, inUrl))) return 'url';
    if (row.outcomeJson !== null && once(row.outcomeJson, inOutcome)) return 'outcome';
    if (attempts.some(({ requestHeadersJson }) => isInHeaders(needle, requestHeadersJson))) return 'request headers';
    return attempts.some(({ answerHeadersJson }) => isInHeaders(needle, answerHeadersJson)) ? 'answer headers' : null;
  };
}

/** Deliveries of a range in which a text is found. */
export const deliverySearch = search('deliveries', (reader, look: DeliveryLook, memory) =>
  lookInDeliveries(reader, look, memory.looksFor(look.filter.q)),
);
