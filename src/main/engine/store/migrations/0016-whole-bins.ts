/**
 * A deleted bin takes its captures along by its own row. Those that were marked one by one with it lose that mark, so that they come
 * back with the bin; those that were deleted before it keep theirs.
 */
export const wholeBins = {
  version: 16,
  sql: `
CREATE INDEX bins_removed ON bins (removed_at_ms) WHERE removed_at_ms IS NOT NULL;
UPDATE captures SET removed_at_ms = NULL
  WHERE removed_at_ms IS NOT NULL AND removed_at_ms = (SELECT removed_at_ms FROM bins WHERE id = captures.bin_id);
`,
} as const;
