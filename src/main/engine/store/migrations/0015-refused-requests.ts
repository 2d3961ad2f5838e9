/** What the capture listener did not take. Without a reference to the bin: an entry outlives it, and the table is bounded by itself. */
export const refusedRequests = {
  version: 15,
  sql: `
CREATE TABLE IF NOT EXISTS refused_requests (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  bin_id TEXT,
  slug TEXT,
  reason TEXT NOT NULL,
  seen TEXT NOT NULL,
  status INTEGER,
  first_bytes BLOB NOT NULL,
  received_bytes INTEGER NOT NULL,
  remote_address TEXT NOT NULL,
  received_at_ms INTEGER NOT NULL,
  more INTEGER NOT NULL,
  last_at_ms INTEGER NOT NULL,
  removed_at_ms INTEGER
) STRICT;
`,
} as const;
