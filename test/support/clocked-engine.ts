import type { ContractRouterClient } from '@orpc/contract';
import { onTestFinished } from 'vitest';
import { admit, createDirectClient, createEngine, type EnginePorts, type Router, type StreamDoor } from '#engine/index.ts';
import type { Contract } from '#shared/contract/index.ts';
import type { DeliveryDetail } from '#shared/contract/deliveries.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createTempFolder, createTestLog, testVault, type LogLine } from './temp-workspace.ts';

export type EngineClient = ContractRouterClient<Contract>;

/** A real engine on a real data file; only its clock is set by the test. */
export interface ClockedEngine {
  readonly client: EngineClient;
  readonly router: Router;
  readonly streams: StreamDoor;
  readonly clock: FakeClock;
  readonly dataDir: string;
  readonly captureUrl: string | null;
  readonly warning: string | null;
  readonly logLines: readonly LogLine[];
  readonly stop: () => Promise<void>;
  /** The delivery once it satisfies `isReached`, looked at again after each change. */
  readonly deliveryWhen: (id: string, isReached: (delivery: DeliveryDetail) => boolean) => Promise<DeliveryDetail>;
}

type ClockedPorts = Partial<EnginePorts> & { readonly clock?: FakeClock };

/** Starts an engine that stops when the test ends. No captures unless a port is given, and no clean-ups unless they are asked for. */
export async function startClockedEngine({ dataDir = createTempFolder(), ...ports }: ClockedPorts = {}): Promise<ClockedEngine> {
  const engine = await openClockedEngine({ dataDir, ...ports });
  onTestFinished(engine.stop);
  return engine;
}

/** Starts such an engine for all the tests of a suite; whoever calls it stops it. */
export async function openClockedEngine({ dataDir, ...ports }: ClockedPorts & { readonly dataDir: string }): Promise<ClockedEngine> {
  const clock = ports.clock ?? createFakeClock();
  const log = createTestLog();
  const engine = createEngine({
    host: 'test',
    vault: testVault,
    log,
    capturePort: false,
    withCleanUps: false,
    random: () => 0.5,
    ...ports,
    clock,
    dataDir,
  });
  const { captureUrl, warning } = await engine.start();
  const client: EngineClient = createDirectClient(engine.router, admit('tester'));
  return {
    client,
    router: engine.router,
    streams: engine.streams,
    clock,
    dataDir,
    captureUrl,
    warning,
    logLines: log.lines,
    stop: engine.stop,
    deliveryWhen: async (id, isReached) => {
      const stop = new AbortController();
      try {
        for await (const _ of await client.system.changes(undefined, { signal: stop.signal })) {
          const delivery = await client.deliveries.get({ id });
          if (isReached(delivery)) return delivery;
        }
        throw new Error('The change stream ended before the delivery got there.');
      } finally {
        stop.abort();
      }
    },
  };
}

/** True once a delivery has no attempt under way and this many made. */
export function hasAttempts(count: number): (delivery: DeliveryDetail) => boolean {
  return (delivery) => !delivery.isInFlight && delivery.attemptCount === count;
}
