/**
 * What people mark captures with: pinned ones stay over clean-ups. The index finds the first capture of a bin with the same webhook id;
 * most senders give none.
 */
export const markedCaptures = {
  version: 44,
  sql: `
ALTER TABLE captures ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE captures ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE captures ADD COLUMN tags_json TEXT NOT NULL DEFAULT '[]';
CREATE INDEX captures_message ON captures (bin_id, message_id, seq) WHERE message_id IS NOT NULL;
`,
} as const;
