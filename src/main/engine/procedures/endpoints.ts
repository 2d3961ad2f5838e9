import type { Warning } from '#shared/contract/common.ts';
import type { Endpoint, EndpointPatch } from '#shared/contract/endpoints.ts';
import { jsonTextOf } from '#shared/contract/json.ts';
import { nearestName } from '#shared/names/nearest-name.ts';
import type { Changes } from '../base/changes.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import { dataAtHand, type Messages } from '../messages/messages.ts';
import { withoutUnusedSigning, type Authenticator } from '../request/authenticator.ts';
import { resolvedAsFarAsKnown, triedTarget } from '../request/resolve-target.ts';
import { secretWarnings, targetWarnings, variableWarnings } from '../request/target-warnings.ts';
import { assertKnownPolicy, type PolicyBook } from '../policies/book.ts';
import { afterEdit } from '../health/after-edit.ts';
import { assertKnownAuth, type AuthBook } from '../auth/book.ts';
import type { StateBook } from '../health/book.ts';
import { conditionOf } from '../health/condition.ts';
import { deleteState, healthEvents } from '../health/store.ts';
import { activityOf, hasLastAttemptWaiting } from '../log/endpoint-activity.ts';
import type { Clock, Ids, Vault } from '../base/ports.ts';
import { dataOf, type DataFields } from '../base/given-data.ts';
import type { Procedures } from '../base/procedures.ts';
import { assertUnchanged, changedAtMs } from '../base/unchanged.ts';
import { invalid, Refusal } from '../base/refusal.ts';
import type { RelayBook } from '../relay/book.ts';
import type { Renderer } from '../templates/renderer.ts';
import { noVariables } from '../templates/variables.ts';
import type { ProfileBook } from '../profiles/book.ts';
import { assertConstraints, changedFromProfile, filledEndpoint, filledPatch, knownProfile } from '../profiles/fill.ts';
import { assertHeaderTemplates } from '../templates/header-value.ts';
import { publicKeyOf } from '../signing/registry.ts';
import { assertSignable, freshSecret } from '../signing/usable-secret.ts';
import type { SettingsBook } from '../settings/settings.ts';
import type { Database, Writer } from '../store/database.ts';
import { createInTurn } from '../store/in-turn.ts';
import { seqPages } from '../store/page.ts';
import type { EndpointRow } from '../store/schema.ts';
import { sealJson } from '../store/sealed.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import { checkTemplate } from '../endpoints/check-template.ts';
import { withPatch, type EndpointConfig } from '../endpoints/config.ts';
import { assertUrl, newConfig } from '../endpoints/new-config.ts';
import { fromRow, toRow } from '../endpoints/row.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { cancelWaiting } from '../log/waiting.ts';
import { deleteEndpoint, insertEndpoint, listEndpoints, updateEndpoint } from '../endpoints/store.ts';
import { testCopy } from '../endpoints/test-copy.ts';
import { toEndpoint } from './endpoint-view.ts';
import { assertNoRelay } from './in-use.ts';
import { hasPlan, planPolicy } from './plan-policy.ts';
import { renderedOnceWarning } from './rendered-once.ts';
import { sampleEvent, triedSamples } from './sample-event.ts';

const pages = seqPages('endpoints');

export interface EndpointDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly settings: SettingsBook;
  readonly endpoints: EndpointBook;
  readonly states: StateBook;
  readonly policies: Pick<PolicyBook, 'find' | 'findNamed' | 'put'>;
  readonly profiles: ProfileBook;
  readonly auths: Pick<AuthBook, 'find'>;
  readonly environments: Pick<EnvironmentBook, 'activeId' | 'variablesOf'>;
  readonly authenticator: Pick<Authenticator, 'of' | 'asFarAsKnown'>;
  readonly dispatcher: Dispatcher;
  readonly messages: Messages;
  readonly renderer: Renderer;
  readonly relays: Pick<RelayBook, 'usingEndpoint'>;
}

/** At most this many events of an endpoint are compared with the catalogue, since each takes time. */
const eventsCompared = 20;

/** Earlier secrets that still sign; each makes the signature header longer, and receivers limit headers. */
const previousSecrets = 9;

