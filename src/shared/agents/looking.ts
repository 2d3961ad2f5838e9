import { z } from 'zod';
import { deliveryStatus } from '../contract/delivery-status.ts';
import { noiseKind } from '../contract/comparing.ts';
import { matchedVerdict } from '../contract/request-match.ts';
import { bodyWindow, id, page } from './fields.ts';
import { agentTool } from './tool.ts';

const request = z
  .string()
  .max(100)
  .describe('Id of a capture (cap_…), an attempt (att_…) or a delivery (dlv_…, meaning what its last attempt sent)');

/** Tools that read what is there. None searches text: by guessing its beginning, a value that is not shown could be found out. */
export const lookingTools = [
  agentTool({
    name: 'list_endpoints',
    title: 'List endpoints',
    description: 'Endpoints that events can be sent to: id, name, URL, scheme, events, health.',
    effect: 'reads',
    input: z.strictObject({ ...page }),
  }),
  agentTool({
    name: 'list_bins',
    title: 'List bins',
    description: 'Local URLs that capture requests: id, URL, the scheme they verify by, how they answer, how many captures they have.',
    effect: 'reads',
    input: z.strictObject({ ...page }),
  }),
  agentTool({
    name: 'list_profiles',
    title: 'List provider profiles',
    description: 'Providers whose behaviour can be imitated (Stripe, GitHub, Shopify …): give the id to send or preview as `profile`.',
    effect: 'reads',
    input: z.strictObject({ query: z.string().max(200).optional().describe('Text in the name'), ...page, limit: page.limit.default(30) }),
  }),
  agentTool({
    name: 'list_deliveries',
    title: 'List deliveries',
    description: 'Deliveries of the log, newest first, with status and last outcome. Use get_delivery for requests and answers.',
    effect: 'reads',
    input: z.strictObject({
      status: deliveryStatus.optional(),
      endpoint_id: id('an endpoint', 'ep').optional(),
      event_type: z.string().max(200).optional(),
      message_id: z.string().max(300).optional(),
      ...page,
    }),
  }),
  agentTool({
    name: 'get_delivery',
    title: 'Read a delivery',
    description: 'One delivery with its attempts: outcome, timings, and of one attempt the request, the answer and one of the two bodies.',
    effect: 'reads',
    input: z.strictObject({
      delivery_id: id('the delivery', 'dlv'),
      attempt: z.number().int().min(1).optional().describe('Number of the attempt to read in full; the last one by default'),
      body: z.enum(['request', 'answer']).default('answer').describe('Whose body to read'),
      ...bodyWindow,
    }),
  }),
  agentTool({
    name: 'list_captures',
    title: 'List captures',
    description: 'Requests that bins captured, newest first, with the verdict on their signature. Use get_capture for headers and body.',
    effect: 'reads',
    input: z.strictObject({
      bin_id: id('a bin', 'bin').optional(),
      verdict: matchedVerdict.optional().describe('Verdict on the signature'),
      event_type: z.string().max(200).optional(),
      method: z.string().max(30).optional(),
      after_id: z.string().max(100).optional().describe('Only what came after this capture'),
      ...page,
    }),
  }),
  agentTool({
    name: 'get_capture',
    title: 'Read a capture',
    description: 'One captured request: line, headers, verdict with its checks, how it was answered, and its body in pieces.',
    effect: 'reads',
    input: z.strictObject({ capture_id: id('the capture', 'cap'), ...bodyWindow }),
  }),
  agentTool({
    name: 'diff',
    title: 'Compare two attempts or captures',
    description: 'How two attempts or captures differ: request and answer by headers, JSON values by path and bytes; timing by phase.',
    effect: 'reads',
    input: z.strictObject({
      before: request,
      after: request,
      ignore: z.array(noiseKind).max(10).default([]).describe('Differences to leave out'),
    }),
  }),
] as const;
