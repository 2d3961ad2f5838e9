import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** An answer as read off the socket; header names in their own case. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string;
}

export interface RawHttpClient {
  readonly socket: Socket;
  /** Writes text as Latin-1, or bytes as they are. */
  readonly write: (data: string | Uint8Array) => void;
  /** The next answer, its body read by Content-Length; `hasBody: false` for an answer to HEAD. */
  readonly answer: (options?: { readonly hasBody?: boolean }) => Promise<RawAnswer>;
  /** What came and was not read as an answer, once the other side has ended the connection. */
  readonly untilClosed: () => Promise<string>;
}

/** A socket, to 127.0.0.1 unless told otherwise, that says exactly what a test tells it to. It goes when the test ends. */
export async function connectRaw(
  port: number,
  way: { readonly host?: string; readonly localAddress?: string } = {},
): Promise<RawHttpClient> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, ...way });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  let received = '';
  let isEnded = false;
  const ended = Promise.withResolvers<void>();
  let wake: () => void = () => undefined;
  socket.on('data', (bytes: Uint8Array) => {
    received += Buffer.from(bytes).toString('latin1');
    wake();
  });
  const end = () => {
    isEnded = true;
    ended.resolve();
    wake();
  };
  socket.on('end', end);
  socket.on('close', end);
  socket.on('error', end);
  const more = async () => {
    if (isEnded) throw new Error(`The connection ended after: ${received}`);
    await new Promise<void>((resolve) => (wake = resolve));
  };

  return {
    socket,
    write: (data) => void socket.write(typeof data === 'string' ? Buffer.from(data, 'latin1') : data),
    answer: async ({ hasBody = true } = {}) => {
      while (!received.includes('\r\n\r\n')) await more();
      const headEnd = received.indexOf('\r\n\r\n') + 4;
      const [statusLine = '', ...lines] = received.slice(0, headEnd - 4).split('\r\n');
      const headers = lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()] as const);
      const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
      const bodyBytes = hasBody ? Number(length ?? 0) : 0;
      while (received.length < headEnd + bodyBytes) await more();
      const body = received.slice(headEnd, headEnd + bodyBytes);
      received = received.slice(headEnd + bodyBytes);
      return { status: Number(statusLine.split(' ')[1]), headers, body };
    },
    untilClosed: async () => {
      await ended.promise;
      return received;
    },
  };
}

/** The value of an answer's header, or undefined. */
export function headerOf(answer: RawAnswer, name: string): string | undefined {
  return answer.headers.find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1];
}
