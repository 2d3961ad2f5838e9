import { firstDifference, hexText } from '#shared/text/bytes.ts';
import type { Attempt } from '#shared/contract/deliveries.ts';
import type { Capture } from '#shared/contract/captures.ts';

/** Whether what arrived is what was sent, with proof either way. */
export type ByteComparison =
  | { readonly kind: 'same'; readonly bodyBytes: number; readonly sha256Hex: string }
  | {
      readonly kind: 'different';
      /** Offset of the first byte that differs. */
      readonly offset: number;
      /** The byte there on either side, null behind the end. */
      readonly sentByte: number | null;
      readonly receivedByte: number | null;
      readonly sentBytes: number;
      readonly receivedBytes: number;
    };

/** SHA-256 of bytes in lower-case hex, by the platform's own implementation. */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return hexText(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

type Made = Pick<Attempt, 'startedAtMs' | 'signature'>;

/**
 * The attempt of its delivery that made a capture: the one whose signature arrived with it, or without signatures the last
 * one that had begun by then. Null if the capture carries the signature of none of them, so that it is not known.
 */
export function attemptThatMade<T extends Made>(attempts: readonly T[], capture: Pick<Capture, 'headers' | 'receivedAtMs'>): T | null {
  const arrived = new Set(capture.headers.map(fieldKey));
  const bySignature = attempts.findLast(
    (attempt) => isSigned(attempt) && attempt.signature?.headers.every((field) => arrived.has(fieldKey(field))),
  );
  if (bySignature !== undefined) return bySignature;
  const latest = attempts.findLast(({ startedAtMs }) => startedAtMs <= capture.receivedAtMs) ?? attempts[0];
  return latest === undefined || isSigned(latest) ? null : latest;
}

/** Whether the headers of an attempt hold a signature over its content: a token is the same in every request. */
function isSigned({ signature }: Made): boolean {
  return signature !== null && signature.parts.length > 0 && signature.headers.length > 0;
}

function fieldKey([name, value]: Capture['headers'][number]): string {
  return `${name.toLowerCase()}:${value}`;
}

/** Compares the body of an attempt with the body of the capture it made. */
export async function compareBytes(sent: Uint8Array<ArrayBuffer>, received: Uint8Array<ArrayBuffer>): Promise<ByteComparison> {
  const offset = firstDifference(sent, received);
  if (offset === null) return { kind: 'same', bodyBytes: sent.length, sha256Hex: await sha256Hex(received) };
  return {
    kind: 'different',
    offset,
    sentByte: sent[offset] ?? null,
    receivedByte: received[offset] ?? null,
    sentBytes: sent.length,
    receivedBytes: received.length,
  };
}
