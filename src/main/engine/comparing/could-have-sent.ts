import type { ArrivedCapture, CapturePlace } from '../capture/arrived.ts';
import { arrivalOf } from '../capture/stored-arrival.ts';
import type { SentAttempt } from '../log/sent-attempts.ts';
import { targetOf } from './target.ts';

/** How long after its answer a tunnel may still pass a request on that is known by nothing but its body. */
export const lateMs = 10_000;

/** An attempt with the capture that it brings; undefined for none, or one whose row is gone. */
type WithSource<Field extends keyof SentAttempt> = Pick<SentAttempt, Field> & { readonly source: CapturePlace | undefined };

/** Whether an attempt could have made what was received; `seq` is that of its capture, null for a pasted request. */
export function couldHaveSent(
  { startedAtMs, source }: WithSource<'startedAtMs'>,
  { receivedAtMs, seq }: { readonly receivedAtMs: number; readonly seq: number | null },
): boolean {
  if (startedAtMs > receivedAtMs) return false;
  // A forward or replay goes out once its capture is stored: that one, and those stored before it, came from elsewhere.
  return source === undefined || seq === null || seq > source.seq;
}

/** Where and when a request arrived. */
export interface ArrivalFacts {
  readonly binId: string;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** The URL below the bin's public one, without the query; null for a bin without. */
  readonly publicUrl: string | null;
  readonly receivedAtMs: number;
}

/** What a capture shows of its arrival. */
export function arrivalFacts({ binId, method, target, headersJson, arrivalJson, receivedAtMs }: ArrivedCapture): ArrivalFacts {
  const { url, urlFrom } = arrivalOf({ target, headers_json: headersJson, arrival_json: arrivalJson });
  return { binId, method, path: pathOf(target), publicUrl: urlFrom === 'public-url' ? withoutQuery(url) : null, receivedAtMs };
}

/**
 * Whether all but the body says, too, that an attempt made a request. Anybody can send the same body, so one that is equal says nothing
 * of its sender unless the attempt went to where the request arrived, and was under way then or had just ended.
 */
export function fitsWithoutMarks(
  { method, url, endedAtMs, relayId, source }: WithSource<'method' | 'url' | 'endedAtMs' | 'relayId'>,
  arrival: ArrivalFacts,
): boolean {
  if (method !== arrival.method) return false;
  if (endedAtMs !== null && arrival.receivedAtMs - endedAtMs > lateMs) return false;
  // A relay never leads back to its own bin, though its target may have the same path.
  if (relayId !== null && source?.binId === arrival.binId) return false;
  // The host may be that of a tunnel.
  return pathOf(url) === arrival.path || withoutQuery(url) === arrival.publicUrl;
}

function pathOf(urlOrTarget: string): string {
  return withoutQuery(targetOf(urlOrTarget));
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '');
}
