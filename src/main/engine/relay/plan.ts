import { authHeaderOf } from '#shared/contract/auths.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { RelaySkipReason } from '#shared/contract/relay-verdicts.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import { hasOutputs } from '#shared/contract/template-outputs.ts';
import { maxAttemptsOf } from '#shared/contract/retry.ts';
import type { AuthBook } from '../auth/book.ts';
import type { Background } from '../background/background.ts';
import { packHead, type GivenHead } from '../base/given-head.ts';
import type { Ids } from '../base/ports.ts';
import { pathBehindBin } from '../capture/request-target.ts';
import { arrivedBy } from '../capture/stored-arrival.ts';
import type { OwedCapture } from '../capture/outbox.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { newDelivery } from '../log/deliveries.ts';
import type { Forward, ForwardedCapture } from '../log/forwards.ts';
import type { PolicyBook } from '../policies/book.ts';
import { readBody } from '../store/bodies.ts';
import type { Database } from '../store/database.ts';
import { eventTypeIn } from '../capture/matching/capture-facts.ts';
import { matchesOf, type MatchedBody, type RequestFacts } from '../capture/matching/match-all.ts';
import type { RelayConfig, TargetConfig } from './config.ts';
import { forwardedHead, type CapturedRequest } from './forwarded-request.ts';
import { messageIdOf } from './message-id.ts';
import { isLoop, relaysIn } from './relay-mark.ts';

export interface PlanDeps {
  readonly database: Database;
  readonly ids: Ids;
  readonly background: Pick<Background, 'run'>;
  readonly endpoints: Pick<EndpointBook, 'find'>;
  readonly auths: Pick<AuthBook, 'find'>;
  readonly policies: Pick<PolicyBook, 'resolve'>;
  readonly environments: Pick<EnvironmentBook, 'activeId'>;
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
  if (capture.isRemoved === 1) return 'removed';
  if (capture.isBodyTruncated === 1) return 'incomplete';
  if (capture.headersJson.length > longestHeaders) return 'unsendable';
  const headers = JSON.parse(capture.headersJson) as HeaderField[];
  return headers.length > mostHeaders ? 'unsendable' : { headers, through: relaysIn(headers) };
}

/** A capture as filters see it, with its body, and as it goes on. */
export function asRequest(
  database: Database,
  capture: OwedCapture,
  { headers, through }: OwedHead,
): { readonly facts: RequestFacts; readonly body: MatchedBody; readonly request: CapturedRequest } {
  const { method, verdict, bodyHash } = capture;
  const behindBin = pathBehindBin(capture.target, arrivedBy(capture.arrivalJson));
  return {
    facts: { method, ...behindBin, headers, eventType: eventTypeIn(headers, capture.body), verdict },
    body: { body: capture.body, bytes: capture.bodyBytes, read: () => readBody(database, bodyHash) },
    request: { method, behindBin, headers, trailerNames: trailerNamesOf(capture), through },
  };
}

/** The filter of a relay, and then those of its targets. */
export function filtersOf({ match, targets }: Pick<RelayConfig, 'match' | 'targets'>): readonly (RequestMatch | null)[] {
  return [match, ...targets.map((target) => target.match)];
}

/** Works out where a capture goes on to and with which head, or why not. */
export async function planCapture(
  deps: PlanDeps,
  relay: Pick<RelayConfig, 'id' | 'match' | 'targets'>,
  capture: OwedCapture,
  nowMs: number,
): Promise<ForwardedCapture> {
  const skipped = (reason: RelaySkipReason): ForwardedCapture => ({ captureSeq: capture.seq, forwards: [], skips: [reason] });
  const head = headOf(capture);
  if (typeof head === 'string') return skipped(head);
  if (isLoop(relay.id, head.through)) return skipped('loop');
  const { facts, body, request } = asRequest(deps.database, capture, head);
  const passed = await matchesOf(deps.background, filtersOf(relay), facts, body);
  if (passed === null) return skipped('unread');
  const [isPassed, ...passedByTarget] = passed;
  const targets = isPassed === true ? relay.targets.filter((_, index) => passedByTarget[index]) : [];
  if (targets.length === 0) return skipped('unmatched');
  const { eventType } = facts;
  const planned = targets.map((target) => planForward(deps, relay.id, target, { capture, request, eventType, nowMs }));
  return {
    captureSeq: capture.seq,
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
  deps: PlanDeps,
  relayId: string,
  target: TargetConfig,
  {
    capture,
    request,
    eventType,
    nowMs,
  }: {
    readonly capture: OwedCapture;
    readonly request: CapturedRequest;
    readonly eventType: string;
    readonly nowMs: number;
  },
): Forward | RelaySkipReason {
  const { ids, environments, policies } = deps;
  const made = headFor(deps, relayId, target, request);
  if (typeof made === 'string') return made;
  const { endpoint } = made;
  const messageId = messageIdOf(relayId, target.endpointId, capture.id);
  return {
    messageId,
    captureId: capture.id,
    eventType,
    head: packHead(made.head),
    targetId: target.endpointId,
    delivery: newDelivery({
      id: ids.next('dlv'),
      messageId,
      endpointId: endpoint.id,
      eventType,
      problem: null,
      environmentId: environments.activeId(),
      maxAttempts: maxAttemptsOf(policies.resolve(endpoint.retryPolicy)),
      nowMs,
      isTest: false,
    }),
  };
}

function trailerNamesOf({ trailersJson }: OwedCapture): readonly string[] {
  return trailersJson === '[]' ? [] : (JSON.parse(trailersJson) as HeaderField[]).map(([name]) => name);
}
