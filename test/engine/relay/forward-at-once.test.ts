import { describe, expect, it } from 'vitest';
import type { Bin } from '#shared/contract/bins.ts';
import type { Relay } from '#shared/contract/relays.ts';
import { openClockedEngine, startClockedEngine, type ClockedEngine } from '../../support/clocked-engine.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { hang, respond, type ScriptedReceiver, type Step } from '../../support/scripted-receiver.ts';
import { createTempFolder } from '../../support/temp-workspace.ts';
import { receive, settled, until } from '../replays/replay-support.ts';

interface Shop {
  readonly engine: ClockedEngine;
  readonly bin: Bin;
  readonly relay: Relay;
  readonly receiver: ScriptedReceiver;
  readonly bodies: () => readonly string[];
  readonly paths: () => readonly string[];
}

/** A bin with a relay to one target, which answers as scripted. */
async function shop(target: object, steps: readonly Step[] = []): Promise<Shop> {
  const engine = await startClockedEngine({ capturePort: 0 });
  const receiver = await receive(...steps);
  const bin = await engine.client.bins.create({ name: 'Shop' });
  const relay = await engine.client.relays.create({
    name: 'To the app',
    binId: bin.id,
    targets: [{ url: receiver.url, retryPolicy: 'none', ...target }],
  });
  return {
    engine,
    bin,
    relay,
    receiver,
    bodies: () => receiver.requests.map(({ body }) => body.toString('utf8')),
    paths: () => receiver.requests.map(({ target: path }) => path),
  };
}

const post = async ({ url }: Bin, body = '{}') => (await fetch(url, { method: 'POST', body })).status;

/** How many deliveries of a relay are under way, and how many wait. */
async function counts({ engine, relay }: Shop): Promise<{ readonly underWay: number; readonly waiting: number }> {
  const { items } = await engine.client.deliveries.list({ relayId: relay.id });
  const underWay = items.filter(({ isInFlight }) => isInFlight).length;
  return { underWay, waiting: items.filter(({ status }) => status === 'pending').length - underWay };
}

describe('a capture of a relay that has nothing else to forward', () => {
  it('is forwarded and on its way by the time its sender is answered', async () => {
    const made = await shop({}, [hang(), hang(), hang()]);
    for (let count = 1; count <= 3; count += 1) {
      expect(await post(made.bin)).toBe(200);
      expect(await made.engine.client.relays.get({ id: made.relay.id })).toMatchObject({ queued: 0, forwarded: count });
      // On a busy machine its attempt may begin a moment later.
      await until(made.engine, async () => ((await counts(made)).underWay === count ? true : null));
    }
  });

  it('waits where as many attempts as its endpoint may have are under way, and goes on when one has ended', async () => {
    const held: (() => void)[] = [];
    const hold: Step = {
      at: 'request',
      run: ({ socket }) => held.push(() => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')),
    };
    const made = await shop({ maxConcurrency: 2 }, [hold, hold]);
    await Promise.all(Array.from({ length: 5 }, (_, number) => post(made.bin, String(number))));
    // On a slow machine some are left to the outbox.
    const isFull = async () => {
      const { underWay, waiting } = await counts(made);
      return underWay === 2 && waiting === 3 ? true : null;
    };
    await until(made.engine, isFull);
    await made.receiver.nextRequest();
    await made.receiver.nextRequest();
    expect(await isFull()).toBe(true);
    for (const release of held) release();
    await settled(made.engine);
    expect(made.bodies().toSorted()).toEqual(['0', '1', '2', '3', '4']);
  });

  it('waits for its turn at an ordered endpoint, behind one that is tried again later', async () => {
    const made = await shop({ isOrdered: true, retryPolicy: { kind: 'schedule', delaysMs: [60_000] } }, [respond({ status: 503 })]);
    await post(made.bin, 'first');
    await settled(made.engine);
    await post(made.bin, 'second');
    await settled(made.engine);
    expect(made.bodies()).toEqual(['first']);
    made.engine.clock.advance(60_000);
    await settled(made.engine);
    expect(made.bodies()).toEqual(['first', 'first', 'second']);
  });

  it('does not pass one that is left to the outbox', async () => {
    const made = await shop({ isOrdered: true });
    const sends = Array.from({ length: 12 }, async (_, number) => {
      // The large ones are left to it.
      const body = number % 3 === 0 ? 'x'.repeat(300_000) : '{}';
      return (await fetch(`${made.bin.url}/${number}`, { method: 'POST', body })).status;
    });
    await Promise.all(sends);
    await settled(made.engine);
    const { items } = await made.engine.client.captures.list({ limit: 50 });
    expect(made.paths()).toEqual(items.map(({ target }) => target.replace(/^\/[^/]+/, '')).toReversed());
    expect(new Set(made.paths()).size).toBe(12);
  });
});

describe('relays with more targets in all than are written along with a capture', () => {
  it('forward to each of them', async () => {
    const engine = await startClockedEngine({ capturePort: 0 });
    const receiver = await receive();
    const bin = await engine.client.bins.create({ name: 'Shop' });
    for (const name of ['a', 'b']) {
      const targets = Array.from({ length: 15 }, (_, number) => ({
        url: `${receiver.url}/${name}${number}`,
        retryPolicy: 'none' as const,
      }));
      await engine.client.relays.create({ name, binId: bin.id, targets });
    }
    await post(bin);
    for (let count = 0; count < 30; count += 1) await receiver.nextRequest();
    expect(new Set(receiver.requests.map(({ target }) => target)).size).toBe(30);
  });
});

describe('an engine that stops right after it answered', () => {
  it('delivers the rest at the next start', async () => {
    const [dataDir, clock] = [createTempFolder(), createFakeClock()];
    const receiver = await receive();
    const first = await openClockedEngine({ capturePort: 0, dataDir, clock });
    const bin = await first.client.bins.create({ name: 'Shop' });
    await first.client.relays.create({ name: 'To the app', binId: bin.id, targets: [{ url: receiver.url, retryPolicy: 'none' }] });
    await Promise.all(Array.from({ length: 40 }, (_, number) => post(bin, String(number))));
    await first.stop();
    const second = await startClockedEngine({ capturePort: 0, dataDir, clock });
    await settled(second);
    expect(receiver.requests.map(({ body }) => body.toString('utf8')).toSorted()).toEqual(
      Array.from({ length: 40 }, (_, number) => String(number)).toSorted(),
    );
  });
});
