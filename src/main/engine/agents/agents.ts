import type { z } from 'zod';
import { agentTools, type AgentToolName } from '#shared/agents/tools.ts';
import type { AgentCall } from '#shared/contract/agents.ts';
import { fieldIssues } from '#shared/issue-text.ts';
import { nearestName } from '#shared/names/nearest-name.ts';
import { admit, type CallContext, type Reach } from '../base/admission.ts';
import type { Clock, Ids, Log } from '../base/ports.ts';
import type { Procedures } from '../base/procedures.ts';
import { invalid, Refusal } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import { seqPages } from '../store/page.ts';
import { answerText, cutMasked, type ToolAnswer } from './answer.ts';
import { isRefusal, messageOf } from './failure.ts';
import { written } from './fence.ts';
import { secretsAround, type SecretSources } from './known-secrets.ts';
import { createPlans } from './plans.ts';
import { listResources, readResource } from './resources.ts';
import { createSecretMask } from './secret-mask.ts';
import { insertCall, listCalls } from './store.ts';
import type { PlannedWork, ToolContext, ToolSet } from './tool-context.ts';
import { changing } from './tools/changing.ts';
import { looking } from './tools/looking.ts';
import { checking } from './tools/checking.ts';
import { sending } from './tools/sending.ts';
import { verifying } from './tools/verifying.ts';

export interface AgentDeps extends SecretSources {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  /** How far what agents send may go. */
  readonly agentReach: Reach;
  /** A client of the contract for one caller. */
  readonly clientOf: (context: CallContext) => ToolContext['client'];
}

const pages = seqPages('agent-calls');
const tools: ToolSet<AgentToolName> = { ...looking, ...sending, ...verifying, ...checking, ...changing };

/** Characters that are kept of what a call was given, and of what came out. */
const keptArguments = 2000;
const keptMessage = 500;

/** The one door of coding agents: every call has their rights, is masked and fenced, and is kept in their log. */
export function createAgentHandlers(os: Procedures, deps: AgentDeps) {
  const { database, clock } = deps;
  const mask = createSecretMask();
  const plans = createPlans<PlannedWork>(clock);

  const contextOf = (tool: string, actor: string, signal: AbortSignal | undefined): ToolContext => ({
    client: deps.clientOf(admit(actor, { of: 'agent', reach: deps.agentReach })),
    clock,
    mask,
    signal,
    plan: (work) => plans.keep({ actor, tool }, work),
  });

  /** Runs something for an agent, masks what comes out, and keeps it in the log. */
  const logged = async (
    asked: { readonly actor: string; readonly tool: string; readonly given: unknown },
    work: () => Promise<ToolAnswer>,
  ): Promise<{ text: string; isError: boolean }> => {
    const startedAtMs = clock.now();
    const began = performance.now();
    // Known before a body is cut into pieces.
    await mask.learn(secretsAround(deps, JSON.stringify(asked.given ?? {})));
    const outcome = await outcomeOf(work);
    await mask.learn(secretsAround(deps, JSON.stringify(outcome)));
    const isError = 'refused' in outcome;
    const message = isError ? outcome.refused : outcome.said.join(' ');
    const text = isError ? cutMasked(message, keptArguments, mask) : mask.text(answerText(outcome, mask));
    const call: AgentCall = {
      id: deps.ids.next('agc'),
      actor: asked.actor,
      tool: asked.tool,
      arguments: cutMasked(JSON.stringify(asked.given), keptArguments, mask),
      isError,
      message: cutMasked(message, keptMessage, mask),
      made: isError ? [] : [...(outcome.made ?? [])],
      startedAtMs,
      tookMs: performance.now() - began,
    };
    await database.write((writer) => insertCall(writer, call));
    return { text, isError };
  };

  const outcomeOf = async (work: () => Promise<ToolAnswer>): Promise<ToolAnswer | { readonly refused: string }> => {
    try {
      return await work();
    } catch (error) {
      if (!isRefusal(error) && !(error instanceof Refusal)) throw error;
      return { refused: written(messageOf(error)) };
    }
  };

  const use = async (name: string, given: unknown, actor: string, signal: AbortSignal | undefined): Promise<ToolAnswer> => {
    const tool = agentTools.find((each) => each.name === name);
    if (tool === undefined) throw unknownTool(name);
    const input = readInput(tool.input, given);
    const context = contextOf(name, actor, signal);
    const planId = 'plan_id' in input ? input.plan_id : undefined;
    if (typeof planId !== 'string')
      return await (tools[tool.name] as (context: ToolContext, input: unknown) => Promise<ToolAnswer>)(context, input);
    const others = Object.keys(given as object).filter((field) => field !== 'plan_id');
    if (others.length > 0)
      throw invalid(others[0] ?? '', `Give plan_id alone: the plan says what is done, so leave ${others.join(', ')} out.`);
    return await plans.take({ actor, tool: name }, planId)(context);
  };

  return {
    call: os.agents.call.handler(async ({ input: { tool, arguments: given, agent }, context, signal }) => {
      const actor = actorOf(context.actor, agent);
      return await logged({ actor, tool, given }, () => use(tool, given, actor, signal));
    }),
    read: os.agents.read.handler(async ({ input: { uri, agent }, context, signal }) => {
      const actor = actorOf(context.actor, agent);
      const { text, isError } = await logged({ actor, tool: 'read', given: { uri } }, () =>
        readResource(contextOf('read', actor, signal), uri),
      );
      if (isError) throw invalid('uri', text);
      return { text };
    }),
    resources: os.agents.resources.handler(async ({ context, signal }) => ({
      items: await listResources(contextOf('read', context.actor, signal)),
    })),
    calls: os.agents.calls.handler(({ input: { cursor, limit } }) => ({
      ...pages.page(listCalls(database, { beforeSeq: pages.before(cursor), limit: limit + 1 }), limit, ({ seq: _seq, ...call }) => call),
      reach: deps.agentReach,
    })),
  };
}

/** Who calls, with what the agent calls itself: `alice (agent)` becomes `alice (agent claude-code)`. */
function actorOf(actor: string, agent: string | undefined): string {
  const name = (agent ?? '')
    .replaceAll(/[^\p{L}\p{N} ._/@-]/gu, '')
    .trim()
    .slice(0, 60);
  return name === '' ? actor : actor.replace(/\)$/, ` ${name})`);
}

function readInput<Schema extends z.ZodObject>(schema: Schema, given: unknown): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const issues = fieldIssues(parsed.error.issues, { schema, input: given });
  throw new Refusal(
    'INPUT_INVALID',
    issues
      .slice(0, 5)
      .map(({ path, message }) => `${path === '' ? '' : `${path}: `}${message}`)
      .join(' '),
    {
      issues,
    },
  );
}

function unknownTool(name: string): Refusal {
  const names = agentTools.map((tool) => tool.name);
  const nearest = nearestName(name, names);
  return invalid(
    'tool',
    `There is no tool ${JSON.stringify(name)}.${nearest === null ? '' : ` Did you mean ${nearest}?`} There are ${names.join(', ')}.`,
  );
}
