import type { ContractRouterClient } from '@orpc/contract';
import { makeDataDir } from '#hosts/shared/data-dir.ts';
import { actorText } from '#hosts/shared/actor.ts';
import { usageError } from '#hosts/shared/exit-error.ts';
import { findRunningHost, type HostFacts } from '#hosts/shared/host-file.ts';
import type { LogLevel } from '#hosts/shared/pino-log.ts';
import type { Contract } from '#shared/contract/index.ts';
import { webSocketPath } from '#shared/host-bridge.ts';

export type EngineClient = ContractRouterClient<Contract>;

/** The contract's client over whichever engine serves a data folder. */
export interface EngineSession {
  readonly client: EngineClient;
  /** The host that runs the engine, or null when it runs in this process. */
  readonly host: HostFacts | null;
  /** Ends the connection, or stops the engine of this process. */
  readonly close: () => Promise<void>;
}

export interface OwnEngineOptions {
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  /** As for the engine: a port, 0 for a free one, null for the last one, false for no captures. */
  readonly capturePort: number | null | false;
  readonly timeScale?: number | undefined;
}

/** Connects to the host of a data folder; throws a usage error when none runs. */
export async function connect(dataDir: string): Promise<EngineSession> {
  const host = await findRunningHost(dataDir);
  if (host === null) throw usageError(`No Hookyard serves ${dataDir}: start one with "hookyard serve", or name its folder with --data-dir.`);
  return connectTo(host);
}

/** Connects to a host over its WebSocket door. */
export async function connectTo(host: HostFacts): Promise<EngineSession> {
  const [{ createORPCClient }, { RPCLink }, { WebSocket }] = await Promise.all([import('@orpc/client'), import('@orpc/client/websocket'), import('ws')]);
  const socket = new WebSocket(`${host.url.replace(/^http/, 'ws')}${webSocketPath}`, {
    headers: { authorization: `Bearer ${host.token}`, 'x-hookyard-door': 'cli' },
    // Our own host: a capture of any size may come back.
    maxPayload: 0,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (error) => reject(usageError(`The Hookyard at ${host.url} does not take this connection (${error.message}): restart it.`, { cause: error })));
  });
  // A connection that breaks later shows as a call that fails.
  socket.on('error', () => socket.terminate());
  const client: EngineClient = createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket }));
  return {
    client,
    host,
    close: async () => {
      socket.close();
    },
  };
}

/** Runs the engine of a data folder in this process. */
export async function runOwnEngine(options: OwnEngineOptions): Promise<EngineSession> {
  const [{ createEngine }, { createRouterClient }, { openKeyFileVault }, { createPinoLog }, { startEngine }] = await Promise.all([
    import('#engine/index.ts'),
    import('@orpc/server'),
    import('#hosts/shared/key-file-vault.ts'),
    import('#hosts/shared/pino-log.ts'),
    import('#hosts/shared/start-engine.ts'),
  ]);
  makeDataDir(options.dataDir);
  const engine = createEngine({
    dataDir: options.dataDir,
    host: 'cli',
    vault: openKeyFileVault(options.dataDir).vault,
    log: createPinoLog(options.logLevel),
    capturePort: options.capturePort,
    // Whichever host makes the workspace, its first window finds the sample.
    withSample: true,
    ...(options.timeScale === undefined ? {} : { timeScale: options.timeScale }),
  });
  await startEngine(engine);
  const client: EngineClient = createRouterClient(engine.router, { context: { actor: actorText('cli') } });
  return { client, host: null, close: engine.stop };
}
