import { longestHoldMs } from '#shared/contract/wire-fault.ts';
import type { Reply } from '../answer.ts';
import { headOf, unitOf, type PlannedFault, type WirePlan } from './wire-plan.ts';

const none: Uint8Array = new Uint8Array();
const endlessMs = 600_000;
const usual = { repeated: null, bytesPerSecond: null, holdMs: 0, limitMs: longestHoldMs, end: 'close' } as const;

/**
 * The body of an HTTP/2 answer with a fault; what is broken off is the stream. Null for what HTTP/2 has not. A reset counts the head as HTTP/1.1 would
 * send it, so that it acts at the same place with both: within the head, nothing of the answer comes.
 */
export function streamPlanOf(reply: Reply, fault: PlannedFault): WirePlan | null {
  const { body } = reply;
  switch (fault.kind) {
    case 'no-answer':
      return { ...usual, bytes: none, holdMs: fault.holdMs };
    case 'reset':
      return { ...usual, bytes: body.subarray(0, Math.max(0, fault.afterBytes - headOf(reply).byteLength)), end: 'reset' };
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
