import { authHeaderOf } from '#shared/contract/auths.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { RelaySkipReason } from '#shared/contract/relay-verdicts.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import { hasOutputs } from '#shared/contract/template-outputs.ts';
import { maxAttemptsOf } from '#shared/contract/retry.ts';
import type { AuthBook } from '../auth/book.ts';
import type { Background } from '../background/background.ts';
import type { GivenHead } from '../base/given-head.ts';
import type { Ids } from '../base/ports.ts';
import { pathBehindBin } from '../capture/request-target.ts';
import { arrivedBy } from '../capture/stored-arrival.ts';
import type { OwedCapture, RelayedCapture } from '../capture/outbox.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import type { Forward } from '../log/forwards.ts';
import type { PolicyBook } from '../policies/book.ts';
import { readBody } from '../store/bodies.ts';
import type { Database } from '../store/database.ts';
import { eventTypeIn } from '../capture/matching/capture-facts.ts';
import { matchesAtOnce, matchesOf, type MatchedBody, type RequestFacts } from '../capture/matching/match-all.ts';
import type { RelayConfig, TargetConfig } from './config.ts';
import { forwardedHead, type CapturedRequest } from './forwarded-request.ts';
import { messageIdOf } from './message-id.ts';
import { isLoop, relaysIn } from './relay-mark.ts';

/** What planning a head and its delivery goes by. */
export interface HeadDeps {
  readonly ids: Ids;
  readonly endpoints: Pick<EndpointBook, 'find'>;
  readonly auths: Pick<AuthBook, 'find'>;
  readonly policies: Pick<PolicyBook, 'resolve'>;
  readonly environments: Pick<EnvironmentBook, 'activeId'>;
}

export interface PlanDeps extends HeadDeps {
  readonly database: Database;
  readonly background: Pick<Background, 'run'>;
}

/** More headers than this, or of more text, cannot be sent. To find that out by the contract would take long. */
const longestHeaders = 1_000_000;
const mostHeaders = 1000;

/** The head of a capture as it is read once, whichever relay looks at it. */
export interface OwedHead {
  readonly headers: readonly HeaderField[];
  /** The relays that it went through before. */
  readonly through: readonly string[];
}

/** Reads the head of a capture, or says why no relay can forward it. */
export function headOf(capture: OwedCapture): OwedHead | RelaySkipReason {
  return capture.isRemoved === 1 ? 'removed' : headOfNew(capture);
}

/** The same of one that is being stored. */
function headOfNew(capture: RelayedCapture): OwedHead | RelaySkipReason {
  if (capture.isBodyTruncated === 1) return 'incomplete';
  if (capture.headersJson.length > longestHeaders) return 'unsendable';
  const headers = JSON.parse(capture.headersJson) as HeaderField[];
  return headers.length > mostHeaders ? 'unsendable' : { headers, through: relaysIn(headers) };
}

/** A capture as filters see it, without its body, and as it goes on. */
export function asRequest(
  capture: RelayedCapture,
  { headers, through }: OwedHead,
): { readonly facts: RequestFacts; readonly request: CapturedRequest } {
  const { method, verdict } = capture;
  const behindBin = pathBehindBin(capture.target, arrivedBy(capture.arrivalJson));
  return {
    facts: { method, ...behindBin, headers, eventType: eventTypeIn(headers, capture.body), verdict },
    request: { method, behindBin, headers, trailerNames: trailerNamesOf(capture), through },
  };
}

/** The body of a capture as filters see it. */
export function bodyFor(database: Database, { body, bodyBytes, bodyHash }: OwedCapture): MatchedBody {
  return { body, bytes: bodyBytes, read: () => readBody(database, bodyHash) };
}

/** The filter of a relay, and then those of its targets. */
export function filtersOf({ match, targets }: Pick<RelayConfig, 'match' | 'targets'>): readonly (RequestMatch | null)[] {
  return [match, ...targets.map((target) => target.match)];
}

/** One capture on its way to one target, before it is written. */
export interface PlannedForward extends Omit<Forward, 'head' | 'attemptId'> {
  readonly head: GivenHead;
}

/** Where a capture goes on to. */
export interface PlannedCapture {
  readonly captureId: string;
  readonly forwards: readonly PlannedForward[];
  /** Why it does not go on, or only in part; empty when it goes everywhere. */
  readonly skips: readonly string[];
}

