import type { HeaderField } from '#shared/contract/common.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { hasHeader } from '#shared/text/headers.ts';
import { unpackHead, type GivenHead } from '../../base/given-head.ts';
import { unpackOutcome } from '../../base/packed-columns.ts';
import { notFound } from '../../base/refusal.ts';
import type { BinBook } from '../../capture/bin-book.ts';
import { findCapture } from '../../capture/list.ts';
import { eventTypeIn } from '../../capture/matching/capture-facts.ts';
import { pathBehindBin } from '../../capture/request-target.ts';
import { arrivedBy } from '../../capture/stored-arrival.ts';
import type { EndpointBook } from '../../endpoints/book.ts';
import type { EndpointConfig } from '../../endpoints/config.ts';
import { attemptsOf, findDelivery } from '../../log/deliveries.ts';
import { findMessage } from '../../log/messages.ts';
import type { Authenticator } from '../../request/authenticator.ts';
import { resolvedAsFarAsKnown } from '../../request/resolve-target.ts';
import { recogniseSigning } from '../../signing/recognise-signing.ts';
import { readBody } from '../../store/bodies.ts';
import type { Database } from '../../store/database.ts';
import { noVariables } from '../../templates/variables.ts';

export interface SourceDeps {
  readonly database: Database;
  readonly endpoints: Pick<EndpointBook, 'find' | 'findListed'>;
  readonly bins: Pick<BinBook, 'find'>;
  readonly authenticator: Pick<Authenticator, 'asFarAsKnown'>;
  /** The reference of the secret of a bin, as an applied project has it. */
  readonly referenceOf: (slug: string) => string | undefined;
}

/** How a request was signed, and whose secret that takes. */
export interface SourceSigning {
  readonly signing: Signing;
  /** The same for all that are signed with one secret. */
  readonly owner: string;
  /** Where the secret is, if a project says so. */
  readonly reference: string | undefined;
}

/** What an answer was. */
export interface SeenAnswer {
  readonly outcome: Outcome;
  readonly durationMs: number | null;
  readonly attempts: number;
  /** The body as it was kept; null for none, and where it was packed. */
  readonly body: Uint8Array | null;
}

/** A delivery or a capture that becomes a step. */
export interface Source {
  readonly id: string;
  readonly kind: 'delivery' | 'capture';
  readonly atMs: number;
  readonly eventType: string;
  readonly body: Uint8Array;
  /** Where it went; null for a capture. */
  readonly endpoint: Pick<EndpointConfig, 'id' | 'name' | 'url' | 'signing' | 'secrets'> | null;
  /** Whether the endpoint is one of the list. */
  readonly isListed: boolean;
  /** Method, headers and path of a request of its own; null for an event of which the endpoint makes them. */
  readonly head: Pick<GivenHead, 'method' | 'headers' | 'target'> | null;
  /** Whether the signature in the headers is the sender's own. */
  readonly isSignedBySender: boolean;
  readonly signedBy: SourceSigning | null;
  /** Secrets of the bin that it came to, which its sender may have put anywhere. */
  readonly binSecrets: readonly string[];
  readonly delivered: boolean;
  /** What was answered; null where nothing was, and for a capture. */
  readonly answer: SeenAnswer | null;
}

/** A delivery of the log as the source of a step. Throws a Refusal where there is none. */
export function deliverySource(deps: SourceDeps, id: string): Source | { readonly why: string } {
  const { database } = deps;
  const row = findDelivery(database, id);
  if (row === undefined) throw notFound('delivery', id);
  const attempts = attemptsOf(database, id).filter(({ outcome_json }) => outcome_json !== null);
  const message = findMessage(database, database, row.message_id);
  const hash = row.body_hash ?? message?.body_hash ?? attempts[0]?.request_body_hash ?? null;
  if (hash === null) return { why: 'nothing of it was sent' };
  const listed = deps.endpoints.findListed(row.test_of ?? row.endpoint_id);
  const endpoint = withItsSigning(deps, listed ?? deps.endpoints.find(row.endpoint_id) ?? null);
  const given = row.head_hash === null ? null : unpackHead(readBody(database, row.head_hash));
  // What a URL got is kept as it was sent, since the fields that made it stand nowhere else.
  const [first] = attempts;
  const sent = listed !== undefined || first === undefined ? null : headOfAttempt(first);
  const body = readBody(database, hash);
  return {
    id,
    kind: 'delivery',
    atMs: row.created_at_ms,
    eventType: row.event_type,
    body,
    endpoint,
    isListed: listed !== undefined,
    head: given ?? sent,
    isSignedBySender: given !== null && !given.isSigned,
    signedBy: signingOfDelivery(deps, endpoint, message?.source_capture_id ?? null),
    binSecrets: [],
    delivered: row.status === 'delivered',
    answer: answerOf(database, attempts.at(-1), attempts.length),
  };
}

