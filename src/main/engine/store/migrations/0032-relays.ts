/**
 * Relays. What they still have to forward is written by a trigger in the transaction of the capture itself, so that a capture that was
 * answered is forwarded whatever happens to the process. One that goes before is counted for each relay that it waited for.
 */
export const relays = {
  version: 32,
  sql: `
CREATE TABLE relays (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  bin_id TEXT NOT NULL,
  match_json TEXT,
  -- JSON array; what a target sends to is an endpoint, of the list or of the relay alone.
  targets_json TEXT NOT NULL,
  is_active INTEGER NOT NULL,
  creator TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX relays_bin ON relays (bin_id);

CREATE TABLE relay_outbox (
  relay_id TEXT NOT NULL,
  capture_seq INTEGER NOT NULL,
  PRIMARY KEY (relay_id, capture_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX relay_outbox_capture ON relay_outbox (capture_seq);

-- How many captures each target got (outcome forwarded), and with an empty target_id what became of the captures of a relay.
CREATE TABLE relay_counts (
  relay_id TEXT NOT NULL,
  target_id TEXT NOT NULL,
  outcome TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (relay_id, target_id, outcome)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER captures_owed AFTER INSERT ON captures BEGIN
  INSERT INTO relay_outbox (relay_id, capture_seq) SELECT id, NEW.seq FROM relays WHERE bin_id = NEW.bin_id;
END;
CREATE TRIGGER captures_owed_go AFTER DELETE ON captures BEGIN
  INSERT INTO relay_counts (relay_id, target_id, outcome, count)
    SELECT relay_id, '', 'removed', 1 FROM relay_outbox WHERE capture_seq = OLD.seq
    ON CONFLICT (relay_id, target_id, outcome) DO UPDATE SET count = count + 1;
  DELETE FROM relay_outbox WHERE capture_seq = OLD.seq;
END;

-- An endpoint that is the relay's alone, made for a URL; null for every other.
ALTER TABLE endpoints ADD COLUMN relay_id TEXT;
CREATE INDEX endpoints_of_relays ON endpoints (relay_id) WHERE relay_id IS NOT NULL;

ALTER TABLE messages ADD COLUMN relay_id TEXT;
CREATE INDEX messages_relay ON messages (relay_id) WHERE relay_id IS NOT NULL;
`,
} as const;
