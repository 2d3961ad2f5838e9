import { decodedSearch } from '../store/bodies.ts';
import type { Capture as CaptureDetail, CaptureSummary } from '#shared/contract/captures.ts';
import type { WireEnd, WireFault } from '#shared/contract/wire-fault.ts';
import { answerHeadersOf, type HeaderField } from '#shared/contract/common.ts';
import type { Changes } from '../base/changes.ts';
import type { Procedures } from '../base/procedures.ts';
import type { Clock } from '../base/ports.ts';
import { invalid, notFound, Refusal, unknownId } from '../base/refusal.ts';
import { base64ForAnswer } from '../base/deferred-text.ts';
import type { Database } from '../store/database.ts';
import type { Searcher } from '../store/searcher.ts';
import { seqPages } from '../store/page.ts';
import type { RelayBook } from '../relay/book.ts';
import type { Sources } from '../sources/sources.ts';
import type { Tunnels } from '../tunnels/tunnels.ts';
import type { Streams } from '../streams/streams.ts';
import { assertNoRelay } from './in-use.ts';
import type { BinBook } from '../capture/bin-book.ts';
import { unfoldVerification, type FoldedVerification } from '../signing/folded-verification.ts';
import type { CaptureSource, SourceBody } from '../capture/capture-source.ts';
import { clearCaptures, restoreCleared } from '../capture/marks.ts';
import { TaskEnded } from '../background/background.ts';
import { eventNames } from '../capture/event-names.ts';
import { captureExport } from '../capture/export.ts';
import { searchCaptures } from '../capture/search.ts';
import { arrivalOf } from '../capture/stored-arrival.ts';
import { findCapture, listCaptures, type SummaryRow } from '../capture/list.ts';
import { hideCaptures, markCapture, removeCapture, restoreCapture } from '../capture/marking.ts';

