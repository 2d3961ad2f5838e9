import type { SendOptions, WireRequest } from '#engine/http/sender.types.ts';
import type { OutcomeCode, TimeoutPhase } from '#shared/contract/outcome.ts';
import type { ReceiverOptions, Step } from '../../../support/scripted-receiver.ts';

/** How far an attempt came, which decides what evidence there must be of it. */
export type Reached =
  /** No connection. */
  | 'nothing'
  /** A connection, and nothing written: TLS was not finished. */
  | 'connected'
  /** TLS was finished, and nothing written. */
  | 'secured'
  /** The request is on its way, and nothing came back. */
  | 'sent'
  /** The answer began and did not end. */
  | 'answering'
  /** The answer came to its end. */
  | 'answered';

/** Something that goes wrong for real, and what the attempt that meets it must say and keep. */
export interface Fault {
  /** Ends the sentence "An attempt that meets ...". */
  readonly name: string;
  /** What the receiver does; null for no receiver at all. */
  readonly script: readonly Step[] | null;
  readonly tls?: ReceiverOptions['tls'];
  /** Where to send, by the port of the receiver or a free one; by default to the receiver by its address. */
  readonly url?: (port: number) => string;
  readonly request?: Partial<WireRequest>;
  readonly options?: Partial<SendOptions>;
  /** Attempts over the same connection that go well before. */
  readonly attemptsBefore?: number;
  readonly code: OutcomeCode;
  readonly status?: number;
  readonly phase?: TimeoutPhase;
  readonly reason?: string | RegExp;
  /** What the sentence says, `{target}` being host and port. */
  readonly sentence: string | RegExp;
  readonly reached: Reached;
  /** True size of the body that is kept, where headers of an answer came; null where it is not to be foretold. */
  readonly bodyBytes?: number | null;
  /** Facts of the TLS connection, some or all. */
  readonly tlsFacts?: Readonly<Record<string, unknown>>;
  /** Whether the connection is kept for the next attempt. */
  readonly isKept?: boolean;
  /** Whether the next attempt meets the same fault, as with a certificate. */
  readonly isLasting?: boolean;
}
