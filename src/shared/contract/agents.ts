import { z } from 'zod';
import { namedValues } from './named-values.ts';
import { base, pageOf, pageQuery } from './common.ts';
import { json } from './json.ts';

/** What an agent calls itself; shown beside what it did. */
const agentName = z.string().max(200).optional();

/** A call of a tool, as it is kept: the newest 10,000 of them. */
export const agentCall = z.strictObject({
  id: z.string(),
  /** Who called through which door, with what the agent calls itself, such as `alice (agent claude-code)`. */
  actor: z.string(),
  /** The tool, or `read` for a resource. */
  tool: z.string(),
  /** What was given, as JSON; the beginning of a long one. */
  arguments: z.string(),
  isError: z.boolean(),
  /** What came out, in a sentence. */
  message: z.string(),
  /** Ids of what was made or changed. */
  made: z.array(z.string()),
  startedAtMs: z.number().int(),
  tookMs: z.number(),
});
export type AgentCall = z.infer<typeof agentCall>;

/** Something that agents can read by its URI. */
export const agentResource = z.strictObject({ uri: z.string(), name: z.string(), description: z.string() });
export type AgentResource = z.infer<typeof agentResource>;

/** How far what agents send may go. */
export const agentReach = z.enum(['loopback', 'anywhere']);

/** What a coding agent does by its tools, with the rights of agents whoever calls. */
export const agents = {
  call: base
    .route({ method: 'POST', path: '/agents/calls', summary: 'Use a tool with the rights of agents; the call is kept in their log' })
    .input(z.strictObject({ tool: z.string().max(100), arguments: namedValues(z.string(), json).default({}), agent: agentName }))
    .output(
      z.strictObject({
        /** For the agent; what came from outside stands inside a fence. */
        text: z.string(),
        isError: z.boolean(),
      }),
    ),
  read: base
    .route({ method: 'POST', path: '/agents/resources/read', summary: 'Read a resource with the rights of agents' })
    .input(z.strictObject({ uri: z.string().max(300), agent: agentName }))
    .output(z.strictObject({ text: z.string() })),
  resources: base
    .route({ method: 'GET', path: '/agents/resources', summary: 'List the newest captures and deliveries as resources for agents' })
    .output(z.strictObject({ items: z.array(agentResource) })),
  calls: base
    .route({ method: 'GET', path: '/agents/calls', summary: 'List what agents did, newest first' })
    .input(z.strictObject(pageQuery))
    .output(pageOf(agentCall).extend({ reach: agentReach })),
};
