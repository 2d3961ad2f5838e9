import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { KeptRequest } from './keeping-thread.ts';

/** Requests that are handed to the thread without waiting for the end of the turn, as in the engine. */
const handedAtOnce = 16;

/**
 * The least that a receiver can do that answers when a request is on the disk: it reads the body, a thread writes a row for it and one for
 * the rest, many in one synced transaction, and only then it answers. It verifies, recognises and limits nothing.
 */
export async function startKeepingServer(folder: string): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> {
  const { port1: port, port2 } = new MessageChannel();
  const file = join(folder, 'kept.db');
  const worker = new Worker(new URL('./keeping-thread.ts', import.meta.url), { workerData: { file, port: port2 }, transferList: [port2] });
  const waiting: (() => void)[] = [];
  let batch: KeptRequest[] = [];
  let isHandingOver = false;
  let made = 0;
  const handOver = () => {
    isHandingOver = false;
    if (batch.length > 0) port.postMessage(batch);
    batch = [];
  };
  port.on('message', (kept: number) => {
    for (const answer of waiting.splice(0, kept)) answer();
  });
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const id = `req_${String((made += 1)).padStart(12, '0')}`;
      // A copy: what Node read from the socket is part of a larger buffer, which would be passed whole.
      const body = Uint8Array.from(Buffer.concat(chunks));
      batch.push([id, request.method ?? '', request.url ?? '', JSON.stringify(request.rawHeaders), body]);
      waiting.push(() => response.end());
      if (batch.length === handedAtOnce) handOver();
      else if (!isHandingOver) setImmediate(handOver);
      isHandingOver = batch.length > 0;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await worker.terminate();
      port.close();
    },
  };
}
