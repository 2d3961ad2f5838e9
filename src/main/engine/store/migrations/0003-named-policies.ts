/** Named retry policies, and what the limits of a policy need of a delivery. */
export const namedPolicies = {
  version: 3,
  sql: `
CREATE TABLE policies (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  description TEXT NOT NULL,
  policy_json TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  deleted_at_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX policies_name ON policies (name COLLATE NOCASE) WHERE deleted_at_ms IS NULL;

-- Null stands for created_at_ms, so that the many rows there may be need not be written.
ALTER TABLE deliveries ADD COLUMN schedule_began_at_ms INTEGER;
ALTER TABLE deliveries ADD COLUMN end_reason TEXT;
`,
} as const;
