import { z } from 'zod';
import { queryBoolean, queryNumber, timeMs } from './common.ts';
import { deliveryStatus } from './delivery-status.ts';

/** The key of a failure group: the same for everything that fails in the same way, now and later. */
export const failureGroupKey = z
  .string()
  .regex(
    /^grp_[0-9a-f]{16}$/,
    'This is not the key of a failure group: give one that GET /api/deliveries/failure-groups lists, such as grp_0123456789abcdef.',
  );

/**
 * Filter of the log; each field narrows. `q` looks in ids, event type, endpoint name, URL and outcome, and in headers and
 * bodies of requests and answers, in any case, and decoded.
 */
export const deliveryFilter = {
  /** Only those to this endpoint; tests of it with `isTest: true` only, since they go to copies of it. */
  endpointId: z.string().optional(),
  messageId: z.string().optional(),
  /** Only deliveries that this replay scheduled. */
  replayId: z.string().optional(),
  /** Only those that bring this capture. */
  sourceCaptureId: z.string().max(100).optional(),
  /** Only what this relay forwarded. */
  relayId: z.string().max(100).optional(),
  status: deliveryStatus.optional(),
  eventType: z.string().max(200).optional(),
  /** Only tests, such as what checks and runs send, or none of them. */
  isTest: queryBoolean.optional(),
  /** Only what fails in the way of a group, by its key; tests are left out then, unless `isTest` asks for them. */
  failureGroup: failureGroupKey.optional(),
  q: z.string().max(500).optional(),
  fromMs: queryNumber(timeMs).optional(),
  toMs: queryNumber(timeMs).optional(),
};
