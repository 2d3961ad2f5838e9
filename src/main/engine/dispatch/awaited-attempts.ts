import type { Outcome } from '#shared/contract/outcome.ts';
import type { SendResult } from '../http/sender.types.ts';

/** Those who wait for what the next attempt of a message gets, such as the sender of a captured request. */
export interface AwaitedAttempts {
  /** How much of the body of the answer they want; 0 where nobody waits. */
  readonly wantedBytes: (messageId: string) => number;
  /** An attempt of a message ended, before it is recorded. */
  readonly ended: (messageId: string, outcome: Outcome, result: Pick<SendResult, 'response' | 'timings'> | null) => void;
}
