import { claimDue, moveWaiting, recordAttempt, releaseClaim, rescaleStep } from './queue.ts';
import { insertAccepted } from './messages.ts';
import { insertCapture, markCapturesStep, setTotals } from '../capture/store.ts';
import { insertRefused, refuseMore } from '../capture/refused/store.ts';
import { cancelWaitingStep } from '../endpoints/store.ts';
import type { Writer } from '../store/database.ts';

/**
 * The writes on the path of every message, attempt and capture, and steps of those that grow with the log. They run in the thread that writes, so what they take and
 * answer crosses over to it: plain data, and bytes in arrays of their own.
 */
export const hotWrites = {
  accept: insertAccepted,
  claim: claimDue,
  release: releaseClaim,
  record: recordAttempt,
  capture: insertCapture,
  refuse: insertRefused,
  refuseMore,
  // The main thread would wait for the disk behind large captures that are on their way there.
  captureTotals: setTotals,
  // Rare, but it has to be made after what was asked for by the old time and before what is asked for by the new one.
  moveWaiting,
  rescale: rescaleStep,
  cancelWaiting: cancelWaitingStep,
  markCaptures: markCapturesStep,
} as const satisfies Record<string, (writer: Writer, input: never) => unknown>;

export type HotWrites = typeof hotWrites;
export type HotName = keyof HotWrites;
export type HotInput<N extends HotName> = Parameters<HotWrites[N]>[1];
export type HotOutput<N extends HotName> = ReturnType<HotWrites[N]>;

/** Runs one of them by its name. */
export function runHotWrite(writer: Writer, name: HotName, input: unknown): unknown {
  // Each name came with its own input; that they belong together is the type of `Database.hot`.
  return (hotWrites[name] as (writer: Writer, input: unknown) => unknown)(writer, input);
}
