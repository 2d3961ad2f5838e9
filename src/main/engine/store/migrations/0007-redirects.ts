/** Endpoints say whether redirects are followed, and attempts which were. */
export const redirects = {
  version: 7,
  sql: `
ALTER TABLE endpoints ADD COLUMN redirects_json TEXT NOT NULL DEFAULT '"refuse"';
ALTER TABLE attempts ADD COLUMN redirects_json TEXT;
`,
} as const;