const pages = seqPages('captures');

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
  const hide = async (ids: readonly string[], mark: Parameters<typeof hideCaptures>[2]) => {
    const counts = await database.write((writer) => hideCaptures(writer, ids, mark));
    if (counts.size > 0) {
      changes.publish('captures', ids);
      changes.publish('bins', [...counts.keys()]);
    }
    return [...counts.values()].reduce((sum, count) => sum + count, 0);
  };
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
      list: os.captures.list.handler(async ({ input, signal }) => {
        if (input.binId !== undefined && bins.find(input.binId) === undefined) throw unknownId('bin', input.binId, bins.named());
        const query = { binId: input.binId, beforeSeq: pages.before(input.cursor), limit: input.limit + 1 };
        if (input.q === undefined || input.q === '') {
          const rows = listCaptures(database, query);
          const nameOf = await namesOf(searcher, rows);
          return pages.page(rows, input.limit, (row) => ({ ...toSummary(row), eventType: nameOf(row), fault: row.fault }));
        }
        const { found, searchedInPart } = await searchCaptures({ database, searcher }, query, input.q, signal);
        const nameOf = await namesOf(searcher, found);
        return {
          ...pages.page(found, input.limit, (row) => ({
            ...toSummary(row),
            eventType: nameOf(row),
            fault: row.fault,
            foundIn: row.foundIn,
          })),
          ...(searchedInPart === 0 ? {} : { searchedInPart }),
        };
      }),
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
      removeMany: os.captures.removeMany.handler(async ({ input: { ids } }) => {
        const removedAtMs = clock.now();
        return { removedCaptures: await hide(ids, { fromMs: null, toMs: removedAtMs }), removedAtMs };
      }),
      restoreMany: os.captures.restoreMany.handler(async ({ input: { ids, removedAtMs } }) => ({
        restoredCaptures: await hide(ids, { fromMs: removedAtMs, toMs: null }),
      })),
      export: os.captures.export.handler(async ({ input: { format, ids, binId } }) => {
        if (binId !== undefined && bins.find(binId) === undefined) throw unknownId('bin', binId, bins.named());
        if (ids === undefined && binId === undefined) throw invalid('ids', 'Say what to export: give ids, or a binId.');
        const exported = await searcher.look(captureExport, { format, ids: ids ?? null, binId: binId ?? null });
        if ('tooMuch' in exported) throw invalid(ids === undefined ? 'binId' : 'ids', exported.tooMuch);
        const { content, captures } = exported;
        if (captures === 0) throw invalid(ids === undefined ? 'binId' : 'ids', 'There is no capture to export.');
        return {
          filename: `captures-${new Date(clock.now()).toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')}.${format}`,
          contentType: format === 'har' ? 'application/json' : 'application/jsonl',
          contentBase64: base64ForAnswer(content),
          captures,
        };
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

/** What captures call their events, read in a thread; null also for all of them where that took too long. */
async function namesOf(searcher: Searcher, rows: readonly SummaryRow[]): Promise<(row: SummaryRow) => string | null> {
  if (rows.length === 0) return () => null;
  try {
    const names = new Map(await searcher.look(eventNames, { seqs: rows.map(({ seq }) => seq) }));
    return ({ seq }) => names.get(seq) ?? null;
  } catch (error) {
    if (error instanceof TaskEnded) return () => null;
    throw error;
  }
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

function toSummary(row: Omit<SummaryRow, 'seq' | 'fault'>): CaptureSummary {
  return {
    id: row.id,
    binId: row.bin_id,
    method: row.method,
    target: row.target,
    contentType: row.content_type,
    bodyBytes: row.body_bytes,
    isBodyTruncated: row.is_body_truncated === 1,
    status: row.status,
    verdict: row.verdict as CaptureSummary['verdict'],
    remoteAddress: row.remote_address,
    receivedAtMs: row.received_at_ms,
    seenBeforeId: row.seen_before_id,
    answeredBy: row.answered_json === null ? null : (JSON.parse(row.answered_json) as CaptureSummary['answeredBy']),
    messageId: row.message_id,
    sameMessageAsId: row.same_message_as_id,
    isPinned: row.is_pinned === 1,
    note: row.note,
    tags: JSON.parse(row.tags_json) as string[],
  };
}

function readCapture(database: Database, id: string): CaptureDetail {
  const row = findCapture(database, id);
  if (row === undefined) throw notFound('capture', id);
  const source = row.source_json === null ? null : (JSON.parse(row.source_json) as CaptureSource);
  return {
    ...toSummary(row),
    httpVersion: row.http_version,
    headers: answerHeadersOf(row.headers_json),
    bodyBase64: base64ForAnswer(row.bytes),
    trailers: answerHeadersOf(row.trailers_json),
    response: responseOf(row),
    verification: row.verification_json === null ? null : verificationOf(row.verification_json, row.bytes, source),
    arrival: arrivalOf(row),
    timings: { bodyMs: row.body_ms, totalMs: row.total_ms },
    deliveryId: row.delivery_id,
    source:
      source === null
        ? null
        : { sourceId: source.sourceId, kind: source.kind, body: source.body, message: sourceBodySentences[source.body] },
  };
}

/** What a channel did to a body, for people. */
const sourceBodySentences: Readonly<Record<SourceBody, string>> = {
  exact: 'The channel kept the body byte for byte.',
  'same-length':
    'The channel parsed and re-wrote the body. What it wrote is as long as the sender said, so it is probably the same; a signature that is valid proves it.',
  rewritten: 'The channel parsed and re-wrote the body, so its bytes are not those that were sent.',
};

/** The verdict on arrival; an invalid one says so when the body is not the one that was signed. */
function verificationOf(json: string, body: Uint8Array, source: CaptureSource | null): CaptureDetail['verification'] {
  const verification = unfoldVerification(JSON.parse(json) as FoldedVerification, body);
  if (source === null || source.body === 'exact' || verification.verdict !== 'invalid') return verification;
  return { ...verification, message: `${verification.message} ${sourceBodySentences[source.body]}` };
}

/** Only an answer with a fault is stored with one. */
function responseOf(row: Pick<NonNullable<ReturnType<typeof findCapture>>, 'response_json' | 'sent_json'>): CaptureDetail['response'] {
  const stored = JSON.parse(row.response_json) as Omit<CaptureDetail['response'], 'sent' | 'fault'> & { readonly fault?: WireFault };
  return { ...stored, fault: stored.fault ?? null, sent: row.sent_json === null ? null : (JSON.parse(row.sent_json) as WireEnd) };
}
