import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { startClockedEngine } from '../../support/clocked-engine.ts';
import { allDeliveries } from '../../support/idle.ts';
import { settledNow } from '../../support/settled.ts';
import { settled, until } from '../replays/replay-support.ts';

/** Requests before the target goes, those that it dies with, those of its minute away (one a second), and those after its return. */
const counts = { before: 20, dying: 5, away: 60, after: 20 };

interface Target {
  readonly url: string;
  readonly port: number;
  /** How often a request came to each path. */
  readonly arrivals: ReadonlyMap<string, number>;
  /** Answers nothing from now on; settles when this many requests wait. */
  readonly hang: (waiting: number) => Promise<void>;
  /** Ends as a killed process does: every connection is reset and nobody listens. */
  readonly kill: () => Promise<void>;
}

async function startTarget(port = 0, arrivals = new Map<string, number>()): Promise<Target> {
  let hanging: { readonly waiting: number; readonly reached: () => void } | null = null;
  let held = 0;
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      const path = request.url ?? '';
      arrivals.set(path, (arrivals.get(path) ?? 0) + 1);
      if (hanging === null) return void response.end();
      held += 1;
      if (held === hanging.waiting) hanging.reached();
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const kill = async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  onTestFinished(() => (server.listening ? kill() : undefined));
  const own = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${own}`,
    port: own,
    arrivals,
    hang: (waiting) =>
      new Promise((reached) => {
        hanging = { waiting, reached };
      }),
    kill,
  };
}

it('a target that is killed for a minute of traffic gets every capture, once each unless the log says that an attempt reached it in vain', async () => {
  const engine = await startClockedEngine({ capturePort: 0 });
  const target = await startTarget();
  const bin = await engine.client.bins.create({ name: 'Shop' });
  const retryPolicy = { kind: 'schedule', delaysMs: Array.from({ length: 30 }, () => 5000) } as const;
  const relay = await engine.client.relays.create({ name: 'To the app', binId: bin.id, targets: [{ url: target.url, retryPolicy }] });
  let sent = 0;
  const send = async (count: number, afterEach: () => void = () => undefined) => {
    for (let number = 0; number < count; number += 1) {
      expect((await fetch(`${bin.url}/${sent}`, { method: 'POST', body: String(sent) })).status).toBe(200);
      sent += 1;
      afterEach();
    }
  };
  const forwardedCount = async () => (await engine.client.relays.get({ id: relay.id })).forwarded;

  await send(counts.before);
  await until(engine, async () => ((await forwardedCount()) === counts.before ? true : null));
  await settled(engine);
  const hanging = target.hang(counts.dying);
  await send(counts.dying);
  await hanging;
  await target.kill();
  await send(counts.away, () => engine.clock.advance(1000));
  await until(engine, async () => ((await forwardedCount()) === sent ? true : null));
  expect((await engine.client.relays.get({ id: relay.id })).targets[0]).toMatchObject({ health: 'failing' });

  const back = await startTarget(target.port, new Map(target.arrivals));
  await send(counts.after);
  await until(engine, async () => {
    const [deliveries, count] = [await settledNow(engine), await forwardedCount()];
    if (count < sent || deliveries === null) return null;
    if (deliveries.every(({ status }) => status === 'delivered')) return true;
    engine.clock.advanceToNext();
    return null;
  });

  const deliveries = await allDeliveries(engine);
  expect(deliveries).toHaveLength(sent);
  const reached = new Map<string, number>();
  for (const { id } of deliveries) {
    const { attempts } = await engine.client.deliveries.get({ id });
    const path = new URL(attempts[0]?.request?.url ?? '').pathname;
    reached.set(path, attempts.filter(({ outcome }) => outcome?.code !== 'refused').length);
  }
  expect(new Map(back.arrivals)).toEqual(reached);
  expect(back.arrivals.size).toBe(sent);
  // Those that it died with were made again, which the log has as attempts that were reset.
  expect([...reached.values()].filter((count) => count > 1)).toHaveLength(counts.dying);
});
