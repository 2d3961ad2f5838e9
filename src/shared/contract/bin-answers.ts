import { z } from 'zod';
import { binResponse } from './bin-response.ts';
import { requestMatch } from './request-match.ts';

/** Statuses and other steps with commas between them, such as `500 x2, 429 after 3s, timeout, reset, 200`. */
const stepsText = z.string().trim().min(1, 'Write at least one step, such as 500 x2, 200.').max(2000);

/** Answers one after the other, in place of the response. */
const answerSequence = z.strictObject({
  steps: stepsText,
  /** After the last step: it stays at the last one, or begins again. */
  atEnd: z.enum(['stay', 'again']).default('stay'),
});
export type AnswerSequence = z.infer<typeof answerSequence>;

/** Answers at random in place of the others. The same seed fails the same requests again. */
const randomFailures = z.strictObject({
  /** How many of all requests, from 0 to 1. */
  rate: z.number().min(0).max(1),
  seed: z.string().max(100).default(''),
  /** Steps of which one is taken; `x2` makes one twice as likely. */
  steps: stepsText.default('503'),
});
export type RandomFailures = z.infer<typeof randomFailures>;

/** Which requests are counted together: all, those of one message, of one path, or those with one value in a header, the query or the JSON. */
const answerKey = z
  .string()
  .max(300)
  .regex(
    /^(?:none|message|path|header\.[!#$%&'*+\-.^_`|~0-9A-Za-z]+|query\..+|json\..+)$/,
    'Use none, message, path, header.NAME, query.NAME or json.$.PATH.',
  );

/** Which of the requests that a rule matches it answers, counted from 1. */
const answerCount = z
  .strictObject({
    from: z.number().int().min(1).max(1_000_000_000).default(1),
    /** Null for no end. */
    to: z.number().int().min(1).max(1_000_000_000).nullable().default(null),
    /** Of those every second, third and so on. */
    every: z.number().int().min(1).max(1_000_000).default(1),
  })
  .refine(({ from, to }) => to === null || to >= from, {
    path: ['to'],
    message: 'The last request comes before the first: exchange them.',
  });
export type AnswerCount = z.infer<typeof answerCount>;

const planFields = { key: answerKey, sequence: answerSequence.nullable(), failures: randomFailures.nullable() };

/** A rule: what it is for, and how it answers. */
export const answerRule = z.strictObject({
  id: z.string().max(100),
  name: z.string().trim().max(200),
  /** One that is switched off is passed over. */
  isActive: z.boolean(),
  /** Null for every request. */
  match: requestMatch.nullable(),
  count: answerCount.nullable(),
  ...planFields,
  response: binResponse,
});
export type AnswerRule = z.infer<typeof answerRule>;

/** A rule as it is given. */
export const answerRuleInput = z.strictObject({
  /** In an update: the rule that this is, which keeps its counters. */
  id: answerRule.shape.id.optional(),
  name: answerRule.shape.name.default(''),
  isActive: answerRule.shape.isActive.default(true),
  match: answerRule.shape.match.default(null),
  count: answerRule.shape.count.default(null),
  key: planFields.key.default('none'),
  sequence: planFields.sequence.default(null),
  failures: planFields.failures.default(null),
  response: binResponse.prefault({}),
});
export type AnswerRuleInput = z.infer<typeof answerRuleInput>;

const refusing = z.strictObject({
  /** With 401: whatever the bin's scheme finds not to be valid. */
  unverified: z.boolean(),
  /** With 409: what has the same valid signature as a request that was answered with 2xx. */
  seenBefore: z.boolean(),
});

/** Handshakes that a bin answers: none, those of its scheme, or these. */
const answeredHandshakes = z.union([z.enum(['none', 'scheme']), z.array(z.string().max(100)).max(50)]);

/** How a bin answers beyond its one response. What is first here decides. */
export const binAnswers = z.strictObject({
  handshakes: answeredHandshakes,
  /** Of the token that a subscriber of Meta or WebSub gives; null without one. */
  verifyTokenFingerprint: z.string().nullable(),
  refuse: refusing,
  /** In order; the first that matches answers. */
  rules: z.array(answerRule),
  /** For what no rule answers: the bin's own sequence, failures and what they count by. */
  ...planFields,
});
export type BinAnswers = z.infer<typeof binAnswers>;

/** Changes to them; what is left out stays. */
export const binAnswersInput = z.strictObject({
  handshakes: answeredHandshakes.optional(),
  /** What hub.verify_token has to be; null for anything. It is not shown again. */
  verifyToken: z.string().min(1).max(500).nullable().optional(),
  refuse: refusing.partial().optional(),
  /** Replaces the list; rules with an id keep their counters. */
  rules: z.array(answerRuleInput).max(50).optional(),
  key: planFields.key.optional(),
  sequence: planFields.sequence.optional(),
  failures: planFields.failures.optional(),
});
export type BinAnswersInput = z.infer<typeof binAnswersInput>;

/** What answered a request, and why. */
export const answeredBy = z.strictObject({
  /**
   * `own` is the bin's response or sequence, `path` a status in the path (`/slug/~/503`), `refusal` 401 or 409, and `problem` a template
   * that could not be rendered. Of a bin whose relay gives the answer of a target: `target` is that answer, `fallback` what was answered
   * without one, and `unanswered` says that nothing was, so far or because the sender left.
   */
  kind: z.enum(['own', 'rule', 'handshake', 'refusal', 'path', 'problem', 'target', 'fallback', 'unanswered']),
  /** In a few words, such as the name of the rule. */
  label: z.string(),
  ruleId: z.string().nullable(),
  /** In a sentence. */
  why: z.string(),
});
export type AnsweredBy = z.infer<typeof answeredBy>;
