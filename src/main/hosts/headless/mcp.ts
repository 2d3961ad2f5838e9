import type { FastifyInstance, FastifyRequest } from 'fastify';
import { createDirectClient, type Log, type Router } from '#engine/index.ts';
import { DoorError } from '#hosts/shared/door-error.ts';
import { messageProblem } from '#hosts/mcp/message-problem.ts';
import { targetOf } from './gate.ts';

/** Where agents find it. */
const mcpPath = '/mcp';

/** Largest call of a tool. A document for import_events is the largest thing in one. */
const bodyLimitBytes = 4_194_304;

export interface McpOptions {
  readonly router: Router;
  readonly version: string;
  readonly log: Pick<Log, 'warn'>;
}

/** Serves the Model Context Protocol over streamable HTTP, to holders of the token. No call depends on the one before it. */
export async function serveMcp(server: FastifyInstance, { router, version, log }: McpOptions): Promise<void> {
  // A scope of its own: its messages are not calls of the contract.
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    // The protocol's own handler reads it.
    scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: bodyLimitBytes }, async (_request: FastifyRequest, text: string) => {
      assertReadable(text);
      return text;
    });
    scope.all(mcpPath, { config: { door: 'agent' } }, async (request: FastifyRequest<{ Body: string | undefined }>, reply) => {
      const { callContext, body } = request;
      if (callContext === null) throw new Error('The guard has not let this request in.');
      const left = new AbortController();
      reply.raw.once('close', () => left.abort());
      // Read once an agent comes, since reading them takes a good part of a start.
      const [{ createMcpHandler }, { createMcpServer }] = await Promise.all([
        import('@modelcontextprotocol/server'),
        import('#hosts/mcp/mcp-server.ts'),
      ]);
      const { agents } = createDirectClient(router, callContext);
      const handler = createMcpHandler(() => createMcpServer(agents, version), {
        onerror: (error) => log.warn({ error: error.message }, 'A message of an agent could not be handled'),
      });
      const answer = await handler.fetch(
        new Request(`http://${request.headers.host ?? ''}${targetOf(request.raw).path}`, {
          method: request.method,
          headers: plainHeaders(request),
          signal: left.signal,
          ...(body === undefined ? {} : { body }),
        }),
      );
      void reply.header('cache-control', 'no-store');
      return reply.send(answer);
    });
  });
}

/** Throws a DoorError for what would hold other calls while it is read, and for what would not be read whole. */
function assertReadable(text: string): void {
  const problem = messageProblem(text);
  if (problem === null) return;
  throw problem.kind === 'too large'
    ? new DoorError(413, 'BODY_TOO_LARGE', problem.message)
    : new DoorError(400, 'BAD_REQUEST', problem.message);
}

/** The headers without the token, which nothing behind the guard needs. */
function plainHeaders({ headers }: FastifyRequest): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]): [string, string][] =>
    value === undefined || name === 'authorization' || name === 'content-length'
      ? []
      : [[name, Array.isArray(value) ? value.join(', ') : value]],
  );
}
