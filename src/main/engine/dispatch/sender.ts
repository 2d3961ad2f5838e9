import type { Log } from '../ports.ts';
import { createConnections } from './connections.ts';
import { createDeadlines } from './deadlines.ts';
import { Exchange } from './exchange.ts';
import { outcomeOf, type AttemptEnd } from './outcome.ts';
import { notSendableUrl, whyUnsendable } from './sendable.ts';
import type { Sender, SendOptions, SendResult, WireRequest } from './sender.types.ts';
import { createTargets, type Target } from './target.ts';

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
  const targetAt = createTargets();
  const connections = createConnections<Exchange>();
  const deadlines = createDeadlines((nowMs) => endDue(connections.holders(), nowMs));
  let isClosed = false;

  const exchangeAt = (target: Target, request: WireRequest, options: SendOptions) =>
    new Promise<SendResult>((resolve) => {
      const exchange = new Exchange(target, request, options, ports.now, (result, error) => {
        if (result.outcome.code === 'unknown')
          ports.log?.warn(
            { url: target.url.origin, error: error instanceof Error ? (error.stack ?? error.message) : String(error) },
            'An attempt failed for an unknown reason',
          );
        resolve(result);
      });
      deadlines.watch(exchange.deadlineAtMs);
      exchange.begin(connections.take(target, options.verifyTls, exchange));
    });

  return {
    send: (request, options) => {
      const target = targetAt(request.url);
      const unsendable = target === null ? notSendableUrl(request.url) : whyUnsendable(request);
      if (unsendable !== null) return unsent(request, { kind: 'unsendable', message: unsendable });
      if (options.signal.aborted) return unsent(request, { kind: 'cancelled' });
      if (target === null || isClosed) return unsent(request, { kind: 'interrupted' });
      return exchangeAt(target, request, options);
    },
    close: async () => {
      isClosed = true;
      deadlines.close();
      for (const exchange of connections.holders()) exchange.end({ kind: 'interrupted' });
      await connections.close();
    },
  };
}

/** Ends those whose time is up; answers the earliest deadline of the others, or null. */
function endDue(exchanges: readonly Exchange[], nowMs: number): number | null {
  let nextMs = Number.POSITIVE_INFINITY;
  for (const exchange of exchanges) {
    if (exchange.deadlineAtMs <= nowMs) exchange.timeOut();
    else nextMs = Math.min(nextMs, exchange.deadlineAtMs);
  }
  return nextMs === Number.POSITIVE_INFINITY ? null : nextMs;
}

/** The result of an attempt that never came to a connection. */
async function unsent(request: WireRequest, end: AttemptEnd): Promise<SendResult> {
  return {
    outcome: outcomeOf('', end),
    sentHeaders: request.headers,
    response: null,
    timings: { queuedMs: null, dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, downloadMs: null, totalMs: 0 },
    connection: null,
    retryAfterMs: null,
  };
}
