import type { HeaderField } from '#shared/contract/common.ts';
import type { RelaySkipReason } from '#shared/contract/relays.ts';
import { hasOutputs } from '#shared/contract/template-outputs.ts';
import { maxAttemptsOf } from '#shared/contract/retry.ts';
import type { Background } from '../background/background.ts';
import { packHead } from '../base/given-head.ts';
import type { Ids } from '../base/ports.ts';
import { pathBehindBin } from '../capture/request-target.ts';
import type { OwedCapture } from '../capture/outbox.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { newDelivery } from '../log/deliveries.ts';
import type { Forward, ForwardedCapture } from '../log/forwards.ts';
import type { PolicyBook } from '../policies/book.ts';
import { readBody } from '../store/bodies.ts';
import type { Database } from '../store/database.ts';
import { eventTypeIn } from '../capture/matching/capture-facts.ts';
import { matchesOf } from '../capture/matching/match-all.ts';
import type { RelayConfig, TargetConfig } from './config.ts';
import { forwardedHead, type CapturedRequest } from './forwarded-request.ts';
import { messageIdOf } from './message-id.ts';
import { isLoop, relaysIn } from './relay-mark.ts';

export interface PlanDeps {
  readonly database: Database;
  readonly ids: Ids;
  readonly background: Pick<Background, 'run'>;
  readonly endpoints: Pick<EndpointBook, 'find'>;
  readonly policies: Pick<PolicyBook, 'resolve'>;
  readonly environments: Pick<EnvironmentBook, 'activeId'>;
}

/** More headers than this, or of more text, cannot be sent. To find that out by the contract would take long. */
const longestHeaders = 1_000_000;
const mostHeaders = 1000;

/** Works out where a capture goes on to and with which head, or why not. */
export async function planCapture(
  deps: PlanDeps,
  relay: Pick<RelayConfig, 'id' | 'match' | 'targets'>,
  capture: OwedCapture,
  nowMs: number,
): Promise<ForwardedCapture> {
  const skipped = (reason: RelaySkipReason): ForwardedCapture => ({ captureSeq: capture.seq, forwards: [], skips: [reason] });
  if (capture.isRemoved === 1) return skipped('removed');
  if (capture.isBodyTruncated === 1) return skipped('incomplete');
  if (capture.headersJson.length > longestHeaders) return skipped('unsendable');
  const headers = JSON.parse(capture.headersJson) as HeaderField[];
  if (headers.length > mostHeaders) return skipped('unsendable');
  const through = relaysIn(headers);
  if (isLoop(relay.id, through)) return skipped('loop');

  const { method, verdict } = capture;
  const behindBin = pathBehindBin(capture.target);
  const eventType = eventTypeIn(headers, capture.body);
  const facts = { method, ...behindBin, headers, eventType, verdict };
  const read = () => readBody(deps.database, capture.bodyHash);
  const filters = [relay.match, ...relay.targets.map(({ match }) => match)];
  const passed = await matchesOf(deps.background, filters, facts, { body: capture.body, bytes: capture.bodyBytes, read });
  if (passed === null) return skipped('unread');
  const [isPassed, ...passedByTarget] = passed;
  const targets = isPassed === true ? relay.targets.filter((_, index) => passedByTarget[index]) : [];
  if (targets.length === 0) return skipped('unmatched');
  const request: CapturedRequest = { method, behindBin, headers, trailerNames: trailerNamesOf(capture), through };
  const planned = targets.map((target) => planForward(deps, relay.id, target, { capture, request, eventType, nowMs }));
  return {
    captureSeq: capture.seq,
    forwards: planned.filter((forward) => typeof forward !== 'string'),
    skips: [...new Set(planned.filter((forward) => typeof forward === 'string'))],
  };
}

function planForward(
  { ids, endpoints, environments, policies }: PlanDeps,
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
  const endpoint = endpoints.find(target.endpointId);
  if (endpoint === undefined || endpoint.isDeleted) return 'endpoint_deleted';
  const made = forwardedHead(request, target, { relayId, url: hasOutputs(endpoint.url) ? null : endpoint.url });
  if ('problem' in made) return made.problem;
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
