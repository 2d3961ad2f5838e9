import type { z } from 'zod';

/**
 * What a tool does to the workspace: it only reads; it adds something, such as a message; or it changes what is there, which it does only
 * with the plan that a dry run gave.
 */
export type ToolEffect = 'reads' | 'adds' | 'changes';

/** A tool of coding agents: what they are told of it, and what it takes. */
export interface AgentTool<Name extends string = string, Input extends z.ZodObject = z.ZodObject> {
  readonly name: Name;
  readonly title: string;
  readonly description: string;
  readonly effect: ToolEffect;
  readonly input: Input;
}

/** A tool with the type of its name and input. */
export function agentTool<const Name extends string, Input extends z.ZodObject>(tool: AgentTool<Name, Input>): AgentTool<Name, Input> {
  return tool;
}
