import { openAsBlob, readFileSync, writeFileSync } from 'node:fs';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { once } from 'node:events';
import { join } from 'node:path';
import { Agent, request } from 'undici';
import { missingProgram, outputOf } from '../../../support/programs.ts';

/** One request that a program is to send by POST. */
export interface Order {
  readonly way: string;
  readonly url: string;
  /** The file of its body. */
  readonly file: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A program, or a client of one, that sends requests. */
export interface Sender {
  readonly name: string;
  /** Why it cannot run here, or null. */
  readonly missing: string | null;
  /** How the program is told to send, where it knows several ways. */
  readonly way: string;
  /** The way in which it sends the trailer `X-Sum: last`; null where it cannot. */
  readonly wayOfTrailers: string | null;
  /** Whether it sends by HTTPS. */
  readonly isSecure: boolean;
  /** Sends one after the other; the statuses that it was answered with. */
  readonly send: (orders: readonly Order[], given: Given) => Promise<readonly number[]>;
}

export interface Given {
  readonly folder: string;
  /** The certificate of the authority to trust. */
  readonly ca: string;
}

async function inTurn(orders: readonly Order[], send: (order: Order) => Promise<number>): Promise<readonly number[]> {
  const statuses: number[] = [];
  for (const order of orders) statuses.push(await send(order));
  return statuses;
}

/** Runs a program that reads orders from a file and prints a status for each. */
async function sendByProgram(command: string, flags: readonly string[], orders: readonly Order[], folder: string): Promise<number[]> {
  const file = join(folder, 'orders.txt');
  const lines = orders.map(({ way, url, file: body, headers }) =>
    [way, url, body, ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`)].join('\t'),
  );
  writeFileSync(file, `${lines.join('\n')}\n`);
  return (await outputOf(command, [...flags, file], { cwd: folder })).trimEnd().split('\n').map(Number);
}

const here = (file: string) => join(import.meta.dirname, file);
const plain = { way: 'plain', wayOfTrailers: null, isSecure: false } as const;

/** The arguments of curl for a request, without what it is to print. */
export function curlArguments({ url, headers }: Pick<Order, 'url' | 'headers'>): readonly string[] {
  return ['-sS', '--noproxy', '*', '-X', 'POST', ...Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]), url];
}

const curl: Sender = {
  ...plain,
  name: 'curl',
  missing: missingProgram('curl', '--version'),
  send: (orders, { folder }) =>
    inTurn(orders, async (order) => {
      const flags = [...curlArguments(order), '--data-binary', `@${order.file}`, '-o', join(folder, 'answer'), '-w', '%{http_code}'];
      return Number(await outputOf('curl', flags, { cwd: folder }));
    }),
};

const fetchSender: Sender = {
  ...plain,
  name: 'fetch',
  missing: null,
  send: (orders) =>
    inTurn(orders, async ({ url, file, headers }) => {
      const answer = await fetch(url, { method: 'POST', headers, body: await openAsBlob(file) });
      return answer.status;
    }),
};

const undiciHttp2: Sender = {
  ...plain,
  name: 'undici over HTTP/2',
  missing: null,
  isSecure: true,
  send: async (orders, { ca }) => {
    const dispatcher = new Agent({ allowH2: true, connect: { ca } });
    try {
      return await inTurn(orders, async ({ url, file, headers }) => {
        const { statusCode, body } = await request(url, { method: 'POST', headers, body: readFileSync(file), dispatcher });
        await body.dump();
        return statusCode;
      });
    } finally {
      await dispatcher.close();
    }
  },
};

const nodeHttp: Sender = {
  ...plain,
  name: 'node:http',
  missing: null,
  wayOfTrailers: 'trailers',
  send: (orders) =>
    inTurn(orders, async ({ way, url, file, headers }) => {
      const isTrailing = way === 'trailers';
      const sending = requestHttp(url, { method: 'POST', headers: isTrailing ? { ...headers, Trailer: 'X-Sum' } : headers });
      if (isTrailing) sending.addTrailers({ 'X-Sum': 'last' });
      sending.end(readFileSync(file));
      const [answer] = (await once(sending, 'response')) as [IncomingMessage];
      await once(answer.resume(), 'end');
      return answer.statusCode ?? 0;
    }),
};

const nodeHttp2: Sender = {
  ...plain,
  name: 'node:http2',
  missing: null,
  wayOfTrailers: 'trailers',
  isSecure: true,
  send: async (orders, { ca }) => {
    const session = connectHttp2(new URL(orders[0]?.url ?? '').origin, { ca });
    try {
      return await inTurn(orders, async ({ way, url, file, headers }) => {
        const isTrailing = way === 'trailers';
        const stream = session.request({ ':method': 'POST', ':path': new URL(url).pathname, ...headers }, {
          waitForTrailers: isTrailing,
        } as object);
        if (isTrailing) stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': 'last' }));
        stream.end(readFileSync(file));
        const [answer] = (await once(stream, 'response')) as [{ readonly ':status': number }];
        await once(stream.resume(), 'end');
        return answer[':status'];
      });
    } finally {
      session.close();
    }
  },
};

const python = missingProgram('python3', '--version');
const byPython = (orders: readonly Order[], { folder }: Given) => sendByProgram('python3', [here('sender.py')], orders, folder);

const java: Sender = {
  ...plain,
  name: 'HttpClient of Java',
  // Runs its source, which needs the compiler.
  missing: missingProgram('javac', '--version'),
  send: (orders, { folder }) => sendByProgram('java', ['-XX:TieredStopAtLevel=1', here('Sender.java')], orders, folder),
};

const go: Sender = {
  ...plain,
  name: 'net/http of Go',
  missing: missingProgram('go', 'version'),
  wayOfTrailers: 'trailers',
  send: (orders, { folder }) => sendByProgram('go', ['run', here('sender.go')], orders, folder),
};

export const senders: readonly Sender[] = [
  curl,
  fetchSender,
  undiciHttp2,
  nodeHttp,
  nodeHttp2,
  { ...plain, name: 'urllib of Python', missing: python, way: 'urllib', send: byPython },
  { ...plain, name: 'http.client of Python', missing: python, way: 'http.client', wayOfTrailers: 'trailers', send: byPython },
  java,
  go,
];
