/** Deliveries say whether they are a test, whose end has no consequence for its endpoint. */
export const tests = {
  version: 9,
  sql: `
ALTER TABLE deliveries ADD COLUMN is_test INTEGER NOT NULL DEFAULT 0;
`,
} as const;
