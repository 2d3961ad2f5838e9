import { z } from 'zod';

/** Why a capture was not forwarded. */
export const relaySkipReason = z.enum([
  /** Neither the relay's filter nor one of a target matches it. */
  'unmatched',
  /** It came back to a relay that forwarded it already, or went through too many. */
  'loop',
  /** Its body did not come whole. */
  'incomplete',
  /** Its method or headers cannot be sent. */
  'unsendable',
  /** Its path would lead out of that of the target. */
  'path',
  /** A filter asks for its JSON, and the body is too large to be read for that. */
  'unread',
  /** The endpoint was deleted. */
  'endpoint_deleted',
  /** It was deleted, or removed by a limit, before it was forwarded. */
  'removed',
  /** Hookyard failed at it; the log says why. */
  'failed',
]);
export type RelaySkipReason = z.infer<typeof relaySkipReason>;

/** A condition that a capture does not meet, so that a relay, or one of its targets, does not get it. */
const unmetCondition = z.strictObject({
  /** The target that asks for it; null when the relay itself does. */
  target: z.string().nullable(),
  /** As it is written in a filter: `path=/orders/*`. */
  condition: z.string(),
  /** What the capture has there, in a sentence. */
  found: z.string(),
});
export type UnmetCondition = z.infer<typeof unmetCondition>;

/** What a relay made of one capture. */
export const relayVerdict = z.strictObject({
  relayId: z.string(),
  name: z.string(),
  /** `waiting` stands in its queue; `left` was not forwarded and will not be. */
  state: z.enum(['forwarded', 'waiting', 'left']),
  /** Why it was left, where that is still known. */
  reason: relaySkipReason.nullable(),
  /** All of it in sentences. */
  message: z.string(),
  /** At most 50. */
  unmet: z.array(unmetCondition),
  /** Whether the relay was changed since the capture came: what is said then goes by its rules of now. */
  isChangedSince: z.boolean(),
});
export type RelayVerdict = z.infer<typeof relayVerdict>;

/** What became of one capture at the relays of its bin. */
export const relayVerdicts = z.strictObject({
  captureId: z.string(),
  binId: z.string(),
  /** In a sentence, also where the bin has no relay. */
  message: z.string(),
  relays: z.array(relayVerdict),
});
export type RelayVerdicts = z.infer<typeof relayVerdicts>;
