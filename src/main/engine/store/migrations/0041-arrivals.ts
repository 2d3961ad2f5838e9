/** How captures came in, and what a bin says of the way to it. */
export const arrivals = {
  version: 41,
  sql: `
ALTER TABLE captures ADD COLUMN arrival_json TEXT;
ALTER TABLE bins ADD COLUMN config_json TEXT NOT NULL DEFAULT '{}';
`,
} as const;
