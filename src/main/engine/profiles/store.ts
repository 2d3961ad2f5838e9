import { sql as rawSql } from 'kysely';
import { profileInput, type Profile, type ProfileSummary } from '#shared/contract/profiles.ts';
import { contentOf } from '#shared/profiles/profile.ts';
import { readJson } from '../store/damage.ts';
import type { Database, Writer } from '../store/database.ts';
import { containing } from '../store/page.ts';
import type { ProfileRow } from '../store/schema.ts';

/** A profile that somebody saved. */
export interface OwnProfile extends Profile {
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

function fromRow(row: Omit<ProfileRow, 'seq'>): OwnProfile {
  const content = profileInput.parse(readJson(row.content_json, { table: 'profiles', column: 'content_json', row: row.id }));
  return { ...content, id: row.id, isBuiltIn: false, createdAtMs: row.created_at_ms, updatedAtMs: row.updated_at_ms };
}

function toRow(profile: OwnProfile): Omit<ProfileRow, 'seq'> {
  return {
    id: profile.id,
    name: profile.name,
    summary: profile.summary,
    scheme: profile.fields.signing?.scheme ?? null,
    event_type_count: profile.eventTypes.length,
    content_json: JSON.stringify(contentOf(profile)),
    created_at_ms: profile.createdAtMs,
    updated_at_ms: profile.updatedAtMs,
  };
}

const summaryColumns = ['seq', 'id', 'name', 'summary', 'scheme', 'event_type_count', 'updated_at_ms'] as const;

/** Saved profiles, newest first, before `beforeSeq`. */
export function listProfiles(
  database: Database,
  query: { readonly beforeSeq: number; readonly limit: number; readonly q: string | undefined },
): readonly { readonly seq: number; readonly profile: ProfileSummary }[] {
  let select = database.sql.selectFrom('profiles').select(summaryColumns).where('seq', '<', query.beforeSeq);
  if (query.q !== undefined) {
    const pattern = containing(query.q);
    select = select.where(rawSql<boolean>`(name LIKE ${pattern} ESCAPE '\\' OR summary LIKE ${pattern} ESCAPE '\\')`);
  }
  return database.all(select.orderBy('seq', 'desc').limit(query.limit)).map((row) => ({
    seq: row.seq,
    profile: {
      id: row.id,
      isBuiltIn: false,
      name: row.name,
      summary: row.summary,
      updatedAtMs: row.updated_at_ms,
      scheme: row.scheme,
      eventTypes: row.event_type_count,
    },
  }));
}

export function findProfile(database: Pick<Database, 'sql' | 'first'>, id: string): OwnProfile | undefined {
  const row = database.first(database.sql.selectFrom('profiles').selectAll().where('id', '=', id));
  return row === undefined ? undefined : fromRow(row);
}

/** The id of a profile by its name, regardless of letter case. */
export function findProfileNamed(database: Pick<Database, 'sql' | 'first'>, name: string): string | undefined {
  const select = database.sql.selectFrom('profiles').select('id');
  return database.first(select.where(rawSql<boolean>`lower(name) = lower(${name})`).orderBy('seq'))?.id;
}

/** Adds a profile; returns false when another has its name. */
export function insertProfile(database: Database, writer: Writer, profile: OwnProfile): boolean {
  const insert = database.sql.insertInto('profiles').values(toRow(profile));
  return writer.run(insert.onConflict((conflict) => conflict.doNothing())) === 1;
}

/** Replaces a profile; returns false when another has its name. */
export function updateProfile(database: Database, writer: Writer, profile: OwnProfile): boolean {
  const isTaken = writer.first(
    database.sql
      .selectFrom('profiles')
      .select('id')
      .where('id', '<>', profile.id)
      .where(rawSql<boolean>`name = ${profile.name} COLLATE NOCASE`),
  );
  if (isTaken !== undefined) return false;
  const { id, ...change } = toRow(profile);
  writer.run(database.sql.updateTable('profiles').set(change).where('id', '=', id));
  return true;
}

export function deleteProfile(database: Database, writer: Writer, id: string): void {
  writer.run(database.sql.deleteFrom('profiles').where('id', '=', id));
}
