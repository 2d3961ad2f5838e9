import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Pause between two tries, and how long one may take, in milliseconds. */
const betweenTriesMs = 100;
const oneTryMs = 2000;

/** How it is seen that a receiver answers again. */
export type Readiness =
  | { readonly kind: 'health'; readonly url: string }
  | { readonly kind: 'port'; readonly host: string; readonly port: number };

/** What is asked, in a few words: `127.0.0.1:3000`. */
export function readinessText(readiness: Readiness): string {
  return readiness.kind === 'health' ? readiness.url : `${readiness.host}:${readiness.port}`;
}

/** Where the receiver of a URL accepts connections; null for a URL that cannot be read. */
export function portOf(url: string): Readiness | null {
  if (!URL.canParse(url)) return null;
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return host === '' ? null : { kind: 'port', host, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

/**
 * Waits until a receiver answers: its port accepts a connection, or its health URL answers with a 2xx. `onWait` is called once if that does
 * not succeed at once. Returns false when the time is over or the signal aborts.
 */
export async function untilReady(
  readiness: Readiness,
  { withinMs, signal, onWait }: { readonly withinMs: number; readonly signal: AbortSignal; readonly onWait: () => void },
): Promise<boolean> {
  const untilMs = performance.now() + withinMs;
  for (let tries = 0; !signal.aborted; tries += 1) {
    if (await isReady(readiness, signal)) return true;
    if (tries === 0) onWait();
    if (performance.now() >= untilMs) return false;
    await sleep(betweenTriesMs, undefined, { signal }).catch(() => undefined);
  }
  return false;
}

async function isReady(readiness: Readiness, signal: AbortSignal): Promise<boolean> {
  const within = AbortSignal.any([signal, AbortSignal.timeout(oneTryMs)]);
  if (readiness.kind === 'port') return await accepts(readiness, within);
  try {
    const answer = await fetch(readiness.url, { signal: within, redirect: 'manual' });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

function accepts({ host, port }: { readonly host: string; readonly port: number }, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (does: boolean) => {
      signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(does);
    };
    const giveUp = () => end(false);
    signal.addEventListener('abort', giveUp);
    socket.once('connect', () => end(true));
    socket.once('error', giveUp);
  });
}
