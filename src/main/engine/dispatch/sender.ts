import type { Log } from '../ports.ts';
import { createConnections, type Connection, type Connections } from './connections.ts';
import { createExchange, type ExchangeEnd } from './exchange.ts';
import { outcomeOf, type AttemptEnd } from './outcome.ts';
import { whyUnsendable } from './sendable.ts';
import type { Sender, SendOptions, SendResult, WireRequest } from './sender.types.ts';

/** What a sender needs from outside. */
export interface SenderPorts {
  readonly log?: Log;
  /** Epoch milliseconds; HTTP dates of answers are compared to it. Deadlines and timings run in real time. */
  readonly now: () => number;
}

/**
 * A sender over HTTP/1.1 on keep-alive connections. Redirects are never followed and bodies never decompressed.
 * A kept connection that turns out closed before anything was written is replaced within the same attempt;
 * once a byte of the request is written nothing is sent twice, since the receiver may have handled it.
 * `close` ends attempts under way as `interrupted`.
 */
export function createSender(ports: SenderPorts): Sender {
  const connections = createConnections();
  const interrupts = new Set<() => void>();
  let isClosed = false;
  return {
    send: async (request, options) => {
      const unsendable = whyUnsendable(request);
      if (unsendable !== null) return unsent(request, { kind: 'unsendable', message: unsendable });
      if (options.signal.aborted) return unsent(request, { kind: 'cancelled' });
      if (isClosed) return unsent(request, { kind: 'interrupted' });
      return exchangeOn(connections, interrupts, ports, request, options);
    },
    close: async () => {
      isClosed = true;
      for (const interrupt of interrupts) interrupt();
      await connections.close();
    },
  };
}

function exchangeOn(
  connections: Connections,
  interrupts: Set<() => void>,
  ports: SenderPorts,
  request: WireRequest,
  options: SendOptions,
): Promise<SendResult> {
  return new Promise((resolve) => {
    const url = new URL(request.url);
    const finish = ({ result, isComplete, error }: ExchangeEnd) => {
      clearTimeout(deadline);
      options.signal.removeEventListener('abort', cancel);
      interrupts.delete(interrupt);
      if (isComplete) connection.release();
      else void connection.destroy();
      if (result.outcome.code === 'unknown')
        ports.log?.warn(
          { url: url.origin, error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
          'An attempt failed for an unknown reason',
        );
      resolve(result);
    };
    const exchange = createExchange(url, request, options, ports.now, finish);
    const cancel = () => exchange.end({ kind: 'cancelled' });
    const interrupt = () => exchange.end({ kind: 'interrupted' });
    const connection: Connection = connections.take(url, options.verifyTls, exchange.holder);
    const deadline = setTimeout(exchange.timeOut, options.timeoutMs);
    options.signal.addEventListener('abort', cancel, { once: true });
    interrupts.add(interrupt);
    connection.dispatch({
      path: `${url.pathname}${url.search}`,
      method: request.method,
      headers: request.headers.flat(),
      body: request.body,
    });
  });
}

/** The result of an attempt that never came to a connection. */
function unsent(request: WireRequest, end: AttemptEnd): SendResult {
  return {
    outcome: outcomeOf('', end),
    sentHeaders: request.headers,
    response: null,
    timings: { queuedMs: null, dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, downloadMs: null, totalMs: 0 },
    connection: null,
    retryAfterMs: null,
  };
}
