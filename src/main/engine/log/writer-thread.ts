import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { createConnection, setUpConnection } from '../store/connection.ts';
import { commitRepeatable } from '../store/group-commit.ts';
import { makeHotWrite } from './hot-writes.ts';
import { createWriteTurns } from '../store/write-turns.ts';
import { toFailure } from '../base/thread-failure.ts';
import type { WriteResult, WriterAnswer, WriterOrder, WriterRequest } from '../store/writer-messages.ts';

// The thread that makes the hot writes: everything that arrived while the last group was being written becomes the next group.
const { file, turns: memory, port } = workerData as WriterOrder;
const sqlite = new BetterSqlite3(file);
setUpConnection(sqlite);
sqlite.pragma('foreign_keys = ON');
const connection = createConnection(sqlite);
const turns = createWriteTurns(memory);
port.postMessage('ready');

port.on('message', (first: WriterRequest) => {
  let isClosing = false;
  const writes: (readonly [name: string, input: unknown])[] = [];
  for (let request: WriterRequest | undefined = first; request !== undefined; request = nextRequest()) {
    if (request === 'close') isClosing = true;
    else writes.push(...request.writes);
  }
  if (writes.length > 0) port.postMessage(make(writes));
  if (isClosing) {
    sqlite.close();
    port.close();
  }
});

function nextRequest(): WriterRequest | undefined {
  return (receiveMessageOnPort(port) as { readonly message: WriterRequest } | undefined)?.message;
}

function make(writes: readonly (readonly [name: string, input: unknown])[]): WriterAnswer {
  const results: WriteResult[] = [];
  turns.beginBlocking();
  try {
    const problem = commitRepeatable(
      connection,
      writes.map(([name, input], index) => ({
        work: (writer) => makeHotWrite(writer, name, input),
        resolve: (value) => (results[index] = { value }),
        reject: (error) => (results[index] = { failure: toFailure(error) }),
      })),
    );
    return { results, problem };
  } finally {
    turns.end();
  }
}
