import type { Warning } from '#shared/contract/common.ts';
import type { Endpoint, EndpointPatch } from '#shared/contract/endpoints.ts';
import type { TemplateVersionCause } from '#shared/contract/template-versions.ts';
import { nearestName } from '#shared/names/nearest-name.ts';
import type { AuthBook } from '../auth/book.ts';
import { assertKnownAuth } from '../auth/book.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock, Ids, Vault } from '../base/ports.ts';
import { invalid } from '../base/refusal.ts';
import { assertUnchanged, changedAtMs } from '../base/unchanged.ts';
import type { Dispatcher } from '../dispatch/dispatcher.ts';
import type { EndpointBook } from '../endpoints/book.ts';
import { checkTemplate } from '../endpoints/check-template.ts';
import { followEndpoint, hasOtherSecrets } from '../endpoints/follow-copies.ts';
import { withPatch, type EndpointConfig } from '../endpoints/config.ts';
import { assertUrl } from '../endpoints/new-config.ts';
import { toRow } from '../endpoints/row.ts';
import { updateEndpoint } from '../endpoints/store.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { afterEdit } from '../health/after-edit.ts';
import type { StateBook } from '../health/book.ts';
import { conditionOf } from '../health/condition.ts';
import { activityOf, hasLastAttemptWaiting } from '../log/endpoint-activity.ts';
import { assertKnownPolicy, type PolicyBook } from '../policies/book.ts';
import type { ProfileBook } from '../profiles/book.ts';
import { baseAfter } from '../profiles/base.ts';
import type { Profile } from '#shared/contract/profiles.ts';
import { assertConstraints, changedFromProfile, filledPatch, knownProfile } from '../profiles/fill.ts';
import { changedInProfile } from '../profiles/newer.ts';
import type { Authenticator } from '../request/authenticator.ts';
import { resolvedAsFarAsKnown, triedTarget } from '../request/resolve-target.ts';
import { targetWarnings, variableWarnings } from '../request/target-warnings.ts';
import type { SettingsBook } from '../settings/settings.ts';
import { assertSignable } from '../signing/usable-secret.ts';
import type { Database, Writer } from '../store/database.ts';
import type { EndpointRow } from '../store/schema.ts';
import { addVersion, type NewVersion } from '../template-versions/store.ts';
import { assertHeaderTemplates } from '../templates/header-value.ts';
import type { Renderer } from '../templates/renderer.ts';
import { noVariables } from '../templates/variables.ts';
import { toEndpoint } from './endpoint-view.ts';
import { cancelWaiting, waitingCopies } from '../log/waiting.ts';
import { hasPlan, planOf, planPolicy } from './plan-policy.ts';
import { renderedOnceWarning } from './rendered-once.ts';
import { triedSamples } from './sample-event.ts';

export interface EndpointEditorDeps {
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
  readonly renderer: Renderer;
}

/** Who changes an endpoint, and what becomes of its template by that. */
export interface EditMadeBy {
  readonly actor: string;
  readonly cause?: Extract<TemplateVersionCause, 'restored' | 'profile'>;
  readonly restoredFrom?: number;
  /** Fields of the profile that need not be offered again. */
  readonly settled?: readonly string[];
}

/** A change as it is asked for. */
export type AskedPatch = EndpointPatch & { readonly plan?: string | undefined; readonly ifUpdatedAtMs?: number | undefined };

/** At most this many events of an endpoint are compared with the catalogue, since each takes time. */
const eventsCompared = 20;