type PlannedRelay = Pick<RelayConfig, 'id' | 'match' | 'targets'>;

/** Works out where a capture goes on to and with which head, or why not. */
export async function planCapture(deps: PlanDeps, relay: PlannedRelay, capture: OwedCapture): Promise<PlannedCapture> {
  const head = headOf(capture);
  if (typeof head === 'string') return skipped(capture, head);
  if (isLoop(relay.id, head.through)) return skipped(capture, 'loop');
  const seen = asRequest(capture, head);
  const passed = await matchesOf(deps.background, filtersOf(relay), seen.facts, bodyFor(deps.database, capture));
  return passed === null ? skipped(capture, 'unread') : planPassed(deps, relay, { capture, ...seen }, passed);
}

/** The same for a capture that is not stored yet; null where its filters go over more characters than these, or there is another reason to wait. */
export function planAtOnce(deps: HeadDeps, relay: PlannedRelay, capture: RelayedCapture, mostCharacters: number): PlannedCapture | null {
  const head = headOfNew(capture);
  if (typeof head === 'string') return skipped(capture, head);
  if (isLoop(relay.id, head.through)) return skipped(capture, 'loop');
  const seen = asRequest(capture, head);
  const passed = matchesAtOnce(filtersOf(relay), seen.facts, { body: capture.body, bytes: capture.bodyBytes }, mostCharacters);
  return passed === null ? null : planPassed(deps, relay, { capture, ...seen }, passed);
}

function skipped({ id }: RelayedCapture, reason: RelaySkipReason): PlannedCapture {
  return { captureId: id, forwards: [], skips: [reason] };
}

/** A capture that is being planned, as filters and targets see it. */
interface Seen {
  readonly capture: RelayedCapture;
  readonly facts: RequestFacts;
  readonly request: CapturedRequest;
}

/** `passed` tells of the filter of the relay, and then of those of its targets. */
function planPassed(
  deps: HeadDeps,
  { id, targets }: PlannedRelay,
  seen: Seen,
  [isPassed, ...passedByTarget]: readonly boolean[],
): PlannedCapture {
  const chosen = isPassed === true ? targets.filter((_, index) => passedByTarget[index]) : [];
  if (chosen.length === 0) return skipped(seen.capture, 'unmatched');
  const planned = chosen.map((target) => planForward(deps, id, target, seen));
  return {
    captureId: seen.capture.id,
    forwards: planned.filter((forward) => typeof forward !== 'string'),
    skips: [...new Set(planned.filter((forward) => typeof forward === 'string'))],
  };
}

/** The head of a capture on its way to one target, or why it cannot go there. */
export function headFor(
  { endpoints, auths }: Pick<PlanDeps, 'endpoints' | 'auths'>,
  relayId: string,
  target: TargetConfig,
  request: CapturedRequest,
): { readonly endpoint: EndpointConfig; readonly head: GivenHead } | RelaySkipReason {
  const endpoint = endpoints.find(target.endpointId);
  if (endpoint === undefined || endpoint.isDeleted) return 'endpoint_deleted';
  const auth = endpoint.authId === null ? undefined : auths.find(endpoint.authId);
  const made = forwardedHead(request, target, {
    relayId,
    url: hasOutputs(endpoint.url) ? null : endpoint.url,
    authHeaders: (auth?.parts ?? []).flatMap((part) => authHeaderOf(part) ?? []),
  });
  return 'problem' in made ? made.problem : { endpoint, head: made.head };
}

function planForward(
  deps: HeadDeps,
  relayId: string,
  target: TargetConfig,
  { capture, request, facts: { eventType } }: Seen,
): PlannedForward | RelaySkipReason {
  const { ids, environments, policies } = deps;
  const made = headFor(deps, relayId, target, request);
  if (typeof made === 'string') return made;
  const { endpoint, head } = made;
  const messageId = messageIdOf(relayId, target.endpointId, capture.id);
  return {
    messageId,
    eventType,
    head,
    endpointId: endpoint.id,
    deliveryId: ids.next('dlv'),
    maxAttempts: maxAttemptsOf(policies.resolve(endpoint.retryPolicy)),
    environmentId: environments.activeId(),
  };
}

function trailerNamesOf({ trailersJson }: RelayedCapture): readonly string[] {
  return trailersJson === '[]' ? [] : (JSON.parse(trailersJson) as HeaderField[]).map(([name]) => name);
}
