import type { Relay } from '#shared/contract/relays.ts';
import type { RelaySkipReason } from '#shared/contract/relay-verdicts.ts';
import type { RelayTarget } from '#shared/contract/relay-targets.ts';
import type { AuthBook } from '../auth/book.ts';
import type { Background } from '../background/background.ts';
import type { Clock } from '../base/ports.ts';
import type { Procedures } from '../base/procedures.ts';
import { invalid, notFound, unknownId } from '../base/refusal.ts';
import { assertUnchanged } from '../base/unchanged.ts';
import type { BinBook } from '../capture/bin-book.ts';
import { countOwed, relayCountsOf, type RelayCount } from '../capture/outbox.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { StateBook } from '../health/book.ts';
import { conditionOf } from '../health/condition.ts';
import { activityOf } from '../log/endpoint-activity.ts';
import { differencesSearch, type DifferencesPage } from '../relay/differences.ts';
import type { RelayBook } from '../relay/book.ts';
import type { RelayConfig, TargetConfig } from '../relay/config.ts';
import type { Relays } from '../relay/relays.ts';
import { answerView, shadowView } from '../relay/roles.ts';
import type { RelayRunner } from '../relay/runner.ts';
import { listRelays } from '../relay/store.ts';
import { relayVerdictsOf } from '../relay/verdicts.ts';
import type { SettingsBook } from '../settings/settings.ts';
import type { Database } from '../store/database.ts';
import { seqPages } from '../store/page.ts';
import type { Searcher } from '../store/searcher.ts';
import { inTime } from './comparing.ts';
import { toEndpoint } from './endpoint-view.ts';

const pages = seqPages('relays');
const differencePages = seqPages('differences');

/** More waiting captures than this are not counted. */
const countedQueue = 1_000_000;

export interface RelayHandlerDeps {
  readonly database: Database;
  readonly searcher: Pick<Searcher, 'look'>;
  readonly background: Pick<Background, 'run'>;
  readonly clock: Clock;
  readonly settings: Pick<SettingsBook, 'get'>;
  readonly endpoints: Pick<EndpointBook, 'find'>;
  readonly auths: Pick<AuthBook, 'find'>;
  readonly states: Pick<StateBook, 'of'>;
  readonly dispatcher: Pick<Dispatcher, 'rateLimitedUntilMs'>;
  readonly bins: Pick<BinBook, 'find' | 'named'>;
  readonly relays: RelayBook;
  readonly relayRunner: Pick<RelayRunner, 'problemOf'>;
  readonly relayRules: Relays;
}

/** Relays: rules that forward what bins capture. */
export function createRelayHandlers(os: Procedures, deps: RelayHandlerDeps) {
  const { database, relays: book, relayRules } = deps;
  const view = (relay: RelayConfig) => toRelay(deps, relay);
  return {
    list: os.relays.list.handler(({ input: { binId, cursor, limit } }) => {
      if (binId !== undefined && deps.bins.find(binId) === undefined) throw unknownId('bin', binId, deps.bins.named());
      const rows = listRelays(database, { binId, beforeSeq: pages.before(cursor), limit: limit + 1 });
      // Each counts what waits for it, and may be deleted meanwhile.
      return pages.pageInTurns(rows, limit, ({ id }) => {
        const relay = book.find(id);
        return relay === undefined ? undefined : view(relay);
      });
    }),
    get: os.relays.get.handler(({ input }) => view(book.get(input.id))),
    ofCapture: os.relays.ofCapture.handler(({ input }) => relayVerdictsOf(deps, input.id)),
    create: os.relays.create.handler(async ({ input, context }) => {
      const { relay, warnings } = await relayRules.create(input, context.actor);
      return { ...view(relay), warnings: [...warnings] };
    }),
    update: os.relays.update.handler(async ({ input: { id, ifUpdatedAtMs, ...patch } }) => {
      const assert = (before: RelayConfig) => assertUnchanged(before.name, view(before), ifUpdatedAtMs, patch);
      const { relay, warnings } = await relayRules.update(id, patch, assert);
      return { ...view(relay), warnings: [...warnings] };
    }),
    differences: os.relays.differences.handler(async ({ input: { id, cursor, limit } }) => {
      const beforeSeq = differencePages.before(cursor);
      const { shadow } = book.get(id);
      if (shadow === null)
        throw invalid('id', 'This relay has no shadow to compare with: name one of its targets as the shadow of another.');
      const found = await inTime(deps.searcher.look(differencesSearch, { relayId: id, shadow, beforeSeq, limit }));
      const { items, compared, waiting, nextBeforeSeq } = found;
      const next = nextBeforeSeq === null ? null : differencePages.cursorBehind(nextBeforeSeq);
      return { items: [...items], next, compared, waiting, message: differencesText(found) };
    }),
    dropQueued: os.relays.dropQueued.handler(async ({ input }) => ({ id: input.id, dropped: await relayRules.dropQueued(input.id) })),
    remove: os.relays.remove.handler(async ({ input }) => ({ id: input.id, ...(await relayRules.remove(input.id)) })),
  };
}

