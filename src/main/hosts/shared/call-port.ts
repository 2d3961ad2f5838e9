import { onMessagePortClose, onMessagePortMessage, postMessagePortMessage } from '@orpc/client/message-port';
import { StandardRPCHandler } from '@orpc/server/standard';
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer';
import type { CallContext, Log, Router } from '#engine/index.ts';
import { createCallPeer } from './call-peer.ts';
import type { LargeJson } from './large-json.ts';

type Port = Parameters<typeof onMessagePortMessage>[0];

export interface CallPortOptions {
  readonly router: Router;
  readonly json: LargeJson;
  readonly context: CallContext;
  readonly log: Log;
}

/** Answers the calls that come through a MessagePort. Invalid messages are dropped, since it is unknown which call was meant. */
export function serveCallPort(port: Port, { router, json, context, log }: CallPortOptions): void {
  const handler = new StandardRPCHandler<CallContext>(router);
  const peer = createCallPeer(createServerPeerHandleRequestFn(handler, { context }), json, async (frame) =>
    postMessagePortMessage(port, frame),
  );
  onMessagePortMessage(port, (frame) => {
    peer
      .message(typeof frame === 'string' ? frame : new Uint8Array(frame as ArrayBuffer))
      // A parse error quotes the input.
      .catch((error: unknown) =>
        log.error({ error: error instanceof Error ? error.name : typeof error }, 'A call of the window failed unexpectedly'),
      );
  });
  onMessagePortClose(port, peer.close);
}
