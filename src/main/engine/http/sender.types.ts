import type { SecureContext } from 'node:tls';
import type { ConnectionFacts, Redirect, Timings } from '#shared/contract/deliveries.ts';
import type { RedirectRule } from '#shared/contract/endpoints.ts';
import type { HeaderField } from '#shared/contract/common.ts';
import type { Outcome } from '#shared/contract/outcome.ts';
import type { CancelSignal } from './canceller.ts';

/** A request ready to be sent. `headers` has none of those that the HTTP layer writes: host, connection, content-length. */
export interface WireRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
}

/** The client's own side of TLS: certificates that it shows, authorities that it trusts. */
export interface TlsCredentials {
  /** Connections are kept apart by it. */
  readonly key: string;
  readonly context: SecureContext;
}

export interface SendOptions {
  /** Deadline from start to the last byte of the answer, in real time, over all redirects. */
  readonly timeoutMs: number;
  readonly verifyTls: boolean;
  /** Those of the machine when left out. */
  readonly tls?: TlsCredentials | null;
  /** How much of the answer's body is kept. */
  readonly keptBytes: number;
  /** Reading the answer's body ends above it, and the attempt with outcome `incomplete`; 64 MiB when left out. */
  readonly readLimitBytes?: number;
  readonly successRule: string;
  /** `refuse` when left out. */
  readonly redirects?: RedirectRule;
  /** Whether the request is signed or carries secrets, so that no redirect may take it to another origin. */
  readonly isConfidential?: boolean;
  /** Whether the request, and where it is redirected to, may go to loopback addresses only, whatever names resolve to. */
  readonly isWithinLoopback?: boolean;
  /** Abort ends the attempt with outcome `cancelled`. */
  readonly signal: CancelSignal;
  /** Called with the head of the answer. */
  readonly onAnswer?: (status: number, headers: readonly HeaderField[]) => void;
  /** Takes the body of the answer as it comes, in place of keeping it; it may be endless. The bytes are used again afterwards. */
  readonly onData?: (chunk: Buffer, flow: AnswerFlow) => void;
  /** Called when the request's headers are written, with the local port of its connection and a function that returns these headers. */
  readonly onSent?: (localPort: number, written: () => readonly HeaderField[]) => void;
}

/** Holds the sender of an answer back, and lets it go on. */
export interface AnswerFlow {
  pause(): void;
  resume(): void;
}

export interface ReceivedResponse {
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
  readonly bodyBytes: number;
  readonly isBodyTruncated: boolean;
}

/** The result of one attempt; after redirects, of the last request, but with the time of all. Never an exception: a failing endpoint is data. */
export interface SendResult {
  readonly outcome: Outcome;
  /** Headers exactly as written to the socket, those of the HTTP layer included; the given headers when nothing was written. */
  readonly sentHeaders: readonly HeaderField[];
  readonly response: ReceivedResponse | null;
  /** Redirects that were followed, oldest first. */
  readonly redirects: readonly Redirect[];
  readonly timings: Timings;
  readonly connection: ConnectionFacts | null;
  /** Retry-After of the answer in milliseconds from its arrival, or null. */
  readonly retryAfterMs: number | null;
}

/** Makes attempts; keeps connections alive between them. */
export interface Sender {
  readonly send: (request: WireRequest, options: SendOptions) => Promise<SendResult>;
  readonly close: () => Promise<void>;
}
