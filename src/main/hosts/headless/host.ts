import { join } from 'node:path';
import { createEngine, type Engine, type Log } from '#engine/index.ts';
import type { AgentTargets } from '#hosts/shared/command-line.ts';
import { appVersion, findAppRoot } from '#hosts/shared/app-root.ts';
import { removeHostFile, writeHostFile } from '#hosts/shared/host-file.ts';
import { openKeyFileVault } from '#hosts/shared/key-file-vault.ts';
import { openHeadlessServer } from './server.ts';

export interface HostEngineOptions {
  readonly dataDir: string;
  readonly capturePort: number | null;
  readonly timeScale?: number | undefined;
  readonly withSample: boolean;
  /** Where agents may send; loopback addresses only by default. */
  readonly agentTargets?: AgentTargets | undefined;
  readonly log: Log;
  /** Takes a sentence on the key of the vault. */
  readonly warn: (sentence: string) => void;
}

/** The engine of a headless host on a folder that is there. It is not started yet. */
export function createHostEngine({ dataDir, capturePort, timeScale, withSample, agentTargets, log, warn }: HostEngineOptions): Engine {
  return createEngine({
    dataDir,
    host: 'headless',
    vault: (facts) => {
      const { vault, warning } = openKeyFileVault(dataDir, facts);
      if (warning !== null) warn(warning);
      return vault;
    },
    log,
    withSample,
    agentReach: agentTargets === 'any' ? 'anywhere' : 'loopback',
    capturePort,
    ...(timeScale === undefined ? {} : { timeScale }),
  });
}

/** The doors of a headless host. */
export interface HostDoors {
  readonly url: string;
  /** Answers those who wait, and closes them. */
  readonly close: () => Promise<void>;
}

export interface DoorOptions {
  readonly engine: Engine;
  readonly token: string;
  readonly log: Log;
  readonly dataDir: string;
  readonly port: number | undefined;
}

/** Opens the doors to a running engine, and leaves a note for the command line. */
export async function openDoors({ engine, token, log, dataDir, port }: DoorOptions): Promise<HostDoors> {
  const root = findAppRoot();
  const server = await openHeadlessServer({
    router: engine.router,
    streams: engine.streams,
    token,
    log,
    version: appVersion(root),
    rendererDir: join(root, 'out', 'renderer'),
    port,
  });
  const close = async () => {
    removeHostFile(dataDir, process.pid);
    // Those who wait are answered while the doors are open.
    await engine.endWaits();
    await server.close();
  };
  try {
    writeHostFile(dataDir, { pid: process.pid, url: server.url, token });
  } catch (error) {
    await close();
    throw error;
  }
  return { url: server.url, close };
}
