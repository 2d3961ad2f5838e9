/** A deleted capture stays for a while, so that deleting can be undone; nothing but restoring and the clean-up sees it. */
export const removedCaptures = {
  version: 12,
  sql: `
ALTER TABLE captures ADD COLUMN removed_at_ms INTEGER;
DROP INDEX captures_bin;
CREATE INDEX captures_bin ON captures (bin_id, removed_at_ms, seq);
CREATE INDEX captures_removed ON captures (removed_at_ms) WHERE removed_at_ms IS NOT NULL;
`,
} as const;
