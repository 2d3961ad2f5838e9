import { setTimeout as delay } from 'node:timers/promises';
import { startEngine, type EngineClient } from '../support/engine.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { allSlots } from './contestant.ts';
import type { RelayContestant } from './relay-contestant.ts';

/** The engine in this process with a bin and a relay of it, so that a profile of the benchmark is one of the engine. */
export async function startRelayingHookyard(target: string): Promise<RelayContestant> {
  const folder = createTempFolder();
  const { client, stop } = await startEngine(folder.path, { withCaptures: true });
  await client.system.updateSettings(allSlots);
  const bin = await client.bins.create({ name: 'Bench', slug: 'bench' });
  const relay = await client.relays.create({ name: 'Bench', binId: bin.id, targets: [{ url: target }] });
  return {
    url: bin.url,
    recorded: () => untilRecorded(client, relay.id),
    rest: () => Promise.resolve(),
    stop: async () => {
      await stop();
      folder.remove();
    },
  };
}

async function untilRecorded(client: EngineClient, relayId: string): Promise<void> {
  for (;;) {
    const { queued, skipped } = await client.relays.get({ id: relayId });
    const { pendingDeliveries, inFlightAttempts } = await client.system.health();
    if (skipped.length > 0) throw new Error('Some captures were not forwarded; the figures would mean nothing.');
    if (queued + pendingDeliveries + inFlightAttempts === 0) return;
    await delay(5);
  }
}
