/** How bins answer beyond one response, how far their counters are, and what answered each capture. */
export const binAnswers = {
  version: 38,
  sql: `
-- JSON object; what is missing in it is as for a bin without any.
ALTER TABLE bins ADD COLUMN answers_json TEXT NOT NULL DEFAULT '{}';
-- What hub.verify_token of a subscriber has to be.
ALTER TABLE bins ADD COLUMN verify_token_sealed BLOB;
ALTER TABLE captures ADD COLUMN answered_json TEXT;

-- How many requests each rule of a bin counted, by the value of its key. The scope has the id of the rule and the number of its epoch.
CREATE TABLE answer_positions (
  bin_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  key TEXT NOT NULL,
  requests INTEGER NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (bin_id, scope, key)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER answer_positions_go AFTER DELETE ON bins BEGIN
  DELETE FROM answer_positions WHERE bin_id = OLD.id;
END;
`,
} as const;
