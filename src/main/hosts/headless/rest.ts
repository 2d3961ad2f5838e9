import { OpenAPIGenerator } from '@orpc/openapi';
import { OpenAPIHandler } from '@orpc/openapi/fastify';
import { JSON_SCHEMA_REGISTRY, ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import type { FastifyInstance } from 'fastify';
import type { CallContext, Router } from '#engine/index.ts';
import { z } from 'zod';
import { givenBytes, headerFields, answerHeaderFields } from '#shared/contract/common.ts';
import { contract } from '#shared/contract/index.ts';
import { targetOf } from './gate.ts';
import { sendRefusal } from './refusal-answer.ts';
import type { AnswerRoom, WriteJson } from '#hosts/shared/large-json.ts';
import type { BodyRoom } from './body-room.ts';
import type { RequestTarget } from './request-target.ts';

/** What the REST door opens on. */
export interface RestOptions {
  readonly router: Router;
  readonly version: string;
  readonly write: WriteJson;
  /** Room for all answers that have not been read. */
  readonly answers: BodyRoom;
}

/** Serves the contract as REST under /api, and its description under /api/openapi.json. */
export function serveRest(server: FastifyInstance, { router, version, write, answers }: RestOptions): void {
  const handler = new OpenAPIHandler<RestContext>(router, {
    rootInterceptors: [
      async ({ next, ...options }) => {
        const result = await next({ ...options, request: judgedRequest(options.request, options.context.target) });
        return result.matched ? { ...result, response: await written(result.response, write, options.context.room) } : result;
      },
    ],
  });
  let document: Promise<Buffer> | null = null;
  server.get('/api/openapi.json', async (_request, reply) => {
    document ??= describeRest(version).then((description) => Buffer.from(JSON.stringify(description), 'utf8'));
    return reply
      .header('cache-control', 'no-store')
      .type('application/json; charset=utf-8')
      .send(await document);
  });
  server.all('/api/*', async (request, reply) => {
    void reply.header('cache-control', 'no-store');
    const target = targetOf(request.raw);
    const room = answers.begin();
    reply.raw.once('close', room.end);
    // Without an admission, which only the guard gives, every procedure refuses.
    const context = { actor: '', admission: null, ...request.callContext, target, room } as RestContext;
    const { matched } = await handler.handle(request, reply, { prefix: '/api', context });
    if (matched) return reply;
    return sendRefusal(
      reply,
      404,
      'NOT_FOUND',
      `There is no ${request.method} ${target.path}: /api/openapi.json lists every path and method.`,
    );
  });
}

/** How much is written to a connection at once. */
const pieceBytes = 262_144;

interface RestContext extends CallContext {
  /** The target that the guard checked. */
  readonly target: RequestTarget;
  /** What its answer takes until it is read. */
  readonly room: AnswerRoom;
}

interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body?: unknown;
}

/** A response whose JSON is already written, for large ones. */
async function written<T extends Response>(response: T, write: WriteJson, room: AnswerRoom): Promise<T> {
  const bytes = await write(response.body, room);
  if (bytes === null) return response;
  const headers = { ...response.headers, 'content-type': 'application/json', 'content-length': String(bytes.byteLength) };
  return { ...response, headers, body: streamOf(bytes) };
}

/** In pieces; otherwise the connection would copy all of it at once. */
function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  let from = 0;
  return new ReadableStream({
    pull: (controller) => {
      if (from >= bytes.byteLength) return controller.close();
      controller.enqueue(bytes.subarray(from, from + pieceBytes));
      from += pieceBytes;
    },
  });
}

interface QueryRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: () => Promise<unknown>;
}

/**
 * The request on exactly the path that was judged. Queries are read as scripts write them: a parameter without a value
 * is left out, and a DELETE, which most clients send without a body, takes its fields from the query.
 */
function judgedRequest<T extends QueryRequest>(request: T, target: RequestTarget): T {
  const url = new URL(`${request.url.origin}${target.path}`);
  url.search = new URLSearchParams(Array.from(new URLSearchParams(target.query)).filter(([, value]) => value !== '')).toString();
  if (request.method !== 'DELETE') return { ...request, url };
  return { ...request, url, body: async () => (await request.body()) ?? Object.fromEntries(url.searchParams) };
}

/** The JSON Schema of header fields, as the document has it elsewhere. */
function describedHeaders(): { readonly type: 'array' } {
  const { $schema: _, ...schema } = z.toJSONSchema(headerFields);
  return { ...schema, type: 'array' };
}

/** The OpenAPI 3.1 document of the REST door. */
async function describeRest(version: string): Promise<object> {
  // Only this door returns them as bytes.
  if (!JSON_SCHEMA_REGISTRY.has(givenBytes)) JSON_SCHEMA_REGISTRY.add(givenBytes, { type: 'string', contentEncoding: 'base64' });
  // Only here is it known what is told as text.
  if (!JSON_SCHEMA_REGISTRY.has(answerHeaderFields)) JSON_SCHEMA_REGISTRY.add(answerHeaderFields, describedHeaders());
  // The converter does not know the schema of arbitrary JSON.
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter({ unsupportedJsonSchema: {} })] });
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
