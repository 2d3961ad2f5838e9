import type { HeaderField } from '#shared/contract/common.ts';
import type { RequestChoice } from '#shared/contract/request-choice.ts';
import type { Signing } from '#shared/contract/signing.ts';
import { signingOf } from '../capture/bin-row.ts';
import { arrivalOf } from '../capture/stored-arrival.ts';
import { findCapture } from '../capture/list.ts';
import { findBin } from '../capture/bin-store.ts';
import { findAttempt, findDelivery } from '../log/deliveries.ts';
import { unmaskTokens } from '../endpoints/config.ts';
import type { AuthenticatedTarget } from '../request/authenticator.ts';
import type { SignatureRecord } from '../request/signature-record.ts';
import { unmaskedUrl, type UrlSecret } from '../request/url-secrets.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import type { Variables } from '../templates/variables.ts';
import { readBody } from '../store/bodies.ts';

import { bytesOf } from '../base/given-bytes.ts';
import { invalid, notFound } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';

/** A request to verify, from any source. */
export interface SourcedRequest {
  readonly method: string | null;
  readonly url: string | null;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
  /** When a capture arrived or an attempt was made, which is the clock for its verdict; null for a given request. */
  readonly atMs: number | null;
  /** Whether the body is incomplete, so that a signature over it cannot be judged. */
  readonly isCut: boolean;
  /** Why the exact body of a given request is not known, as a clause that follows `The body`; null where it is. */
  readonly bodyGap: string | null;
  /** The bin or endpoint of the request, if that signs or verifies; otherwise null. */
  readonly owner: RequestOwner | null;
  /** Secrets in the URL of an attempt, which it was sent with and nobody may be shown. */
  readonly hidden: readonly UrlSecret[];
}

/** The owner whose scheme and secrets are used for a request of the workspace by default. */
export interface RequestOwner {
  readonly id: string;
  /** A sentence that says why its scheme is used. */
  readonly because: string;
  readonly signing: Signing;
}

/** Endpoints with the scheme and secrets that sign for them. */
interface SigningEndpoints {
  readonly find: (id: string, variables: Variables) => AuthenticatedTarget | undefined;
}

/** Reads the request that a call chooses. Throws a Refusal: INPUT_INVALID unless it chooses one, NOT_FOUND for an unknown id. */
export type RequestSource = (choice: RequestChoice) => SourcedRequest;

/** Reads given requests, captures and attempts of a workspace, byte for byte. */
export function createRequestSource(
  database: Database,
  endpoints: SigningEndpoints,
  environments: Pick<EnvironmentBook, 'variablesOf'>,
): RequestSource {
  return (choice) => {
    const chosen = chosenIn(choice);
    switch (chosen.kind) {
      case 'request':
        return givenRequest(chosen.request);
      case 'capture':
        return capturedRequest(database, chosen.id);
      case 'attempt':
        return attemptedRequest(database, endpoints, environments, chosen.id);
    }
  };
}

/** Reads given requests only; there is no workspace that could hold others. */
export const offlineRequestSource: RequestSource = (choice) => {
  const chosen = chosenIn(choice);
  if (chosen.kind === 'request') return givenRequest(chosen.request);
  throw notFound(chosen.kind, chosen.id);
};

type Chosen =
  | { readonly kind: 'request'; readonly request: NonNullable<RequestChoice['request']> }
  | { readonly kind: 'capture' | 'attempt'; readonly id: string };

function chosenIn({ request, captureId, attemptId }: RequestChoice): Chosen {
  const chosen: Chosen[] = [
    ...(request === undefined ? [] : [{ kind: 'request' as const, request }]),
    ...(captureId === undefined ? [] : [{ kind: 'capture' as const, id: captureId }]),
    ...(attemptId === undefined ? [] : [{ kind: 'attempt' as const, id: attemptId }]),
  ];
  const [first] = chosen;
  if (first === undefined || chosen.length > 1) throw invalid('request', 'Give one of request, captureId and attemptId, and only one.');
  return first;
}

function givenRequest({ method, url, headers, bodyBase64, bodyGap }: NonNullable<RequestChoice['request']>): SourcedRequest {
  const body = bytesOf(bodyBase64);
  return {
    method: method ?? null,
    url: url ?? null,
    headers,
    body,
    atMs: null,
    isCut: false,
    bodyGap: bodyGap ?? null,
    owner: null,
    hidden: [],
  };
}

function capturedRequest(database: Database, id: string): SourcedRequest {
  const row = findCapture(database, id);
  if (row === undefined) throw notFound('capture', id);
  const headers = JSON.parse(row.headers_json) as HeaderField[];
  const bin = findBin(database, row.bin_id);
  const signing = bin === undefined ? null : signingOf(bin);
  return {
    method: row.method,
    url: arrivalOf(row).url,
    headers,
    body: row.bytes,
    atMs: row.received_at_ms,
    isCut: row.is_body_truncated === 1,
    bodyGap: null,
    owner: bin === undefined || signing === null ? null : { id: bin.id, because: `The bin ${bin.slug} verifies by it.`, signing },
    hidden: [],
  };
}

function attemptedRequest(
  database: Database,
  endpoints: SigningEndpoints,
  environments: Pick<EnvironmentBook, 'variablesOf'>,
  id: string,
): SourcedRequest {
  const row = findAttempt(database, id);
  if (row === undefined) throw notFound('attempt', id);
  const variables = environments.variablesOf(findDelivery(database, row.delivery_id)?.environment_id ?? null);
  const endpoint = endpoints.find(row.endpoint_id, variables);
  const url = unmaskedUrl(row.url, endpoint);
  const kept = JSON.parse(row.request_headers_json) as HeaderField[];
  return {
    method: row.method,
    url,
    // A token that is the secret is stored masked, but is needed here.
    headers: endpoint === undefined ? kept : unmaskTokens(kept, endpoint),
    body: row.request_body_hash === null ? new Uint8Array() : readBody(database, row.request_body_hash),
    atMs: row.started_at_ms,
    isCut: false,
    bodyGap: null,
    // The endpoint may use another scheme by now.
    owner:
      endpoint === undefined || endpoint.signing === null || schemeIn(row.signature_json) !== endpoint.signing.scheme
        ? null
        : { id: endpoint.id, because: `The endpoint ${endpoint.name} signs by it.`, signing: endpoint.signing },
    hidden: endpoint?.urlSecrets ?? [],
  };
}

function schemeIn(signatureJson: string | null): string | null {
  if (signatureJson === null) return null;
  const record = JSON.parse(signatureJson) as SignatureRecord | { readonly scheme: string };
  return 'scheme' in record ? record.scheme : record[0];
}
