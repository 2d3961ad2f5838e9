import type { NamedPolicy } from '#shared/contract/policies.ts';
import { resolveRetryPolicy, retryPresetNames } from '#shared/contract/retry-choice.ts';
import { retryPresets, type RetryPreset } from '#shared/contract/retry-presets.ts';
import { previewSchedule, scheduleSummary } from '#shared/schedule-preview.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock, Ids } from '../base/ports.ts';
import type { Procedures } from '../base/procedures.ts';
import { nameTaken } from '../base/refusal.ts';
import { assertUnchanged, changedAtMs } from '../base/unchanged.ts';
import type { SettingsBook } from '../settings/settings.ts';
import type { Database } from '../store/database.ts';
import { createInTurn } from '../store/in-turn.ts';
import { seqPages } from '../store/page.ts';
import { assertKnownPolicy, type PolicyBook } from '../policies/book.ts';
import { deletePolicy, insertPolicy, listPolicies, updatePolicy, type StoredPolicy } from '../policies/store.ts';
import { usersOf } from '../endpoints/store.ts';
import { inUse } from './in-use.ts';

const pages = seqPages('policies');

export interface PolicyDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly settings: SettingsBook;
  readonly policies: PolicyBook;
}

/** Named retry policies, the presets, and what a schedule would be. */
export function createPolicyHandlers(os: Procedures, { database, clock, ids, changes, settings, policies: book }: PolicyDeps) {
  const inTurn = createInTurn();
  const view = ({ isDeleted: _, ...policy }: StoredPolicy): NamedPolicy => ({
    ...policy,
    usedBy: usersOf(database, policy.id).map((user) => ({ ...user })),
  });
  const changed = (policy: StoredPolicy) => {
    book.put(policy);
    changes.publish('policies', [policy.id]);
  };

  return {
    list: os.policies.list.handler(({ input }) => {
      const rows = listPolicies(database, { beforeSeq: pages.before(input.cursor), limit: input.limit + 1, q: input.q });
      return pages.page(rows, input.limit, ({ policy }) => view(policy));
    }),
    get: os.policies.get.handler(({ input }) => view(book.get(input.id))),
    create: os.policies.create.handler(async ({ input }) => {
      const nowMs = clock.now();
      const policy: StoredPolicy = { ...input, id: ids.next('pol'), isDeleted: false, createdAtMs: nowMs, updatedAtMs: nowMs };
      if (!(await database.write((writer) => insertPolicy(database, writer, policy)))) throw nameTaken('retry policy', policy.name);
      changed(policy);
      return view(policy);
    }),
    update: os.policies.update.handler(({ input: { id, ifUpdatedAtMs, ...patch } }) =>
      inTurn(id, async () => {
        const before = book.get(id);
        assertUnchanged(before.name, before, ifUpdatedAtMs, patch);
        const policy: StoredPolicy = {
          ...before,
          name: patch.name ?? before.name,
          description: patch.description ?? before.description,
          policy: patch.policy ?? before.policy,
          updatedAtMs: changedAtMs(before, clock.now()),
        };
        if (!(await database.write((writer) => updatePolicy(database, writer, policy)))) throw nameTaken('retry policy', policy.name);
        changed(policy);
        return view(policy);
      }),
    ),
    remove: os.policies.remove.handler(({ input: { id } }) =>
      inTurn(id, async () => {
        const policy = book.get(id);
        // Removed from the book first, so that no endpoint can start to use it after the check for users.
        book.put({ ...policy, isDeleted: true });
        try {
          await database.write((writer) => {
            const users = usersOf(database, id, writer);
            if (users.length > 0) throw inUse(policy.name, users, 'retry policy');
            deletePolicy(database, writer, id, clock.now());
          });
        } catch (error) {
          book.put(policy);
          throw error;
        }
        changes.publish('policies', [id]);
        return { id };
      }),
    ),
    presets: os.policies.presets.handler(() => ({
      items: retryPresetNames.map((id) => {
        const { title, source, asOf, note, disablesEndpoint }: RetryPreset = retryPresets[id];
        return { id, title, source, asOf, note, disablesEndpoint, policy: resolveRetryPolicy(id) };
      }),
    })),
    preview: os.policies.preview.handler(({ input }) => {
      assertKnownPolicy(book, input.policy, 'policy');
      const policy = book.resolve(input.policy);
      const timeScale = input.timeScale ?? settings.get().timeScale;
      const { attempts, leftOutAttempts } = previewSchedule(policy, timeScale);
      return {
        timeScale,
        attempts: attempts.map((attempt) => ({ ...attempt })),
        leftOutAttempts,
        summary: scheduleSummary(policy, timeScale),
      };
    }),
  };
}
