import type { FastifyReply } from 'fastify';

/** The body of every refusal at this door, in the form the engine's own refusals have. */
export function refusalBody(status: number, code: string, message: string, data?: unknown) {
  return { defined: data !== undefined, code, status, message, ...(data === undefined ? {} : { data }) };
}

/** A request that the door itself turns down. */
export class DoorError extends Error {
  readonly statusCode: number;
  readonly code: string;
  readonly data: unknown;

  constructor(statusCode: number, code: string, message: string, data?: unknown) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
    this.data = data;
  }
}

/** Answers with a refusal as JSON. */
export function sendRefusal(reply: FastifyReply, status: number, code: string, message: string, data?: unknown): FastifyReply {
  if (status === 401) void reply.header('www-authenticate', 'Bearer realm="Hookyard"');
  return reply
    .status(status)
    .header('cache-control', 'no-store')
    .type('application/json')
    .send(refusalBody(status, code, message, data));
}
