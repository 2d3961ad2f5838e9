/** Profiles that people save, and the profile that an endpoint was made with. */
export const profiles = {
  version: 24,
  sql: `
CREATE TABLE profiles (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  summary TEXT NOT NULL,
  content_json TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX profiles_name ON profiles (name COLLATE NOCASE);
`,
} as const;
