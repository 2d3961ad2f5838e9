import type { Capture as CaptureDetail, CaptureSummary } from '#shared/contract/captures.ts';
import { answerHeadersOf } from '#shared/contract/common.ts';
import type { WireEnd, WireFault } from '#shared/contract/wire-fault.ts';
import { base64ForAnswer } from '../base/deferred-text.ts';
import { notFound } from '../base/refusal.ts';
import type { CaptureSource, SourceBody } from '../capture/capture-source.ts';
import { findCapture, type SummaryRow } from '../capture/list.ts';
import { arrivalOf } from '../capture/stored-arrival.ts';
import { unfoldVerification, type FoldedVerification } from '../signing/folded-verification.ts';
import type { Database } from '../store/database.ts';

/** A row of the list as the contract has it. */
export function toSummary(row: Omit<SummaryRow, 'seq' | 'fault' | 'event_type'>): CaptureSummary {
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

/** A capture in full. Throws a Refusal NOT_FOUND. */
export function readCapture(database: Database, id: string): CaptureDetail {
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
