/** What a list says of each saved profile, before the content in the row: that can be long, and a list would read past it. */
export const profileSummaries = {
  version: 34,
  sql: `
ALTER TABLE profiles ADD COLUMN scheme TEXT;
ALTER TABLE profiles ADD COLUMN event_type_count INTEGER NOT NULL DEFAULT 0;
ALTER TABLE profiles ADD COLUMN moved_json TEXT NOT NULL DEFAULT '{}';
UPDATE profiles SET moved_json = content_json;
UPDATE profiles SET
  scheme = json_extract(content_json, '$.fields.signing.scheme'),
  event_type_count = coalesce(json_array_length(content_json, '$.eventTypes'), 0)
WHERE json_valid(content_json);
ALTER TABLE profiles DROP COLUMN content_json;
ALTER TABLE profiles RENAME COLUMN moved_json TO content_json;
`,
} as const;
