import { parentPort, receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { copyJournal, createConnection, setUpConnection, type Connection } from '../store/connection.ts';
import { commitRepeatable } from '../store/group-commit.ts';
import { lostProblem } from '../store/held-files.ts';
import { makeHotWrite } from './hot-writes.ts';
import { createWriteTurns, type WriteTurns } from '../store/write-turns.ts';
import { toFailure } from '../base/thread-failure.ts';
import type { WriteResult, WriterAnswer, WriterOrder, WriterRequest } from '../store/writer-messages.ts';

// The thread that makes the hot writes: everything that arrived while the last group was being written becomes the next group.
parentPort?.on('message', ({ file, held, turns: memory, port }: WriterOrder) => {
  const sqlite = new BetterSqlite3(file);
  setUpConnection(sqlite);
  sqlite.pragma('foreign_keys = ON');
  const connection = createConnection(sqlite, () => (held === null ? null : lostProblem(held)));
  const turns = createWriteTurns(memory);
  port.postMessage('ready');

  port.on('message', (first: WriterRequest) => {
    let isClosing = false;
    let copies = 0;
    const writes: NamedWrite[] = [];
    for (let request: WriterRequest | undefined = first; request !== undefined; request = nextRequest(port)) {
      if (request === 'close') isClosing = true;
      else if (request === 'copy') copies += 1;
      else writes.push(...request.writes);
    }
    if (writes.length > 0) port.postMessage(make(connection, turns, writes));
    for (; copies > 0; copies -= 1) port.postMessage({ isCopied: copyJournal(connection) });
    if (!isClosing) return;
    sqlite.close();
    port.postMessage('closed');
    port.close();
  });
});

type NamedWrite = readonly [name: string, input: unknown];

function nextRequest(port: MessagePort): WriterRequest | undefined {
  return (receiveMessageOnPort(port) as { readonly message: WriterRequest } | undefined)?.message;
}

function make(connection: Connection, turns: WriteTurns, writes: readonly NamedWrite[]): WriterAnswer {
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
