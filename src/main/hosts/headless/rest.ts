import { OpenAPIGenerator } from '@orpc/openapi';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import type { FastifyInstance } from 'fastify';
import type { Router } from '#engine/index.ts';
import { actorText } from '#hosts/shared/actor.ts';
import { contract } from '#shared/contract/index.ts';
import { sendRefusal } from './refusal-answer.ts';

/** Serves the contract as REST under /api, and its description under /api/openapi.json. */
export function serveRest(server: FastifyInstance, router: Router, version: string): void {
  const handler = new OpenAPIHandler(router, {
    rootInterceptors: [({ next, ...options }) => next({ ...options, request: withPlainQuery(options.request) })],
  });
  let document: Promise<unknown> | null = null;
  server.get('/api/openapi.json', async (_request, reply) => {
    document ??= describeRest(version);
    return reply.header('cache-control', 'no-store').send(await document);
  });
  server.all('/api/*', async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const actor = actorText(request.headers['x-hookyard-door'] === 'cli' ? 'cli' : 'api');
    const { matched } = await handler.handle(request, reply, { prefix: '/api', context: { actor } });
    if (matched) return reply;
    const path = request.url.split('?')[0] ?? '';
    return sendRefusal(reply, 404, 'NOT_FOUND', `There is no ${request.method} ${path}: /api/openapi.json lists every path and method.`);
  });
}

interface QueryRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: () => Promise<unknown>;
}

/**
 * Reads queries as scripts write them: a parameter without a value is left out, and a DELETE, which most clients send
 * without a body, takes its fields from the query.
 */
function withPlainQuery<T extends QueryRequest>(request: T): T {
  const url = new URL(request.url);
  url.search = new URLSearchParams(Array.from(url.searchParams).filter(([, value]) => value !== '')).toString();
  if (request.method !== 'DELETE' || url.searchParams.size === 0) return { ...request, url };
  return { ...request, url, body: async () => (await request.body()) ?? Object.fromEntries(url.searchParams) };
}

/** The OpenAPI 3.1 document of the REST door. */
export async function describeRest(version: string): Promise<object> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  const document = await generator.generate(contract, {
    info: {
      title: 'Hookyard',
      version,
      description: 'Send webhooks as providers do, capture them byte for byte, and prove why a signature fails.',
    },
    servers: [{ url: '/api' }],
    security: [{ bearer: [] }],
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'The token of the "Ready at" line that the host prints.' },
      },
      responses: {
        Unauthorized: {
          description: 'The token is missing or wrong.',
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } },
        },
      },
      schemas: {
        Refusal: {
          type: 'object',
          required: ['defined', 'code', 'status', 'message'],
          properties: {
            defined: { type: 'boolean' },
            code: { type: 'string' },
            status: { type: 'integer' },
            message: { type: 'string' },
            data: {},
          },
        },
      },
    },
  });
  for (const path of Object.values(document.paths ?? {}))
    for (const method of ['get', 'post', 'patch', 'delete'] as const) {
      const operation = path?.[method];
      if (operation !== undefined) operation.responses = { ...operation.responses, 401: { $ref: '#/components/responses/Unauthorized' } };
    }
  return document;
}
