import { hotWrite } from '../../store/hot-write.ts';

/** An event type of an import as it is written. */
export interface ImportedRow {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly group_name: string;
  readonly samples_json: string;
  readonly schema_json: string | null;
  readonly source: string | null;
}

/** A part of an import. */
export interface ImportPart {
  readonly rows: readonly ImportedRow[];
  readonly removed: readonly string[];
  readonly nowMs: number;
}

const put = `INSERT INTO event_types (name, title, description, group_name, samples_json, schema_json, source, created_at_ms, updated_at_ms)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET title = excluded.title, description = excluded.description, group_name = excluded.group_name,
    samples_json = excluded.samples_json, schema_json = excluded.schema_json, source = excluded.source, is_edited = 0,
    updated_at_ms = max(excluded.updated_at_ms, updated_at_ms + 1)`;

/** Writes a part of an import. What is done about data that breaks the schema stays as it was. */
export const importWrite = hotWrite('importEventTypes', (writer, { rows, removed, nowMs }: ImportPart) => {
  for (const row of rows)
    writer.runRaw(put, [row.name, row.title, row.description, row.group_name, row.samples_json, row.schema_json, row.source, nowMs, nowMs]);
  for (const name of removed) writer.runRaw('DELETE FROM event_types WHERE name = ?', [name]);
});
