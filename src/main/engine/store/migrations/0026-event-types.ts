/** Event types with a title, a group, several named samples, what is done about data that breaks the schema, and where they came from. */
export const eventTypes = {
  version: 26,
  sql: `
ALTER TABLE event_types ADD COLUMN title TEXT NOT NULL DEFAULT '';
ALTER TABLE event_types ADD COLUMN group_name TEXT NOT NULL DEFAULT '';
ALTER TABLE event_types ADD COLUMN samples_json TEXT NOT NULL DEFAULT '[]';
ALTER TABLE event_types ADD COLUMN data_check TEXT NOT NULL DEFAULT 'warn';
ALTER TABLE event_types ADD COLUMN source TEXT;
ALTER TABLE event_types ADD COLUMN is_edited INTEGER NOT NULL DEFAULT 0;
UPDATE event_types SET samples_json = '[{"name":"default","data":' || sample_json || '}]';
ALTER TABLE event_types DROP COLUMN sample_json;
CREATE INDEX event_types_source ON event_types (source) WHERE source IS NOT NULL;
`,
} as const;
