import type { Environment } from '#shared/contract/environments.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock, Ids, Vault } from '../base/ports.ts';
import type { Procedures } from '../base/procedures.ts';
import { nameTaken, notFound } from '../base/refusal.ts';
import { assertUnchanged, changedAtMs } from '../base/unchanged.ts';
import type { EnvironmentBook } from '../environments/book.ts';
import { mergedVariables, toEnvironment, type EnvironmentConfig } from '../environments/config.ts';
import { deleteEnvironment, insertEnvironment, listEnvironments, updateEnvironment } from '../environments/store.ts';
import type { Database } from '../store/database.ts';
import { createInTurn } from '../store/in-turn.ts';
import { seqPages } from '../store/page.ts';

const pages = seqPages('environments');

export interface EnvironmentDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly environments: EnvironmentBook;
}

/** Named sets of variables. Which of them is active is one of the settings. */
export function createEnvironmentHandlers(os: Procedures, { database, vault, clock, ids, changes, environments: book }: EnvironmentDeps) {
  const inTurn = createInTurn();
  const view = (environment: EnvironmentConfig): Environment => toEnvironment(environment, book.activeId());
  const changed = (environment: EnvironmentConfig): Environment => {
    book.put(environment);
    changes.publish('environments', [environment.id]);
    // One that was active when it was deleted is so again.
    if (book.activeId() === environment.id) changes.publish('settings', []);
    return view(environment);
  };
  const save = async (environment: EnvironmentConfig): Promise<Environment> => {
    if (!(await database.write((writer) => updateEnvironment(database, writer, environment, vault))))
      throw nameTaken('environment', environment.name);
    return changed(environment);
  };

  return {
    list: os.environments.list.handler(({ input }) => {
      const rows = listEnvironments(database, { beforeSeq: pages.before(input.cursor), limit: input.limit + 1, q: input.q });
      return pages.page(rows, input.limit, ({ id }) => view(book.get(id)));
    }),
    get: os.environments.get.handler(({ input }) => view(book.get(input.id))),
    create: os.environments.create.handler(async ({ input: { name, variables, copyOf } }) => {
      const copied = copyOf === undefined ? [] : book.get(copyOf).variables;
      const own = mergedVariables(variables, copied);
      const isOwn = new Set(own.map((variable) => variable.name));
      const nowMs = clock.now();
      const environment: EnvironmentConfig = {
        id: ids.next('env'),
        name,
        variables: [...copied.filter((variable) => !isOwn.has(variable.name)), ...own],
        createdAtMs: nowMs,
        updatedAtMs: nowMs,
      };
      if (!(await database.write((writer) => insertEnvironment(database, writer, environment, vault))))
        throw nameTaken('environment', name);
      return changed(environment);
    }),
    update: os.environments.update.handler(({ input: { id, ifUpdatedAtMs, name, variables } }) =>
      inTurn(id, async () => {
        const before = book.get(id);
        assertUnchanged(before.name, view(before), ifUpdatedAtMs, { name, variables });
        return await save({
          ...before,
          name: name ?? before.name,
          variables: variables === undefined ? before.variables : mergedVariables(variables, before.variables),
          updatedAtMs: changedAtMs(before, clock.now()),
        });
      }),
    ),
    remove: os.environments.remove.handler(({ input: { id } }) =>
      inTurn(id, async () => {
        book.get(id);
        const wasActive = book.activeId() === id;
        await database.write((writer) => deleteEnvironment(database, writer, id, vault, clock.now()));
        book.remove(id);
        changes.publish('environments', [id]);
        if (wasActive) changes.publish('settings', []);
        return { id };
      }),
    ),
    restore: os.environments.restore.handler(({ input: { id } }) =>
      inTurn(id, async () => {
        const removed = book.removed(id);
        if (removed === undefined) throw notFound('deleted environment that could still be restored', id);
        return await save({ ...removed, updatedAtMs: changedAtMs(removed, clock.now()) });
      }),
    ),
  };
}
