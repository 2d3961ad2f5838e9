import { z } from 'zod';
import { namedValues } from '../contract/named-values.ts';
import { deliveryStatus } from '../contract/delivery-status.ts';
import { eventName } from '../contract/events.ts';
import { requestMatch, type RequestMatch } from '../contract/request-match.ts';
import { isCredentialName } from '../text/private-names.ts';
import { id, plainTarget } from './fields.ts';
import { agentTool } from './tool.ts';

const data = namedValues(z.string(), z.unknown(), 'give this data as text in data_text')
  .optional()
  .describe('The data of the event, a JSON object');
const dataText = z
  .string()
  .max(200_000)
  .optional()
  .describe('In place of data: JSON of any kind as text, where it is no object, or numbers such as 1.10 must keep their digits');
const profile = z.string().max(100).optional().describe('Id of a provider profile, which gives envelope, headers and scheme');

/**
 * Whether a condition asks for nothing but whole values: with patterns such as `a*`, `b*` a value that is not shown could be found out, one
 * character after the other.
 */
function guessesNothing({ path = '', query = [], headers = [], json = [] }: RequestMatch): boolean {
  const isWhole = (value: string) => value === '*' || !value.includes('*');
  const named = [...query, ...headers];
  return (
    isWhole(path.replace(/\/\*$/, '')) &&
    named.every(({ name, value }) => isWhole(value) && !isCredentialName(name)) &&
    json.every(({ value = '', is = '' }) => isWhole(value) && isWhole(String(is)))
  );
}

/** Tools that send, show what would be sent, and wait for what comes. */
export const sendingTools = [
  agentTool({
    name: 'send',
    title: 'Send an event',
    description:
      'Send an event as a provider does: rendered, signed, retried, logged. To every endpoint that listens to it, to some (endpoint_ids), or to a URL. Unless the user allowed more, only to loopback addresses of this machine. Waits for the outcome.',
    effect: 'adds',
    input: z.strictObject({
      event_type: eventName.describe('Such as invoice.paid'),
      data,
      data_text: dataText,
      endpoint_ids: z.array(id('an endpoint', 'ep')).min(1).max(20).optional(),
      url: plainTarget.optional().describe('Send to this URL instead, such as http://127.0.0.1:3000/webhooks'),
      profile: profile.describe('With url: send as this provider does'),
      as_endpoint: id('an endpoint', 'ep')
        .optional()
        .describe('With url: send what this endpoint would get, signed with its secret, to the URL; one attempt, as a test'),
      auth_id: id('an authentication', 'aut').optional().describe('With url: sign and authenticate by this'),
      wait_seconds: z.number().min(0).max(50).default(10).describe('How long to wait for the first outcome of each delivery'),
    }),
  }),
  agentTool({
    name: 'preview',
    title: 'Preview a request',
    description:
      'The exact request that an event would make, without sending it: method, URL, headers, signature, body. Secrets are masked.',
    effect: 'reads',
    input: z.strictObject({
      event_type: eventName,
      data,
      data_text: dataText,
      endpoint_id: id('the endpoint', 'ep').optional(),
      profile: profile.describe('Without endpoint_id: as this provider does, to url'),
      url: plainTarget.optional(),
      attempt: z.number().int().min(1).max(1000).default(1).describe('Which attempt, by the schedule'),
    }),
  }),
  agentTool({
    name: 'wait_for',
    title: 'Wait for captures or deliveries',
    description:
      'Wait until captures or deliveries match. Says what matched, or what came closest and what it lacks. What came before the call counts only with since_seconds or after_id.',
    effect: 'reads',
    input: z.strictObject({
      what: z.enum(['captures', 'deliveries']),
      within_seconds: z.number().min(0.1).max(50).default(10),
      count: z.number().int().min(0).max(100).optional().describe('How many have to match, 1 by default'),
      at_most: z.number().int().min(0).max(100).optional().describe('How many may match; 0 for none. Watched until the time is over'),
      since_seconds: z.number().min(0).max(86_400).optional().describe('Count what came in the last seconds, too'),
      after_id: z.string().max(100).optional().describe('Count what came after this capture or delivery'),
      bin_id: id('a bin', 'bin').optional().describe('Captures: of this bin only'),
      match: requestMatch
        .refine(guessesNothing, 'Give whole values, or * alone for any; a path may end in /*. Credentials cannot be asked for.')
        .optional()
        .describe(
          'Captures: {"json":[{"path":"$.type","value":"invoice.paid"},{"path":"$.total","is":4900}]} (value compares as text, is with its type), {"headers":[{"name":"x-id","value":"*"}]}, verdicts, methods, path',
        ),
      endpoint_id: id('an endpoint', 'ep').optional().describe('Deliveries: to this endpoint only'),
      message_id: z.string().max(300).optional().describe('Deliveries: of this message, also those made before'),
      event_types: z.array(z.string().max(200)).min(1).max(20).optional().describe('Deliveries: of these events'),
      statuses: z.array(deliveryStatus).min(1).optional().describe('Deliveries: in one of these states'),
    }),
  }),
] as const;
