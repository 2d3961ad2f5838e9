/**
 * A deleted bin stays for a while, so that deleting can be undone; nothing but restoring and the clean-up sees it. Its slug is
 * followed by a tilde and its id meanwhile, so that another bin may have it.
 */
export const removedBins = {
  version: 14,
  sql: `
ALTER TABLE bins ADD COLUMN removed_at_ms INTEGER;
`,
} as const;
