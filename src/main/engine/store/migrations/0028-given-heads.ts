/** Messages may bring their method and headers along, and say of which capture they are a replay. */
export const givenHeads = {
  version: 28,
  sql: `
ALTER TABLE messages ADD COLUMN head_hash BLOB REFERENCES bodies (hash);
ALTER TABLE messages ADD COLUMN source_capture_id TEXT;
ALTER TABLE deliveries ADD COLUMN head_hash BLOB REFERENCES bodies (hash);
CREATE INDEX messages_source_capture ON messages (source_capture_id) WHERE source_capture_id IS NOT NULL;
`,
} as const;
