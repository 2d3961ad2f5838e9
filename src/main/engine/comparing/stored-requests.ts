import type { HeaderField } from '#shared/contract/common.ts';
import type { ArrivedCapture } from '../capture/arrived.ts';
import type { SentAttempt } from '../log/sent-attempts.ts';
import { readBody } from '../store/bodies.ts';
import type { Reader } from '../store/database.ts';
import type { ComparedRequest } from './compare-requests.ts';
import { targetOf } from './target.ts';

/** The request of an attempt, with secrets masked as the log keeps them. */
export function sentRequest(reader: Reader, { method, url, headersJson, bodyHash, bodyBytes }: SentAttempt): ComparedRequest {
  return {
    method,
    target: targetOf(url),
    headers: JSON.parse(headersJson) as HeaderField[],
    bytes: bodyHash === null ? (bodyBytes === 0 ? new Uint8Array() : null) : readBody(reader, bodyHash),
    size: bodyBytes,
    isCut: false,
  };
}

/** The request of a capture. */
export function arrivedRequest(
  reader: Reader,
  { method, target, headersJson, bodyHash, bodyBytes, isBodyTruncated }: ArrivedCapture,
): ComparedRequest {
  return {
    method,
    target,
    headers: JSON.parse(headersJson) as HeaderField[],
    bytes: readBody(reader, bodyHash),
    size: bodyBytes,
    isCut: isBodyTruncated === 1,
  };
}
