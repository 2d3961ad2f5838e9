import { headerValue } from '../text/headers.ts';
import { binaryText } from '../text/text-codec.ts';
import { cutNotes } from './cut-body.ts';
import type { BodyGap, PastedRequest } from './pasted.ts';

/** A body that is in a file, or comes from a program. */
export function missingBody(why: string, size: number | null = null): BodyGap {
  return { kind: 'missing', why, ...(size === null ? {} : { size }) };
}

/**
 * Why the exact bytes of the body of a request cannot be known: what the reader found, a Content-Length that says another size, sizes of
 * chunks among the bytes, or an end or values that a log replaced. Null where nothing speaks against the bytes, or against there being none.
 */
export function bodyGapOf({ headers, body, bodyGap }: Pick<PastedRequest, 'headers' | 'body' | 'bodyGap'>): BodyGap | null {
  if (bodyGap !== undefined) return bodyGap;
  const announced = announcedBytes(headers);
  const chunked = /\bchunked\b/i.test(headerValue(headers, 'transfer-encoding') ?? '');
  if (body === null) {
    if (announced !== null && announced > 0) return missingBody('is not in the text');
    return chunked ? missingBody('is not in the text') : null;
  }
  if (announced !== null && announced !== body.length)
    return missingBody(`has ${body.length} bytes in the text, while Content-Length says ${announced}`);
  if (chunked && /^[0-9a-f]{1,8}\r?\n/i.test(binaryText(body.subarray(0, 12))))
    return missingBody('stands in the text with the sizes of its chunks, as it seems');
  // As .http files name the file that they send.
  if (body.length < 1000 && /^<[@\w-]*[ \t]+[\w./\\-]+\s*$/.test(binaryText(body)))
    return missingBody('is in a file, which cannot be read from here');
  return cutNotes(body).length === 0 ? null : missingBody('is cut in the text, or a log replaced values in it');
}

function announcedBytes(headers: PastedRequest['headers']): number | null {
  const text = headerValue(headers, 'content-length')?.trim() ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
