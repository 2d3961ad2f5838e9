import { EventEmitter, once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createSecureContext, TLSSocket, type SecureContextOptions } from 'node:tls';

/** A header as it came, name in its original case. */
export type ReceivedHeader = readonly [name: string, value: string];

/** One request as it came over the wire. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly rawHeaders: readonly ReceivedHeader[];
  /** First value of a header, by name without case; null when it is missing. */
  readonly header: (name: string) => string | null;
  readonly body: Buffer;
  /** Every byte of it, request line and headers included. */
  readonly rawBytes: Buffer;
  /** 1 for the first connection; equal numbers came over the same one. */
  readonly connectionNumber: number;
  /** Port of the sender's side. */
  readonly remotePort: number;
}

/** The two ends of a connection that a step acts on; they are the same without TLS. */
export interface StepWire {
  /** Where an answer is written. */
  readonly socket: Socket;
  /** The TCP connection below, for resets. */
  readonly tcp: Socket;
}

/**
 * What the receiver does once. `connect` steps act on a connection before anything is read (and before TLS), `head` steps
 * after the headers of a request (which is recorded without its body), `request` steps after a whole request.
 */
export interface Step {
  readonly at: 'connect' | 'head' | 'request';
  readonly run: (wire: StepWire) => void;
}

export interface ReceiverOptions {
  /** Speak TLS with this certificate, such as one of `makeCertificate`. */
  readonly tls?: (SecureContextOptions & { readonly requestCert?: boolean; readonly rejectUnauthorized?: boolean }) | undefined;
  /** Address to listen on; 127.0.0.1 by default. */
  readonly host?: string;
  /** Step for all requests after the script; a plain 200 by default. */
  readonly otherwise?: Step;
}

/** A server on loopback that plays a script and records every request. */
export interface ScriptedReceiver {
  /** Such as `http://127.0.0.1:40001`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** All requests so far, oldest first. */
  readonly requests: readonly ReceivedRequest[];
  /** The next request that this function has not given yet; waits for it when it has not come. */
  readonly nextRequest: () => Promise<ReceivedRequest>;
  /** Connections accepted so far. */
  readonly connectionCount: () => number;
  /** Adds steps to the end of the script. */
  readonly append: (...steps: readonly Step[]) => void;
  /** Reads on where a step had stopped reading, and throws away what comes; only so does it see that a connection was closed. */
  readonly readOn: () => void;
  /** Settles when every connection so far has closed. */
  readonly allClosed: () => Promise<void>;
  /** Ends all connections and stops listening. */
  readonly close: () => Promise<void>;
}

/** What a step answers; `content-length` is added unless `headers` has a framing of its own. */
export interface Answer {
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: readonly ReceivedHeader[];
  readonly body?: string | Uint8Array;
  /** Wait before answering. */
  readonly delayMs?: number;
}

/** Answers a whole request and keeps the connection. */
export function respond(answer: Answer = {}): Step {
  return request(({ socket }) => {
    const write = () => socket.write(answerBytes(answer));
    if (answer.delayMs === undefined) write();
    else setTimeout(write, answer.delayMs).unref();
  });
}

/** Answers and then ends the connection without having announced it. */
export function closeIdle(answer: Answer = {}): Step {
  return request(({ socket }) => socket.end(answerBytes(answer)));
}

/** Takes the request and never answers. */
export function hang(): Step {
  return request(() => undefined);
}

/** Takes the request and ends the connection in good order without answering. */
export function closeUnanswered(): Step {
  return request(({ socket }) => socket.end());
}

/** Takes the request and resets the connection (RST). */
export function reset(): Step {
  return request(({ tcp }) => tcp.resetAndDestroy());
}

/** Announces ten bytes of body, writes five and ends the connection. */
export function halfBody(): Step {
  return request(({ socket }) => socket.end(halfAnswer));
}

/** Writes exactly these bytes, then ends the connection or keeps it open. */
export function raw(bytes: string | Uint8Array, afterwards: 'end' | 'keep' = 'end'): Step {
  return request(({ socket }) => (afterwards === 'end' ? socket.end(bytes) : socket.write(bytes)));
}

/** Answers with bytes that are not HTTP. */
export function garbage(): Step {
  return raw('220 mail.example ESMTP\r\n');
}

