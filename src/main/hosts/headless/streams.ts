import type { ServerResponse } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { StreamDoor, StreamSink } from '#engine/index.ts';
import { streamFormHeader, streamPath } from '#shared/stream-form.ts';
import type { RouteAccess } from './access.ts';
import { targetOf } from './gate.ts';
import { sendRefusal } from './refusal-answer.ts';

/** The key in the path is the right, so no token is asked for; the guard has judged it. */
const forStreams: { readonly config: { readonly access: RouteAccess } } = { config: { access: 'stream' } };

const fullAfterSeconds = 30;

/** The key that the path of a stream holds. */
export function streamKeyOf(request: FastifyRequest): string {
  return targetOf(request.raw).path.slice(streamPath.length);
}

/** Serves streams of captures as server-sent events. */
export function serveStreams(server: FastifyInstance, streams: StreamDoor, track: (response: ServerResponse) => void): void {
  server.get(`${streamPath}:key`, { ...forStreams, exposeHeadRoute: false }, (request, reply) => {
    const key = streamKeyOf(request);
    const refusal = streams.judge(key);
    if (refusal?.kind === 'full') {
      void reply.header('retry-after', fullAfterSeconds);
      return sendRefusal(
        reply,
        503,
        'TOO_MANY_FOLLOWERS',
        `${refusal.limit} connections follow streams of this Hookyard, as many as it takes: end some, or try again later.`,
      );
    }
    const { headers } = request;
    const lastEventId = headers['last-event-id'];
    reply.hijack();
    const response = reply.raw;
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) response.setHeader(name, value);
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      // Some proxies gather what they pass on unless they are told otherwise.
      'x-accel-buffering': 'no',
    });
    response.flushHeaders();
    track(response);
    const end = streams.follow(
      key,
      { form: headers[streamFormHeader] === 'exact' ? 'exact' : 'smee', lastEventId: typeof lastEventId === 'string' ? lastEventId : null },
      sinkOf(response),
    );
    response.once('close', end);
    return reply;
  });
}

function sinkOf(response: ServerResponse): StreamSink {
  return {
    write: (bytes) => !response.destroyed && response.write(bytes),
    drained: () =>
      new Promise((resolve) => {
        if (response.destroyed || !response.writableNeedDrain) return resolve();
        const go = () => {
          response.off('drain', go).off('close', go);
          resolve();
        };
        response.on('drain', go).on('close', go);
        return undefined;
      }),
    isWaiting: () => response.writableLength > 0,
    end: () => void response.destroy(),
  };
}
