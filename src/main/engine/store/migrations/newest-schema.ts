import type { Migration } from './index.ts';

/**
 * What all migrations leave in an empty file, in one step: a new file is made by it. Written by its test, which runs the
 * migrations: `npx vitest run test/engine/store/newest-schema.test.ts -u`.
 */
export const newestSchema: Migration = {
  version: 58,
  sql: `
CREATE TABLE bodies (hash BLOB PRIMARY KEY, size INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
CREATE TABLE event_types (
  name TEXT PRIMARY KEY,
  description TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
, title TEXT NOT NULL DEFAULT '', group_name TEXT NOT NULL DEFAULT '', data_check TEXT NOT NULL DEFAULT 'warn', source TEXT, is_edited INTEGER NOT NULL DEFAULT 0, sample_count INTEGER NOT NULL DEFAULT 1, has_schema INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE messages (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  event_type TEXT NOT NULL,
  data_json TEXT NOT NULL,
  body_hash BLOB REFERENCES bodies (hash),
  created_at_ms INTEGER NOT NULL
, head_hash BLOB REFERENCES bodies (hash), source_capture_id TEXT, relay_id TEXT, is_batch INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE deliveries (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  message_id TEXT NOT NULL REFERENCES messages (id),
  endpoint_id TEXT NOT NULL REFERENCES endpoints (id),
  event_type TEXT NOT NULL,
  status TEXT NOT NULL,
  body_hash BLOB REFERENCES bodies (hash),
  attempt_count INTEGER NOT NULL,
  schedule_step INTEGER NOT NULL,
  max_attempts INTEGER NOT NULL,
  due_at_ms INTEGER,
  next_trigger TEXT NOT NULL,
  in_flight_attempt_id TEXT,
  last_outcome_json TEXT,
  last_duration_ms REAL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL, sign_at_ms INTEGER, schedule_began_at_ms INTEGER, end_reason TEXT, is_test INTEGER NOT NULL DEFAULT 0, head_hash BLOB REFERENCES bodies (hash), environment_id TEXT, is_within_loopback INTEGER NOT NULL DEFAULT 0, check_case TEXT,
  -- What is due has something to send and is not being sent already: without this an attempt could be made twice at once.
  CHECK (due_at_ms IS NULL OR (body_hash IS NOT NULL AND in_flight_attempt_id IS NULL))
) STRICT;
CREATE INDEX deliveries_waiting ON deliveries (endpoint_id, due_at_ms) WHERE due_at_ms IS NOT NULL;
CREATE INDEX deliveries_in_flight ON deliveries (in_flight_attempt_id) WHERE in_flight_attempt_id IS NOT NULL;
CREATE INDEX deliveries_message ON deliveries (message_id);
CREATE INDEX deliveries_endpoint ON deliveries (endpoint_id, seq);
CREATE INDEX deliveries_status ON deliveries (status, seq);
CREATE INDEX deliveries_event_type ON deliveries (event_type, seq);
CREATE TABLE attempts (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  delivery_id TEXT NOT NULL REFERENCES deliveries (id),
  endpoint_id TEXT NOT NULL,
  number INTEGER NOT NULL,
  trigger TEXT NOT NULL,
  started_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER,
  outcome_code TEXT,
  outcome_json TEXT,
  method TEXT NOT NULL,
  url TEXT NOT NULL,
  request_headers_json TEXT NOT NULL,
  request_body_hash BLOB REFERENCES bodies (hash),
  request_body_bytes INTEGER NOT NULL,
  status INTEGER,
  reason TEXT,
  response_headers_json TEXT,
  response_body_hash BLOB REFERENCES bodies (hash),
  response_body_bytes INTEGER,
  is_response_truncated INTEGER NOT NULL DEFAULT 0,
  duration_ms REAL,
  timings_json TEXT,
  connection_json TEXT,
  signature_json TEXT
, redirects_json TEXT, steps_json TEXT) STRICT;
CREATE INDEX attempts_delivery ON attempts (delivery_id, number);
CREATE INDEX attempts_endpoint ON attempts (endpoint_id, seq);
CREATE TABLE bins (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  slug TEXT NOT NULL UNIQUE,
  response_json TEXT NOT NULL,
  signing_json TEXT,
  secrets_sealed BLOB NOT NULL,
  fingerprints_json TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL
, removed_at_ms INTEGER, removed_captures INTEGER, updated_at_ms INTEGER NOT NULL DEFAULT 0, answers_json TEXT NOT NULL DEFAULT '{}', verify_token_sealed BLOB, config_json TEXT NOT NULL DEFAULT '{}') STRICT;
CREATE TABLE captures (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  bin_id TEXT NOT NULL REFERENCES bins (id) ON DELETE CASCADE,
  method TEXT NOT NULL,
  target TEXT NOT NULL,
  http_version TEXT NOT NULL,
  headers_json TEXT NOT NULL,
  trailers_json TEXT NOT NULL,
  content_type TEXT,
  body_hash BLOB NOT NULL REFERENCES bodies (hash),
  body_bytes INTEGER NOT NULL,
  is_body_truncated INTEGER NOT NULL,
  remote_address TEXT NOT NULL,
  status INTEGER NOT NULL,
  response_json TEXT NOT NULL,
  verdict TEXT,
  verification_json TEXT,
  message_id TEXT,
  delivery_id TEXT,
  body_ms REAL NOT NULL,
  total_ms REAL,
  received_at_ms INTEGER NOT NULL
, removed_at_ms INTEGER, replay_key BLOB, seen_before_id TEXT, answered_json TEXT, sent_json TEXT, arrival_json TEXT, source_json TEXT, is_pinned INTEGER NOT NULL DEFAULT 0, note TEXT NOT NULL DEFAULT '', tags_json TEXT NOT NULL DEFAULT '[]', event_type TEXT) STRICT;
CREATE TABLE settings (key TEXT PRIMARY KEY, value_json TEXT NOT NULL) STRICT;
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
CREATE TABLE endpoint_states (
  endpoint_id TEXT PRIMARY KEY REFERENCES endpoints (id) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  failures_in_a_row INTEGER NOT NULL,
  failing_since_ms INTEGER,
  recovered_at_ms INTEGER,
  enabled_at_ms INTEGER,
  is_warned INTEGER NOT NULL,
  disabled_reason TEXT,
  disabled_message TEXT,
  disabled_at_ms INTEGER,
  circuit_opened_at_ms INTEGER,
  failed_probes INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE endpoint_events (
  endpoint_id TEXT NOT NULL REFERENCES endpoints (id) ON DELETE CASCADE,
  revision INTEGER NOT NULL,
  kind TEXT NOT NULL,
  message TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  UNIQUE (endpoint_id, revision, kind)
) STRICT;
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
  delivery_seq INTEGER NOT NULL REFERENCES deliveries (seq) ON DELETE CASCADE, attempts_before INTEGER,
  PRIMARY KEY (replay_seq, delivery_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX replay_items_delivery ON replay_items (delivery_seq);
CREATE TABLE referred_bodies (hash BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE INDEX captures_bin ON captures (bin_id, removed_at_ms, seq);
CREATE INDEX captures_removed ON captures (removed_at_ms) WHERE removed_at_ms IS NOT NULL;
CREATE TABLE capture_room (id INTEGER PRIMARY KEY CHECK (id = 1), bytes INTEGER NOT NULL) STRICT;
CREATE TABLE refused_requests (
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
CREATE INDEX bins_removed ON bins (removed_at_ms) WHERE removed_at_ms IS NOT NULL;
CREATE TABLE capture_marks (
  seq INTEGER PRIMARY KEY,
  bin_id TEXT NOT NULL,
  from_ms INTEGER,
  to_ms INTEGER,
  upto_seq INTEGER NOT NULL
) STRICT;
CREATE TABLE "endpoints" (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  events_json TEXT NOT NULL,
  retry_policy_json TEXT NOT NULL,
  config_json TEXT NOT NULL,
  secret_headers_sealed BLOB NOT NULL,
  secrets_sealed BLOB NOT NULL,
  is_active INTEGER NOT NULL,
  is_one_off INTEGER NOT NULL,
  test_of TEXT,
  creator TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  deleted_at_ms INTEGER
, relay_id TEXT, profile_base_json TEXT, copy_of TEXT) STRICT;
CREATE INDEX endpoints_listed ON endpoints (seq) WHERE deleted_at_ms IS NULL AND is_one_off = 0;
CREATE INDEX endpoints_test_of ON endpoints (test_of) WHERE test_of IS NOT NULL;
CREATE TABLE profiles (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  summary TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
, scheme TEXT, event_type_count INTEGER NOT NULL DEFAULT 0, content_json TEXT NOT NULL DEFAULT '{}') STRICT;
CREATE UNIQUE INDEX profiles_name ON profiles (name COLLATE NOCASE);
CREATE INDEX event_types_source ON event_types (source) WHERE source IS NOT NULL;
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
CREATE INDEX captures_replay_key ON captures (bin_id, replay_key) WHERE replay_key IS NOT NULL;
CREATE INDEX messages_source_capture ON messages (source_capture_id) WHERE source_capture_id IS NOT NULL;
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
, answer_json TEXT, shadow_json TEXT) STRICT;
CREATE INDEX relays_bin ON relays (bin_id);
CREATE TABLE relay_outbox (
  relay_id TEXT NOT NULL,
  capture_seq INTEGER NOT NULL,
  PRIMARY KEY (relay_id, capture_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX relay_outbox_capture ON relay_outbox (capture_seq);
CREATE TABLE relay_counts (
  relay_id TEXT NOT NULL,
  target_id TEXT NOT NULL,
  outcome TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (relay_id, target_id, outcome)
) STRICT, WITHOUT ROWID;
CREATE INDEX endpoints_of_relays ON endpoints (relay_id) WHERE relay_id IS NOT NULL;
CREATE INDEX messages_relay ON messages (relay_id) WHERE relay_id IS NOT NULL;
CREATE TABLE event_type_contents (
  name TEXT PRIMARY KEY REFERENCES event_types (name) ON DELETE CASCADE,
  samples_json TEXT NOT NULL,
  schema_json TEXT
, sample_lengths_json TEXT) STRICT;
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
CREATE TABLE answer_positions (
  bin_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  requests INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (bin_id, scope, key)
) STRICT, WITHOUT ROWID;
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
CREATE INDEX captures_message ON captures (bin_id, message_id, seq) WHERE message_id IS NOT NULL;
CREATE TABLE checks (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  status TEXT NOT NULL,
  -- Why it did not complete, or null.
  reason TEXT,
  -- JSON object of what was checked, without secrets.
  subject_json TEXT NOT NULL,
  total INTEGER NOT NULL,
  done INTEGER NOT NULL,
  -- JSON object, result to count.
  counts_json TEXT NOT NULL,
  defects_json TEXT NOT NULL,
  creator TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER
) STRICT;
CREATE TABLE check_cases (
  check_seq INTEGER NOT NULL REFERENCES checks (seq) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  -- JSON object as in the contract.
  outcome_json TEXT NOT NULL,
  PRIMARY KEY (check_seq, number)
) STRICT, WITHOUT ROWID;
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
CREATE INDEX deliveries_tests ON deliveries (is_test, seq) WHERE is_test = 1;
CREATE INDEX endpoints_copy_of ON endpoints (copy_of) WHERE copy_of IS NOT NULL;
INSERT INTO capture_room VALUES (1, 0);
CREATE TRIGGER deliveries_refer AFTER UPDATE OF body_hash ON deliveries WHEN NEW.body_hash IS NOT NULL BEGIN
  INSERT OR IGNORE INTO referred_bodies (hash) VALUES (NEW.body_hash);
END;
CREATE TRIGGER captures_come AFTER INSERT ON captures BEGIN
  UPDATE capture_room SET bytes = bytes + (NEW.body_bytes + octet_length(NEW.target) + octet_length(NEW.headers_json) + octet_length(NEW.trailers_json) + octet_length(NEW.response_json)
    + coalesce(octet_length(NEW.verification_json), 0) + 512);
END;
CREATE TRIGGER captures_go AFTER DELETE ON captures BEGIN
  UPDATE capture_room SET bytes = bytes - (OLD.body_bytes + octet_length(OLD.target) + octet_length(OLD.headers_json) + octet_length(OLD.trailers_json) + octet_length(OLD.response_json)
    + coalesce(octet_length(OLD.verification_json), 0) + 512);
END;
CREATE TRIGGER captures_owed AFTER INSERT ON captures BEGIN
  INSERT INTO relay_outbox (relay_id, capture_seq) SELECT id, NEW.seq FROM relays WHERE bin_id = NEW.bin_id;
END;
CREATE TRIGGER captures_owed_go AFTER DELETE ON captures BEGIN
  INSERT INTO relay_counts (relay_id, target_id, outcome, count)
    SELECT relay_id, '', 'removed', 1 FROM relay_outbox WHERE capture_seq = OLD.seq
    ON CONFLICT (relay_id, target_id, outcome) DO UPDATE SET count = count + 1;
  DELETE FROM relay_outbox WHERE capture_seq = OLD.seq;
END;
CREATE TRIGGER answer_positions_go AFTER DELETE ON bins BEGIN
  DELETE FROM answer_positions WHERE bin_id = OLD.id;
END;
CREATE TRIGGER captures_answered AFTER UPDATE OF response_json ON captures BEGIN
  UPDATE capture_room SET bytes = bytes + octet_length(NEW.response_json) - octet_length(OLD.response_json);
END;
`,
};
