/** Samples and schemas of event types in a table of their own: they can be many megabytes, which a list would read past in each row. */
export const eventTypeContents = {
  version: 33,
  sql: `
CREATE TABLE event_type_contents (
  name TEXT PRIMARY KEY REFERENCES event_types (name) ON DELETE CASCADE,
  samples_json TEXT NOT NULL,
  schema_json TEXT
) STRICT;
INSERT INTO event_type_contents (name, samples_json, schema_json) SELECT name, samples_json, schema_json FROM event_types;

ALTER TABLE event_types ADD COLUMN sample_count INTEGER NOT NULL DEFAULT 1;
ALTER TABLE event_types ADD COLUMN has_schema INTEGER NOT NULL DEFAULT 0;
UPDATE event_types SET sample_count = iif(json_valid(samples_json), json_array_length(samples_json), 0), has_schema = schema_json IS NOT NULL;
ALTER TABLE event_types DROP COLUMN samples_json;
ALTER TABLE event_types DROP COLUMN schema_json;
`,
} as const;
