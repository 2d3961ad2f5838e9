import { headerValue } from '../text/headers.ts';
import { binaryText } from '../text/text-codec.ts';
import { cutNotes } from './cut-body.ts';
import type { BodyGap, PastedRequest } from './pasted.ts';

/** A body that is in a file, or comes from a program. */
export function missingBody(why: string, size: number | null = null): BodyGap {
  return { kind: 'missing', why, ...(size === null ? {} : { size }) };
}

/** Why the body itself is not in a text: what the reader found, a Content-Length without a body, or the name of a file in its place. */
export function absentBodyOf({ headers, body, bodyGap }: Pick<PastedRequest, 'headers' | 'body' | 'bodyGap'>): BodyGap | null {
  if (bodyGap !== undefined) return bodyGap;
  if (body === null) return (announcedBytes(headers) ?? 0) > 0 || isChunked(headers) ? missingBody('is not in the text') : null;
  // As .http files name the file that they send.
  const isFileName = body.length < 1000 && /^<[@\w-]*[ \t]+[\w./\\-]+\s*$/.test(binaryText(body));
  return isFileName ? missingBody('is in a file, which cannot be read from here') : null;
}

/**
 * Why the exact bytes of the body of a request cannot be known: what the reader found, a Content-Length that says another size, sizes of
 * chunks among the bytes, or an end or values that a log replaced. Null where nothing speaks against the bytes, or against there being none.
 */
export function bodyGapOf(request: Pick<PastedRequest, 'headers' | 'body' | 'bodyGap'>): BodyGap | null {
  const { headers, body } = request;
  const absent = absentBodyOf(request);
  if (absent !== null || body === null) return absent;
  const announced = announcedBytes(headers);
  if (announced !== null && announced !== body.length)
    return missingBody(`has ${body.length} bytes in the text, while Content-Length says ${announced}`);
  if (isChunked(headers) && /^[0-9a-f]{1,8}\r?\n/i.test(binaryText(body.subarray(0, 12))))
    return missingBody('stands in the text with the sizes of its chunks, as it seems');
  return cutNotes(body).length === 0 ? null : missingBody('is cut in the text, or a log replaced values in it');
}

function isChunked(headers: PastedRequest['headers']): boolean {
  return /\bchunked\b/i.test(headerValue(headers, 'transfer-encoding') ?? '');
}

function announcedBytes(headers: PastedRequest['headers']): number | null {
  const text = headerValue(headers, 'content-length')?.trim() ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
