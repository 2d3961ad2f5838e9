/**
 * Clearing a bin, and undoing that, marks its captures in steps. What is to be marked is noted in one write before the first step
 * and forgotten after the last, so that the next start ends what a crash cut off.
 */
export const captureMarks = {
  version: 18,
  sql: `
CREATE TABLE capture_marks (
  seq INTEGER PRIMARY KEY,
  bin_id TEXT NOT NULL,
  from_ms INTEGER,
  to_ms INTEGER,
  upto_seq INTEGER NOT NULL
) STRICT;
`,
} as const;
