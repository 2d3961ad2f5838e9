import type { TemplateVersionCause } from '#shared/contract/template-versions.ts';
import type { Database, Reader, Writer } from '../store/database.ts';
import type { TemplateVersionRow } from '../store/schema.ts';

/** A version without its text. */
export interface VersionHead {
  readonly number: number;
  readonly cause: TemplateVersionCause;
  readonly restoredFrom: number | null;
  readonly madeBy: string | null;
  readonly madeAtMs: number;
  /** Null for the default envelope. */
  readonly characters: number | null;
}

/** A template that is to become the newest version. */
export interface NewVersion {
  /** Null for the default envelope. */
  readonly source: string | null;
  readonly cause: TemplateVersionCause;
  readonly restoredFrom?: number;
  /** The actor, such as `alice (window)`; null where that is not known. */
  readonly madeBy: string | null;
  readonly madeAtMs: number;
}

/** What is kept of each endpoint or profile: so many versions, and so many characters in all of them. */
export const keptVersions = 50;
export const keptCharacters = 4_000_000;

const headColumns = ['number', 'cause', 'restored_from', 'made_by', 'made_at_ms', 'characters'] as const;

/** The versions of an endpoint or a profile, newest first; empty where its template was never changed since they are kept. */
export function listVersions(database: Pick<Database, 'sql' | 'all'>, ownerId: string): readonly VersionHead[] {
  return database
    .all(database.sql.selectFrom('template_versions').select(headColumns).where('owner_id', '=', ownerId).orderBy('number', 'desc'))
    .map(headOf);
}

/** One version with its text. */
export function findVersion(
  database: Pick<Database, 'sql' | 'first'>,
  ownerId: string,
  number: number,
): (VersionHead & { readonly source: string | null }) | undefined {
  const row = database.first(
    database.sql.selectFrom('template_versions').selectAll().where('owner_id', '=', ownerId).where('number', '=', number),
  );
  return row === undefined ? undefined : { ...headOf(row), source: row.source };
}

function headOf(row: Omit<TemplateVersionRow, 'owner_id' | 'source'>): VersionHead {
  return {
    number: row.number,
    cause: row.cause as TemplateVersionCause,
    restoredFrom: row.restored_from,
    madeBy: row.made_by,
    madeAtMs: row.made_at_ms,
    characters: row.characters,
  };
}

/**
 * Adds a version. `before` is the one that it follows, which is kept as well where none was until now. The oldest go beyond
 * {@link keptVersions} and {@link keptCharacters}.
 */
export function addVersion(writer: Writer, ownerId: string, version: NewVersion, before: NewVersion | null): void {
  let newest = newestNumber(writer, ownerId);
  if (newest === 0 && before !== null) insertVersion(writer, ownerId, ++newest, before);
  insertVersion(writer, ownerId, newest + 1, version);
  writer.runRaw(
    `DELETE FROM template_versions WHERE owner_id = ? AND number <= (
       SELECT number FROM (
         SELECT number,
           row_number() OVER (ORDER BY number DESC) AS place,
           sum(coalesce(characters, 0)) OVER (ORDER BY number DESC) AS total
         FROM template_versions WHERE owner_id = ?)
       WHERE place > ? OR total > ? ORDER BY number DESC LIMIT 1)`,
    [ownerId, ownerId, keptVersions, keptCharacters],
  );
}

function newestNumber(reader: Reader, ownerId: string): number {
  const [row] = reader.raw<{ newest: number | null }>('SELECT max(number) AS newest FROM template_versions WHERE owner_id = ?', [ownerId]);
  return row?.newest ?? 0;
}

function insertVersion(writer: Writer, ownerId: string, number: number, version: NewVersion): void {
  writer.run(
    writer.sql.insertInto('template_versions').values({
      owner_id: ownerId,
      number,
      cause: version.cause,
      restored_from: version.restoredFrom ?? null,
      made_by: version.madeBy,
      made_at_ms: version.madeAtMs,
      characters: version.source?.length ?? null,
      source: version.source,
    }),
  );
}

/** Removes the versions of an endpoint or a profile that is deleted. */
export function deleteVersions(writer: Pick<Writer, 'runRaw'>, ownerId: string): void {
  writer.runRaw('DELETE FROM template_versions WHERE owner_id = ?', [ownerId]);
}
