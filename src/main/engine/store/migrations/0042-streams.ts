/** Keys of streams, by which others follow the captures of a bin. Of a key only its hash is kept. */
export const streams = {
  version: 42,
  sql: `
CREATE TABLE stream_keys (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  bin_id TEXT NOT NULL REFERENCES bins (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  key_hash BLOB NOT NULL UNIQUE,
  creator TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  used_at_ms INTEGER
) STRICT;
CREATE INDEX stream_keys_bin ON stream_keys (bin_id);
`,
} as const;
