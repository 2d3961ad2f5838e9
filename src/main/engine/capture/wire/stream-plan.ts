import { longestHoldMs } from '#shared/contract/wire-fault.ts';
import type { Reply } from '../answer.ts';
import { unitOf, type PlannedFault, type WirePlan } from './wire-plan.ts';

const none: Uint8Array = new Uint8Array();
const endlessMs = 600_000;
const usual = { repeated: null, bytesPerSecond: null, holdMs: 0, limitMs: longestHoldMs, end: 'close' } as const;

/** The body of an HTTP/2 answer with a fault: its bytes count without the head, and what is broken off is the stream. Null for what HTTP/2 has not. */
export function streamPlanOf({ body }: Reply, fault: PlannedFault): WirePlan | null {
  switch (fault.kind) {
    case 'no-answer':
      return { ...usual, bytes: none, holdMs: fault.holdMs };
    case 'reset':
      return { ...usual, bytes: body.subarray(0, fault.afterBytes), end: 'reset' };
    case 'half-answer':
      return { ...usual, bytes: body.subarray(0, Math.ceil(body.byteLength / 2)), end: 'reset' };
    case 'slow-answer':
      return { ...usual, bytes: body, bytesPerSecond: fault.bytesPerSecond };
    case 'endless-body':
      return {
        ...usual,
        bytes: none,
        repeated: { unit: unitOf(body), maxBytes: fault.maxBytes },
        bytesPerSecond: fault.bytesPerSecond,
        limitMs: endlessMs,
      };
    // Node's HTTP/2 does not send a length that the body contradicts; chunks and versions are of HTTP/1.
    case 'wrong-length':
    case 'bad-chunk':
    case 'http-1.0':
      return null;
  }
}
