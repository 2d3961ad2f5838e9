/** Leads to the deliveries that are tests, so that these are listed and counted without going over the log. */
export const testRows = {
  version: 56,
  sql: `
CREATE INDEX deliveries_tests ON deliveries (is_test, seq) WHERE is_test = 1;
`,
} as const;
