/**
 * Sources of bins: channels elsewhere whose requests a bin captures. How far a source has come is written with the capture itself, so
 * that a request is taken once, whenever the process ends.
 */
export const sources = {
  version: 43,
  sql: `
CREATE TABLE sources (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  bin_id TEXT NOT NULL REFERENCES bins (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  -- Sealed JSON text: whoever has the URL can read what comes.
  url_sealed BLOB NOT NULL,
  verifies_tls INTEGER NOT NULL,
  is_active INTEGER NOT NULL,
  -- JSON array of what was or may have been missed, oldest first.
  gaps_json TEXT NOT NULL,
  gap_count INTEGER NOT NULL,
  creator TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX sources_bin ON sources (bin_id);

CREATE TABLE source_positions (
  source_id TEXT PRIMARY KEY REFERENCES sources (id) ON DELETE CASCADE,
  -- The id to go on from; null where the channel keeps nothing.
  event_id TEXT,
  captured INTEGER NOT NULL,
  last_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Where a capture came from when it was not sent to the bin's own URL.
ALTER TABLE captures ADD COLUMN source_json TEXT;
`,
} as const;
