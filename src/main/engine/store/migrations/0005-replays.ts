/** Replays, with which deliveries each has made due: the pair is unique, so that none is replayed twice by the same replay. */
export const replays = {
  version: 5,
  sql: `
CREATE TABLE replays (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  source_json TEXT NOT NULL,
  timestamp TEXT NOT NULL,
  rate_per_second REAL,
  status TEXT NOT NULL,
  problem TEXT,
  total INTEGER NOT NULL,
  replayed INTEGER NOT NULL,
  skipped_json TEXT NOT NULL,
  after_seq INTEGER NOT NULL,
  upto_seq INTEGER NOT NULL,
  creator TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER
) STRICT;
CREATE INDEX replays_running ON replays (status) WHERE status = 'running';

CREATE TABLE replay_items (
  replay_seq INTEGER NOT NULL REFERENCES replays (seq) ON DELETE CASCADE,
  delivery_seq INTEGER NOT NULL REFERENCES deliveries (seq) ON DELETE CASCADE,
  PRIMARY KEY (replay_seq, delivery_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX replay_items_delivery ON replay_items (delivery_seq);
`,
} as const;
