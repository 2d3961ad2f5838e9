/**
 * What all captures take up, kept up to date by the file itself: it is looked at for every request that comes in. A row counts
 * with its body and its texts, and 512 bytes for the rest of it. A folder that holds much already gets a limit of twice that in
 * whole GiB in place of the usual one, so that a new version by itself removes nothing.
 */
const bytesOf = (row: string) =>
  `(${row}body_bytes + octet_length(${row}target) + octet_length(${row}headers_json) + octet_length(${row}trailers_json) + octet_length(${row}response_json)
    + coalesce(octet_length(${row}verification_json), 0) + 512)`;

export const captureRoom = {
  version: 13,
  sql: `
CREATE TABLE capture_room (id INTEGER PRIMARY KEY CHECK (id = 1), bytes INTEGER NOT NULL) STRICT;
INSERT INTO capture_room (id, bytes) SELECT 1, coalesce(sum(${bytesOf('')}), 0) FROM captures;
CREATE TRIGGER captures_come AFTER INSERT ON captures BEGIN
  UPDATE capture_room SET bytes = bytes + ${bytesOf('NEW.')};
END;
CREATE TRIGGER captures_go AFTER DELETE ON captures BEGIN
  UPDATE capture_room SET bytes = bytes - ${bytesOf('OLD.')};
END;
INSERT INTO settings (key, value_json)
  SELECT 'keepCaptureBytes', CAST((2 * bytes + 1073741823) / 1073741824 * 1073741824 AS TEXT) FROM capture_room WHERE bytes > 536870912;
`,
} as const;
