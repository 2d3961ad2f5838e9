import { z } from 'zod';
import { base, queryNumber } from './common.ts';
import { deliveryFilter, failureGroupKey } from './delivery-filter.ts';
import { outcomeCode, timeoutPhase } from './outcome.ts';

/** Deliveries whose last attempt failed in the same way: at one endpoint, with one outcome, status and normalised answer. */
export const loggedFailureGroup = z.strictObject({
  key: failureGroupKey,
  endpointId: z.string(),
  endpointName: z.string(),
  outcomeCode,
  status: z.number().int().nullable(),
  /** For `timeout`. */
  phase: timeoutPhase.nullable(),
  /** The error code behind it, such as `ECONNREFUSED`. */
  reason: z.string().nullable(),
  /**
   * The first 300 characters of the answer, with placeholders for ids, numbers, times and quoted values; empty for an answer without a
   * body, null where no answer came.
   */
  answer: z.string().nullable(),
  /** The outcome of the example, as a sentence. */
  message: z.string(),
  count: z.number().int(),
  /** How many of them have no attempt left; the others will be tried again. */
  exhausted: z.number().int(),
  /** The newest delivery of the group. */
  exampleId: z.string(),
  /** When the last attempts of the group ended: the earliest and the latest of them; for a delivery without an attempt, when it was made. */
  firstAtMs: z.number().int(),
  lastAtMs: z.number().int(),
});
export type LoggedFailureGroup = z.infer<typeof loggedFailureGroup>;

/** After so many failed deliveries, the newest, no older rows are looked at. */
export const failuresLookedAt = 200_000;

export const failureGroupProcedures = {
  failureGroups: base
    .route({
      method: 'GET',
      path: '/deliveries/failure-groups',
      summary: 'Group what failed by endpoint, outcome and normalised answer; a key as failureGroup chooses a group in every filter',
      description:
        'Tests are left out, here and by `failureGroup`, unless `isTest` asks for them. So is what was cancelled; `cancelledLeftOut` counts what had failed by then.',
    })
    .input(z.strictObject({ ...deliveryFilter, limit: queryNumber(z.number().int().min(1).max(200)).default(50) }))
    .output(
      z.strictObject({
        /** Deliveries that failed and were looked at: every one that the filter finds, or about {@link failuresLookedAt} of the newest. */
        failed: z.number().int(),
        /** Older rows of the log were not looked at. */
        isCut: z.boolean(),
        /** Most first. Each count is exact for what was looked at. */
        groups: z.array(loggedFailureGroup),
        /** How many groups there are besides, and how many deliveries are in them. */
        moreGroups: z.number().int(),
        moreDeliveries: z.number().int(),
        /** Whether `moreGroups` is the least number, since there are too many different groups to tell them all apart. */
        isMoreGroupsLeast: z.boolean(),
        /** Failed tests that are in no group, since tests are left out unless `isTest` asks for them. */
        testsLeftOut: z.number().int(),
        /** Cancelled deliveries that had failed by then, also where one more attempt was cut short; they are in no group, and `status=cancelled` lists them. */
        cancelledLeftOut: z.number().int(),
      }),
    ),
};
