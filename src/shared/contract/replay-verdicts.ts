import { z } from 'zod';
import { base, pageOf, pageQuery } from './common.ts';
import { outcomeCode } from './outcome.ts';

/** What a replay came to for one delivery: its last attempt since, beside its last one before. */
export const replayVerdict = z.enum([
  /** It failed before, and is delivered. */
  'fixed',
  /** It was delivered before, and fails. */
  'regressed',
  /** It fails with the outcome and the status of before. */
  'same-failure',
  /** It fails in another way. */
  'other-failure',
  'still-delivered',
  /** It had no attempt before, and is delivered. */
  'delivered',
  /** It had no attempt before, and fails. */
  'failed',
  /** No attempt since has ended. */
  'waiting',
  /** The replay is from a version that did not note what came before. */
  'unknown',
]);
export type ReplayVerdict = z.infer<typeof replayVerdict>;

/** How an attempt ended. */
const judgedAttempt = z.strictObject({
  id: z.string(),
  number: z.number().int(),
  isDelivered: z.boolean(),
  outcomeCode,
  status: z.number().int().nullable(),
});
export type JudgedAttempt = z.infer<typeof judgedAttempt>;

/** A delivery of a replay with its verdict. */
export const judgedDelivery = z.strictObject({
  deliveryId: z.string(),
  endpointId: z.string(),
  endpointName: z.string(),
  eventType: z.string(),
  verdict: replayVerdict,
  /** The last attempt before the replay; null for none, and where it is not known. */
  before: judgedAttempt.nullable(),
  /** The last attempt since that has ended, or null. */
  after: judgedAttempt.nullable(),
});
export type JudgedDelivery = z.infer<typeof judgedDelivery>;

/** What failed in one way: an endpoint, an outcome and a status. */
export const failureGroup = z.strictObject({
  endpointId: z.string(),
  endpointName: z.string(),
  outcomeCode,
  status: z.number().int().nullable(),
  count: z.number().int(),
  /** One delivery of the group. */
  exampleId: z.string(),
});

/** What a replay came to. */
export const replayVerdicts = z.strictObject({
  id: z.string(),
  counts: z.partialRecord(replayVerdict, z.number().int()),
  /** What fails since the replay, most first; at most 20 of them, and how many more there are. */
  failures: z.array(failureGroup),
  moreFailures: z.number().int(),
});
export type ReplayVerdicts = z.infer<typeof replayVerdicts>;

export const replayVerdictProcedures = {
  verdicts: base
    .route({ method: 'GET', path: '/replays/{id}/verdicts', summary: 'Say what a replay fixed, what it broke and what fails as before' })
    .input(z.strictObject({ id: z.string() }))
    .output(replayVerdicts),
  deliveries: base
    .route({
      method: 'GET',
      path: '/replays/{id}/deliveries',
      summary: 'List the deliveries of a replay with their verdicts, oldest first',
    })
    .input(z.strictObject({ id: z.string(), ...pageQuery, verdict: replayVerdict.optional() }))
    .output(pageOf(judgedDelivery)),
};
