import { hotWrite } from '../store/hot-write.ts';
import type { Writer } from '../store/database.ts';
import type { WholeRow } from './store.ts';

// Samples and schemas can be many megabytes, which the main thread would write at the cost of its calls.

/** An event type of an import as it is written. */
export type ImportedRow = Pick<
  WholeRow,
  'name' | 'title' | 'description' | 'group_name' | 'samples_json' | 'sample_lengths_json' | 'sample_count' | 'schema_json' | 'source'
>;

/** A part of an import. */
export interface ImportPart {
  readonly rows: readonly ImportedRow[];
  readonly removed: readonly string[];
  readonly nowMs: number;
}

const putImported = `INSERT INTO event_types (name, title, description, group_name, sample_count, has_schema, source, created_at_ms, updated_at_ms)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET title = excluded.title, description = excluded.description, group_name = excluded.group_name,
    sample_count = excluded.sample_count, has_schema = excluded.has_schema, source = excluded.source, is_edited = 0,
    updated_at_ms = max(excluded.updated_at_ms, updated_at_ms + 1)`;

const putContents = `INSERT INTO event_type_contents (name, samples_json, schema_json, sample_lengths_json) VALUES (?, ?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET samples_json = excluded.samples_json, schema_json = excluded.schema_json,
    sample_lengths_json = excluded.sample_lengths_json`;

/** Writes a part of an import. What is done about data that breaks the schema stays as it was. */
export const importWrite = hotWrite('importEventTypes', (writer, { rows, removed, nowMs }: ImportPart) => {
  for (const row of rows) {
    const hasSchema = Number(row.schema_json !== null);
    const { name, title, description, group_name: group, sample_count: count, source } = row;
    writer.runRaw(putImported, [name, title, description, group, count, hasSchema, source, nowMs, nowMs]);
    writer.runRaw(putContents, [name, row.samples_json, row.schema_json, row.sample_lengths_json]);
  }
  for (const name of removed) writer.runRaw('DELETE FROM event_types WHERE name = ?', [name]);
});

/** A part of undoing an import: `atVersionMs` is when the import wrote the row. */
export interface UndonePart {
  readonly added: readonly { readonly name: string; readonly atVersionMs: number }[];
  readonly changed: readonly { readonly row: WholeRow; readonly atVersionMs: number }[];
  readonly removed: readonly WholeRow[];
  readonly nowMs: number;
}

/** Names by what was done with them. */
export interface UndoneNames {
  readonly removed: readonly string[];
  readonly restored: readonly string[];
  readonly left: readonly string[];
}

const putBack = `UPDATE event_types SET title = ?, description = ?, group_name = ?, sample_count = ?, has_schema = ?, source = ?, is_edited = ?,
    updated_at_ms = max(?, updated_at_ms + 1) WHERE name = ? AND updated_at_ms = ?`;

/** Undoes a part of an import, but for what was changed since. What is done about data that breaks the schema stays as it is. */
export const undoImportWrite = hotWrite('undoImport', (writer, { added, changed, removed, nowMs }: UndonePart): UndoneNames => {
  const done = { removed: [] as string[], restored: [] as string[], left: [] as string[] };
  for (const { name, atVersionMs } of added) {
    const isGone = writer.runRaw('DELETE FROM event_types WHERE name = ? AND updated_at_ms = ?', [name, atVersionMs]) === 1;
    (isGone ? done.removed : done.left).push(name);
  }
  for (const { row, atVersionMs } of changed) {
    const values = [row.title, row.description, row.group_name, row.sample_count, row.has_schema, row.source, row.is_edited, nowMs];
    const isBack = writer.runRaw(putBack, [...values, row.name, atVersionMs]) === 1;
    if (isBack) writer.runRaw(putContents, [row.name, row.samples_json, row.schema_json, row.sample_lengths_json]);
    (isBack ? done.restored : done.left).push(row.name);
  }
  for (const row of removed) (insertEventType(writer, row) ? done.restored : done.left).push(row.name);
  return done;
});

const insertNew = `INSERT INTO event_types (name, title, description, group_name, sample_count, has_schema, data_check, source, is_edited, created_at_ms, updated_at_ms)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`;

/** Adds an event type; returns false when the name is taken. */
export function insertEventType(writer: Writer, row: WholeRow): boolean {
  const values = [row.name, row.title, row.description, row.group_name, row.sample_count, row.has_schema, row.data_check, row.source];
  if (writer.runRaw(insertNew, [...values, row.is_edited, row.created_at_ms, row.updated_at_ms]) === 0) return false;
  writer.runRaw(putContents, [row.name, row.samples_json, row.schema_json, row.sample_lengths_json]);
  return true;
}

/** The same in the writer thread. */
export const addEventTypeWrite = hotWrite('addEventType', insertEventType);

/** A change of an event type: the columns that change, made only while the row is as it was read. */
export interface EventTypeChange {
  readonly name: string;
  readonly readAtVersionMs: number;
  readonly set: Partial<Omit<WholeRow, 'name'>>;
}

/** Changes an event type; false when it was changed or deleted since it was read. */
export const changeEventTypeWrite = hotWrite('changeEventType', (writer, { name, readAtVersionMs, set }: EventTypeChange): boolean => {
  const { samples_json: samples, sample_lengths_json: lengths, schema_json: schema, ...rest } = set;
  const changed = writer.sql.updateTable('event_types').set(rest).where('name', '=', name).where('updated_at_ms', '=', readAtVersionMs);
  if (writer.run(changed) === 0) return false;
  const contents = {
    ...(samples === undefined ? {} : { samples_json: samples, sample_lengths_json: lengths ?? null }),
    ...(schema === undefined ? {} : { schema_json: schema }),
  };
  if (Object.keys(contents).length > 0) writer.run(writer.sql.updateTable('event_type_contents').set(contents).where('name', '=', name));
  return true;
});