/** Registering, changing and removing endpoints. */
export function createEndpointHandlers(os: Procedures, deps: EndpointDeps) {
  const { database, vault, clock, changes, endpoints: book, states, policies, profiles, auths, authenticator } = deps;
  const { dispatcher, messages, renderer } = deps;
  const inTurn = createInTurn();
  const activeVariables = () => deps.environments.variablesOf(deps.environments.activeId());
  const view = (config: EndpointConfig): Endpoint => {
    const nowMs = clock.now();
    const activity = activityOf(database, config.id);
    const state = states.of(config.id);
    const condition = conditionOf(config, state, {
      nowMs,
      timeScale: deps.settings.get().timeScale,
      newestAttempts: activity.newestAttempts,
      hasLastAttemptAhead: config.autoDisable.onExhaustion && state.failuresInARow > 0 && hasLastAttemptWaiting(database, config.id),
      rateLimitedUntilMs: dispatcher.rateLimitedUntilMs(config.id),
    });
    const changed = config.profile === null ? [] : changedFromProfile(profiles.find(config.profile), asGiven(config, authenticator));
    const isOfPlan = hasPlan(deps, config);
    return {
      ...toEndpoint(config, activity, condition, nowMs),
      changedFromProfile: isOfPlan ? changed.filter((field) => field !== 'retryPolicy') : changed,
    };
  };
  /** The retry policy of a plan that is asked for. */
  const ofPlan = async (
    plan: string | undefined,
    given: Pick<EndpointPatch, 'profile' | 'retryPolicy'>,
    current: EndpointConfig | null,
  ): Promise<Pick<EndpointPatch, 'retryPolicy'>> => {
    if (plan === undefined) return {};
    if (given.retryPolicy !== undefined) throw invalid('plan', 'Give either a plan or a retryPolicy: the plan has one.');
    const id = given.profile === undefined ? (current?.profile ?? null) : given.profile;
    if (id === null) throw invalid('plan', 'A plan is one of a profile: choose a profile too, or give a retryPolicy.');
    return { retryPolicy: { kind: 'named', policyId: (await planPolicy(deps, knownProfile(profiles, id), plan)).id } };
  };
  const check = async (config: EndpointConfig): Promise<Warning[]> => {
    await renderer.check(config.template);
    assertHeaderTemplates(config);
    assertConstraints(profiles, config);
    assertKnownAuth(auths, config.authId, 'authId');
    const catalogue = triedSamples(database, profiles, config);
    const variables = activeVariables();
    return [
      ...(await checkTemplate(renderer, config, catalogue, { nowMs: clock.now(), variables })),
      ...variableWarnings(config, variables),
      ...targetWarnings(config, authenticator.of(triedTarget(config, variables)), clock.now()),
      ...renderedOnceWarning(config),
      ...misspeltEvents(
        config.events,
        catalogue.map(({ name }) => name),
      ),
    ];
  };
  /** Writes an endpoint together with its state, and updates the endpoint book. */
  const save = async (config: EndpointConfig, write: (writer: Writer, row: Omit<EndpointRow, 'seq'>) => void): Promise<EndpointConfig> => {
    // Its rules may have switched it off since the config was made, or do so until it is written.
    const now = () => ({ ...config, isActive: states.of(config.id).disabled === null });
    const kept = await database.write((writer) => {
      write(writer, toRow(now(), vault));
      return states.save(writer, config.id);
    });
    if (kept !== null) states.saved(kept);
    const saved = now();
    book.put(saved);
    changes.publish('endpoints', [config.id]);
    if (kept !== null && kept.events.length > 0) {
      changes.publish('endpoint-health', [config.id]);
      changes.publish('deliveries', []);
    }
    return saved;
  };
  const edit = (config: EndpointConfig) => save(config, (writer, row) => updateEndpoint(database, writer, row));

  const remove = async (config: EndpointConfig) => {
    const nowMs = clock.now();
    const noSecrets = { secret_headers_sealed: sealJson(vault, {}), secrets_sealed: sealJson(vault, []) };
    // Removed from the book first: otherwise a message accepted from here on could be written after the cancelling.
    book.put({ ...config, secrets: [], secretHeaders: {}, isActive: false, isDeleted: true });
    try {
      await database.write((writer) => {
        deleteEndpoint(database, writer, config.id, noSecrets, nowMs);
        deleteState(writer, config.id);
      });
    } catch (error) {
      book.put(config);
      throw error;
    }
    // If the process ends before this is done, the next start continues it.
    return cancelWaiting(database, config.id, nowMs);
  };

  /** Sends one attempt to a copy of the endpoint, so that its outcome has no effect on the endpoint. */
  const test = async (
    config: EndpointConfig,
    asked: DataFields & { readonly eventType?: string | undefined; readonly sample?: string | undefined },
    actor: string,
  ) => {
    const sample = sampleEvent(database, profiles, config, asked);
    const data = dataOf(asked);
    const event = data === undefined ? sample : { ...sample, data };
    // Only this endpoint is meant, so a template that cannot render the event is refused and not recorded.
    const { type } = event;
    await renderer.render(config, {
      id: 'msg_sample',
      type,
      ...dataAtHand(event.data),
      dataJson: jsonTextOf(event.data),
      variables: activeVariables(),
      nowMs: clock.now(),
    });
    const testOf = testCopy(config, { id: deps.ids.next('ep'), creator: actor, nowMs: clock.now() });
    return messages.accept({ ...event, testOf }, actor);
  };

  return {
    create: os.endpoints.create.handler(async ({ input: { plan, ...given }, context }) => {
      const input = { ...given, ...(await ofPlan(plan, given, null)) };
      const made = { id: deps.ids.next('ep'), creator: context.actor, nowMs: clock.now(), isOneOff: false };
      const { config, secret } = newConfig(withoutUnusedSigning(auths, filledEndpoint(profiles, input), input, 'authId'), made);
      assertKnownPolicy(policies, config.retryPolicy, 'retryPolicy');
      const warnings = await check(config);
      states.put(config.id, afterEdit(states.of(config.id), editedAs(config), { nowMs: made.nowMs, actor: made.creator }));
      try {
        await save(config, (writer, row) => insertEndpoint(database, writer, row));
      } catch (error) {
        states.forget(config.id);
        throw error;
      }
      return { ...view(config), secret, publicKey: secret === null ? null : publicKeyOf(config.signing, secret), warnings };
    }),
    list: os.endpoints.list.handler(({ input }) => {
      const rows = listEndpoints(database, { beforeSeq: pages.before(input.cursor), limit: input.limit + 1, q: input.q });
      // Each counts what waits for it.
      return pages.pageInTurns(rows, input.limit, (row) => view(book.find(row.id) ?? fromRow(row, vault)));
    }),
    get: os.endpoints.get.handler(({ input }) => view(book.get(input.id))),
    history: os.endpoints.history.handler(({ input }) => ({ items: [...healthEvents(database, book.get(input.id).id)] })),
    update: os.endpoints.update.handler(({ input: { id, ifUpdatedAtMs, plan, ...asked }, context }) =>
      inTurn(id, async () => {
        const current = book.get(id);
        const given = { ...asked, ...(await ofPlan(plan, asked, current)) };
        const patch = filledPatch(profiles, given, current);
        if (ifUpdatedAtMs !== undefined) assertUnchanged(current.name, view(current), ifUpdatedAtMs, patch);
        const nowMs = clock.now();
        const config = { ...withPatch(current, patch, nowMs), updatedAtMs: changedAtMs(current, nowMs) };
        assertUsable(config, patch);
        if (patch.retryPolicy !== undefined) assertKnownPolicy(policies, patch.retryPolicy, 'retryPolicy');
        const warnings = await check(config);
        const before = states.of(id);
        const edited = { ...editedAs(config), isActive: patch.isActive ?? before.disabled === null };
        const change = afterEdit(before, edited, { nowMs, actor: context.actor });
        states.put(id, change);
        const saved = await edit(config).catch((error: unknown) => {
          states.takeBack(id, change.state, before);
          throw error;
        });
        // Deliveries that were held by its being disabled, or by its limits, may go now.
        dispatcher.notify([id], clock.now());
        return { ...view(saved), warnings };
      }),
    ),
    remove: os.endpoints.remove.handler(({ input: { id } }) =>
      inTurn(id, async () => {
        const config = book.get(id);
        assertNoRelay(deps.relays.usingEndpoint(id), config.name);
        const cancelled = await remove(config);
        states.forget(id);
        dispatcher.refresh();
        changes.publish('endpoints', [id]);
        changes.publish('deliveries', []);
        return { id, cancelledDeliveries: cancelled };
      }),
    ),
    test: os.endpoints.test.handler(({ input: { id, draft, ...event }, context }) => {
      const saved = book.get(id);
      const config = draft === undefined ? saved : withPatch(saved, filledPatch(profiles, draft, saved), clock.now());
      if (draft !== undefined) assertUsable(config, draft);
      assertKnownAuth(auths, config.authId, 'draft.authId');
      return test(config, event, context.actor);
    }),
    testDraft: os.endpoints.testDraft.handler(async ({ input: { draft, ...event }, context }) => {
      const { config, secret } = newConfig(withoutUnusedSigning(auths, filledEndpoint(profiles, draft), draft, 'draft.authId'), {
        id: '',
        creator: context.actor,
        nowMs: clock.now(),
        isOneOff: true,
      });
      const answer = await test(config, event, context.actor);
      if (secret === null || draft.secret !== undefined) return answer;
      const message = 'The draft has no secret yet, so the test was signed with one made for it, which its receiver cannot know.';
      return { ...answer, warnings: [...answer.warnings, { code: 'SECRET_MADE_FOR_TEST', message }] };
    }),
    rotateSecret: os.endpoints.rotateSecret.handler(({ input }) =>
      inTurn(input.id, async () => {
        const config = book.get(input.id);
        if (config.signing === null)
          throw new Refusal('CONFLICT', `${config.name} does not sign. Choose a signing scheme first.`, {
            issues: [{ path: 'signing', message: 'This endpoint does not sign.' }],
          });
        const secret = input.secret ?? freshSecret(config.signing);
        assertSignable(secret, config.signing, '');
        const nowMs = clock.now();
        const previousExpiresAtMs = nowMs + input.overlapMs;
        const previous = config.secrets
          .map((old) => ({ ...old, expiresAtMs: Math.min(old.expiresAtMs ?? Number.POSITIVE_INFINITY, previousExpiresAtMs) }))
          .filter((old) => old.expiresAtMs > nowMs)
          .slice(0, previousSecrets);
        const rotated = { ...config, secrets: [{ secret, expiresAtMs: null }, ...previous], updatedAtMs: changedAtMs(config, nowMs) };
        await edit(rotated);
        const warnings = secretWarnings(rotated, [secret]);
        return { ...view(rotated), secret, publicKey: publicKeyOf(rotated.signing, secret), previousExpiresAtMs, warnings };
      }),
    ),
  };
}

