import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { headerValue } from '#shared/text/headers.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { version } from '../base/version.ts';
import type { Reader } from '../store/database.ts';
import { search } from '../store/searcher.ts';
import { ofLiveBinSql } from './bin-store.ts';
import { urlOf } from './request-target.ts';

/** Which captures are exported, and how. */
export interface ExportOrder {
  readonly format: 'har' | 'jsonl';
  readonly seqs: readonly number[];
}

/** More is refused: a file is made in memory. */
const [mostCaptures, mostBytes] = [1000, 64 * 1024 * 1024];

interface ExportedRow {
  readonly id: string;
  readonly binId: string;
  readonly method: string;
  readonly target: string;
  readonly httpVersion: string;
  readonly headersJson: string;
  readonly trailersJson: string;
  readonly isBodyTruncated: number;
  readonly remoteAddress: string;
  readonly responseJson: string;
  readonly verdict: string | null;
  readonly messageId: string | null;
  readonly isPinned: number;
  readonly note: string;
  readonly tagsJson: string;
  readonly receivedAtMs: number;
  readonly totalMs: number | null;
  readonly bytes: Uint8Array;
}

interface Answered {
  readonly status: number;
  readonly headers: readonly HeaderField[];
  readonly bodyBytes: number;
}

/** Those that still exist. */
const where = `WHERE seq IN (SELECT value FROM json_each(?)) AND removed_at_ms IS NULL AND ${ofLiveBinSql('bin_id')}`;

/** Captures as one file, oldest first; a sentence where they are too many. */
export const captureExport = search(
  'captureExport',
  (reader: Reader, order: ExportOrder): { readonly content: Uint8Array; readonly captures: number } | { readonly tooMuch: string } => {
    const count = order.seqs.length;
    if (count > mostCaptures)
      return {
        tooMuch: `These are ${count.toLocaleString('en')} captures, and one file takes ${mostCaptures.toLocaleString('en')}: pick fewer of them.`,
      };
    const parameters = [JSON.stringify(order.seqs)];
    const [bytes = 0] = reader.values<[number]>(`SELECT coalesce(sum(body_bytes), 0) FROM captures ${where}`, parameters)[0] ?? [];
    if (bytes > mostBytes)
      return {
        tooMuch: `The bodies of these captures have ${bytes.toLocaleString('en')} bytes, and one file takes ${mostBytes.toLocaleString('en')}: pick fewer of them.`,
      };
    const rows = reader.raw<ExportedRow>(
      `SELECT id, bin_id AS binId, method, target, http_version AS httpVersion, headers_json AS headersJson, trailers_json AS trailersJson,
         is_body_truncated AS isBodyTruncated, remote_address AS remoteAddress, response_json AS responseJson, verdict, message_id AS messageId,
         is_pinned AS isPinned, note, tags_json AS tagsJson, received_at_ms AS receivedAtMs, total_ms AS totalMs, b.bytes AS bytes
       FROM captures JOIN bodies AS b ON b.hash = captures.body_hash ${where} ORDER BY seq`,
      parameters,
    );
    const text = order.format === 'har' ? har(rows) : rows.map((row) => `${JSON.stringify(lineOf(row))}\n`).join('');
    return { content: ownBytes(Buffer.from(text, 'utf8')), captures: rows.length };
  },
);

function lineOf(row: ExportedRow) {
  const headers = JSON.parse(row.headersJson) as HeaderField[];
  return {
    id: row.id,
    binId: row.binId,
    receivedAt: new Date(row.receivedAtMs).toISOString(),
    remoteAddress: row.remoteAddress,
    method: row.method,
    url: urlOf(row.target, headers),
    target: row.target,
    httpVersion: row.httpVersion,
    headers,
    bodyBase64: base64(row.bytes),
    isBodyTruncated: row.isBodyTruncated === 1,
    trailers: JSON.parse(row.trailersJson) as HeaderField[],
    response: JSON.parse(row.responseJson) as Answered,
    verdict: row.verdict,
    messageId: row.messageId,
    isPinned: row.isPinned === 1,
    note: row.note,
    tags: JSON.parse(row.tagsJson) as string[],
  };
}

/** HTTP Archive 1.2. What a capture does not know is -1, as the format says. */
function har(rows: readonly ExportedRow[]): string {
  return JSON.stringify({ log: { version: '1.2', creator: { name: 'Hookyard', version }, entries: rows.map(entryOf) } });
}

function entryOf(row: ExportedRow) {
  const headers = JSON.parse(row.headersJson) as HeaderField[];
  const response = JSON.parse(row.responseJson) as Answered;
  const url = urlOf(row.target, headers);
  return {
    startedDateTime: new Date(row.receivedAtMs).toISOString(),
    time: row.totalMs ?? -1,
    request: {
      method: row.method,
      url,
      httpVersion: row.httpVersion,
      cookies: [],
      headers: named(headers),
      queryString: queryOf(row.target),
      ...(row.bytes.byteLength === 0 ? {} : { postData: postDataOf(row.bytes, headerValue(headers, 'content-type') ?? '') }),
      headersSize: -1,
      bodySize: row.bytes.byteLength,
    },
    response: {
      status: response.status,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: named(response.headers),
      content: { size: response.bodyBytes, mimeType: headerValue(response.headers, 'content-type') ?? '' },
      redirectURL: '',
      headersSize: -1,
      bodySize: response.bodyBytes,
    },
    cache: {},
    timings: { send: 0, wait: row.totalMs ?? -1, receive: 0 },
    ...(row.note === '' ? {} : { comment: row.note }),
  };
}

/** A body that is no UTF-8 text is written in base64, which HAR has for answers and its readers take for requests too. */
function postDataOf(bytes: Uint8Array, mimeType: string) {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('utf8');
  return Buffer.from(text, 'utf8').equals(buffer) ? { mimeType, text } : { mimeType, text: buffer.toString('base64'), encoding: 'base64' };
}

function queryOf(target: string) {
  const at = target.indexOf('?');
  return at === -1 ? [] : [...new URLSearchParams(target.slice(at + 1))].map(([name, value]) => ({ name, value }));
}

function named(fields: readonly HeaderField[]) {
  return fields.map(([name, value]) => ({ name, value }));
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
