import { z } from 'zod';
import { givenJson, givenJsonText } from './json.ts';
import { base } from './common.ts';
import { eventName } from './events.ts';
import { redeliveryTimestamp } from './redelivery.ts';

const gapMs = z.number().int().min(0).max(3_600_000);
const count = z.number().int().min(2).max(500);

/** Top-level field of the data that gets the number of each message, from 1; null leaves the data as it is. */
const numberField = z.string().min(1).max(100).nullable().default('number');

/** What a receiver must expect from an at-least-once sender, done on purpose. Gaps follow the time scale. */
export const receiverTest = z.discriminatedUnion('kind', [
  /** One message delivered more than once, at the same moment unless there is a gap. */
  z.strictObject({ kind: z.literal('duplicates'), copies: z.number().int().min(2).max(100).default(3), gapMs: gapMs.default(0) }),
  /** Numbered messages, sent in an order that is never the order of their numbers. */
  z.strictObject({ kind: z.literal('outOfOrder'), count: count.default(10), gapMs: gapMs.default(250), numberField }),
  /**
   * One message of the given age, sent now and signed with its original time or the time of sending; the delay is real time at any time
   * scale.
   */
  z.strictObject({
    kind: z.literal('late'),
    delayMs: z
      .number()
      .int()
      .min(1)
      .max(30 * 86_400_000)
      .default(600_000),
    timestamp: redeliveryTimestamp.default('original'),
  }),
  /** Numbered messages, all at once. */
  z.strictObject({ kind: z.literal('burst'), count: count.default(50), numberField }),
]);
export type ReceiverTest = z.infer<typeof receiverTest>;
export type ReceiverTestKind = ReceiverTest['kind'];

const input = z.strictObject({
  endpointId: z.string(),
  type: eventName,
  data: givenJson.default({}),
  dataText: givenJsonText,
  test: receiverTest,
  /** Determines the order of out-of-order messages: the same seed gives the same order. */
  seed: z.number().int().min(0).max(4_294_967_295).optional(),
});

/** One request of a receiver test, in the order of sending. */
export const plannedSend = z.strictObject({
  /** 1 for the first to be sent. */
  position: z.number().int(),
  /** Which message it carries: 1 for the first that was made. The same number again is the same message. */
  number: z.number().int(),
  /** How long after the test began it is sent, before time scale. */
  afterMs: z.number().int(),
});
export type PlannedSend = z.infer<typeof plannedSend>;

/** How a correct receiver answers each request. */
export const expectedAnswer = z.enum(['accepted', 'refused']);
export type ExpectedAnswer = z.infer<typeof expectedAnswer>;

export const receiverTests = {
  plan: base
    .route({ method: 'POST', path: '/receiver-tests/plan', summary: 'Show what a receiver test would send, without sending it' })
    .input(input)
    .output(z.strictObject({ seed: z.number().int(), sends: z.array(plannedSend), expects: expectedAnswer })),
  run: base
    .route({
      method: 'POST',
      path: '/receiver-tests',
      successStatus: 202,
      summary: 'Send duplicates, messages out of order, late, or in a burst to one endpoint, to test its receiver',
    })
    .input(input)
    .output(
      z.strictObject({
        seed: z.number().int(),
        expects: expectedAnswer,
        sends: z.array(z.strictObject({ ...plannedSend.shape, messageId: z.string(), deliveryId: z.string(), dueAtMs: z.number().int() })),
      }),
    ),
};