/** Answers 200 and then one byte of body in every interval, without end. */
export function slowDrip(intervalMs = 20): Step {
  return request(({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n');
    const timer = setInterval(() => socket.write('.'), intervalMs);
    socket.once('close', () => clearInterval(timer));
  });
}

/** Answers 200 and a body without end, as fast as it is taken. */
export function endlessBody(): Step {
  return rawWithoutEnd('HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n', '.');
}

/** Answers as soon as the headers are read and reads no byte more. */
export function respondEarly(answer: Answer): Step {
  return {
    at: 'head',
    run: ({ socket }) => {
      socket.pause();
      socket.write(answerBytes(answer));
    },
  };
}

/** Reads the headers and then stops reading and says nothing. */
export function stopReading(): Step {
  return { at: 'head', run: ({ socket }) => void socket.pause() };
}

/** Accepts the connection and never says anything, nor takes part in TLS. */
export function hangOnConnect(): Step {
  // Reading on lets it see that the sender has given up.
  return { at: 'connect', run: ({ tcp }) => void tcp.resume() };
}

/** Accepts the connection and ends it at once. */
export function closeOnConnect(): Step {
  // What the sender has written is read and thrown away, or the end would not be one for both sides.
  return { at: 'connect', run: ({ tcp }) => void tcp.end().resume() };
}

/** Accepts the connection, waits for the first bytes of the sender and resets it (RST). */
export function resetOnConnect(): Step {
  return { at: 'connect', run: ({ tcp }) => void tcp.once('data', () => tcp.resetAndDestroy()) };
}

/** Writes these bytes without waiting for a byte of the sender, then ends the connection or keeps it open. */
export function speakFirst(bytes: string | Uint8Array, afterwards: 'end' | 'keep' = 'end'): Step {
  return { at: 'connect', run: ({ tcp }) => void (afterwards === 'end' ? tcp.end(bytes) : tcp.write(bytes), tcp.resume()) };
}

/** Writes these bytes and resets the connection (RST). */
export function rawAndReset(bytes: string | Uint8Array): Step {
  return request(({ socket, tcp }) => socket.write(bytes, () => setImmediate(() => tcp.resetAndDestroy())));
}

/** Ends its own side as soon as the headers are read, and goes on reading the body. */
export function halfClose(): Step {
  return { at: 'head', run: ({ socket }) => void socket.end().resume() };
}

/** Writes these bytes and then the others over and over, as fast as they are taken. */
export function rawWithoutEnd(beginning: string, over: string): Step {
  return request(({ socket }) => {
    const chunk = Buffer.from(over.repeat(Math.ceil(65_536 / over.length)), 'latin1');
    const pour = () => {
      while (!socket.destroyed && socket.write(chunk));
    };
    socket.write(beginning);
    socket.on('drain', pour);
    pour();
  });
}

/** Waits for the first bytes of the sender, writes exactly these below TLS and ends the connection. */
export function rawOnConnect(bytes: string | Uint8Array): Step {
  return { at: 'connect', run: ({ tcp }) => void tcp.once('data', () => tcp.end(bytes)) };
}

/** Starts a receiver that plays `script`, one step for each request or connection, in order. */
export async function startReceiver(script: readonly Step[] = [], options: ReceiverOptions = {}): Promise<ScriptedReceiver> {
  const steps = [...script];
  const requests: ReceivedRequest[] = [];
  const open = new Set<Socket>();
  let connectionCount = 0;
  let givenCount = 0;
  const news = new EventEmitter().setMaxListeners(0);

  const nextStep = (): Step => steps.shift() ?? options.otherwise ?? respond();
  const record = (received: ReceivedRequest) => {
    requests.push(received);
    news.emit('news');
  };

  const server = createServer((tcp) => {
    connectionCount += 1;
    open.add(tcp);
    tcp.once('close', () => {
      open.delete(tcp);
      news.emit('news');
    });
    // Steps break connections on purpose; the sender's view of it is what tests look at.
    tcp.on('error', () => undefined);
    if (steps[0]?.at === 'connect') return nextStep().run({ socket: tcp, tcp });
    const socket = options.tls === undefined ? tcp : secured(tcp, options.tls);
    readRequests({ socket, tcp }, connectionCount, () => steps[0]?.at === 'head', nextStep, record);
  });
  server.listen(0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const { address, family, port } = server.address() as AddressInfo;

  const until = async (isReached: () => boolean) => {
    while (!isReached()) await once(news, 'news');
  };
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    port,
    requests,
    nextRequest: async () => {
      const index = givenCount;
      givenCount += 1;
      await until(() => requests.length > index);
      const received = requests[index];
      if (received === undefined) throw new Error('The receiver lost a request.');
      return received;
    },
    connectionCount: () => connectionCount,
    append: (...more) => void steps.push(...more),
    readOn: () => {
      for (const socket of open) socket.resume();
    },
    allClosed: () => until(() => open.size === 0),
    close: async () => {
      for (const socket of open) socket.destroy();
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

const halfAnswer = 'HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n01234';

function request(run: (wire: StepWire) => void): Step {
  return { at: 'request', run };
}

function answerBytes({ status = 200, reason = 'OK', headers = [], body = '' }: Answer): Buffer {
  const bytes = Buffer.from(body);
  const isFramed = headers.some(([name]) => ['content-length', 'transfer-encoding'].includes(name.toLowerCase()));
  const fields = isFramed ? headers : [...headers, ['content-length', String(bytes.length)] as const];
  const head = [`HTTP/1.1 ${status} ${reason}`, ...fields.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

function secured(
  tcp: Socket,
  { requestCert = false, ...context }: SecureContextOptions & { readonly requestCert?: boolean; readonly rejectUnauthorized?: boolean },
): Socket {
  const socket = new TLSSocket(tcp, {
    isServer: true,
    requestCert,
    rejectUnauthorized: requestCert,
    secureContext: createSecureContext(context),
  });
  // A sender that refuses the certificate is part of the script.
  socket.on('error', () => undefined);
  return socket;
}

interface Head {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly ReceivedHeader[];
  readonly headBytes: number;
  readonly bodyBytes: number;
}

/** Cuts the bytes of a connection into requests (framed by content-length, as the sender writes them) and runs a step for each. */
function readRequests(
  wire: StepWire,
  connectionNumber: number,
  isHeadStepNext: () => boolean,
  nextStep: () => Step,
  record: (received: ReceivedRequest) => void,
): void {
  const remotePort = wire.tcp.remotePort ?? 0;
  let chunks: Buffer[] = [];
  let size = 0;
  let head: Head | null = null;
  const take = ({ headBytes, ...found }: Head, bytes: Buffer) =>
    record({
      method: found.method,
      target: found.target,
      rawHeaders: found.rawHeaders,
      header: (name) => found.rawHeaders.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1] ?? null,
      body: bytes.subarray(headBytes),
      rawBytes: bytes,
      connectionNumber,
      remotePort,
    });
  const cut = (atBytes: number): Buffer => {
    const all = Buffer.concat(chunks);
    chunks = [all.subarray(atBytes)];
    size = all.length - atBytes;
    head = null;
    return all.subarray(0, atBytes);
  };
  /** The next request when enough of it has come: all of it, or its headers where those are what the step waits for. */
  const next = (): Head | null => {
    head ??= parseHead(Buffer.concat(chunks));
    if (head === null) return null;
    return size >= head.headBytes + (isHeadStepNext() ? 0 : head.bodyBytes) ? head : null;
  };
  wire.socket.on('data', (chunk) => {
    chunks.push(chunk);
    size += chunk.length;
    for (let found = next(); found !== null; found = next()) {
      const isHeadStep = isHeadStepNext();
      take(found, cut(found.headBytes + (isHeadStep ? 0 : found.bodyBytes)));
      nextStep().run(wire);
      // The rest of the body is not a request of its own.
      if (isHeadStep && found.bodyBytes > 0) return void wire.socket.removeAllListeners('data').pause();
    }
  });
}

function parseHead(bytes: Buffer): Head | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const [requestLine = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n');
  const [method = '', target = ''] = requestLine.split(' ');
  const rawHeaders = lines.map((line): ReceivedHeader => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const length = rawHeaders.find(([name]) => name.toLowerCase() === 'content-length')?.[1] ?? '0';
  return { method, target, rawHeaders, headBytes: end + 4, bodyBytes: Number(length) };
}
