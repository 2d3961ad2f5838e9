import { Buffer } from 'node:buffer';
import type { RequestCodeKind } from '#shared/contract/preview.ts';
import type { CurlRequest } from '#shared/curl-command.ts';
import { requestCode } from '#shared/request-code/index.ts';
import { task } from '../background/background.ts';
import { ownBytes } from '../base/own-bytes.ts';
import { buildRequest, type BuiltRequest, type OutgoingMessage, type RequestTarget } from './build-request.ts';

/** The input for building a request in a thread. */
export interface BuildOrder {
  readonly target: RequestTarget;
  readonly message: OutgoingMessage;
}

/** The result: without the body of the message, which the caller has. */
export interface BuiltElsewhere {
  readonly built: BuiltRequest;
  readonly hasOwnBody: boolean;
}

const nothing = new Uint8Array();

/** Builds and signs a request. Throws a Refusal where the scheme cannot sign it. */
function buildInBackground({ target, message }: BuildOrder): BuiltElsewhere {
  const built = buildRequest(target, message);
  const { request, signed } = built;
  const hasOwnBody = request.body !== message.body;
  return {
    hasOwnBody,
    built: {
      ...built,
      request: { ...request, body: hasOwnBody ? ownBytes(request.body) : nothing },
      signed:
        signed === null
          ? null
          : {
              ...signed,
              signed: { ...signed.signed, bytes: ownBytes(signed.signed.bytes) },
              // The same bytes as the request's.
              ...(signed.body === undefined ? {} : { body: nothing }),
            },
    },
  };
}

export const buildTask = task('build', buildInBackground);
/** The input for writing a request as code in a thread. */
export interface CodeOrder {
  readonly kind: RequestCodeKind;
  readonly request: CurlRequest;
}

/** Code whose text is in UTF-8, so that it can be transferred without copying. */
export interface CodeElsewhere {
  readonly text: Uint8Array;
  readonly notes: readonly string[];
  /** The body of the request, which comes back. */
  readonly given: Uint8Array;
}

/** Writes a request as code. */
function writeInBackground({ kind, request }: CodeOrder): CodeElsewhere {
  const { text, notes } = requestCode(kind, request);
  return { text: ownBytes(Buffer.from(text, 'utf8')), notes, given: ownBytes(request.body) };
}

export const requestCodeTask = task('requestCode', writeInBackground);
