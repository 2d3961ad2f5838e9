/** The event that each capture names, noted as it is stored: a filter by it would read every body. Null for those that came before. */
export const captureEvents = {
  version: 47,
  sql: `
ALTER TABLE captures ADD COLUMN event_type TEXT;
`,
} as const;
