/**
 * Health and limits of endpoints. States are apart from endpoints, which are written whole when somebody changes them. Rows
 * of failures that an earlier version saw are counted from its log, and what was switched off was so by hand.
 */
export const health = {
  version: 4,
  sql: `
ALTER TABLE endpoints ADD COLUMN meta_headers_json TEXT NOT NULL DEFAULT '{"deliveryId":null,"attempt":null,"eventType":null}';
ALTER TABLE endpoints ADD COLUMN auto_disable_json TEXT NOT NULL DEFAULT '{"onExhaustion":false,"afterFailures":null,"afterFailingMs":null}';
ALTER TABLE endpoints ADD COLUMN disable_on_410 INTEGER NOT NULL DEFAULT 0;
ALTER TABLE endpoints ADD COLUMN rate_limit_json TEXT;
ALTER TABLE endpoints ADD COLUMN max_concurrency INTEGER;
ALTER TABLE endpoints ADD COLUMN is_ordered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE endpoints ADD COLUMN circuit_breaker_json TEXT;

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

INSERT INTO endpoint_states (endpoint_id, revision, failures_in_a_row, failing_since_ms, is_warned, failed_probes, disabled_reason, disabled_message, disabled_at_ms)
SELECT e.id, 1, count(a.seq), min(a.ended_at_ms), 0, 0,
  CASE e.is_active WHEN 0 THEN 'byHand' END, CASE e.is_active WHEN 0 THEN 'Switched off by hand.' END, CASE e.is_active WHEN 0 THEN e.updated_at_ms END
FROM endpoints AS e LEFT JOIN attempts AS a ON a.endpoint_id = e.id AND a.outcome_code NOT IN ('ok', 'cancelled', 'interrupted')
  AND a.seq > COALESCE((SELECT max(o.seq) FROM attempts AS o WHERE o.endpoint_id = e.id AND o.outcome_code = 'ok'), 0)
WHERE e.deleted_at_ms IS NULL AND e.is_one_off = 0
GROUP BY e.id HAVING count(a.seq) > 0 OR e.is_active = 0;
`,
} as const;
