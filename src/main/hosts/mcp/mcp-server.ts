import { CLIENT_INFO_META_KEY, McpServer, ResourceTemplate, type ServerContext } from '@modelcontextprotocol/server';
import type { ContractRouterClient } from '@orpc/contract';
import { agentInstructions, agentTools, resourcePrefixes } from '#shared/agents/tools.ts';
import type { AgentTool, ToolEffect } from '#shared/agents/tool.ts';
import type { Contract } from '#shared/contract/index.ts';

/** The part of the contract that agents use. */
export type AgentsClient = ContractRouterClient<Contract>['agents'];

/** A server of the Model Context Protocol over the tools and resources of agents. It adds nothing to them: rights, masks and log are the engine's. */
export function createMcpServer(agents: Pick<AgentsClient, 'call' | 'read' | 'resources'>, version: string): McpServer {
  const server = new McpServer(
    { name: 'hookyard', title: 'Hookyard', version, websiteUrl: 'https://hookyard.dev' },
    { instructions: agentInstructions },
  );
  const agentOf = (context: ServerContext): { readonly agent?: string } => {
    // Newer clients say who they are with each request, older ones once.
    const envelope: Readonly<Record<string, unknown>> = { ...context.mcpReq.envelope };
    const name = nameIn(envelope[CLIENT_INFO_META_KEY]) ?? nameIn(server.server.getClientVersion());
    return name === null ? {} : { agent: name };
  };
  for (const { name, title, description, effect, input } of agentTools satisfies readonly AgentTool[] as readonly AgentTool[])
    server.registerTool(
      name,
      { title, description, inputSchema: input, annotations: { title, ...hintsOf(effect) } },
      async (given, context) => {
        const { signal } = context.mcpReq;
        const { text, isError } = await agents.call({ tool: name, arguments: given as never, ...agentOf(context) }, { signal });
        return { content: [{ type: 'text', text }], isError };
      },
    );
  for (const [kind, prefix] of Object.entries(resourcePrefixes)) {
    const listed = async () => {
      const { items } = await agents.resources();
      return { resources: items.filter(({ uri }) => uri.startsWith(prefix)).map((item) => ({ ...item, mimeType: 'text/plain' })) };
    };
    server.registerResource(
      kind,
      new ResourceTemplate(`${prefix}{id}`, { list: listed }),
      {
        title: `Hookyard ${kind}`,
        description: `${kind === 'captures' ? 'Captured requests' : 'Deliveries with their attempts'}, by id`,
        mimeType: 'text/plain',
      },
      async (uri, _variables, context) => {
        const { text } = await agents.read({ uri: uri.href, ...agentOf(context) });
        return { contents: [{ uri: uri.href, mimeType: 'text/plain', text }] };
      },
    );
  }
  return server;
}

/** What a client calls itself, such as `claude-code 2.1`; null where it does not say. */
function nameIn(info: unknown): string | null {
  if (typeof info !== 'object' || info === null || !('name' in info) || typeof info.name !== 'string') return null;
  return 'version' in info && typeof info.version === 'string' ? `${info.name} ${info.version}` : info.name;
}

function hintsOf(effect: ToolEffect) {
  const isReading = effect === 'reads';
  return { readOnlyHint: isReading, destructiveHint: effect === 'changes', idempotentHint: isReading, openWorldHint: !isReading };
}
