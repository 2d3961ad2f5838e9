import { z } from 'zod';
import { namedValues } from '../contract/named-values.ts';
import { responseFields } from '../contract/bin-response.ts';
import { deliveryStatus } from '../contract/delivery-status.ts';
import { id, plainTarget, planId } from './fields.ts';
import { agentTool } from './tool.ts';

/** What one plan sends again at most. */
export const mostReplayed = 100;

/** The most characters of a document that an agent imports. */
const documentCharacters = 2_000_000;

/** Tools that add to the workspace or change it; those that change it tell first what they would do, and give a plan to carry out. */
export const changingTools = [
  agentTool({
    name: 'create_bin',
    title: 'Create a bin',
    description: 'Make a local URL that captures requests byte for byte. The user can give it a scheme and secret to verify by.',
    effect: 'adds',
    input: z.strictObject({ name: z.string().trim().min(1).max(200) }),
  }),
  agentTool({
    name: 'set_answer',
    title: 'Set how a bin answers',
    description:
      'Change the answer that a bin gives: status, headers, body, delay, or a sequence such as "500 x2, 429 after 3s, 200". The first call says what would change and gives a plan_id; call again with it.',
    effect: 'changes',
    input: z.strictObject({
      bin_id: id('the bin', 'bin').optional(),
      status: responseFields.status.optional(),
      headers: namedValues(z.string(), z.string().max(8192)).optional(),
      body: z.string().max(100_000).optional(),
      delay_ms: z.number().int().min(0).max(60_000).optional(),
      sequence: z.string().max(2000).nullable().optional().describe('Answers one after the other, such as "500 x2, 200"; null for none'),
      plan_id: planId,
    }),
  }),
  agentTool({
    name: 'replay',
    title: 'Send again',
    description: `Redeliver deliveries, or send captured requests on to an endpoint or URL: at most ${mostReplayed} at once. The first call counts what would be sent and gives a plan_id; call again with it.`,
    effect: 'changes',
    input: z.strictObject({
      delivery_ids: z.array(id('a delivery', 'dlv')).min(1).max(mostReplayed).optional(),
      deliveries: z
        .strictObject({
          status: deliveryStatus.optional(),
          endpoint_id: id('an endpoint', 'ep').optional(),
          event_type: z.string().max(200).optional(),
          since_seconds: z.number().min(1).max(31_536_000).optional(),
        })
        .optional()
        .describe('Or all deliveries that match'),
      capture_ids: z.array(id('a capture', 'cap')).min(1).max(mostReplayed).optional(),
      to_endpoint: id('an endpoint', 'ep').optional().describe('Captures: send them to this endpoint'),
      to_url: plainTarget.optional().describe('Captures: send them to this URL'),
      sign_anew: z.boolean().optional().describe('Captures: with a new signature in place of the captured one'),
      plan_id: planId,
    }),
  }),
  agentTool({
    name: 'advance_clock',
    title: 'Make waiting retries now',
    description:
      'As if time had passed: the next attempts that are due within some time of their schedule are made at once. The clock of the machine stays. The first call counts them and gives a plan_id; call again with it.',
    effect: 'changes',
    input: z.strictObject({
      by_seconds: z.number().min(1).max(31_536_000).optional().describe('How much time to let pass'),
      endpoint_id: id('an endpoint', 'ep').optional().describe('Only deliveries to this endpoint'),
      plan_id: planId,
    }),
  }),
  agentTool({
    name: 'import_events',
    title: 'Import event types',
    description:
      'Take event types, schemas and samples from an OpenAPI, AsyncAPI or JSON Schema document into the catalogue. Nothing is fetched. The first call says what would be added, changed and removed and gives a plan_id; call again with it.',
    effect: 'changes',
    input: z.strictObject({
      text: z.string().min(1).max(documentCharacters).optional().describe('The document, JSON or YAML'),
      plan_id: planId,
    }),
  }),
] as const;
