import type { RequestCodeKind } from '#shared/contract/preview.ts';
import type { CurlRequest } from '#shared/curl-command.ts';
import { requestCode } from '#shared/request-code/index.ts';
import type { RequestCode } from '#shared/request-code/parts.ts';
import { TaskEnded, taskLimitMs, type Background } from '../background/background.ts';
import { invalid } from '../base/refusal.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { utf8ForAnswer } from '../base/deferred-text.ts';
import { buildTask, requestCodeTask } from './build-task.ts';
import { buildRequest, type BuiltRequest, type OutgoingMessage, type RequestTarget } from './build-request.ts';

/** Builds requests: those of small bodies at once, others in a thread, since signing goes over the whole body and some schemes parse it. */
export interface Builder {
  /** Returns the request itself when it can, so that an ordinary attempt does not wait for a turn. Throws, or rejects with, a Refusal. */
  readonly build: (target: RequestTarget, message: OutgoingMessage) => BuiltRequest | Promise<BuiltRequest>;
  /** Code or a command that makes the same request, whose body belongs to it from then on; `body` is that body again. */
  readonly code: (kind: RequestCodeKind, request: CurlRequest) => Promise<RequestCode & { readonly body: Uint8Array }>;
}

/** Every scheme signs a body up to this size within some milliseconds, whatever its contents. */
const smallBodyBytes = 131_072;

/** A body up to this size is copied to a thread within a millisecond or two. */
const copiedBytes = 262_144;

export function createBuilder(background: Background): Builder {
  const buildElsewhere = async (target: RequestTarget, message: OutgoingMessage): Promise<BuiltRequest> => {
    const { built, hasOwnBody } = await inTime(
      background.run('signing', buildTask, { target: plainTarget(target), message: { ...message, body: ownBytes(message.body) } }),
    );
    const { request, signed } = built;
    return {
      ...built,
      request: hasOwnBody ? request : { ...request, body: message.body },
      signed: signed?.body === undefined ? signed : { ...signed, body: request.body },
    };
  };
  return {
    build: (target, message) =>
      message.body.byteLength <= smallBodyBytes || target.method === 'GET' || target.signing === null
        ? buildRequest(target, message)
        : buildElsewhere(target, message),
    code: async (kind, request) => {
      if (request.body.byteLength <= smallBodyBytes) return { ...requestCode(kind, request), body: request.body };
      const body = ownBytes(request.body);
      const order = { kind, request: { ...request, body } };
      // The memory of a large body goes there and comes back: a copy would take as long as other calls may wait. What a smaller one was
      // signed over may be the same memory.
      const lent = body.byteLength > copiedBytes ? [body.buffer] : [];
      const { text, notes, given } = await inTime(background.run('signing', requestCodeTask, order, lent));
      return { text: utf8ForAnswer(text), notes, body: given };
    },
  };
}

/** Only what is passed to a thread. */
function plainTarget({
  method,
  url,
  contentType,
  headers,
  retryHeaders,
  secretHeaders,
  metaHeaders,
  signing,
  variables,
  urlKeys = [],
}: RequestTarget): RequestTarget {
  return { method, url, contentType, headers, retryHeaders, secretHeaders, metaHeaders, signing, variables, urlKeys };
}

async function inTime<T>(built: Promise<T>): Promise<T> {
  try {
    return await built;
  } catch (error) {
    if (!(error instanceof TaskEnded)) throw error;
    throw invalid('body', `Signing the body takes more than ${taskLimitMs / 1000} seconds or too much memory: send a smaller one.`);
  }
}