type Attempt = ReturnType<typeof attemptsOf>[number];

function headOfAttempt(attempt: Attempt): Source['head'] {
  return { method: attempt.method, headers: JSON.parse(attempt.request_headers_json) as HeaderField[] };
}

function answerOf(database: Database, last: Attempt | undefined, attempts: number): SeenAnswer | null {
  if (last === undefined || last.outcome_json === null) return null;
  const headers = JSON.parse(last.response_headers_json ?? '[]') as HeaderField[];
  const isPacked = hasHeader(headers, 'content-encoding') || last.is_response_truncated === 1;
  return {
    outcome: unpackOutcome(last.outcome_json),
    durationMs: last.duration_ms,
    attempts,
    body: last.response_body_hash === null || isPacked ? null : readBody(database, last.response_body_hash),
  };
}

/** The scheme and secrets that requests to an endpoint are signed with, which may be those of its authentication. */
function withItsSigning({ authenticator }: Pick<SourceDeps, 'authenticator'>, config: EndpointConfig | null): Source['endpoint'] {
  if (config === null) return null;
  const { signing, secrets } = authenticator.asFarAsKnown(resolvedAsFarAsKnown(config, noVariables));
  return { id: config.id, name: config.name, url: config.url, signing, secrets };
}

function signingOfDelivery(deps: SourceDeps, endpoint: Source['endpoint'], captureId: string | null): SourceSigning | null {
  if (endpoint?.signing != null) {
    const { id, signing, secrets } = endpoint;
    return { signing, owner: ownerOf(signing, secrets[0]?.secret ?? id), reference: undefined };
  }
  const capture = captureId === null ? undefined : findCapture(deps.database, captureId);
  return capture === undefined ? null : signingOfBin(deps, capture.bin_id);
}

function signingOfBin({ bins, referenceOf }: SourceDeps, binId: string): SourceSigning | null {
  const bin = bins.find(binId);
  if (bin?.signing == null) return null;
  return { signing: bin.signing, owner: ownerOf(bin.signing, bin.secrets[0] ?? bin.id), reference: referenceOf(bin.slug) };
}

function binSecrets({ bins }: SourceDeps, binId: string): readonly string[] {
  const bin = bins.find(binId);
  return bin === undefined ? [] : [...bin.secrets, ...(bin.verifyToken === null ? [] : [bin.verifyToken])];
}

function ownerOf(signing: Signing, secret: string): string {
  return JSON.stringify([signing, secret]);
}

/** A capture as the source of a step, or why it cannot be one. Throws a Refusal where there is none. */
export function captureSource(deps: SourceDeps, id: string): Source | { readonly why: string } {
  const capture = findCapture(deps.database, id);
  if (capture === undefined) throw notFound('capture', id);
  if (capture.is_body_truncated === 1) return { why: 'only a part of its body was received' };
  const headers = JSON.parse(capture.headers_json) as HeaderField[];
  const { path, query } = pathBehindBin(capture.target, arrivedBy(capture.arrival_json));
  const { bytes } = capture;
  const looksLike = () => {
    const signing = recogniseSigning({ headers, body: bytes })?.signing ?? null;
    return signing === null ? null : { signing, owner: ownerOf(signing, capture.bin_id), reference: undefined };
  };
  return {
    id,
    kind: 'capture',
    atMs: capture.received_at_ms,
    eventType: eventTypeIn(headers, bytes),
    body: bytes,
    endpoint: null,
    isListed: false,
    head: { method: capture.method, headers, target: query === '' ? path : `${path}?${query}` },
    isSignedBySender: true,
    signedBy: signingOfBin(deps, capture.bin_id) ?? looksLike(),
    binSecrets: binSecrets(deps, capture.bin_id),
    delivered: true,
    answer: null,
  };
}
