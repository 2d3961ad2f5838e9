/** What the profile of an endpoint said when the endpoint was filled from it, and messages of several events. */
export const profileBases = {
  version: 37,
  sql: `
ALTER TABLE endpoints ADD COLUMN profile_base_json TEXT;
ALTER TABLE messages ADD COLUMN is_batch INTEGER NOT NULL DEFAULT 0;
`,
} as const;
