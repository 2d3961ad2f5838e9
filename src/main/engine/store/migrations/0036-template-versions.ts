/** Earlier templates of endpoints and of saved profiles. */
export const templateVersions = {
  version: 36,
  sql: `
CREATE TABLE template_versions (
  owner_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  cause TEXT NOT NULL,
  restored_from INTEGER,
  made_by TEXT,
  made_at_ms INTEGER NOT NULL,
  characters INTEGER,
  source TEXT,
  PRIMARY KEY (owner_id, number)
) STRICT;
`,
} as const;