function editedAs({ isActive, circuitBreaker }: EndpointConfig) {
  return { isActive, hasBreaker: circuitBreaker !== null };
}

/** Checks what a patch may break although each of its fields is right by itself. */
function assertUsable(config: EndpointConfig, patch: EndpointPatch): void {
  if (patch.secret !== undefined && config.signing === null)
    throw invalid('secret', 'This endpoint does not sign. Choose a signing scheme, or leave the secret out.');
  if (config.signing !== null) {
    if (config.secrets.length === 0) throw invalid('secret', 'Give the secret that this endpoint is to sign with.');
    for (const { secret } of config.secrets) assertSignable(secret, config.signing, '');
  }
  assertUrl(config);
}

/** Warnings about events that are not in the catalogue but resemble one that is. Others may be sent later, so they get no warning. */
function misspeltEvents(events: readonly string[], catalogue: readonly string[]): Warning[] {
  return events
    .filter((event) => !event.endsWith('*') && !catalogue.includes(event))
    .slice(0, eventsCompared)
    .flatMap((event) => {
      const nearest = nearestName(event, catalogue);
      if (nearest === null) return [];
      return [
        { code: 'EVENT_TYPE_UNKNOWN', message: `The catalogue has no event type ${event}. Did you mean ${nearest}?`, path: 'events' },
      ];
    });
}

/** The fields of an endpoint as they are given, to be held against a profile. */
function asGiven(config: EndpointConfig, authenticator: Pick<Authenticator, 'asFarAsKnown'>) {
  // A scheme that the authentication has counts as the endpoint's.
  const { signing } = authenticator.asFarAsKnown(resolvedAsFarAsKnown(config, noVariables));
  return { ...config, signing, template: config.template?.source ?? null };
}
