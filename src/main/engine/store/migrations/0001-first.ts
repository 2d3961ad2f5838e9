/** First schema. */
export const first = {
  version: 1,
  sql: `
CREATE TABLE bodies (hash BLOB PRIMARY KEY, size INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;

CREATE TABLE endpoints (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  url TEXT NOT NULL,
  description TEXT NOT NULL,
  method TEXT NOT NULL,
  content_type TEXT NOT NULL,
  events_json TEXT NOT NULL,
  headers_json TEXT NOT NULL,
  secret_headers_sealed BLOB NOT NULL,
  secret_header_names_json TEXT NOT NULL,
  signing_json TEXT,
  secrets_sealed BLOB NOT NULL,
  fingerprints_json TEXT NOT NULL,
  template TEXT,
  retry_policy_json TEXT NOT NULL,
  success_rule TEXT NOT NULL,
  timeout_ms INTEGER NOT NULL,
  verify_tls INTEGER NOT NULL,
  https_only INTEGER NOT NULL,
  is_active INTEGER NOT NULL,
  is_one_off INTEGER NOT NULL,
  creator TEXT NOT NULL,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL,
  deleted_at_ms INTEGER
) STRICT;
CREATE INDEX endpoints_listed ON endpoints (seq) WHERE deleted_at_ms IS NULL AND is_one_off = 0;

CREATE TABLE event_types (
  name TEXT PRIMARY KEY,
  description TEXT NOT NULL,
  sample_json TEXT NOT NULL,
  schema_json TEXT,
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE messages (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  event_type TEXT NOT NULL,
  data_json TEXT NOT NULL,
  body_hash BLOB REFERENCES bodies (hash),
  created_at_ms INTEGER NOT NULL
) STRICT;

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
  updated_at_ms INTEGER NOT NULL,
  -- What is due has something to send and is not being sent already: without this an attempt could be made twice at once.
  CHECK (due_at_ms IS NULL OR (body_hash IS NOT NULL AND in_flight_attempt_id IS NULL))
) STRICT;
CREATE INDEX deliveries_due ON deliveries (due_at_ms) WHERE due_at_ms IS NOT NULL;
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
) STRICT;
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
) STRICT;

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
) STRICT;
CREATE INDEX captures_bin ON captures (bin_id, seq);

CREATE TABLE settings (key TEXT PRIMARY KEY, value_json TEXT NOT NULL) STRICT;
`,
} as const;
