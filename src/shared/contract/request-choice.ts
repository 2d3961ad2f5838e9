import { z } from 'zod';
import { givenBytes, headerFields } from './common.ts';

/** A request given for verification. */
export const requestInput = z.strictObject({
  method: z.string().max(50).optional(),
  url: z.string().max(16_384).optional(),
  headers: headerFields.max(10_000).default([]),
  bodyBase64: givenBytes.default(''),
  /**
   * Why the exact body is not known, as a clause that follows `The body`, such as `is in the file a.json, which cannot be read from here`.
   * A signature that does not match is then `unchecked` and not `invalid`.
   */
  bodyGap: z.string().min(1).max(500).optional(),
});

const storedId = z.string().min(1).max(100);

/** Fields of an input that chooses a request: given, or one in the workspace. Exactly one of them must be set. */
export const requestChoice = {
  request: requestInput.optional(),
  /** A request that a bin captured; its time of arrival is the clock unless `nowMs` says otherwise. */
  captureId: storedId.optional(),
  /** A request that an attempt sent; its start is the clock unless `nowMs` says otherwise. */
  attemptId: storedId.optional(),
};

/** Which request a call is about. */
export interface RequestChoice {
  readonly request?: z.infer<typeof requestInput> | undefined;
  readonly captureId?: string | undefined;
  readonly attemptId?: string | undefined;
}

/** A scheme that a request seems to be signed by, with what shows it. */
export const recognisedScheme = z.strictObject({
  scheme: z.string(),
  confidence: z.enum(['certain', 'likely', 'possible']),
  because: z.string(),
});
