import { z } from 'zod';
import { deliveryStatus } from './delivery-status.ts';
import { warnings } from './common.ts';

/** What sending returns, once the message is on disk. */
export const messageAnswer = z.strictObject({
  id: z.string(),
  deliveries: z.array(z.strictObject({ id: z.string(), endpointId: z.string(), status: deliveryStatus })),
  /** True if a message with this id already existed: nothing new was created. */
  isDuplicate: z.boolean(),
  warnings,
});
export type MessageAnswer = z.infer<typeof messageAnswer>;

/** Message ids travel in headers and in signed strings joined by dots, so a dot or a space would be ambiguous. */
export const messageId = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9_\-:]+$/, 'Use letters, digits, _, - and : for a message id; a dot would break the signed string.');
