/** When a bin was changed last, so that a change can be made on the condition that nobody else has changed it. */
export const binsUpdated = {
  version: 19,
  sql: `
ALTER TABLE bins ADD COLUMN updated_at_ms INTEGER NOT NULL DEFAULT 0;
UPDATE bins SET updated_at_ms = created_at_ms;
`,
} as const;
