import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { BenchHost } from './host.ts';

/** Connections that follow the stream of a bin and have got its first event; they are not read any further until somebody resumes them. */
export async function followStream(host: BenchHost, binId: string, followers: number): Promise<readonly Socket[]> {
  const { path } = await host.call<{ readonly path: string }>('POST', '/stream-keys', { binId, name: 'Bench' });
  const { host: name, port } = new URL(host.url);
  return Promise.all(
    Array.from({ length: followers }, async () => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${name}\r\nAccept: text/event-stream\r\n\r\n`);
      const [first] = (await once(socket, 'data')) as [Buffer];
      if (!first.toString('latin1').startsWith('HTTP/1.1 200')) throw new Error(`A stream answered ${first.toString('latin1', 0, 60)}.`);
      return socket.pause();
    }),
  );
}
