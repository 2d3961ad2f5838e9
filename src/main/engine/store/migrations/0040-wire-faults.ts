/** What was sent of an answer that was given with a fault. */
export const wireFaults = {
  version: 40,
  sql: `
ALTER TABLE captures ADD COLUMN sent_json TEXT;
`,
} as const;