/** What a page of differences shows, in a sentence. */
function differencesText({ items, compared, waiting }: DifferencesPage): string {
  const wait = waiting === 0 ? '' : ` ${waiting} more ${waiting === 1 ? 'waits' : 'wait'} for an answer, or went to one of both only.`;
  if (compared === 0) return `No capture was answered by both targets yet.${wait}`;
  return `${items.length} of ${compared} compared ${compared === 1 ? 'capture' : 'captures'} ${items.length === 1 ? 'differs' : 'differ'}.${wait}`;
}

function toRelay(deps: RelayHandlerDeps, relay: RelayConfig): Relay {
  const { id, name, binId, match, isActive, creator, createdAtMs, updatedAtMs } = relay;
  const counts = relayCountsOf(deps.database, id);
  const ofRelay = counts.filter(({ targetId }) => targetId === '');
  return {
    id,
    name,
    binId,
    match,
    targets: relay.targets.map((target) => toTarget(deps, target, counts)),
    answer: answerView(relay),
    shadow: shadowView(relay),
    isActive,
    queued: countOwed(deps.database, id, countedQueue),
    forwarded: ofRelay.find(({ outcome }) => outcome === 'forwarded')?.count ?? 0,
    skipped: ofRelay
      .filter(({ outcome }) => outcome !== 'forwarded')
      .map(({ outcome, count }) => ({ reason: outcome as RelaySkipReason, count })),
    problem: deps.relayRunner.problemOf(id),
    creator,
    createdAtMs,
    updatedAtMs,
  };
}

function toTarget(deps: RelayHandlerDeps, target: TargetConfig, counts: readonly RelayCount[]): RelayTarget {
  const { endpointId, isOwn, name, match, path, query, headers, as, withAuth } = target;
  const config = deps.endpoints.find(endpointId);
  if (config === undefined) throw notFound('endpoint', endpointId);
  const nowMs = deps.clock.now();
  const activity = activityOf(deps.database, endpointId);
  const condition = conditionOf(config, deps.states.of(endpointId), {
    nowMs,
    timeScale: deps.settings.get().timeScale,
    newestAttempts: activity.newestAttempts,
    hasLastAttemptAhead: false,
    rateLimitedUntilMs: deps.dispatcher.rateLimitedUntilMs(endpointId),
  });
  const endpoint = toEndpoint(config, activity, condition, nowMs);
  return {
    id: endpointId,
    name: isOwn || name !== '' ? name : endpoint.name,
    endpointId: isOwn ? null : endpointId,
    url: endpoint.url,
    match,
    path,
    query,
    headers,
    as,
    withAuth,
    signing: endpoint.signing,
    secretFingerprints: endpoint.secretFingerprints,
    retryPolicy: endpoint.retryPolicy,
    rateLimit: endpoint.rateLimit,
    maxConcurrency: endpoint.maxConcurrency,
    isOrdered: endpoint.isOrdered,
    timeoutMs: endpoint.timeoutMs,
    verifyTls: endpoint.verifyTls,
    successRule: endpoint.successRule,
    health: endpoint.health,
    healthMessage: endpoint.healthMessage,
    forwarded: counts.find(({ targetId, outcome }) => targetId === endpointId && outcome === 'forwarded')?.count ?? 0,
    pendingDeliveries: endpoint.pendingDeliveries,
    lastDelivery: endpoint.lastDelivery,
    recentAttempts: endpoint.recentAttempts,
  };
}
