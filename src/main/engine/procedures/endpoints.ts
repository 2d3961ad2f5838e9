import { jsonTextOf } from '#shared/contract/json.ts';
import { assertKnownAuth } from '../auth/book.ts';
import { callerOf, type Caller } from '../base/admission.ts';
import { dataOf, type DataFields } from '../base/given-data.ts';
import type { Procedures } from '../base/procedures.ts';
import { Refusal } from '../base/refusal.ts';
import { changedAtMs } from '../base/unchanged.ts';
import { withPatch, type EndpointConfig } from '../endpoints/config.ts';
import { deleteCopies } from '../endpoints/delete-copies.ts';
import { newConfig } from '../endpoints/new-config.ts';
import { fromRow } from '../endpoints/row.ts';
import { deleteEndpoint, insertEndpoint, listEndpoints } from '../endpoints/store.ts';
import { testCopy } from '../endpoints/test-copy.ts';
import { afterEdit } from '../health/after-edit.ts';
import { deleteState, healthEvents } from '../health/store.ts';
import { cancelWaiting, waitingCopies } from '../log/waiting.ts';
import type { Messages } from '../messages/messages.ts';
import { dataAtHand } from '../messages/new-message.ts';
import { assertKnownPolicy } from '../policies/book.ts';
import { baseOf } from '../profiles/base.ts';
import { filledEndpoint, filledPatch, knownProfile } from '../profiles/fill.ts';
import type { RelayBook } from '../relay/book.ts';
import { withoutUnusedSigning } from '../request/authenticator.ts';
import { secretWarnings } from '../request/target-warnings.ts';
import { publicKeyOf } from '../signing/registry.ts';
import { assertSignable, freshSecret } from '../signing/usable-secret.ts';
import { createInTurn } from '../store/in-turn.ts';
import { seqPages } from '../store/page.ts';
import { sealJson } from '../store/sealed.ts';
import { addVersion, deleteVersions } from '../template-versions/store.ts';
import { assertUsable, createEndpointEditor, editedAs, sourceOf, type EndpointEditorDeps } from './endpoint-editor.ts';
import { createEndpointVersionHandlers } from './endpoint-versions.ts';
import { assertNoRelay } from './in-use.ts';
import { sampleEvent } from './sample-event.ts';

const pages = seqPages('endpoints');

export interface EndpointDeps extends EndpointEditorDeps {
  readonly messages: Messages;
  readonly relays: Pick<RelayBook, 'usingEndpoint'>;
}

/** Earlier secrets that still sign; each makes the signature header longer, and receivers limit headers. */
const previousSecrets = 9;

/** Registering, changing and removing endpoints. */
export function createEndpointHandlers(os: Procedures, deps: EndpointDeps) {
  const { database, vault, clock, changes, endpoints: book, states, policies, profiles, auths } = deps;
  const { dispatcher, messages, renderer } = deps;
  const inTurn = createInTurn();
  const editor = createEndpointEditor(deps);
  const { view, check, save, edit, update, ofPlan, plannedBy } = editor;
  const activeVariables = () => deps.environments.variablesOf(deps.environments.activeId());

  const remove = async (config: EndpointConfig) => {
    const nowMs = clock.now();
    const noSecrets = { secret_headers_sealed: sealJson(vault, {}), secrets_sealed: sealJson(vault, []) };
    // Removed from the book first: otherwise a message accepted from here on could be written after the cancelling.
    book.put({ ...config, secrets: [], secretHeaders: {}, isActive: false, isDeleted: true });
    try {
      await database.write((writer) => {
        deleteEndpoint(database, writer, config.id, noSecrets, nowMs);
        deleteState(writer, config.id);
        deleteVersions(writer, config.id);
      });
    } catch (error) {
      book.put(config);
      throw error;
    }
    // If the process ends before this is done, the next start continues it.
    const cancelled = await cancelWaiting(database, config.id, nowMs);
    await deleteCopies({ database, vault, endpoints: book }, config.id, nowMs);
    for (const id of waitingCopies(database, config.id)) await cancelWaiting(database, id, nowMs);
    return cancelled;
  };

  /** Sends one attempt to a copy of the endpoint, so that its outcome has no effect on the endpoint. */
  const test = async (
    config: EndpointConfig,
    asked: DataFields & { readonly eventType?: string | undefined; readonly sample?: string | undefined },
    caller: Caller,
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
    const testOf = testCopy(config, { id: deps.ids.next('ep'), creator: caller.actor, nowMs: clock.now() });
    return messages.accept({ ...event, testOf }, caller);
  };

  return {
    create: os.endpoints.create.handler(async ({ input: { plan, ...given }, context }) => {
      const input = { ...given, ...(await ofPlan(plan, given, null)) };
      const made = { id: deps.ids.next('ep'), creator: context.actor, nowMs: clock.now(), isOneOff: false };
      const { config: filled, secret } = newConfig(withoutUnusedSigning(auths, filledEndpoint(profiles, input), input, 'authId'), made);
      const profileBase = filled.profile === null ? null : baseOf(knownProfile(profiles, filled.profile));
      const config = { ...filled, profileBase };
      assertKnownPolicy(policies, config.retryPolicy, 'retryPolicy');
      const warnings = await check(config);
      states.put(config.id, afterEdit(states.of(config.id), editedAs(config), { nowMs: made.nowMs, actor: made.creator }));
      try {
        await save(config, (writer, row) => {
          insertEndpoint(database, writer, row);
          const version = { source: sourceOf(config), cause: 'created', madeBy: made.creator, madeAtMs: made.nowMs } as const;
          addVersion(writer, config.id, version, null);
        });
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
    update: os.endpoints.update.handler(({ input: { id, ...asked }, context }) =>
      inTurn(id, () => update(id, asked, { actor: context.actor })),
    ),
    ...createEndpointVersionHandlers(os, deps, editor, inTurn),
    remove: os.endpoints.remove.handler(({ input: { id } }) =>
      inTurn(id, async () => {
        const config = book.getOwn(id);
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
      const saved = book.getOwn(id);
      const config = draft === undefined ? saved : withPatch(saved, filledPatch(profiles, draft, saved), clock.now());
      if (draft !== undefined) assertUsable(config, draft);
      assertKnownAuth(auths, config.authId, 'draft.authId');
      return test(config, event, callerOf(context));
    }),
    testDraft: os.endpoints.testDraft.handler(async ({ input: { draft: given, ...event }, context }) => {
      const { plan, ...draft } = given;
      // A test is sent once: the policy of a plan is neither needed nor saved for it.
      plannedBy(plan, draft, null, 'draft.plan');
      const { config, secret } = newConfig(withoutUnusedSigning(auths, filledEndpoint(profiles, draft), draft, 'draft.authId'), {
        id: '',
        creator: context.actor,
        nowMs: clock.now(),
        isOneOff: true,
      });
      const answer = await test(config, event, callerOf(context));
      if (secret === null || draft.secret !== undefined) return answer;
      const message = 'The draft has no secret yet, so the test was signed with one made for it, which its receiver cannot know.';
      return { ...answer, warnings: [...answer.warnings, { code: 'SECRET_MADE_FOR_TEST', message }] };
    }),
    rotateSecret: os.endpoints.rotateSecret.handler(({ input, context }) =>
      inTurn(input.id, async () => {
        const config = book.getOwn(input.id);
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
        await edit(rotated, config, { actor: context.actor });
        const warnings = secretWarnings(rotated, [secret]);
        return { ...view(rotated), secret, publicKey: publicKeyOf(rotated.signing, secret), previousExpiresAtMs, warnings };
      }),
    ),
  };
}
