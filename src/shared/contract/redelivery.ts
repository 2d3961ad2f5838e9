import { z } from 'zod';

/**
 * What a redelivery is signed as of: `now`, as a provider's retry would be, or `original`, the time of the delivery's first
 * attempt, so that the request is the same byte for byte as long as the secret is (a receiver that checks the age may refuse it).
 */
export const redeliveryTimestamp = z.enum(['now', 'original']);
export type RedeliveryTimestamp = z.infer<typeof redeliveryTimestamp>;
