import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import type { ExactHead } from '#shared/stream-form.ts';
import type { CaptureSource } from '../capture/capture-source.ts';
import type { StreamedCapture, StreamPosition } from '../capture/stream-page.ts';
import { pathBehindBin } from '../capture/request-target.ts';
import { arrivedBy } from '../capture/stored-arrival.ts';

/** Events of a stream as they go over the wire (HTML, section 9.2, server-sent events). */

/** How long a client waits before it connects again, where it goes by what it is told. */
const retryMs = 1000;

/** Raw bytes of a body in one line of an event; a multiple of three, so that its base64 has no padding before the last line. */
export const lineBytes = 49_152;

/** The id of an event: by it a client goes on after a drop. */
export function eventId(position: StreamPosition): string {
  return position === null ? '0' : `${position.seq}-${position.id}`;
}

/** The position of an id that a client gave; undefined for a text that is none of ours. */
export function positionOf(id: string): StreamPosition | undefined {
  if (id === '0') return null;
  const [, seq = '', capture = ''] = /^([1-9]\d{0,14})-(cap_[0-9a-z]{26})$/.exec(id) ?? [];
  return seq === '' ? undefined : { seq: Number(seq), id: capture };
}

/** The first event: from its position on nothing is left out. */
export function readyEvent(position: StreamPosition): Buffer {
  return Buffer.from(`retry: ${retryMs}\nid: ${eventId(position)}\nevent: ready\ndata: {}\n\n`);
}

/** Says that captures may be missing. It has no id, so that a client goes on from what it has. */
export function gapEvent(message: string): Buffer {
  return Buffer.from(`event: gap\ndata: ${JSON.stringify({ message })}\n\n`);
}

/** A comment, which clients skip: it shows that the connection stands. */
export const pingBytes = Buffer.from(': ping\n\n');

/** The beginning of an event that brings a capture byte for byte; the lines of its body and {@link eventEnd} follow. */
export function exactStart(capture: StreamedCapture): Buffer {
  const { path, query } = pathBehindBin(capture.target, arrivedBy(capture.arrivalJson));
  const head: ExactHead = {
    captureId: capture.id,
    method: capture.method,
    path,
    query,
    httpVersion: capture.httpVersion,
    headers: JSON.parse(capture.headersJson) as HeaderField[],
    trailers: JSON.parse(capture.trailersJson) as HeaderField[],
    isBodyTruncated: capture.isBodyTruncated === 1,
    bodyBytes: capture.bodyBytes,
    remoteAddress: capture.remoteAddress,
    status: capture.status,
    receivedAtMs: capture.receivedAtMs,
    ...broughtOf(capture.sourceJson),
  };
  return Buffer.from(`id: ${eventId(capture)}\nevent: capture\ndata: ${JSON.stringify(head)}\n`);
}

/** What is known of the way of a capture that came by a source itself. */
function broughtOf(sourceJson: string | null): Pick<ExactHead, 'through' | 'body'> {
  if (sourceJson === null) return { through: [], body: 'exact' };
  const { through, body } = JSON.parse(sourceJson) as CaptureSource;
  return { through: [...through], body };
}

/** Some bytes of a body as a line of an event. */
export function bodyLine(bytes: Uint8Array): Buffer {
  return Buffer.from(`data: ${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}\n`, 'latin1');
}

export const eventEnd = Buffer.from('\n');

/** A whole small body as lines of an event. */
export function bodyLines(body: Uint8Array): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0; from < body.byteLength; from += lineBytes) lines.push(bodyLine(body.subarray(from, from + lineBytes)));
  return lines;
}
