import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A proxy of a test. */
export interface TestProxy {
  readonly port: number;
  /** Where it was asked to connect to, as the sender wrote it. */
  readonly targets: readonly string[];
  /** The text of each request, with its headers; empty for SOCKS. */
  readonly requests: readonly string[];
}

export interface ProxyOptions {
  readonly login?: { readonly user: string; readonly password: string };
  /** What it answers in place of connecting: a status line after `HTTP/1.1 `, or a SOCKS5 failure; `nothing` never answers. */
  readonly refusal?: string | number | 'nothing';
  /** Where it connects to whatever name it is asked for; the name itself otherwise. */
  readonly connectTo?: number;
}

/** A proxy that answers CONNECT (RFC 9110, section 9.3.6). Ends with the test. */
export async function startHttpProxy(options: ProxyOptions = {}): Promise<TestProxy> {
  const targets: string[] = [];
  const requests: string[] = [];
  const port = await listen((socket) => {
    socket.once('data', (chunk: Buffer) => {
      const request = chunk.toString('latin1');
      requests.push(request);
      const target = /^CONNECT (\S+) HTTP\/1\.1\r\n/.exec(request)?.[1] ?? '';
      targets.push(target);
      const { login, refusal } = options;
      const wanted = login === undefined ? null : `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
      if (wanted !== null && !request.includes(`Proxy-Authorization: ${wanted}\r\n`))
        return socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\ncontent-length: 0\r\n\r\n');
      if (refusal === 'nothing') return undefined;
      if (refusal !== undefined) return socket.end(`HTTP/1.1 ${refusal}\r\ncontent-length: 0\r\n\r\n`);
      return join(socket, target, options, () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    });
  });
  return { port, targets, requests };
}

/** A SOCKS5 proxy (RFC 1928, RFC 1929). Ends with the test. */
export async function startSocksProxy(options: ProxyOptions = {}): Promise<TestProxy> {
  const targets: string[] = [];
  const port = await listen((socket) => {
    let step: 'greeting' | 'login' | 'request' = 'greeting';
    socket.on('data', (chunk: Buffer) => {
      if (step === 'greeting') {
        const wanted = options.login === undefined ? 0 : 2;
        const isOffered = chunk.subarray(2, 2 + (chunk[1] ?? 0)).includes(wanted);
        step = wanted === 2 ? 'login' : 'request';
        return socket.write(Buffer.from([5, isOffered ? wanted : 0xff]));
      }
      if (step === 'login') {
        const userLength = chunk[1] ?? 0;
        const user = chunk.subarray(2, 2 + userLength).toString();
        const password = chunk.subarray(3 + userLength).toString();
        step = 'request';
        return socket.write(Buffer.from([1, user === options.login?.user && password === options.login.password ? 0 : 1]));
      }
      socket.removeAllListeners('data');
      const target = socksTarget(chunk);
      targets.push(target);
      if (options.refusal === 'nothing') return undefined;
      if (typeof options.refusal === 'number') return socket.end(Buffer.from([5, options.refusal, 0, 1, 0, 0, 0, 0, 0, 0]));
      return join(socket, target, options, () => socket.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 80])));
    });
  });
  return { port, targets, requests: [] };
}

function socksTarget(request: Buffer): string {
  const port = request.readUInt16BE(request.byteLength - 2);
  const address = request.subarray(4, request.byteLength - 2);
  if (request[3] === 3) return `${address.subarray(1).toString()}:${port}`;
  return request[3] === 1 ? `${[...address].join('.')}:${port}` : `[${address.toString('hex')}]:${port}`;
}

function join(socket: Socket, target: string, { connectTo }: ProxyOptions, onConnect: () => void): void {
  const port = connectTo ?? Number(target.slice(target.lastIndexOf(':') + 1));
  const upstream = connect(port, '127.0.0.1', () => {
    onConnect();
    socket.pipe(upstream).pipe(socket);
  });
  upstream.on('error', () => socket.destroy());
  socket.on('close', () => upstream.destroy());
}

async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}
