import { sql as rawSql } from 'kysely';
import type { Vault } from '../base/ports.ts';
import type { Database, Writer } from '../store/database.ts';
import { containing } from '../store/page.ts';
import type { AuthRow } from '../store/schema.ts';
import { storedSigning } from '../signing/options.ts';
import { openJson, sealJson } from '../store/sealed.ts';
import type { AuthConfig, StoredPart } from './config.ts';

function fromRow(row: Omit<AuthRow, 'seq'>, vault: Vault): AuthConfig {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    parts: openJson<StoredPart[]>(vault, row.parts_sealed).map(withLaterOptions),
    isDeleted: row.deleted_at_ms !== null,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

/** A signature that an older version stored gets the options that came since. */
function withLaterOptions(part: StoredPart): StoredPart {
  return part.kind === 'signature' ? { ...part, signing: storedSigning(part.signing) ?? part.signing } : part;
}

/** Every authentication that was not deleted, with its secrets in clear. */
export function allAuths(database: Database, vault: Vault): readonly AuthConfig[] {
  return database
    .all(database.sql.selectFrom('auths').selectAll().where('deleted_at_ms', 'is', null).orderBy('seq'))
    .map((row) => fromRow(row, vault));
}

/** Ids of authentications that were not deleted, newest first, before `beforeSeq`. */
export function listAuths(
  database: Database,
  query: { readonly beforeSeq: number; readonly limit: number; readonly q: string | undefined },
): readonly { readonly seq: number; readonly id: string }[] {
  let select = database.sql.selectFrom('auths').select(['seq', 'id']).where('deleted_at_ms', 'is', null).where('seq', '<', query.beforeSeq);
  if (query.q !== undefined) {
    const pattern = containing(query.q);
    select = select.where(rawSql<boolean>`(name LIKE ${pattern} ESCAPE '\\' OR description LIKE ${pattern} ESCAPE '\\')`);
  }
  return database.all(select.orderBy('seq', 'desc').limit(query.limit));
}

/** Adds an authentication; returns false when another has its name. */
export function insertAuth(database: Database, writer: Writer, auth: AuthConfig, vault: Vault): boolean {
  const row = {
    id: auth.id,
    name: auth.name,
    description: auth.description,
    parts_sealed: sealJson(vault, auth.parts),
    created_at_ms: auth.createdAtMs,
    updated_at_ms: auth.updatedAtMs,
    deleted_at_ms: null,
  };
  return (
    writer.run(
      database.sql
        .insertInto('auths')
        .values(row)
        .onConflict((conflict) => conflict.doNothing()),
    ) === 1
  );
}

/** Replaces the changeable columns of an authentication; returns false when another has its name. */
export function updateAuth(database: Database, writer: Writer, auth: AuthConfig, vault: Vault): boolean {
  const isTaken = writer.first(
    database.sql
      .selectFrom('auths')
      .select('id')
      .where('id', '<>', auth.id)
      .where('deleted_at_ms', 'is', null)
      .where(rawSql<boolean>`name = ${auth.name} COLLATE NOCASE`),
  );
  if (isTaken !== undefined) return false;
  const change = {
    name: auth.name,
    description: auth.description,
    parts_sealed: sealJson(vault, auth.parts),
    updated_at_ms: auth.updatedAtMs,
  };
  writer.run(database.sql.updateTable('auths').set(change).where('id', '=', auth.id));
  return true;
}

/** Marks an authentication deleted and erases its secrets. */
export function deleteAuth(database: Database, writer: Writer, id: string, vault: Vault, nowMs: number): void {
  const change = { deleted_at_ms: nowMs, parts_sealed: sealJson(vault, []) };
  writer.run(database.sql.updateTable('auths').set(change).where('id', '=', id));
}
