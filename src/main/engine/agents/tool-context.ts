import type { ContractRouterClient } from '@orpc/contract';
import type { AgentToolInput, AgentToolName } from '#shared/agents/tools.ts';
import type { Contract } from '#shared/contract/index.ts';
import type { Clock } from '../base/ports.ts';
import type { ToolAnswer } from './answer.ts';
import type { SecretMask } from './secret-mask.ts';

/** What a tool works with: the contract with the rights of agents, and nothing else of the engine. */
export interface ToolContext {
  readonly client: ContractRouterClient<Contract>;
  readonly clock: Pick<Clock, 'now'>;
  readonly mask: Pick<SecretMask, 'part' | 'longest'>;
  readonly signal: AbortSignal | undefined;
  /** Keeps what a dry run found, to be carried out by a call with the id that it returns. */
  readonly plan: (carryOut: PlannedWork) => string;
}

/** What a plan does when it is carried out, with the context of that call. */
export type PlannedWork = (context: ToolContext) => Promise<ToolAnswer>;

/** The work of a tool. A call with a plan is not its concern. */
export type ToolWork<Name extends AgentToolName> = (context: ToolContext, input: AgentToolInput<Name>) => Promise<ToolAnswer>;

/** The work of several tools. */
export type ToolSet<Names extends AgentToolName> = { readonly [Name in Names]: ToolWork<Name> };
