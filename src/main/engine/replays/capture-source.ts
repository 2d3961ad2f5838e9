import { setImmediate as nextTurn } from 'node:timers/promises';
import type { CaptureSelection } from '#shared/contract/capture-filter.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { givenHead } from '#shared/contract/given-head.ts';
import type { SkipReason } from '#shared/contract/replays.ts';
import { maxAttemptsOf } from '#shared/contract/retry.ts';
import { headersToSendOn } from '#shared/text/connection-headers.ts';
import { packHead } from '../base/given-head.ts';
import { eventTypeIn } from '../capture/matching/capture-facts.ts';
import { matchesOf, smallBodyBytes } from '../capture/matching/match-all.ts';
import { pathBehindBin } from '../capture/request-target.ts';
import { askedOf, isNarrow } from '../capture/filter.ts';
import { selectCaptures } from '../capture/search.ts';
import { arrivedBy } from '../capture/stored-arrival.ts';
import { capturesInRange, newestCaptureSeq, type SentCapture } from '../capture/sent-captures.ts';
import { bodyOfCapture } from '../capture/outbox.ts';
import { insertDelivery, newDelivery } from '../log/deliveries.ts';
import { insertMessage } from '../log/messages.ts';
import { deliverySeqOf, type RowRange } from '../log/replay-rows.ts';
import { readBody } from '../store/bodies.ts';
import { endpointSkipReason } from './skip-reason.ts';
import type { ItemGroup, ItemSource, ReplayItem, SourceDeps, SourceOf } from './source.ts';

/** A capture that the filter finds. */
interface Found {
  readonly capture: SentCapture;
  readonly headers: readonly HeaderField[];
  readonly eventType: string;
  /** Why it cannot be sent, or null. */
  readonly problem: SkipReason | null;
}

/** A request with more of them is not sent on. */
const mostHeaders = 1000;

/** Captures read at once. */
const pageSize = 20;

/** Rows among which a filter looks for the next captures. */
const windowRows = 5000;

/** Characters and bytes of captures that are looked at before other work gets a turn. */
const lookedAtOnce = 65_536;

/** Captured requests, each to be sent on to one endpoint. */
export function createCaptureSource(deps: SourceDeps, source: SourceOf<'captures'>): ItemSource {
  const { database, endpoints } = deps;
  const endpointSkip = () => endpointSkipReason(endpoints.find(source.endpointId));
  return {
    newestSeq: () => newestCaptureSeq(database),
    count: async (range) => {
      const groups = new Map<string, { -readonly [Field in keyof ItemGroup]: ItemGroup[Field] }>();
      for await (const { eventType, problem } of findIn(deps, source, range)) {
        const skip = endpointSkip() ?? problem;
        const key = `${skip} ${eventType}`;
        const group = groups.get(key) ?? { endpointId: source.endpointId, eventType, status: null, skip, count: 0 };
        group.count += 1;
        groups.set(key, group);
      }
      return [...groups.values()];
    },
    list: async (range, limit) => {
      const items: ReplayItem[] = [];
      for await (const found of findIn(deps, source, range)) {
        items.push(toItem(deps, source, found, endpointSkip));
        if (items.length === limit) break;
      }
      return items;
    },
  };
}

/** Goes over the captures of a range a few at a time, oldest first. */
async function* findIn(deps: SourceDeps, { filter }: SourceOf<'captures'>, range: RowRange): AsyncGenerator<Found, void, void> {
  const { match = null, ...selection } = filter;
  let looked = 0;
  for await (const captures of pagesOf(deps, selection, range)) {
    for (const capture of captures) {
      looked += capture.headersJson.length + (capture.body?.byteLength ?? 0);
      if (looked > lookedAtOnce) {
        await nextTurn();
        looked = 0;
      }
      const headers = JSON.parse(capture.headersJson) as HeaderField[];
      const eventType = eventTypeIn(headers, capture.body);
      const read = () => readBody(deps.database, capture.bodyHash);
      const { method, verdict, target, arrivalJson, body, bodyBytes: bytes } = capture;
      const facts = { method, ...pathBehindBin(target, arrivedBy(arrivalJson)), headers, eventType, verdict };
      const passed = await matchesOf(deps.background, [match], facts, { body, bytes, read });
      const found = { capture, headers, eventType };
      if (passed === null) yield { ...found, problem: 'unread' };
      else if (passed[0] === true) yield { ...found, problem: capture.isBodyTruncated === 1 ? 'incomplete_body' : null };
    }
    await nextTurn();
  }
}

