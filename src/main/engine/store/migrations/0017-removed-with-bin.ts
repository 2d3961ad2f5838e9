/** How many captures went with a deleted bin, so that restoring it can tell when some were taken out meanwhile. */
export const removedWithBin = {
  version: 17,
  sql: `
ALTER TABLE bins ADD COLUMN removed_captures INTEGER;
`,
} as const;
