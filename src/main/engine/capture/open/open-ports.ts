import type { Socket } from 'node:net';
import type { Changes } from '../../base/changes.ts';
import type { Clock, Log } from '../../base/ports.ts';
import { isLoopback } from '../../http/loopback.ts';
import { createInTurn } from '../../store/in-turn.ts';
import type { RefusedRecorder } from '../refused/recorder.ts';
import { createAllowList, type AllowList } from './allow-list.ts';
import { openPort, type OpenPort, type OtherRoom } from './open-port.ts';
import { hostIn, machineAddresses, type MachineAddress } from './machine-addresses.ts';

/** Whom the listener is open to. */
export interface Opening {
  /** An address of this machine, or all that it has beyond loopback. */
  readonly address: string;
  /** Addresses and networks that may send. */
  readonly senders: readonly string[];
}

/** An address that the listener is to be open at, as it is. */
export interface OpenAddress {
  readonly address: string;
  /** Base URLs there; null where it does not listen. */
  readonly url: string | null;
  readonly httpsUrl: string | null;
  /** Why it does not listen there, and what to change; null when it does. */
  readonly problem: string | null;
}

/** A port of loopback that is opened at other addresses too. */
export interface Inner {
  readonly port: number;
  readonly acceptOther: (socket: Socket) => void;
}

export interface OpenPortsDeps {
  readonly clock: Clock;
  readonly log: Log;
  readonly changes: Changes;
  readonly refused: Pick<RefusedRecorder, 'note'>;
  /** The listeners of loopback; null while they do not listen. */
  readonly inner: () => { readonly http: Inner | null; readonly https: Inner | null };
  /** Connections of other machines at once. */
  readonly connections: number;
  /** The addresses of this machine beyond loopback. */
  readonly addresses?: (() => readonly MachineAddress[]) | undefined;
}

/** What the capture listener is beyond loopback: ports at other addresses, for senders on a list. */
export interface OpenPorts {
  /** Opens or, with null, closes; settles when it is done, with whatever problems. */
  readonly set: (opening: Opening | null) => Promise<void>;
  /** Opens and closes ports after the listeners of loopback, and addresses of the machine, became others. */
  readonly follow: () => Promise<void>;
  readonly list: () => readonly OpenAddress[];
  /** The base URLs at which other machines reach the listener. */
  readonly urls: () => readonly string[];
  /** Why it cannot be reached as the settings say, or null. */
  readonly problem: () => string | null;
}

/** Networks come and go; this is how often that is looked at while the listener is open. */
const lookEveryMs = 10_000;

type Kind = 'http' | 'https';

/** Nothing is opened before it is asked for. */
export function createOpenPorts(deps: OpenPortsDeps): OpenPorts {
  const inTurn = createInTurn();
  const addresses = deps.addresses ?? machineAddresses;
  const room: OtherRoom = { limit: deps.connections, served: new Set(), refused: new Set() };
  const open = new Map<string, { readonly listener: OpenPort; readonly port: number }>();
  let opening: Opening | null = null;
  let isAllowed: AllowList = () => false;
  let told: readonly OpenAddress[] = [];
  let stopLooking: () => void = () => undefined;

  const wantedAddresses = (): readonly string[] => {
    if (opening === null) return [];
    return opening.address === 'all' ? addresses().map(({ address }) => address) : [opening.address];
  };
  const isHere = (address: string) => isLoopback(address) || addresses().some((each) => each.address === address);

  /** Has the port of a listener at an address as it should be; returns a problem, or null. */
  const settle = async (address: string, kind: Kind): Promise<string | null> => {
    const { [kind]: inner } = deps.inner();
    const key = `${kind} ${address}`;
    const before = open.get(key);
    if (inner === null || before?.port === inner.port) return null;
    try {
      const listener = await openPort(
        {
          ...deps,
          room,
          isPlain: kind === 'http',
          isAllowed: (sender) => isAllowed(sender),
          serve: (socket) => {
            const now = deps.inner()[kind];
            if (now === null) socket.destroy();
            else now.acceptOther(socket);
          },
        },
        address,
        inner.port,
      );
      open.set(key, { listener, port: inner.port });
      return null;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      deps.log.warn({ address, port: inner.port, code }, 'The capture listener cannot be opened at an address');
      return problemOf(code, address, inner.port);
    }
  };

  const closeOthers = async (wanted: readonly string[]) => {
    const ports = deps.inner();
    for (const [key, { listener, port }] of open) {
      const [kind, address] = key.split(' ') as [Kind, string];
      if (wanted.includes(address) && ports[kind]?.port === port) continue;
      open.delete(key);
      await listener.close();
    }
  };

  const stateOf = async (address: string): Promise<OpenAddress> => {
    if (!isHere(address)) return { address, url: null, httpsUrl: null, problem: goneProblem(address) };
    const problems = [await settle(address, 'http'), await settle(address, 'https')];
    const urlOf = (kind: Kind) => {
      const port = open.get(`${kind} ${address}`)?.port;
      return port === undefined ? null : `${kind}://${hostIn(address)}:${port}`;
    };
    return { address, url: urlOf('http'), httpsUrl: urlOf('https'), problem: problems.find((each) => each !== null) ?? null };
  };

  const openUrls = () => told.flatMap(({ url, httpsUrl }) => [url, httpsUrl].filter((each) => each !== null));

  const bring = async () => {
    stopLooking();
    const wanted = deps.inner().http === null ? [] : wantedAddresses();
    await closeOthers(wanted.filter(isHere));
    const states: OpenAddress[] = [];
    for (const address of wanted) states.push(await stateOf(address));
    const isSame = JSON.stringify(states) === JSON.stringify(told);
    told = states;
    if (opening !== null) stopLooking = deps.clock.at(deps.clock.now() + lookEveryMs, () => void follow());
    if (isSame) return;
    const at = openUrls();
    deps.log.warn({ at }, at.length === 0 ? 'Bins are not open to other machines any more' : 'Bins are open to other machines');
    for (const topic of ['health', 'bins'] as const) deps.changes.publish(topic, []);
  };
  const follow = () => inTurn('open-ports', bring);

  return {
    set: (next) =>
      inTurn('open-ports', async () => {
        opening = next;
        isAllowed = next === null ? () => false : createAllowList(next.senders);
        for (const { listener } of open.values()) listener.recheck();
        await bring();
      }),
    follow,
    list: () => told,
    urls: openUrls,
    problem: () => {
      if (opening === null || deps.inner().http === null) return null;
      if (told.length === 0) return 'This machine has no address beyond loopback now, so no other machine can send to its bins.';
      return told.find(({ problem }) => problem !== null)?.problem ?? null;
    },
  };
}

function goneProblem(address: string): string {
  return `This machine does not have the address ${address} now, so other machines cannot send there: choose another one in the settings, or all.`;
}

function problemOf(code: string, address: string, port: number): string {
  if (code === 'EADDRINUSE')
    return `Another program has port ${port} of ${address}, so other machines cannot send there: close that program.`;
  return `Port ${port} of ${address} cannot be opened (${code}), so other machines cannot send there: choose another address in the settings.`;
}
