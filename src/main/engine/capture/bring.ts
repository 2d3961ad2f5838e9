import type { HeaderField } from '#shared/contract/common.ts';
import type { Clock } from '../base/ports.ts';
import { notFound, Refusal } from '../base/refusal.ts';
import type { Reply } from './answer.ts';
import { calledUrlOf } from './arrival.ts';
import type { BinBook } from './bin-book.ts';
import type { CaptureRoom } from './capture-room.ts';
import type { Brought, ReceivedRequest, Recorder } from './recorder.ts';

/** A request that a source brings. It was answered elsewhere. */
export interface BroughtRequest {
  readonly method: string;
  /** Path behind the bin's own, `/` without one, and the query without its question mark. */
  readonly path: string;
  readonly query: string;
  readonly httpVersion: string;
  readonly headers: readonly HeaderField[];
  readonly trailers: readonly HeaderField[];
  readonly body: Uint8Array;
  readonly isBodyTruncated: boolean;
  /** Address of the first sender; empty where it is not known. */
  readonly remoteAddress: string;
  /** What the sender was answered. */
  readonly status: number;
}

export interface BringDeps {
  readonly bins: Pick<BinBook, 'find'>;
  readonly recorder: Pick<Recorder, 'keep' | 'verdictOf'>;
  readonly room: Pick<CaptureRoom, 'hasRoom' | 'limitBytes'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly bodyLimitBytes: () => number;
}

/** Keeps what sources bring, within the limits of all captures. */
export function createBring({ bins, recorder, room, clock, bodyLimitBytes }: BringDeps) {
  return async (binId: string, request: BroughtRequest, from: Brought): Promise<string> => {
    const bin = bins.find(binId);
    if (bin === undefined) throw notFound('bin', binId);
    if (!room.hasRoom())
      throw new Refusal(
        'STORE_UNAVAILABLE',
        'Captures have taken all the room that they may have: raise the limit in the settings, or delete some.',
        {
          reason: 'no room for captures',
        },
      );
    const limitBytes = Math.min(bodyLimitBytes(), room.limitBytes() ?? Number.POSITIVE_INFINITY);
    const isCut = request.body.byteLength > limitBytes;
    const bytes = isCut ? request.body.subarray(0, limitBytes) : request.body;
    const { path, query, method, headers } = request;
    const target = `/${bin.slug}${path === '/' ? '' : path}${query === '' ? '' : `?${query}`}`;
    const reply: Reply = { status: request.status, headers: [], body: new Uint8Array(), delayMs: 0, isLast: false, fault: null };
    const received: ReceivedRequest = {
      method,
      target,
      url: calledUrlOf({ target, headers, by: 'path', isTls: false }, bin).url,
      by: 'path',
      tls: null,
      httpVersion: request.httpVersion,
      headers,
      trailers: request.trailers,
      body: { size: bytes.byteLength, bytes },
      isBodyTruncated: request.isBodyTruncated || isCut,
      remoteAddress: request.remoteAddress,
      deliveryId: null,
      receivedAtMs: clock.now(),
      bodyMs: 0,
    };
    const verified = await recorder.verdictOf(bin, received);
    return recorder.keep(bin, received, { reply, verified, given: { by: null, captureId: null, positions: [] }, from });
  };
}
