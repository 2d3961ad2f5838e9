/** Says of a delivery that a check sent which of its cases it belongs to. */
export const checkCases = {
  version: 58,
  sql: `
ALTER TABLE deliveries ADD COLUMN check_case TEXT;
`,
} as const;
