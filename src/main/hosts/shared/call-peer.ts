import {
  decodeRequestMessage,
  deserializeRequestMessage,
  encodeResponseMessage,
  experimental_ServerPeerWithoutCodec as ServerPeerWithoutCodec,
  MessageType,
  serializeResponseMessage,
  type DecodedRequestMessage,
  type DecodedResponseMessage,
  type ServerPeerHandleRequestFn,
} from '@orpc/standard-server-peer';
import { keepExact, largeJsonBytes } from '#engine/index.ts';
import { DoorError } from './door-error.ts';
import type { AnswerRoom, LargeJson } from './large-json.ts';

/** The peer of a connection that carries calls, whatever transports its frames. */
export interface CallPeer {
  /** Answers the call of a frame, which may be given in pieces when it is large; large JSON is read and written outside the main thread. Rejects when it is not a call. */
  readonly message: (frame: string | Uint8Array | readonly Uint8Array<ArrayBuffer>[]) => Promise<void>;
  /** Aborts its calls. */
  readonly close: () => void;
}

type SendFrame = (frame: string | Uint8Array) => Promise<void>;

/** The room that an answer takes until it is out. */
export interface AnswerLease extends AnswerRoom {
  readonly end: () => void;
}

/**
 * A peer whose calls are answered by `answer` and go out through `send`, which settles once a frame is out. Where answers may stay
 * unread, `begin` gives each the room that it needs until then.
 */
export function createCallPeer(answer: ServerPeerHandleRequestFn, json: LargeJson, send: SendFrame, begin?: () => AnswerLease): CallPeer {
  const peer = new ServerPeerWithoutCodec(async (message) => {
    const lease = begin?.();
    try {
      await send(await encoded(message, json, lease));
    } finally {
      lease?.end();
    }
  });
  /** Calls that were aborted while a frame was being read that may belong to them. */
  const givenUp = new Set<string>();
  let reading = 0;
  const readLarge = async (frame: string | Uint8Array | readonly Uint8Array<ArrayBuffer>[]) => {
    reading += 1;
    try {
      return await json.readFrame(frame);
    } finally {
      reading -= 1;
    }
  };
  const forget = (id: string) => {
    const isGivenUp = givenUp.delete(id);
    if (reading === 0) givenUp.clear();
    return isGivenUp;
  };
  return {
    message: async (frame) => {
      if (!isPieces(frame) && frame.length <= largeJsonBytes) {
        const message = await decodeRequestMessage(frame);
        if (reading > 0 && message[1] === MessageType.ABORT_SIGNAL) givenUp.add(message[0]);
        if (typeof frame === 'string') keepExactly(message, frame);
        await peer.message(message, answer);
        return;
      }
      const read = await readLarge(frame);
      const [message, handle] = read.kind === 'read' ? [requestOf(read.message), answer] : refused(read.call, read.why);
      if (!forget(message[0])) await peer.message(message, handle);
    },
    close: () => peer.close(),
  };
}

function isPieces(frame: string | Uint8Array | readonly Uint8Array<ArrayBuffer>[]): frame is readonly Uint8Array<ArrayBuffer>[] {
  return Array.isArray(frame);
}

function requestOf(message: unknown): DecodedRequestMessage {
  return deserializeRequestMessage(message as Parameters<typeof deserializeRequestMessage>[0]);
}

/** Lets the data of a call stay text where a value does not say all of it. */
function keepExactly([, type, request]: DecodedRequestMessage, frame: string): void {
  if (type !== MessageType.REQUEST) return;
  const { json, meta } = (request.body ?? {}) as { readonly json?: unknown; readonly meta?: readonly unknown[] };
  // What they tell stands at places in the data, which has to stay a value for that.
  if (meta === undefined || meta.length === 0) keepExact(json, frame);
}

/** A call that is refused without being made. */
function refused(call: string, why: DoorError): readonly [DecodedRequestMessage, ServerPeerHandleRequestFn] {
  const request = { url: new URL('http://orpc/'), method: 'POST', headers: {}, body: undefined };
  return [[call, MessageType.REQUEST, request], () => Promise.resolve({ status: why.statusCode, headers: {}, body: errorBody(why) })];
}

function errorBody({ statusCode: status, code, message, data }: DoorError): { readonly json: object } {
  return { json: { defined: data !== undefined, code, status, message, ...(data === undefined ? {} : { data }) } };
}

async function encoded(
  [id, type, payload]: DecodedResponseMessage,
  json: LargeJson,
  room: AnswerRoom | undefined,
): Promise<string | Uint8Array> {
  try {
    return (
      (await json.write(serializeResponseMessage(id, type, payload), room)) ?? (await plain(await encodeResponseMessage(id, type, payload)))
    );
  } catch (error) {
    if (!(error instanceof DoorError)) throw error;
    const body = errorBody(error);
    return plain(
      type === MessageType.EVENT_ITERATOR
        ? await encodeResponseMessage(id, type, { event: 'error', data: body })
        : await encodeResponseMessage(id, MessageType.RESPONSE, { status: error.statusCode, headers: {}, body }),
    );
  }
}

function plain(frame: Awaited<ReturnType<typeof encodeResponseMessage>>): string | Uint8Array {
  return typeof frame === 'string' ? frame : new Uint8Array(frame as ArrayBuffer);
}
