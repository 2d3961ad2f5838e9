import { sql as rawSql } from 'kysely';
import type { Vault } from '../base/ports.ts';
import type { Database, Writer } from '../store/database.ts';
import { containing } from '../store/page.ts';
import type { EnvironmentRow } from '../store/schema.ts';
import { openJson, sealJson } from '../store/sealed.ts';
import type { EnvironmentConfig, StoredVariable } from './config.ts';

/** Every environment that was not deleted, with its secrets in clear. */
export function allEnvironments(database: Database, vault: Vault): readonly EnvironmentConfig[] {
  return database
    .all(database.sql.selectFrom('environments').selectAll().where('deleted_at_ms', 'is', null).orderBy('seq'))
    .map((row) => fromRow(row, vault));
}

function fromRow(row: Omit<EnvironmentRow, 'seq'>, vault: Vault): EnvironmentConfig {
  return {
    id: row.id,
    name: row.name,
    variables: openJson<StoredVariable[]>(vault, row.variables_sealed),
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

/** The names of environments that were deleted, by id. */
export function deletedNames(database: Database): ReadonlyMap<string, string> {
  const rows = database.all(database.sql.selectFrom('environments').select(['id', 'name']).where('deleted_at_ms', 'is not', null));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** Ids of environments that were not deleted, newest first, before `beforeSeq`. */
export function listEnvironments(
  database: Database,
  query: { readonly beforeSeq: number; readonly limit: number; readonly q: string | undefined },
): readonly { readonly seq: number; readonly id: string }[] {
  let select = database.sql
    .selectFrom('environments')
    .select(['seq', 'id'])
    .where('deleted_at_ms', 'is', null)
    .where('seq', '<', query.beforeSeq);
  if (query.q !== undefined) select = select.where(rawSql<boolean>`name LIKE ${containing(query.q)} ESCAPE '\\'`);
  return database.all(select.orderBy('seq', 'desc').limit(query.limit));
}

/** Adds an environment; returns false when another has its name. */
export function insertEnvironment(database: Database, writer: Writer, environment: EnvironmentConfig, vault: Vault): boolean {
  const row = {
    id: environment.id,
    name: environment.name,
    variables_sealed: sealJson(vault, environment.variables),
    created_at_ms: environment.createdAtMs,
    updated_at_ms: environment.updatedAtMs,
    deleted_at_ms: null,
  };
  return (
    writer.run(
      database.sql
        .insertInto('environments')
        .values(row)
        .onConflict((conflict) => conflict.doNothing()),
    ) === 1
  );
}

/** Replaces the changeable columns of an environment, which brings a deleted one back; returns false when another has its name. */
export function updateEnvironment(database: Database, writer: Writer, environment: EnvironmentConfig, vault: Vault): boolean {
  const isTaken = writer.first(
    database.sql
      .selectFrom('environments')
      .select('id')
      .where('id', '<>', environment.id)
      .where('deleted_at_ms', 'is', null)
      .where(rawSql<boolean>`name = ${environment.name} COLLATE NOCASE`),
  );
  if (isTaken !== undefined) return false;
  const change = {
    name: environment.name,
    variables_sealed: sealJson(vault, environment.variables),
    updated_at_ms: environment.updatedAtMs,
    deleted_at_ms: null,
  };
  writer.run(database.sql.updateTable('environments').set(change).where('id', '=', environment.id));
  return true;
}

/** Marks an environment deleted and erases its values. */
export function deleteEnvironment(database: Database, writer: Writer, id: string, vault: Vault, nowMs: number): void {
  const change = { deleted_at_ms: nowMs, variables_sealed: sealJson(vault, []) };
  writer.run(database.sql.updateTable('environments').set(change).where('id', '=', id));
}