/** The captures of a range that a selection finds, a page at a time, oldest first. */
async function* pagesOf(
  { database, searcher }: SourceDeps,
  selection: CaptureSelection,
  range: RowRange,
): AsyncGenerator<readonly SentCapture[], void, void> {
  const inlineBytes = smallBodyBytes;
  const found = askedOf(database, selection);
  // A capture that marks an end of the selection is not kept any more, so nobody knows what was meant.
  if ('unknown' in found) return;
  const { asked } = found;
  if (!isNarrow(asked)) {
    for (let { afterSeq } = range; ;) {
      const which = { binId: asked.binId, seqs: null };
      const captures = capturesInRange(database, which, { afterSeq, uptoSeq: range.uptoSeq, limit: pageSize, inlineBytes });
      yield captures;
      const last = captures.at(-1);
      if (last === undefined || captures.length < pageSize) return;
      afterSeq = last.seq;
    }
  }
  for (let { afterSeq } = range; afterSeq < range.uptoSeq; afterSeq += windowRows) {
    const beforeSeq = Math.min(afterSeq + windowRows, range.uptoSeq) + 1;
    const seqs = (await selectCaptures(searcher, asked, { fromSeq: afterSeq + 1, beforeSeq }, undefined)).toReversed();
    for (let at = 0; at < seqs.length; at += pageSize) {
      const which = { binId: undefined, seqs: seqs.slice(at, at + pageSize) };
      yield capturesInRange(database, which, { afterSeq, uptoSeq: beforeSeq - 1, limit: pageSize, inlineBytes });
    }
  }
}

function toItem(
  { endpoints, environments, policies, ids }: SourceDeps,
  { endpointId, as, withAuth }: SourceOf<'captures'>,
  { capture, headers, eventType, problem }: Found,
  endpointSkip: () => SkipReason | null,
): ReplayItem {
  // So many cannot be sent, and finding that out by the contract would take long.
  const sent = headers.length > mostHeaders ? null : headersToSendOn(headers).headers;
  const head = givenHead.safeParse({ method: capture.method, headers: sent, isSigned: as === 'resigned', isAuthenticated: withAuth });
  const own = problem ?? (head.success ? null : 'unsendable');
  return {
    seq: capture.seq,
    view: {
      deliveryId: null,
      messageId: null,
      captureId: capture.id,
      endpointId,
      endpointName: endpoints.find(endpointId)?.name ?? '',
      eventType,
      status: null,
      createdAtMs: capture.receivedAtMs,
    },
    skip: endpointSkip() ?? own,
    prepare: (timestamp) => {
      const made = { messageId: ids.next('msg'), deliveryId: ids.next('dlv') };
      return Promise.resolve((writer, nowMs) => {
        const endpoint = endpoints.find(endpointId);
        const reason = endpointSkip() ?? own;
        if (reason !== null || endpoint === undefined || !head.success) return { kind: 'skipped', reason: reason ?? 'endpoint_deleted' };
        // It may have been deleted meanwhile.
        const bodyHash = bodyOfCapture(writer, capture.seq);
        if (bodyHash === null) return { kind: 'skipped', reason: 'no_longer_matches' };
        const { messageId, deliveryId } = made;
        const headHash = writer.putBody(packHead(head.data));
        insertMessage(writer, {
          id: messageId,
          event_type: eventType,
          data_json: '{}',
          is_batch: 0,
          body_hash: bodyHash,
          head_hash: headHash,
          source_capture_id: capture.id,
          relay_id: null,
          created_at_ms: nowMs,
        });
        const maxAttempts = maxAttemptsOf(policies.resolve(endpoint.retryPolicy));
        const row = newDelivery({
          id: deliveryId,
          messageId,
          endpointId,
          eventType,
          problem: null,
          environmentId: environments.activeId(),
          isTest: false,
          maxAttempts,
          nowMs,
        });
        const signAtMs = timestamp === 'original' ? capture.receivedAtMs : null;
        insertDelivery(writer, { ...row, body_hash: bodyHash, head_hash: headHash, sign_at_ms: signAtMs });
        return { kind: 'replayed', deliverySeq: deliverySeqOf(writer, deliveryId), deliveryId, endpointId, attemptsBefore: 0 };
      });
    },
  };
}
