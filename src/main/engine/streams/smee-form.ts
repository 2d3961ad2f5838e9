import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { isJsonDeeper } from '#shared/json-depth.ts';
import { headersToSendOn } from '#shared/text/connection-headers.ts';
import { headerValue } from '#shared/text/headers.ts';
import { fieldsOf } from '#shared/text/query-fields.ts';
import { task } from '../background/background.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { pathBehindBin } from '../capture/request-target.ts';
import { arrivedBy } from '../capture/stored-arrival.ts';

/**
 * The form that smee-client takes, as smee.io sends it: an object of the request's headers with `body`, `query` and `timestamp`. The
 * client writes `body` as JSON again, posts it to its target, and sends every other member as a header.
 * Source: probot/smee-client index.ts and probot/smee.io lib/server.js, read 2026-11-29.
 */

/** How the body that the client posts stands to the one that was received. */
export type SmeeBody =
  /** It writes the same bytes. */
  | 'as-received'
  /** JSON that it writes in other bytes, so that a signature over the body does not hold. */
  | 'rewritten'
  /** Not JSON: it posts a JSON string of the text, or of base64. */
  | 'as-text'
  | 'as-base64'
  /** Nothing came; it posts an empty object. */
  | 'empty';

export interface SmeeInput {
  readonly id: string;
  readonly captureId: string;
  readonly method: string;
  readonly target: string;
  readonly headersJson: string;
  readonly arrivalJson: string | null;
  readonly isBodyTruncated: boolean;
  readonly receivedAtMs: number;
  readonly body: Uint8Array;
}

/** Members of the object that are no headers. */
const reserved = new Set(['body', 'query', 'timestamp']);

/** A capture as an event for smee-client. Slow for a large body. */
export function smeeEvent({
  id,
  captureId,
  method,
  target,
  headersJson,
  arrivalJson,
  isBodyTruncated,
  receivedAtMs,
  body,
}: SmeeInput): Uint8Array {
  const headers = JSON.parse(headersJson) as HeaderField[];
  const { path, query } = pathBehindBin(target, arrivedBy(arrivalJson));
  const told = toldBody(body, headerValue(headers, 'content-encoding'));
  const head = {
    ...headerObject(headers),
    'hookyard-capture': captureId,
    'hookyard-request': printable(`${method} ${path}${query === '' ? '' : `?${query}`}`),
    'hookyard-body': isBodyTruncated ? `${told.kind}, cut` : told.kind,
  };
  const rest = JSON.stringify({ query: queryObject(query), timestamp: receivedAtMs });
  const data = `${JSON.stringify(head).slice(0, -1)},"body":${told.json},${rest.slice(1)}`;
  return ownBytes(Buffer.from(`id: ${id}\ndata: ${data}\n\n`, 'utf8'));
}

export const smeeEventTask = task('smeeEvent', smeeEvent);

/** Header names in lower case, values of a name that repeats joined, as Node gives them to smee. */
function headerObject(headers: readonly HeaderField[]): Record<string, string> {
  const joined = new Map<string, string>();
  for (const [given, value] of headersToSendOn(headers).headers) {
    const name = given.toLowerCase();
    if (reserved.has(name)) continue;
    const before = joined.get(name);
    joined.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(joined);
}

function queryObject(query: string): Record<string, string | readonly string[]> {
  const values = new Map<string, string[]>();
  for (const { name, value } of fieldsOf(query)) values.set(name, [...(values.get(name) ?? []), value]);
  return Object.fromEntries([...values].map(([name, all]) => [name, all.length === 1 ? (all[0] ?? '') : all]));
}

/** Header values have to be one line that any sender takes. */
function printable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 2000);
}

function toldBody(body: Uint8Array, coding: string | null): { readonly kind: SmeeBody; readonly json: string } {
  if (body.byteLength === 0) return { kind: 'empty', json: '{}' };
  const text = coding === null || coding === 'identity' ? textOf(body) : null;
  if (text === null) return { kind: 'as-base64', json: JSON.stringify(Buffer.from(body).toString('base64')) };
  const compact = isJsonDeeper(body) ? null : compactOf(text);
  if (compact === null) return { kind: 'as-text', json: JSON.stringify(text) };
  return { kind: compact === text ? 'as-received' : 'rewritten', json: compact };
}

function textOf(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}

/** JSON as a client writes it that has parsed it; null for what is not JSON. */
function compactOf(text: string): string | null {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return null;
  }
}
