import { createORPCClient, type ClientContext, type ClientLink } from '@orpc/client';
import { RPCLink as MessagePortLink } from '@orpc/client/message-port';
import { RPCLink as WebSocketLink } from '@orpc/client/websocket';
import type { ContractRouterClient } from '@orpc/contract';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Contract } from '#shared/contract/index.ts';
import { connectMessage, webSocketPath, webSocketProtocol, type HostFacts } from '#shared/host-bridge.ts';
import { sendingInPieces } from '#shared/socket-pieces.ts';
import { takePageKey } from './page-key.ts';
import { provenProtocol } from './page-proof.ts';

declare global {
  interface Window {
    readonly hookyard?: HostFacts;
  }
}

/** The contract as functions; every call rejects with the contract's errors or with {@link ConnectionLost}. */
export type Client = ContractRouterClient<Contract>;

/** State of the connection to the engine. `attempt` counts the tries since the connection was last open. */
export type ConnectionState =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'open' }
  | { readonly kind: 'reconnecting'; readonly attempt: number };

/** A call could not be answered because the connection to the engine broke first; whether it took effect is not known. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
  constructor() {
    super('The connection to Hookyard was lost before it answered. Check the list before you try again.');
  }
}

/** A change was requested while there was no connection: it was not made, and will not be made later. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected';
  constructor() {
    super('Nothing was done: Hookyard is not connected. Try again when the connection is back.');
  }
}

/** Areas of the contract that change nothing. */
const lookingAreas: ReadonlySet<string> = new Set(['verifying', 'snippets', 'preview']);
/** Procedures of the other areas that only read, by the last part of their path. */
const looks: ReadonlySet<string> = new Set(
  'list get addresses export decoded stats attempt history presets stored lastCleanUp health getSettings changes plan preview withoutDelivery summaries propose previewReplay templateVersions templateVersion profileChanges ofCapture handshakes state programs transit arrivals compare bytes offers entries failureGroups outages eventTimes testFile wait differences calls resources verdicts deliveries catalogue reads'.split(
    ' ',
  ),
);

/**
 * Whether a call only reads: without a connection it waits for the next one. Any other call counts as a change, which would do harm if it
 * were made late, when nobody expects it any more.
 */
export function onlyLooks([area = '', ...rest]: readonly string[]): boolean {
  return lookingAreas.has(area) || looks.has(rest.at(-1) ?? '');
}

/** One connection to the engine: opens, reports when it is open and when it is lost, and is then replaced by another. */
export interface Door {
  readonly open: (events: DoorEvents) => { readonly link: ClientLink<ClientContext>; readonly close: () => void };
}

/** What a door reports; each is called at most once per opening. */
export interface DoorEvents {
  readonly onOpen: () => void;
  readonly onClose: () => void;
}

/** The client, the state of its connection, and how to close it. */
export interface Connection {
  readonly client: Client;
  readonly state: StoreApi<ConnectionState>;
  readonly close: () => void;
}

/** Delay before try number `attempt` (1 is the first retry), in milliseconds: 250 ms doubling to 8 s. */
export function reconnectDelayMs(attempt: number): number {
  return Math.min(8000, 250 * 2 ** Math.max(0, attempt - 1));
}

/** The door of this page: the MessagePort of the desktop host, else the WebSocket of the headless one; null when it was not let in. */
export function pageDoor(page: Window): Door | null {
  if (page.hookyard !== undefined) return messagePortDoor(page);
  const key = takePageKey(page);
  return key === null ? null : webSocketDoor(page.location, key);
}

function isEvents(answer: unknown): answer is AsyncGenerator<unknown> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

/** Passes events on; a connection that breaks between two of them is told as for any other call. */
async function* failingWith(events: AsyncGenerator<unknown>, why: (error: unknown) => unknown): AsyncGenerator<unknown> {
  try {
    yield* events;
  } catch (error) {
    throw why(error);
  }
}

