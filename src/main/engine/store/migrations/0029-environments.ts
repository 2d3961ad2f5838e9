/** Named sets of variables, and which of them a delivery takes. */
export const environments = {
  version: 29,
  sql: `
CREATE TABLE environments (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  variables_sealed BLOB NOT NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  deleted_at_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX environments_name ON environments (name COLLATE NOCASE) WHERE deleted_at_ms IS NULL;

ALTER TABLE deliveries ADD COLUMN environment_id TEXT;
`,
} as const;
