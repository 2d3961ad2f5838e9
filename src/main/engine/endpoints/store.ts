import { sql as rawSql } from 'kysely';
import type { Database, Writer } from '../store/database.ts';
import { beginningWith, containing } from '../store/page.ts';
import type { EndpointRow } from '../store/schema.ts';

type NewRow = Omit<EndpointRow, 'seq'>;
export type StoredEndpoint = NewRow & { readonly seq: number };

/** Adds an endpoint. */
export function insertEndpoint(database: Pick<Database, 'sql'>, writer: Writer, row: NewRow): void {
  writer.run(database.sql.insertInto('endpoints').values(row));
}

/**
 * Replaces the columns of an endpoint that is not deleted, except whether it is active, which its state decides, and its id: if that is
 * set, even to itself, SQLite goes over every delivery to it.
 */
export function updateEndpoint(database: Database, writer: Writer, { is_active: _, id, ...change }: NewRow): void {
  writer.run(database.sql.updateTable('endpoints').set(change).where('id', '=', id).where('deleted_at_ms', 'is', null));
}

/** Marks an endpoint deleted and erases its secrets; the row stays because the log refers to it. */
export function deleteEndpoint(
  database: Database,
  writer: Writer,
  id: string,
  noSecrets: Pick<NewRow, 'secret_headers_sealed' | 'secrets_sealed'>,
  nowMs: number,
): void {
  writer.run(
    database.sql
      .updateTable('endpoints')
      .set({ ...noSecrets, deleted_at_ms: nowMs, is_active: 0, relay_id: null })
      .where('id', '=', id),
  );
}

/** Notes whether an endpoint is active, which its state decides. */
export function setActive(writer: Writer, id: string, isActive: boolean): void {
  writer.runRaw('UPDATE endpoints SET is_active = ? WHERE id = ? AND is_active <> ? AND deleted_at_ms IS NULL', [
    Number(isActive),
    id,
    Number(isActive),
  ]);
}

/** Removes targets of one message. */
export function removeOneOffs(writer: Pick<Writer, 'runRaw'>, ids: readonly string[]): void {
  if (ids.length > 0)
    writer.runRaw('DELETE FROM endpoints WHERE id IN (SELECT value FROM json_each(?)) AND is_one_off = 1', [JSON.stringify(ids)]);
}

/** An endpoint by its id, deleted ones and targets of one message included. */
export function findEndpoint(database: Database, id: string): StoredEndpoint | undefined {
  return database.first(database.sql.selectFrom('endpoints').selectAll().where('id', '=', id));
}

/** Spelled out, since SQLite uses a partial index only when its condition is in the query. */
const isListed = rawSql<boolean>`deleted_at_ms IS NULL AND is_one_off = 0`;

/** Endpoints in the list, newest first, before `seq`. */
export function listEndpoints(
  database: Database,
  query: { readonly beforeSeq: number; readonly limit: number; readonly q: string | undefined },
): readonly StoredEndpoint[] {
  let select = database.sql.selectFrom('endpoints').selectAll().where(isListed).where('seq', '<', query.beforeSeq);
  if (query.q !== undefined) {
    const pattern = containing(query.q);
    select = select.where(
      rawSql<boolean>`(name LIKE ${pattern} ESCAPE '\\' OR url LIKE ${pattern} ESCAPE '\\' OR description LIKE ${pattern} ESCAPE '\\' OR events_json LIKE ${pattern} ESCAPE '\\')`,
    );
  }
  return database.all(select.orderBy('seq', 'desc').limit(query.limit));
}

/** Every endpoint that may get a stream of messages: those of the list, and those of relays. */
export function allEndpoints(database: Database): readonly StoredEndpoint[] {
  const all = database.sql.selectFrom('endpoints').selectAll().orderBy('seq');
  return [
    ...database.all(all.where(isListed)),
    ...database.all(all.where(rawSql<boolean>`relay_id IS NOT NULL`).where('deleted_at_ms', 'is', null)),
  ];
}

/** Points endpoints that send to this workspace's own bins at the capture listener's new base URL; answers how many moved. */
export function moveCaptureUrls(
  writer: Writer,
  move: { readonly fromBase: string; readonly toBase: string; readonly slugs: readonly string[] },
): number {
  let moved = 0;
  for (const slug of move.slugs) {
    const from = `${move.fromBase}/${slug}`;
    moved += writer.runRaw(
      `UPDATE endpoints SET url = ? || substr(url, ?) WHERE deleted_at_ms IS NULL AND (url = ? OR url LIKE ? ESCAPE '\\' OR url LIKE ? ESCAPE '\\')`,
      [`${move.toBase}/${slug}`, from.length + 1, from, beginningWith(`${from}/`), beginningWith(`${from}?`)],
    );
  }
  return moved;
}

/** An endpoint that refers to a policy or an authentication. */
export interface NamedUser {
  readonly id: string;
  readonly name: string;
}

/** Listed endpoints that refer to a policy, by name. */
export function usersOf(database: Database, policyId: string, reader: Pick<Writer, 'all'> = database): readonly NamedUser[] {
  return reader.all(
    database.sql
      .selectFrom('endpoints')
      .select(['id', 'name'])
      .where(isListed)
      .where(rawSql<boolean>`retry_policy_json ->> '$.policyId' = ${policyId}`)
      .orderBy('name'),
  );
}

/** Listed endpoints that refer to an authentication, by name. */
export function usersOfAuth(database: Database, authId: string, reader: Pick<Writer, 'all'> = database): readonly NamedUser[] {
  return reader.all(
    database.sql
      .selectFrom('endpoints')
      .select(['id', 'name'])
      .where(isListed)
      .where(rawSql<boolean>`config_json ->> '$.authId' = ${authId}`)
      .orderBy('name'),
  );
}
