/** Checks of receivers, and how each case of them came out. */
export const checks = {
  version: 50,
  sql: `
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
`,
} as const;
