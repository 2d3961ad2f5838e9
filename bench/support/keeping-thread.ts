import { receiveMessageOnPort, workerData, type MessagePort } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';

/** A request as it is passed to the thread. */
export type KeptRequest = readonly [id: string, method: string, target: string, headersJson: string, body: Uint8Array];

// The thread of the keeping server: whatever came while the last transaction was on its way to the disk makes up the next.
const { file, port } = workerData as { readonly file: string; readonly port: MessagePort };
const sqlite = new BetterSqlite3(file);
sqlite.pragma('journal_mode = WAL');
sqlite.pragma('synchronous = FULL');
sqlite.exec(`CREATE TABLE bodies (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
  CREATE TABLE requests (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, method TEXT NOT NULL, target TEXT NOT NULL,
    headers_json TEXT NOT NULL, body_id INTEGER NOT NULL, received_at_ms INTEGER NOT NULL) STRICT`);
const insertBody = sqlite.prepare('INSERT INTO bodies (bytes) VALUES (?)');
const insertRequest = sqlite.prepare(
  'INSERT INTO requests (id, method, target, headers_json, body_id, received_at_ms) VALUES (?, ?, ?, ?, ?, ?)',
);

const keep = sqlite.transaction((requests: readonly KeptRequest[]) => {
  for (const [id, method, target, headersJson, body] of requests)
    insertRequest.run(id, method, target, headersJson, insertBody.run(body).lastInsertRowid, Date.now());
});

port.on('message', (first: readonly KeptRequest[]) => {
  const requests = [...first];
  for (let more = next(); more !== undefined; more = next()) requests.push(...more);
  keep.immediate(requests);
  port.postMessage(requests.length);
});

function next(): readonly KeptRequest[] | undefined {
  return (receiveMessageOnPort(port) as { readonly message: readonly KeptRequest[] } | undefined)?.message;
}
