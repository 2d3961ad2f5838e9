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
