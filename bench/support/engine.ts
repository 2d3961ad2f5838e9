import { setTimeout as delay } from 'node:timers/promises';
import type { ContractRouterClient } from '@orpc/contract';
import { admit, createDirectClient, createEngine, type Log } from '#engine/index.ts';
import { openKeyFileVault } from '#hosts/shared/key-file-vault.ts';
import type { Contract } from '#shared/contract/index.ts';

export type EngineClient = ContractRouterClient<Contract>;

/** The engine as a host runs it: system clock, key file, data file with its shipped settings of durability. */
export interface BenchEngine {
  readonly client: EngineClient;
  readonly captureUrl: string | null;
  readonly stop: () => Promise<void>;
}

/** Starts an engine on a data folder. Captures on a free port when told to. */
export async function startEngine(dataDir: string, { withCaptures = false } = {}): Promise<BenchEngine> {
  const engine = createEngine({
    dataDir,
    host: 'bench',
    vault: (facts) => openKeyFileVault(dataDir, facts).vault,
    log: standardErrorLog,
    withCleanUps: false,
    capturePort: withCaptures ? 0 : false,
  });
  const { captureUrl } = await engine.start();
  return { client: createDirectClient(engine.router, admit('bench')), captureUrl, stop: engine.stop };
}

/** Settles once nothing waits and nothing is under way. */
export async function untilIdle(client: EngineClient): Promise<void> {
  for (;;) {
    const { pendingDeliveries, inFlightAttempts } = await client.system.health();
    if (pendingDeliveries + inFlightAttempts === 0) return;
    await delay(20);
  }
}

/** A run that logs problems measures something else, so these are shown; the rest is silent. */
const standardErrorLog: Log = {
  info: () => undefined,
  warn: (fields, message) => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
  error: (fields, message) => void process.stderr.write(`${message} ${JSON.stringify(fields)}\n`),
};