/**
 * A client that keeps its connection. While it is down, calls that only read wait for the next opening and changes are refused; calls in
 * flight fail.
 */
export function createConnection(door: Door, later: (callback: () => void, delayMs: number) => void = setTimeout): Connection {
  const state = createStore<ConnectionState>(() => ({ kind: 'connecting', attempt: 0 }));
  let current: { readonly link: ClientLink<ClientContext>; readonly close: () => void } | null = null;
  let waiting: ((link: ClientLink<ClientContext>) => void)[] = [];
  let attempt = 0;
  let wasOpen = false;
  let isClosed = false;

  const connect = () => {
    if (isClosed) return;
    current = door.open({
      onOpen: () => {
        attempt = 0;
        wasOpen = true;
        state.setState({ kind: 'open' }, true);
        const link = current?.link;
        const callers = waiting;
        waiting = [];
        if (link !== undefined) for (const resume of callers) resume(link);
      },
      onClose: () => {
        if (isClosed) return;
        attempt += 1;
        state.setState({ kind: wasOpen ? 'reconnecting' : 'connecting', attempt }, true);
        later(connect, reconnectDelayMs(attempt));
      },
    });
  };

  const openLink = (signal: AbortSignal | undefined): Promise<ClientLink<ClientContext>> => {
    if (state.getState().kind === 'open' && current !== null) return Promise.resolve(current.link);
    return new Promise((resolve, reject) => {
      waiting.push(resolve);
      signal?.addEventListener('abort', () => reject(signal.reason as unknown), { once: true });
    });
  };

  const link: ClientLink<ClientContext> = {
    call: async (path, input, options) => {
      if (state.getState().kind !== 'open' && !onlyLooks(path)) throw new NotConnected();
      const open = await openLink(options.signal);
      const why = (error: unknown) => (current?.link === open && state.getState().kind === 'open' ? error : asLost(error, options.signal));
      try {
        const answer = await open.call(path, input, options);
        return isEvents(answer) ? failingWith(answer, why) : answer;
      } catch (error) {
        throw why(error);
      }
    },
  };

  // Deferred, so that a door that opens at once finds `current` set.
  queueMicrotask(connect);
  return {
    client: createORPCClient<Client>(link),
    state,
    close: () => {
      isClosed = true;
      current?.close();
    },
  };
}

function asLost(error: unknown, signal: AbortSignal | undefined): unknown {
  return signal?.aborted === true ? error : new ConnectionLost();
}

function webSocketDoor(location: Location, pageKey: string): Door {
  const url = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}${webSocketPath}`;
  return {
    open: ({ onOpen, onClose }) => {
      const given = new AbortController();
      let opened: { readonly socket: WebSocket; readonly link: ClientLink<ClientContext> } | null = null;
      const begin = async () => {
        const protocol = await provenProtocol(location.origin, pageKey, given.signal);
        given.signal.throwIfAborted();
        const socket = new WebSocket(url, [webSocketProtocol, protocol]);
        socket.addEventListener('open', onOpen, { once: true });
        socket.addEventListener('close', onClose, { once: true });
        opened = { socket, link: new WebSocketLink({ websocket: sendingInPieces(socket) }) };
      };
      // Nobody answered, or another than our host: it is tried again later.
      begin().catch(onClose);
      return {
        link: {
          call: (path, input, options) => {
            if (opened === null) throw new ConnectionLost();
            return opened.link.call(path, input, options);
          },
        },
        close: () => {
          given.abort();
          opened?.socket.close();
        },
      };
    },
  };
}

function messagePortDoor(page: Window): Door {
  return {
    open: ({ onOpen, onClose }) => {
      const { port1, port2 } = new MessageChannel();
      port1.addEventListener('close', onClose, { once: true });
      port1.start();
      page.postMessage(connectMessage, '/', [port2]);
      // A port is usable at once: what is posted before the other side listens is kept for it.
      queueMicrotask(onOpen);
      return { link: new MessagePortLink({ port: port1 }), close: () => port1.close() };
    },
  };
}
