import type { FoundIn } from '#shared/contract/bodies.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import { inlineBytes, type BodyLooks, type SearchMemory, type StoredBody } from '../bodies/body-looks.ts';
import { isInHeaders, isInText, isInUrl } from '../bodies/needle.ts';
import { readBody } from '../store/bodies.ts';
import { search } from '../store/searcher.ts';
import type { Reader } from '../store/database.ts';
import type { SeqRange } from '../store/in-steps.ts';
import { lookBack, type FoundRow, type Look, type LookLimits } from '../store/look-back.ts';
import { type DeliveryFilter } from '../log/deliveries.ts';
import { failedRows, type FailedRow } from '../log/failed-rows.ts';
import { createFailureKinds } from './failure-kind.ts';
import { attemptsForLook, deliveriesForLook, endpointForLook, type AttemptLooked, type DeliveryLooked } from '../log/delivery-look.ts';

/** A filter with a text to look for, with the key of a failure group, or with both. */
export type SearchFilter = DeliveryFilter & ({ readonly q: string } | { readonly failureGroup: string });

/** A search in deliveries. */
export interface DeliveryLook extends SeqRange, LookLimits {
  readonly filter: SearchFilter;
  /** Only those that are not final. */
  readonly isOpen?: boolean;
}

interface Row extends DeliveryLooked {
  readonly attempts: readonly AttemptLooked[];
  /** How it failed; read only where a group is looked for. */
  readonly failed: FailedRow | undefined;
}

/**
 * Looks for the text of a filter in deliveries and their attempts: in ids, event type, endpoint, URL and outcome, in the headers
 * of requests and answers, and in the bodies of both. What is quick to check comes first.
 */
function lookForText(
  reader: Reader,
  { filter, fromSeq, beforeSeq, isOpen = false, ...limits }: DeliveryLook & { readonly filter: DeliveryFilter & { readonly q: string } },
  memory: SearchMemory,
): Promise<Look<FoundRow>> {
  const { q, failureGroup } = filter;
  const looks = memory.looksFor(q);
  const isInGroup = failureGroup === undefined ? null : createGroupLook(reader, failureGroup, memory);
  const inRow = createRowSearch(reader, q, looks);
  return lookBack<Row>({ fromSeq, beforeSeq }, limits, {
    rows: (before, count) => {
      const rows = deliveriesForLook(reader, filter, { fromSeq, beforeSeq: before, limit: count, isOpen, inlineBytes });
      const seqs = rows.map(({ seq }) => seq);
      const attempts = Map.groupBy(attemptsForLook(reader, seqs, q), ({ deliverySeq }) => deliverySeq);
      const failed = isInGroup === null ? null : failedBySeq(reader, { seqs, isTest: filter.isTest }, before);
      return rows.map((row) => ({ ...row, attempts: attempts.get(row.seq) ?? [], failed: failed?.get(row.seq) }));
    },
    find: async (row, seenInPart) => {
      if (isInGroup !== null && !(await isInGroup(row.failed))) return null;
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

/** How the failed ones of these rows failed; they are the newest first, before a row. */
function failedBySeq(
  reader: Reader,
  filter: Pick<DeliveryFilter, 'isTest'> & { readonly seqs: readonly number[] },
  beforeSeq: number,
): ReadonlyMap<number, FailedRow> {
  const { seqs } = filter;
  const rows = failedRows(reader, filter, { fromSeq: seqs.at(-1) ?? beforeSeq, beforeSeq, limit: seqs.length });
  return new Map(rows.map((row) => [row.seq, row]));
}

/** Looks for what fails in the way of a group. Where in a row that is is always the same. */
function lookForGroup(
  reader: Reader,
  { filter, fromSeq, beforeSeq, isOpen = false, ...limits }: DeliveryLook,
  failureGroup: string,
  memory: SearchMemory,
): Promise<Look<FoundRow>> {
  const isInGroup = createGroupLook(reader, failureGroup, memory);
  return lookBack<FailedRow>({ fromSeq, beforeSeq }, limits, {
    rows: (before, count) => failedRows(reader, filter, { fromSeq, beforeSeq: before, limit: count, isOpen }),
    find: async (row) => ((await isInGroup(row)) ? 'outcome' : null),
  });
}

/** Whether a delivery failed in the way of a group. */
function createGroupLook(reader: Reader, failureGroup: string, memory: SearchMemory) {
  const kindOf = createFailureKinds(reader, memory);
  return async (row: FailedRow | undefined): Promise<boolean> => row !== undefined && (await kindOf(row)).key === failureGroup;
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

/** Deliveries of a range in which a text is found, or that fail in the way of a group. */
export const deliverySearch = search('deliveries', (reader, look: DeliveryLook, memory) => {
  const { q, failureGroup } = look.filter;
  if (q !== undefined && q !== '') return lookForText(reader, { ...look, filter: { ...look.filter, q } }, memory);
  if (failureGroup === undefined) throw new Error('A search of the log needs a text or a failure group.');
  return lookForGroup(reader, look, failureGroup, memory);
});
