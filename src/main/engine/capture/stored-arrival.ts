import type { CaptureArrival } from '#shared/contract/captures.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import { calledUrlOf, type BinAddress } from './arrival.ts';

/** How a capture came in, without what its own row says: a URL can be as long as all headers together. */
interface StoredArrival extends Pick<CaptureArrival, 'by' | 'tls'>, BinAddress {}

interface ArrivedRow {
  readonly target: string;
  readonly headers_json: string;
  readonly arrival_json: string | null;
}

const usual: StoredArrival = { by: 'path', tls: null, publicUrl: null, trustsProxy: false };

/** What is stored of an arrival; null for the usual one, over plain HTTP by the path. */
export function arrivalJson({ by, tls }: Pick<CaptureArrival, 'by' | 'tls'>, { publicUrl, trustsProxy }: BinAddress): string | null {
  if (by === 'path' && tls === null && publicUrl === null && !trustsProxy) return null;
  return JSON.stringify({ by, tls, publicUrl, trustsProxy } satisfies StoredArrival);
}

/** How a stored capture came in; the URL is that by which it was verified then. */
export function arrivalOf(row: ArrivedRow): CaptureArrival {
  const { by, tls, ...address } = storedOf(row.arrival_json);
  const headers = JSON.parse(row.headers_json) as readonly HeaderField[];
  return { by, tls, ...calledUrlOf({ target: row.target, headers, by, isTls: tls !== null }, address) };
}

/** Whether its path or its host named the bin of a stored capture. */
export function arrivedBy(stored: string | null): CaptureArrival['by'] {
  return storedOf(stored).by;
}

function storedOf(stored: string | null): StoredArrival {
  return stored === null ? usual : (JSON.parse(stored) as StoredArrival);
}
