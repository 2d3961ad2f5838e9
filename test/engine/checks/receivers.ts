import { createHmac, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request as a receiver has it. */
export interface Incoming {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
}

/** What a receiver answers; it may throw, which makes a 500. */
export type Receive = (request: Incoming) => number | Promise<number>;

/** Receivers on one server, each at the path of its name. */
export async function serveReceivers(receivers: Readonly<Record<string, Receive>>, early: Readonly<Record<string, Early>> = {}) {
  const server = createServer((request, response) => void handle(request, response, receivers, early));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { urlOf: (name: string) => `http://127.0.0.1:${port}/${name}` };
}

/** What a receiver does with a request before its body was read; true where it has answered. */
export type Early = (request: IncomingMessage, response: ServerResponse) => boolean;

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  receivers: Readonly<Record<string, Receive>>,
  early: Readonly<Record<string, Early>>,
): Promise<void> {
  const name = (request.url ?? '').slice(1).split('?')[0] ?? '';
  try {
    if (early[name]?.(request, response) === true) return;
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const { method = '', url = '', headers, rawHeaders } = request;
    const receive = receivers[name];
    response.statusCode = receive === undefined ? 404 : await receive({ method, url, headers, rawHeaders, body: Buffer.concat(chunks) });
  } catch {
    // A request that was cut is gone with its connection.
    if (!request.complete) return;
    response.statusCode = 500;
  }
  response.end();
}

export const stripeSecret = 'whsec_check_of_a_receiver_0123456789';

/** The parts of a Stripe-Signature header. */
export function stripeParts(header: string): { readonly time: string; readonly signatures: readonly string[] } {
  const entries = header.split(',').map((entry) => entry.split('='));
  return {
    time: entries.find(([label]) => label === 't')?.[1] ?? '',
    signatures: entries.filter(([label]) => label === 'v1').map(([, value = '']) => value),
  };
}

export function hmac(text: string | Buffer, ...more: readonly Buffer[]): string {
  const made = createHmac('sha256', stripeSecret).update(text);
  for (const piece of more) made.update(piece);
  return made.digest('hex');
}

export function isEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