/** Shows, checks and writes endpoints of the list: every change of one goes through here. */
export function createEndpointEditor(deps: EndpointEditorDeps) {
  const { database, vault, clock, changes, endpoints: book, states, policies, profiles, auths, authenticator, dispatcher, renderer } = deps;
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
    const profile = config.profile === null ? undefined : profiles.find(config.profile);
    const given = asGiven(config);
    // The policy of a plan stands in place of the profile's own.
    const isCounted = hasPlan(deps, config) ? (field: string) => field !== 'retryPolicy' : () => true;
    return {
      ...toEndpoint(config, activity, condition, nowMs),
      changedFromProfile: changedFromProfile(profile, given).filter(isCounted),
      changedInProfile: changedInProfile(profile, config.profileBase, given)
        .map(({ field }) => field)
        .filter(isCounted),
    };
  };

  /** The fields of an endpoint as they are given, to be held against a profile. */
  const asGiven = (config: EndpointConfig) => {
    // A scheme that the authentication has counts as the endpoint's.
    const { signing } = authenticator.asFarAsKnown(resolvedAsFarAsKnown(config, noVariables));
    return { ...config, signing, template: sourceOf(config) };
  };

  /** The plan that is asked for, and its profile; null for none. Throws a Refusal at `field` for one that cannot be. */
  const plannedBy = (
    plan: string | undefined,
    given: Pick<EndpointPatch, 'profile' | 'retryPolicy'>,
    current: EndpointConfig | null,
    field = 'plan',
  ): { readonly profile: Profile; readonly plan: string } | null => {
    if (plan === undefined) return null;
    if (given.retryPolicy !== undefined) throw invalid(field, 'Give either a plan or a retryPolicy: the plan has one.');
    const id = given.profile === undefined ? (current?.profile ?? null) : given.profile;
    if (id === null) throw invalid(field, 'A plan is one of a profile: choose a profile too, or give a retryPolicy.');
    const profile = knownProfile(profiles, id);
    return { profile, plan: planOf(profile, plan, field).name };
  };

  /** The retry policy of a plan that is asked for. */
  const ofPlan = async (
    plan: string | undefined,
    given: Pick<EndpointPatch, 'profile' | 'retryPolicy'>,
    current: EndpointConfig | null,
  ): Promise<Pick<EndpointPatch, 'retryPolicy'>> => {
    const planned = plannedBy(plan, given, current);
    if (planned === null) return {};
    return { retryPolicy: { kind: 'named', policyId: (await planPolicy(deps, planned.profile, planned.plan)).id } };
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

  /** Writes a changed endpoint; a template that is another becomes a version. */
  const edit = async (config: EndpointConfig, before: EndpointConfig, { actor, cause, restoredFrom }: EditMadeBy) => {
    const saved = await save(config, (writer, row) => {
      updateEndpoint(database, writer, row);
      followEndpoint(writer, vault, before, config);
      if (sourceOf(config) === sourceOf(before)) return;
      const version = { source: sourceOf(config), cause: cause ?? ('edited' as const), madeBy: actor, madeAtMs: config.updatedAtMs };
      addVersion(writer, config.id, restoredFrom === undefined ? version : { ...version, restoredFrom }, keptVersionOf(before));
    });
    book.rereadCopies(config.id);
    if (hasOtherSecrets(before, config))
      for (const id of waitingCopies(database, config.id))
        if (book.find(id)?.isDeleted === true) await cancelWaiting(database, id, clock.now());
    return saved;
  };

  /** Changes an endpoint as it is asked for; only one change of an endpoint may be made at a time. Rejects with a Refusal. */
  const update = async (id: string, { plan, ifUpdatedAtMs, ...asked }: AskedPatch, by: EditMadeBy) => {
    const current = book.getOwn(id);
    const given = { ...asked, ...(await ofPlan(plan, asked, current)) };
    const patch = filledPatch(profiles, given, current);
    if (ifUpdatedAtMs !== undefined) assertUnchanged(current.name, view(current), ifUpdatedAtMs, patch);
    const nowMs = clock.now();
    const patched = { ...withPatch(current, patch, nowMs), updatedAtMs: changedAtMs(current, nowMs) };
    const profileBase = baseAfter(
      profiles,
      { before: asGiven(current), after: patched, isChosen: given.profile != null },
      by.settled ?? [],
    );
    const config = { ...patched, profileBase };
    assertUsable(config, patch);
    if (patch.retryPolicy !== undefined) assertKnownPolicy(policies, patch.retryPolicy, 'retryPolicy');
    const warnings = await check(config);
    const before = states.of(id);
    const edited = { ...editedAs(config), isActive: patch.isActive ?? before.disabled === null };
    const change = afterEdit(before, edited, { nowMs, actor: by.actor });
    states.put(id, change);
    const cause = by.cause ?? (given.profile != null && given.template === undefined ? 'profile' : undefined);
    const saved = await edit(config, current, { ...by, ...(cause === undefined ? {} : { cause }) }).catch((error: unknown) => {
      states.takeBack(id, change.state, before);
      throw error;
    });
    // Deliveries that were held by its being disabled, or by its limits, may go now.
    dispatcher.notify([id], clock.now());
    return { ...view(saved), warnings };
  };

  return { view, check, save, edit, update, ofPlan, plannedBy, asGiven };
}
export type EndpointEditor = ReturnType<typeof createEndpointEditor>;

/** The text of an endpoint's template; null for the default envelope. */
export function sourceOf({ template }: Pick<EndpointConfig, 'template'>): string | null {
  return template?.source ?? null;
}

/** The template of an endpoint whose versions were not kept yet, as the first of them. */
function keptVersionOf(config: EndpointConfig): NewVersion {
  return { source: sourceOf(config), cause: 'kept', madeBy: null, madeAtMs: config.updatedAtMs };
}

/** What the state of an endpoint has to know of an edit. */
export function editedAs({ isActive, circuitBreaker }: EndpointConfig) {
  return { isActive, hasBreaker: circuitBreaker !== null };
}

/** Checks what a patch may break although each of its fields is right by itself. */
export function assertUsable(config: EndpointConfig, patch: EndpointPatch): void {
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
