/** Columns of JSON as they are, and texts in quotes. */
const jsonOf = (column: string) => `coalesce(${column}, 'null')`;
const textOf = (column: string) => `json_quote(${column})`;
const booleanOf = (column: string) => `iif(${column} = 1, 'true', 'false')`;

const fields = {
  method: textOf('method'),
  contentType: textOf('content_type'),
  headers: jsonOf('headers_json'),
  signing: jsonOf('signing_json'),
  template: textOf('template'),
  successRule: textOf('success_rule'),
  timeoutMs: jsonOf('timeout_ms'),
  verifyTls: booleanOf('verify_tls'),
  httpsOnly: booleanOf('https_only'),
  redirects: jsonOf('redirects_json'),
  metaHeaders: jsonOf('meta_headers_json'),
  autoDisable: jsonOf('auto_disable_json'),
  disableOn410: booleanOf('disable_on_410'),
  rateLimit: jsonOf('rate_limit_json'),
  maxConcurrency: jsonOf('max_concurrency'),
  isOrdered: booleanOf('is_ordered'),
  circuitBreaker: jsonOf('circuit_breaker_json'),
};

/**
 * Put together as text, so that JSON comes over as it was written, and a column that is broken stays broken: whoever reads it is told,
 * as before, and the step does not fail by it.
 */
const configSql = `'{' || ${Object.entries(fields)
  .map(([name, sql]) => `'"${name}":' || ${sql}`)
  .join(" || ',' || ")} || '}'`;

/**
 * Fields of an endpoint that no query reads share one column, so that a new field needs no step like this one. Names of secret
 * headers and fingerprints go: they are read from what is sealed. The table is built anew in one pass.
 */
export const endpointConfig = {
  version: 21,
  sql: `
CREATE TABLE endpoints_21 (
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
) STRICT;
INSERT INTO endpoints_21 (seq, id, name, url, description, events_json, retry_policy_json, config_json, secret_headers_sealed, secrets_sealed,
    is_active, is_one_off, test_of, creator, created_at_ms, updated_at_ms, deleted_at_ms)
  SELECT seq, id, name, url, description, events_json, retry_policy_json, ${configSql}, secret_headers_sealed, secrets_sealed,
    is_active, is_one_off, test_of, creator, created_at_ms, updated_at_ms, deleted_at_ms
  FROM endpoints ORDER BY seq;
DROP TABLE endpoints;
ALTER TABLE endpoints_21 RENAME TO endpoints;
CREATE INDEX endpoints_listed ON endpoints (seq) WHERE deleted_at_ms IS NULL AND is_one_off = 0;
CREATE INDEX endpoints_test_of ON endpoints (test_of) WHERE test_of IS NOT NULL;
`,
} as const;
