/**
 * An attempt becomes a row when it has ended; until then its delivery alone says that it is under way. Rows that an
 * earlier version left unfinished go: their deliveries still name them and are recorded as interrupted at the next start.
 * `deliveries_due` served what `deliveries_waiting` serves as well. `sign_at_ms` is the time a redelivery is signed as of.
 */
export const attemptsWhenEnded = {
  version: 2,
  sql: `
DELETE FROM attempts WHERE ended_at_ms IS NULL;
DROP INDEX deliveries_due;
ALTER TABLE deliveries ADD COLUMN sign_at_ms INTEGER;
`,
} as const;
