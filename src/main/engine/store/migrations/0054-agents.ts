/** What agents did, and deliveries whose attempts may go to loopback addresses only, since an agent had them made. */
export const agents = {
  version: 54,
  sql: `
ALTER TABLE deliveries ADD COLUMN is_within_loopback INTEGER NOT NULL DEFAULT 0;
CREATE TABLE agent_calls (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  actor TEXT NOT NULL,
  tool TEXT NOT NULL,
  arguments TEXT NOT NULL,
  is_error INTEGER NOT NULL,
  message TEXT NOT NULL,
  made_json TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  took_ms REAL NOT NULL
) STRICT;
`,
} as const;
