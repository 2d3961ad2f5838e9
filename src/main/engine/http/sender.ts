import type { Log } from '../base/ports.ts';
import { performance } from 'node:perf_hooks';
import { createConnections } from './connections.ts';
import { createDeadlines } from './deadlines.ts';
import { Exchange } from './exchange.ts';
import { outcomeOf, type AttemptEnd } from './outcome.ts';
import { followRedirects } from './redirects.ts';
import type { ProxyChoice } from './proxy-route.ts';
import { notSendableUrl, whyUnsendable } from './sendable.ts';
import type { Sender, SendOptions, SendResult, WireRequest } from './sender.types.ts';
import { createTargets, type Target } from './target.ts';
import { stackOf } from '../base/stack-of.ts';

/** What a sender needs from outside. */
export interface SenderPorts {
  readonly log?: Log;
  /** Epoch milliseconds; HTTP dates of answers are compared to it. Deadlines and timings run in real time. */
  readonly now: () => number;
  /** What a target goes through; straight without it. */
  readonly proxyFor?: ProxyChoice;
}

/**
 * A sender over HTTP/1.1 on keep-alive connections. Redirects are refused or followed as asked; bodies are never decompressed.
 * A kept connection that turns out closed before anything was written is replaced within the same attempt;
 * once a byte of the request is written nothing is sent twice, since the receiver may have handled it.
 * `close` ends attempts under way as `interrupted`.
 */
export function createSender(ports: SenderPorts): Sender {
  const targetAt = createTargets();
  const connections = createConnections<Exchange>();
  const deadlines = createDeadlines((nowMs) => endDue(connections.holders(), nowMs));
  let isClosed = false;

  const exchangeAt = (target: Target, request: WireRequest, options: SendOptions, deadlineAtMs: number) =>
    new Promise<SendResult>((resolve) => {
      const onEnd = (result: SendResult, error: unknown) => {
        if (result.outcome.code === 'unknown')
          ports.log?.warn({ url: target.url.origin, error: stackOf(error) }, 'An attempt failed for an unknown reason');
        resolve(result);
      };
      const exchange = new Exchange(target, request, options, { now: ports.now, deadlineAtMs, onEnd });
      deadlines.watch(deadlineAtMs);
      const tls = { isVerified: options.verifyTls, credentials: options.tls ?? null };
      const { isWithinLoopback = false } = options;
      const proxy = isWithinLoopback ? null : (ports.proxyFor?.(target.url) ?? null);
      exchange.begin(connections.take(target, tls, { proxy, isWithinLoopback }, exchange));
    });

  const ask = (request: WireRequest, options: SendOptions, deadlineAtMs: number): Promise<SendResult> => {
    const target = targetAt(request.url);
    const unsendable = target === null ? notSendableUrl(request.url) : whyUnsendable(request);
    if (unsendable !== null) return unsent(request, { kind: 'unsendable', message: unsendable });
    if (options.signal.aborted) return unsent(request, { kind: 'cancelled' });
    if (target === null || isClosed) return unsent(request, { kind: 'interrupted' });
    return exchangeAt(target, request, options, deadlineAtMs);
  };

  return {
    send: (request, options) => {
      const deadlineAtMs = performance.now() + options.timeoutMs;
      const { redirects = 'refuse', isConfidential = false } = options;
      if (redirects === 'refuse') return ask(request, options, deadlineAtMs);
      return followRedirects(request, { maxRedirects: redirects.follow, isConfidential }, (next) => ask(next, options, deadlineAtMs));
    },
    close: async () => {
      isClosed = true;
      deadlines.close();
      for (const exchange of connections.holders()) exchange.end({ kind: 'interrupted' });
      await connections.close();
    },
  };
}

/** Ends those whose time is up; returns the earliest deadline of the others, or null. */
function endDue(exchanges: readonly Exchange[], nowMs: number): number | null {
  let nextMs = Number.POSITIVE_INFINITY;
  for (const exchange of exchanges) {
    if (exchange.deadlineAtMs <= nowMs) exchange.timeOut();
    else nextMs = Math.min(nextMs, exchange.deadlineAtMs);
  }
  return nextMs === Number.POSITIVE_INFINITY ? null : nextMs;
}

/** The result of an attempt that never got a connection. */
async function unsent(request: WireRequest, end: AttemptEnd): Promise<SendResult> {
  return {
    outcome: outcomeOf('', end),
    sentHeaders: request.headers,
    response: null,
    redirects: [],
    timings: { queuedMs: null, dnsMs: null, connectMs: null, tlsMs: null, firstByteMs: null, downloadMs: null, totalMs: 0 },
    connection: null,
    retryAfterMs: null,
  };
}
