import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { sourceAt } from '#shared/json/exact.ts';
import { isJsonDeeper } from '#shared/json-depth.ts';
import { headerLimitBytes, sizeOfHeaders } from '#shared/stream-form.ts';
import { headerValue, isHeaderName, isHeaderValue } from '#shared/text/headers.ts';
import { writeField } from '#shared/text/query-fields.ts';
import { task } from '../background/background.ts';
import { ownBytes } from '../base/own-bytes.ts';
import type { BroughtRequest } from '../capture/bring.ts';
import type { SourceBody } from '../capture/capture-source.ts';

/**
 * A request out of an event of smee: an object of its headers with `body`, `query` and `timestamp`. The channel has parsed the body as JSON
 * and writes it as `JSON.stringify` does, so its bytes are those of the sender only where the sender wrote it so, too. A server that adds
 * `rawbody` keeps them. Method, path, the order and case of headers, and repeats of a name are not kept.
 * Source: probot/smee.io lib/server.js and probot/smee-client index.ts, read 2026-11-29.
 */

export type SmeeRead =
  | { readonly kind: 'request'; readonly request: BroughtRequest; readonly body: SourceBody }
  | { readonly kind: 'unreadable'; readonly why: string };

/** Members that are no headers. */
const reserved = new Set(['body', 'rawbody', 'query', 'timestamp']);

/** Reads the data of an event. Slow for a large one. */
export function readSmeeEvent(data: Uint8Array): SmeeRead {
  const text = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('utf8');
  if (isJsonDeeper(data)) return { kind: 'unreadable', why: 'Its JSON is nested too deep.' };
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return { kind: 'unreadable', why: 'Its data is not JSON.' };
  }
  if (typeof event !== 'object' || event === null || Array.isArray(event))
    return { kind: 'unreadable', why: 'Its data is not a JSON object.' };
  const members = Object.entries(event as Readonly<Record<string, unknown>>);
  const headers = members.flatMap(([name, value]): HeaderField[] =>
    reserved.has(name) || !isHeaderName(name) ? [] : headerFields(name, value),
  );
  const wrong = headers.find(([, value]) => !isHeaderValue(value));
  if (wrong !== undefined)
    return { kind: 'unreadable', why: `Its header ${wrong[0].slice(0, 100)} has a value that no request over HTTP can have.` };
  if (sizeOfHeaders(headers) > headerLimitBytes)
    return { kind: 'unreadable', why: `Its headers have more than ${headerLimitBytes / 1024} KiB.` };
  const query = queryOf((event as { readonly query?: unknown }).query);
  if (query.length > headerLimitBytes) return { kind: 'unreadable', why: `Its query has more than ${headerLimitBytes / 1024} KiB.` };
  const { bytes, kind } = bodyOf(text, event as Readonly<Record<string, unknown>>, headers);
  return {
    kind: 'request',
    body: kind,
    request: {
      method: 'POST',
      path: '/',
      query,
      httpVersion: '1.1',
      headers,
      trailers: [],
      body: ownBytes(bytes),
      isBodyTruncated: false,
      remoteAddress: '',
      status: 200,
    },
  };
}

export const smeeReadTask = task('readSmeeEvent', readSmeeEvent);

/** Text beyond Latin-1, which a server makes that reads the bytes of headers as UTF-8, becomes those bytes again. */
function headerFields(name: string, value: unknown): HeaderField[] {
  if (typeof value === 'string') return [[name, /[^\0-\u00ff]/.test(value) ? Buffer.from(value, 'utf8').toString('latin1') : value]];
  if (typeof value === 'number') return [[name, String(value)]];
  return Array.isArray(value) ? value.flatMap((each) => headerFields(name, each)) : [];
}

function bodyOf(
  text: string,
  event: Readonly<Record<string, unknown>>,
  headers: readonly HeaderField[],
): { readonly bytes: Buffer; readonly kind: SourceBody } {
  const { rawbody, body } = event;
  if (typeof rawbody === 'string') return { bytes: Buffer.from(rawbody, 'utf8'), kind: 'exact' };
  // Its source in the event, not a value written again: that would change numbers once more.
  const bytes = Buffer.from(typeof body === 'string' ? body : (sourceAt(text, ['body']) ?? ''), 'utf8');
  const length = headerValue(headers, 'content-length');
  const isSame = length !== null && Number(length) === bytes.byteLength && headerValue(headers, 'content-encoding') === null;
  return { bytes, kind: isSame ? 'same-length' : 'rewritten' };
}

function queryOf(query: unknown): string {
  if (typeof query !== 'object' || query === null) return '';
  return (
    Object.entries(query)
      .flatMap(([name, value]) =>
        [value as unknown].flat().map((each) => ({ name, value: typeof each === 'string' ? each : JSON.stringify(each) })),
      )
      // An escape in JSON can stand for half of a character, which no query can hold.
      .map(({ name, value }) => writeField({ name: name.toWellFormed(), value: value.toWellFormed() }))
      .join('&')
  );
}
