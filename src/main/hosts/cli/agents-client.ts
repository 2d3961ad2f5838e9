import type { ContractRouterClient } from '@orpc/contract';
import type { AgentsClient } from '#hosts/mcp/mcp-server.ts';
import { ExitError } from '#hosts/shared/exit-error.ts';
import type { HostFacts } from '#hosts/shared/host-file.ts';
import type { Contract } from '#shared/contract/index.ts';

/**
 * The part of the contract for agents, at whichever host there is: a session of an agent may outlast the host that it began with. A call that
 * no host took is made once more, at the next one; one that was under way when its host went is not, since it may have been carried out.
 */
export async function openAgentsClient(hostOf: () => Promise<HostFacts>): Promise<Pick<AgentsClient, 'call' | 'read' | 'resources'>> {
  const [{ createORPCClient, ORPCError }, { OpenAPILink }, { contract }] = await Promise.all([
    import('@orpc/client'),
    import('@orpc/openapi-client/fetch'),
    import('#shared/contract/index.ts'),
  ]);
  const at = ({ url, token }: HostFacts): AgentsClient => {
    const link = new OpenAPILink(contract, {
      url: `${url}/api`,
      headers: { authorization: `Bearer ${token}`, 'x-hookyard-door': 'agent' },
    });
    return createORPCClient<ContractRouterClient<Contract>>(link).agents;
  };
  let known = at(await hostOf());
  const withHost = async <T>(ask: (agents: AgentsClient) => Promise<T>): Promise<T> => {
    try {
      return await ask(known);
    } catch (error) {
      // A host that was started anew has another token.
      const isRefused = error instanceof ORPCError ? error.status === 401 : isConnectionRefused(error);
      if (error instanceof ORPCError && !isRefused) throw error;
      known = at(await hostOf());
      if (isRefused) return await ask(known);
      throw new ExitError('Hookyard stopped before it answered, so it is not known whether this was done: look before you repeat it.', 2, {
        cause: error,
      });
    }
  };
  return {
    call: (input, options) => withHost((agents) => agents.call(input, options)),
    read: (input, options) => withHost((agents) => agents.read(input, options)),
    resources: (input, options) => withHost((agents) => agents.resources(input, options)),
  };
}

/** Whether nothing listened, so that nothing was done. */
function isConnectionRefused(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return ('code' in error && error.code === 'ECONNREFUSED') || isConnectionRefused(error.cause);
}
