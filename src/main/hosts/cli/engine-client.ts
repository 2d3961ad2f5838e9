import type { ContractRouterClient } from '@orpc/contract';
import { makeDataDir } from '#hosts/shared/data-dir.ts';
import { actorText } from '#hosts/shared/actor.ts';
import { ExitError, usageError } from '#hosts/shared/exit-error.ts';
import { findRunningHost, type HostFacts } from '#hosts/shared/host-file.ts';
import type { LogLevel } from '#hosts/shared/pino-log.ts';
import type { Contract } from '#shared/contract/index.ts';
import type { Change } from '#shared/contract/system.ts';
import { webSocketPath } from '#shared/host-bridge.ts';
import { sendingInPieces } from '#shared/socket-pieces.ts';

export type EngineClient = ContractRouterClient<Contract>;

/** The contract's client over whichever engine serves a data folder. */
export interface EngineSession {
  readonly client: EngineClient;
  /** The host that runs the engine, or null when it runs in this process. */
  readonly host: HostFacts | null;
  /** Changes from the moment this settles on; they end when the engine stops or the session closes. */
  readonly follow: () => Promise<AsyncGenerator<Change, void, void>>;
  /** Ends the connection, or stops the engine of this process. */
  readonly close: () => Promise<void>;
}

/** A host went away during a call. */
export class HostGone extends ExitError {
  constructor(url: string, cause: unknown) {
    const message = `The Hookyard at ${url} stopped before it answered, so it is not known whether this was done, or which part of it: start it again, and look before you repeat it.`;
    super(message, 2, { cause });
  }
}

/** A session with a host. */
export interface HostSession extends EngineSession {
  readonly host: HostFacts;
}

export interface OwnEngineOptions {
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  /** As for the engine: a port, 0 for a free one, null for the last one, false for no captures. */
  readonly capturePort: number | null | false;
  readonly timeScale?: number | undefined;
}

/** Connects to the host of a data folder; throws a usage error when none runs. */
export async function connect(dataDir: string): Promise<HostSession> {
  const host = await findRunningHost(dataDir);
  if (host === null)
    throw usageError(`No Hookyard serves ${dataDir}: start one with "hookyard serve", or name its folder with --data-dir.`);
  return connectTo(host);
}

/** Connects to the host of a data folder, or runs its engine in this process when there is none; `host` of the session says which. */
export async function openEngine(options: OwnEngineOptions): Promise<EngineSession> {
  const host = await findRunningHost(options.dataDir);
  return host === null ? runOwnEngine(options) : connectTo(host);
}

/** Connects to a host over its WebSocket door. */
export async function connectTo(host: HostFacts): Promise<HostSession> {
  const [{ createORPCClient }, { RPCLink }, { WebSocket }] = await Promise.all([
    import('@orpc/client'),
    import('@orpc/client/websocket'),
    import('ws'),
  ]);
  const socket = new WebSocket(`${host.url.replace(/^http/, 'ws')}${webSocketPath}`, {
    headers: { authorization: `Bearer ${host.token}`, 'x-hookyard-door': 'cli' },
    // Our own host: a capture of any size may come back.
    maxPayload: 0,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (error) =>
      reject(usageError(`The Hookyard at ${host.url} does not take this connection (${error.message}): restart it.`, { cause: error })),
    );
  });
  // A connection that breaks later shows as a call that fails.
  socket.on('error', () => socket.terminate());
  const link = new RPCLink({
    websocket: sendingInPieces(socket as unknown as globalThis.WebSocket),
    interceptors: [
      async ({ next }) => {
        try {
          return await next();
        } catch (error) {
          if (socket.readyState === WebSocket.OPEN) throw error;
          throw new HostGone(host.url, error);
        }
      },
    ],
  });
  const client: EngineClient = createORPCClient(link);
  return {
    client,
    host,
    follow: () => followChanges(client, undefined),
    close: async () => {
      socket.close();
    },
  };
}

/** Runs the engine of a data folder in this process. */
async function runOwnEngine(options: OwnEngineOptions): Promise<EngineSession> {
  const [{ admit, createDirectClient, createEngine }, { openKeyFileVault }, { createPinoLog }, { startEngine }] = await Promise.all([
    import('#engine/index.ts'),
    import('#hosts/shared/key-file-vault.ts'),
    import('#hosts/shared/pino-log.ts'),
    import('#hosts/shared/start-engine.ts'),
  ]);
  makeDataDir(options.dataDir);
  const engine = createEngine({
    dataDir: options.dataDir,
    host: 'cli',
    vault: (facts) => openKeyFileVault(options.dataDir, facts).vault,
    log: createPinoLog(options.logLevel),
    capturePort: options.capturePort,
    // Whichever host makes the workspace, its first window finds the sample.
    withSample: true,
    ...(options.timeScale === undefined ? {} : { timeScale: options.timeScale }),
  });
  await startEngine(engine);
  const client: EngineClient = createDirectClient(engine.router, admit(actorText('cli')));
  const stop = new AbortController();
  return {
    client,
    host: null,
    follow: () => followChanges(client, stop.signal),
    close: async () => {
      stop.abort();
      await engine.stop();
    },
  };
}

async function followChanges(client: EngineClient, signal: AbortSignal | undefined): Promise<AsyncGenerator<Change, void, void>> {
  const changes = await client.system.changes(undefined, signal === undefined ? {} : { signal });
  // The first change says that following has begun, so none after it can be missed.
  await changes.next();
  return untilBroken(changes);
}

/** A connection that breaks, or an engine that stops, ends the stream: either way no change will come. */
async function* untilBroken(changes: AsyncIterator<Change>): AsyncGenerator<Change, void, void> {
  try {
    for (let step = await changes.next(); step.done !== true; step = await changes.next()) yield step.value;
  } catch {
    return;
  }
}
