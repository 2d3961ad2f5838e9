/** How the body of a capture stands to what its sender sent, where a channel lies between. */
export type SourceBody =
  /** Byte for byte. */
  | 'exact'
  /** The channel parsed and wrote it again, and what it wrote is as long as the sender said. */
  | 'same-length'
  /** The channel parsed and wrote it again in other bytes, or nothing says how long it was. */
  | 'rewritten';

/** Where a capture came from when it was not sent to the URL of its bin, as its column. */
export interface CaptureSource {
  readonly sourceId: string;
  readonly kind: 'smee' | 'hookyard';
  readonly body: SourceBody;
  /** Sources that it came through, this one last, so that a request that goes round is noticed. */
  readonly through: readonly string[];
}
