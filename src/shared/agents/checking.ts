import { z } from 'zod';
import { eventName } from '../contract/events.ts';
import { id } from './fields.ts';
import { agentTool } from './tool.ts';

/** The tool that checks receivers. */
export const checkingTools = [
  agentTool({
    name: 'check_receiver',
    title: 'Check a receiver',
    description:
      'Send the receiver of an endpoint genuine, forged and unusual requests, all as tests, and say what it does wrong: what it takes that it must refuse, and what it refuses that is right. Waits for the end; a check that goes on is asked for by its check_id.',
    effect: 'adds',
    input: z.strictObject({
      endpoint_id: id('the endpoint, whose URL, profile and secret are used', 'ep').optional(),
      event_type: eventName.optional().describe('The event to send; that of a sample where it is left out'),
      check_id: id('a check that was started before, in place of endpoint_id', 'chk').optional(),
      wait_seconds: z.number().min(0).max(50).default(45).describe('How long to wait for the end'),
    }),
  }),
] as const;
