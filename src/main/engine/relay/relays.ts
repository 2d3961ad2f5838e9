import type { Warning } from '#shared/contract/common.ts';
import type { RelayAnswer, RelayShadow } from '#shared/contract/relays.ts';
import type { RelayTargetInput } from '#shared/contract/relay-targets.ts';
import { hasOutputs } from '#shared/contract/template-outputs.ts';
import type { RequestMatch } from '#shared/contract/request-match.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock, Vault } from '../base/ports.ts';
import { conflict, notFound } from '../base/refusal.ts';
import { changedAtMs } from '../base/unchanged.ts';
import type { BinBook } from '../capture/bin-book.ts';
import { dropOwed, forgetRelayCounts } from '../capture/outbox.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import type { EndpointConfig } from '../endpoints/config.ts';
import { toRow } from '../endpoints/row.ts';
import { deleteEndpoint, insertEndpoint, updateEndpoint } from '../endpoints/store.ts';
import type { StateBook } from '../health/book.ts';
import { deleteState } from '../health/store.ts';
import { cancelWaiting } from '../log/waiting.ts';
import type { Authenticator } from '../request/authenticator.ts';
import { resolveTarget } from '../request/resolve-target.ts';
import { targetWarnings } from '../request/target-warnings.ts';
import type { Database, Writer } from '../store/database.ts';
import { createInTurn } from '../store/in-turn.ts';
import { noVariables } from '../templates/variables.ts';
import { sealJson } from '../store/sealed.ts';
import type { RelayBook } from './book.ts';
import type { RelayConfig, TargetConfig } from './config.ts';
import { loopOf, slugsAt, type RelayEdges } from './loops.ts';
import { answerConfig, assertRoles, shadowConfig } from './roles.ts';
import type { RelayRunner } from './runner.ts';
import { deleteRelay, insertRelay, updateRelay } from './store.ts';
import { readyTargets, type ReadyTarget, type TargetDeps } from './targets.ts';

export interface RelaysDeps extends TargetDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly endpoints: EndpointBook;
  readonly states: Pick<StateBook, 'forget'>;
  readonly authenticator: Pick<Authenticator, 'of'>;
  readonly bins: Pick<BinBook, 'find' | 'at'>;
  readonly listenerUrls: () => readonly (string | null)[];
  readonly relays: RelayBook;
  readonly relayRunner: RelayRunner;
  /** Wakes the dispatcher: what is sent to these endpoints may go otherwise now. */
  readonly onDue: (endpointIds: readonly string[], dueAtMs: number) => void;
}

/** What a relay is made of. */
export interface RelayInput {
  readonly name: string;
  readonly binId: string;
  readonly match: RequestMatch | null;
  readonly targets: readonly RelayTargetInput[];
  readonly answer: RelayAnswer | null;
  readonly shadow: RelayShadow | null;
  readonly isActive: boolean;
}

export type RelayPatch = { readonly [Field in keyof RelayInput]?: RelayInput[Field] | undefined };

/** A relay as it was saved, with warnings about its targets. */
export interface SavedRelay {
  readonly relay: RelayConfig;
  readonly warnings: readonly Warning[];
}

