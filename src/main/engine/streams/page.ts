import { Buffer } from 'node:buffer';
import { capturesAfter, resumeAfter, type StreamedCapture, type StreamPosition } from '../capture/stream-page.ts';
import type { Database } from '../store/database.ts';
import { bodyLines, eventEnd, eventId, exactStart } from './event-bytes.ts';
import { smeeEvent } from './smee-form.ts';

/** How captures are told: byte for byte, or as smee-client takes them. */
export type StreamForm = 'exact' | 'smee';

/** A part of a page: the bytes of some events, or one capture whose body is read when its turn comes. */
export type PagePart =
  | { readonly kind: 'events'; readonly bytes: Uint8Array; readonly last: StreamPosition }
  | { readonly kind: 'large'; readonly capture: StreamedCapture };

export interface StreamPage {
  readonly parts: readonly PagePart[];
  /** Whether the capture that the follower has come to is gone. */
  readonly isGone: boolean;
}

/** A body of more than this is not put into a page. */
const inlineBytes = 65_536;
const pageRows = 64;
/** Events are told together up to this size. */
const partBytes = 131_072;

/** The captures behind a position, encoded once for all followers that have come as far. */
export function readPage(database: Pick<Database, 'raw'>, binId: string, position: StreamPosition, form: StreamForm): StreamPage {
  const { afterSeq, isGone } = resumeAfter(database, position);
  const rows = capturesAfter(database, binId, { afterSeq, limit: pageRows, inlineBytes });
  const parts: PagePart[] = [];
  let pieces: Uint8Array[] = [];
  let size = 0;
  let last: StreamPosition = null;
  let encoded = 0;
  const flush = () => {
    if (pieces.length > 0) parts.push({ kind: 'events', bytes: Buffer.concat(pieces), last });
    pieces = [];
    size = 0;
  };
  for (const row of rows) {
    if (row.body === null) {
      flush();
      parts.push({ kind: 'large', capture: row });
      continue;
    }
    const event = form === 'exact' ? exactEvent(row, row.body) : smeeEvent(smeeInput(row, row.body));
    pieces.push(event);
    size += event.byteLength;
    encoded += event.byteLength;
    last = { seq: row.seq, id: row.id };
    if (size >= partBytes) flush();
    // The rest of the page is read again: encoding takes time too.
    if (encoded >= pageBytes) break;
  }
  flush();
  return { parts, isGone };
}

/** Encoding stops at about so many bytes, which takes some milliseconds. */
const pageBytes = 1_048_576;

function exactEvent(row: StreamedCapture, body: Uint8Array): Uint8Array {
  return Buffer.concat([exactStart(row), ...bodyLines(body), eventEnd]);
}

export function smeeInput(row: StreamedCapture, body: Uint8Array) {
  return {
    id: eventId(row),
    captureId: row.id,
    method: row.method,
    target: row.target,
    headersJson: row.headersJson,
    arrivalJson: row.arrivalJson,
    isBodyTruncated: row.isBodyTruncated === 1,
    receivedAtMs: row.receivedAtMs,
    body,
  };
}
