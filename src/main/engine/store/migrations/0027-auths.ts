/** Authentications that endpoints refer to, what an attempt did before its request, and whether a capture was seen before. */
export const auths = {
  version: 27,
  sql: `
CREATE TABLE auths (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  parts_sealed BLOB NOT NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  deleted_at_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX auths_name ON auths (name COLLATE NOCASE) WHERE deleted_at_ms IS NULL;

-- JSON array; null for an attempt without steps.
ALTER TABLE attempts ADD COLUMN steps_json TEXT;

-- What identifies a signed request, so that the same one is recognised when it comes again; null where nothing was verified.
ALTER TABLE captures ADD COLUMN replay_key BLOB;
ALTER TABLE captures ADD COLUMN seen_before_id TEXT;
CREATE INDEX captures_replay_key ON captures (bin_id, replay_key) WHERE replay_key IS NOT NULL;
`,
} as const;