/** Creating, changing and removing relays. All reject with Refusals. */
export function createRelays(deps: RelaysDeps) {
  const { database, vault, clock, changes, endpoints, relays: book, relayRunner: runner } = deps;
  const inTurn = createInTurn();
  const nothing = { secret_headers_sealed: sealJson(vault, {}), secrets_sealed: sealJson(vault, []) };

  const binOf = (binId: string) => {
    const bin = deps.bins.find(binId);
    if (bin === undefined) throw notFound('bin', binId);
    return bin;
  };
  const warningsOf = (ready: readonly ReadyTarget[], nowMs: number): readonly Warning[] =>
    ready.flatMap(({ own, target }, index) =>
      [
        ...(own === null ? [] : targetWarnings(own, deps.authenticator.of(resolveTarget(own, noVariables)), nowMs)),
        ...literalHeaders(target),
      ].map((warning) => ({
        ...warning,
        ...(warning.path === undefined ? {} : { path: `targets.${index}.${warning.path}` }),
      })),
    );
  const binOfUrl = (url: string) =>
    slugsAt(url, deps.listenerUrls())
      .map((slug) => deps.bins.at(slug))
      .find((bin) => bin !== undefined);
  const edgesOf = (relay: Pick<RelayConfig, 'id' | 'name' | 'binId'>, urls: readonly string[]): RelayEdges => ({
    relay,
    toBins: urls.flatMap((url) => binOfUrl(url)?.id ?? []),
  });
  const assertNoLoop = (relay: RelayConfig, own: ReadonlyMap<string, EndpointConfig>) => {
    const urlsOf = ({ targets }: Pick<RelayConfig, 'targets'>) =>
      targets.flatMap(({ endpointId }) => (own.get(endpointId) ?? endpoints.find(endpointId))?.url ?? []);
    const others = book.all().filter(({ id }) => id !== relay.id);
    const names = loopOf(
      edgesOf(relay, urlsOf(relay)),
      others.map((other) => edgesOf(other, urlsOf(other))),
    );
    if (names === null) return;
    const way =
      names.length === 1 ? 'A target of this relay is the bin that it takes from' : `${names.join(', then ')} lead back to the same bin`;
    const message = `${way}, so every capture would go round. Choose another target or another bin.`;
    throw conflict('targets', message);
  };

  /** Puts a relay into the book before it is written, so that an endpoint that it needs cannot be deleted meanwhile. */
  const save = async (relay: RelayConfig, before: RelayConfig | null, ready: readonly ReadyTarget[], write: (writer: Writer) => void) => {
    const own = ready.flatMap((each) => each.own ?? []);
    assertRoles(relay, book.all());
    assertNoLoop(relay, new Map(own.map((endpoint) => [endpoint.id, endpoint])));
    const known = new Set((before?.targets ?? []).map(({ endpointId }) => endpointId));
    book.put(relay);
    try {
      await database.write((writer) => {
        write(writer);
        for (const endpoint of own)
          if (known.has(endpoint.id)) updateEndpoint(database, writer, toRow(endpoint, vault));
          else insertEndpoint(database, writer, toRow(endpoint, vault));
      });
    } catch (error) {
      if (before === null) book.remove(relay.id);
      else book.put(before);
      throw error;
    }
    for (const endpoint of own) endpoints.put(endpoint);
    deps.onDue(
      own.map(({ id }) => id),
      clock.now(),
    );
    changes.publish('relays', [relay.id]);
  };

  /** Deletes the endpoints that were made for URLs; returns how many deliveries to them were cancelled. */
  const discard = async (targets: readonly TargetConfig[]): Promise<number> => {
    const own = targets.filter(({ isOwn }) => isOwn).flatMap(({ endpointId }) => endpoints.find(endpointId) ?? []);
    if (own.length === 0) return 0;
    const nowMs = clock.now();
    for (const config of own) endpoints.put({ ...config, secrets: [], secretHeaders: {}, isActive: false, isDeleted: true, relayId: null });
    await database.write((writer) => {
      for (const { id } of own) {
        deleteEndpoint(database, writer, id, nothing, nowMs);
        deleteState(writer, id);
      }
    });
    let cancelled = 0;
    for (const { id } of own) {
      // If the process ends before this is done, the next start continues it.
      cancelled += await cancelWaiting(database, id, nowMs);
      deps.states.forget(id);
    }
    if (cancelled > 0) changes.publish('deliveries', []);
    return cancelled;
  };

  const create = async ({ targets: inputs, ...fields }: RelayInput, creator: string): Promise<SavedRelay> => {
    const nowMs = clock.now();
    const id = deps.ids.next('rly');
    const made = { relayId: id, relayName: fields.name, bin: binOf(fields.binId), before: new Map<string, TargetConfig>(), creator, nowMs };
    const ready = readyTargets(deps, inputs, made);
    const targets = ready.map(({ target }) => target);
    const relay: RelayConfig = {
      id,
      ...fields,
      targets,
      answer: answerConfig(fields.answer, targets),
      shadow: shadowConfig(fields.shadow, targets),
      creator,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    await save(relay, null, ready, (writer) => insertRelay(writer, relay));
    return { relay, warnings: warningsOf(ready, nowMs) };
  };

  const change = async (before: RelayConfig, { targets: inputs, ...patch }: RelayPatch): Promise<SavedRelay> => {
    const nowMs = clock.now();
    const fields = {
      name: patch.name ?? before.name,
      binId: patch.binId ?? before.binId,
      match: patch.match === undefined ? before.match : patch.match,
      isActive: patch.isActive ?? before.isActive,
    };
    const bin = binOf(fields.binId);
    const known = new Map(before.targets.map((target) => [target.endpointId, target]));
    const ready =
      inputs === undefined
        ? []
        : readyTargets(deps, inputs, { relayId: before.id, relayName: fields.name, bin, before: known, creator: before.creator, nowMs });
    const targets = inputs === undefined ? before.targets : ready.map(({ target }) => target);
    const relay: RelayConfig = {
      ...before,
      ...fields,
      targets,
      answer: patch.answer === undefined ? before.answer : answerConfig(patch.answer, targets),
      shadow: patch.shadow === undefined ? before.shadow : shadowConfig(patch.shadow, targets),
      updatedAtMs: changedAtMs(before, nowMs),
    };
    await save(relay, before, ready, (writer) => updateRelay(writer, relay));
    const kept = new Set(relay.targets.map(({ endpointId }) => endpointId));
    await discard(before.targets.filter(({ endpointId }) => !kept.has(endpointId)));
    return { relay, warnings: warningsOf(ready, nowMs) };
  };

  /** Does something to a relay while it forwards nothing, so that what comes after goes by the new rules. */
  const whileHeld = <T>(id: string, work: (relay: RelayConfig) => Promise<T>): Promise<T> =>
    inTurn(id, async () => {
      const relay = book.get(id);
      await runner.hold(id);
      try {
        return await work(relay);
      } finally {
        runner.release(id);
      }
    });

  return {
    create,
    update: (id: string, patch: RelayPatch, assert: (before: RelayConfig) => void) =>
      whileHeld(id, (before) => {
        assert(before);
        return change(before, patch);
      }),
    /** Forgets what waits for it; returns how many captures that were. */
    dropQueued: (id: string) =>
      whileHeld(id, async () => {
        const dropped = await dropOwed(database, { relayId: id, isCounted: true });
        changes.publish('relays', [id]);
        return dropped;
      }),
    remove: (id: string) =>
      whileHeld(id, async (relay) => {
        await database.write((writer) => {
          deleteRelay(writer, id);
          forgetRelayCounts(writer, id);
        });
        book.remove(id);
        const dropped = await dropOwed(database, { relayId: id, isCounted: false });
        const cancelledDeliveries = await discard(relay.targets);
        changes.publish('relays', [id]);
        return { dropped, cancelledDeliveries };
      }),
  };
}
export type Relays = ReturnType<typeof createRelays>;

/** Headers that read like templates. A relay sends them as they stand, since nothing of a stranger's request may become a template. */
function literalHeaders({ headers }: TargetConfig): readonly Warning[] {
  return Object.entries(headers.set)
    .filter(([, value]) => hasOutputs(value))
    .map(([name]) => ({
      code: 'HEADER_LITERAL',
      path: `headers.set.${name}`,
      message: `${name} is sent as it stands: a relay fills in no {{ ... }}. Forward to an endpoint and set the header there, if it is to have a variable.`,
    }));
}
