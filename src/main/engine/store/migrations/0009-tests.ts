/** Deliveries say whether they are a test, whose end has no consequence for its endpoint; copies made for one, of which endpoint. */
export const tests = {
  version: 9,
  sql: `
ALTER TABLE deliveries ADD COLUMN is_test INTEGER NOT NULL DEFAULT 0;
ALTER TABLE endpoints ADD COLUMN test_of TEXT;
CREATE INDEX endpoints_test_of ON endpoints (test_of) WHERE test_of IS NOT NULL;
`,
} as const;
