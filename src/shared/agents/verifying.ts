import { z } from 'zod';
import { namedValues } from '../contract/named-values.ts';
import { id, secretsOf } from './fields.ts';
import { agentTool } from './tool.ts';

const scheme = z.string().max(100).describe('Id of the scheme, such as stripe, github-sha256 or standard-webhooks');
// Of any JSON; a schema that refers to itself is more than some clients can read.
const options = namedValues(z.string(), z.unknown()).optional().describe('Options of the scheme, for custom');

/** Tools about signatures. They take secrets by whose they are. */
export const verifyingTools = [
  agentTool({
    name: 'verify_and_solve',
    title: 'Why does a signature fail',
    description:
      'Verify the signature of a captured, sent or given request and, where it does not match, search for the smallest change that makes it match: the cause, with what to change. Without an id: the newest capture whose signature is not valid.',
    effect: 'reads',
    input: z.strictObject({
      capture_id: id('a capture', 'cap').optional(),
      attempt_id: id('an attempt', 'att').optional(),
      request: z
        .strictObject({
          method: z.string().max(50).optional(),
          url: z.string().max(16_384).optional(),
          headers: z.array(z.strictObject({ name: z.string(), value: z.string() })).max(200),
          body: z.string().max(200_000).default(''),
        })
        .optional()
        .describe('A request that Hookyard has not seen, its body as text'),
      scheme: scheme
        .optional()
        .describe('With request only; by default what the request looks like. A capture is verified by the scheme of its bin'),
      options,
      secrets_of: z.array(secretsOf).max(20).default([]).describe('Also try the secrets of these endpoints, bins or authentications'),
      all_secrets: z.boolean().default(false).describe('Search with the secrets of every endpoint and bin'),
      search_seconds: z.number().min(0).max(30).default(5).describe('How long to search; 0 to verify only'),
    }),
  }),
  agentTool({
    name: 'sign',
    title: 'Sign a body',
    description: 'The headers that a scheme gives a body, made with the secret of an endpoint, bin or authentication that you name.',
    effect: 'reads',
    input: z.strictObject({
      secret_of: secretsOf,
      scheme: scheme.optional().describe('By default that of the endpoint, bin or authentication'),
      options,
      body: z.string().max(200_000).describe('The exact body, as text'),
      url: z.string().max(16_384).optional().describe('For schemes that sign it'),
      method: z.string().max(50).optional(),
      id: z.string().max(128).optional().describe('Message id, for schemes that sign it'),
      at_seconds: z.number().int().min(0).max(99_999_999_999).optional().describe('Sign as of this time, in Unix seconds'),
    }),
  }),
] as const;
