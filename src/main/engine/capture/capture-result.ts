import type { CaptureArrival } from '#shared/contract/captures.ts';
import type { AnsweredBy } from '#shared/contract/bin-answers.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { WireFault } from '#shared/contract/wire-fault.ts';
import type { Database } from '../store/database.ts';
import { arrivalOf } from './stored-arrival.ts';

/** How a captured request was answered, and by which way it came in. */
export interface CaptureResult {
  readonly binName: string;
  readonly status: number;
  readonly headers: readonly HeaderField[];
  /** Only its size is kept. */
  readonly bodyBytes: number;
  readonly fault: WireFault | null;
  /** Null for the plain response of the bin. */
  readonly answeredBy: AnsweredBy | null;
  /** From the first byte of the request to the last byte of its body; to the end of the answer, null while that is not out. */
  readonly bodyMs: number;
  readonly totalMs: number | null;
  readonly httpVersion: string;
  readonly remoteAddress: string;
  readonly arrival: CaptureArrival;
  /** A source brought it, which tells nothing of times. */
  readonly isBrought: boolean;
}

interface ResultRow {
  readonly binName: string;
  readonly status: number;
  readonly responseJson: string;
  readonly answeredJson: string | null;
  readonly bodyMs: number;
  readonly totalMs: number | null;
  readonly httpVersion: string;
  readonly remoteAddress: string;
  readonly target: string;
  readonly headers_json: string;
  readonly arrival_json: string | null;
  readonly isBrought: number;
}

/** How a capture was answered, or undefined. */
export function captureResult(reader: Pick<Database, 'raw'>, id: string): CaptureResult | undefined {
  const row = reader.raw<ResultRow>(
    `SELECT b.name AS binName, c.status AS status, c.response_json AS responseJson, c.answered_json AS answeredJson, c.body_ms AS bodyMs,
       c.total_ms AS totalMs, c.http_version AS httpVersion, c.remote_address AS remoteAddress, c.target AS target,
       c.headers_json AS headers_json, c.arrival_json AS arrival_json, c.source_json IS NOT NULL AS isBrought
     FROM captures AS c JOIN bins AS b ON b.id = c.bin_id WHERE c.id = ?`,
    [id],
  )[0];
  if (row === undefined) return undefined;
  const { headers, bodyBytes, fault } = JSON.parse(row.responseJson) as {
    readonly headers: readonly HeaderField[];
    readonly bodyBytes: number;
    readonly fault?: WireFault;
  };
  return {
    binName: row.binName,
    status: row.status,
    headers,
    bodyBytes,
    fault: fault ?? null,
    answeredBy: row.answeredJson === null ? null : (JSON.parse(row.answeredJson) as AnsweredBy),
    bodyMs: row.bodyMs,
    totalMs: row.totalMs,
    httpVersion: row.httpVersion,
    remoteAddress: row.remoteAddress,
    arrival: arrivalOf(row),
    isBrought: row.isBrought === 1,
  };
}
