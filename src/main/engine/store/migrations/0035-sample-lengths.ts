/** How long each sample of an event type is, so that nobody has to read millions of values to see where the next one begins. */
export const sampleLengths = {
  version: 35,
  sql: `
-- JSON array of the characters (UTF-16) of each element of samples_json; null for rows of before.
ALTER TABLE event_type_contents ADD COLUMN sample_lengths_json TEXT;
`,
} as const;
