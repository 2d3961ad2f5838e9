/**
 * Relays that answer with what a target answers, and shadows. The answer of a capture becomes another one when that is there, so what all
 * captures take up follows it. Targets that were saved before go on without the headers of their endpoint's authentication.
 */
export const targetAnswers = {
  version: 45,
  sql: `
ALTER TABLE relays ADD COLUMN answer_json TEXT;
ALTER TABLE relays ADD COLUMN shadow_json TEXT;
UPDATE relays SET targets_json = (SELECT json_group_array(json_set(value, '$.withAuth', json('false'))) FROM json_each(relays.targets_json));
CREATE TRIGGER captures_answered AFTER UPDATE OF response_json ON captures BEGIN
  UPDATE capture_room SET bytes = bytes + octet_length(NEW.response_json) - octet_length(OLD.response_json);
END;
`,
} as const;
