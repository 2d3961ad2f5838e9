import { useCallback } from 'react';
import { bytesOfBase64 } from './body-format.ts';
import { useInSteps, type Steps } from './in-steps.ts';

/** A body as bytes, and as text where it is UTF-8. */
export interface DecodedBody {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly text: string | null;
}

/** What is decoded at a time; a multiple of the four characters of base64 that belong together. */
const stepSize = 1_048_576;

/** Decodes a body in steps: ten million letters that are not Latin take a tenth of a second. */
export function* decodeBody(body: string | Uint8Array<ArrayBuffer>): Steps<DecodedBody> {
  const bytes = typeof body === 'string' ? yield* bytesInSteps(body) : body;
  return { bytes, text: yield* textInSteps(bytes) };
}

function* bytesInSteps(base64: string): Steps<Uint8Array<ArrayBuffer>> {
  if (base64.length <= stepSize) return bytesOfBase64(base64);
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((base64.length / 4) * 3 - padding);
  for (let at = 0; at < base64.length; at += stepSize) {
    bytes.set(bytesOfBase64(base64.slice(at, at + stepSize)), (at / 4) * 3);
    yield;
  }
  return bytes;
}

/** The text of bytes when they are UTF-8, else null. A byte order mark stays, since it was sent. */
function* textInSteps(bytes: Uint8Array): Steps<string | null> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let text = '';
  try {
    for (let at = 0; at < bytes.length; at += stepSize) {
      text += decoder.decode(bytes.subarray(at, at + stepSize), { stream: true });
      if (at + stepSize < bytes.length) yield;
    }
    return text + decoder.decode();
  } catch {
    return null;
  }
}

/** A body decoded; null while a long one is being decoded. */
export function useDecodedBody(body: string | Uint8Array<ArrayBuffer>): DecodedBody | null {
  return useInSteps(useCallback(() => decodeBody(body), [body]));
}
