/**
 * While bodies that nobody refers to are looked for, a row that is already there may come to refer to another body. Such
 * rows note it here; new rows are found by their number, so the trigger is not on the path of a message or an attempt.
 */
export const retention = {
  version: 6,
  sql: `
CREATE TABLE referred_bodies (hash BLOB PRIMARY KEY) STRICT, WITHOUT ROWID;
CREATE TRIGGER deliveries_refer AFTER UPDATE OF body_hash ON deliveries WHEN NEW.body_hash IS NOT NULL BEGIN
  INSERT OR IGNORE INTO referred_bodies (hash) VALUES (NEW.body_hash);
END;
`,
} as const;
