import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { startEngine, type EngineClient } from '../support/engine.ts';
import { keepBusy } from '../support/keep-busy.ts';
import { eventData } from '../support/payload.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import {
  allSlots,
  bodyBytes,
  connections,
  dataBytes,
  eventType,
  startTimer,
  type Contestant,
  type DurableRound,
  type RoundOrder,
} from './contestant.ts';

const gateEventType = 'gate.closed';

/** The engine in this process, used through its procedures only, so that a profile of the benchmark is one of the engine. */
export async function startHookyard(url: string): Promise<Contestant> {
  const folder = createTempFolder();
  const engine = await startEngine(folder.path);
  const { client } = engine;
  const gate = await startGate();
  await client.system.updateSettings(allSlots);
  for (const name of [eventType, gateEventType]) await client.eventTypes.create({ name, sample: {} });
  const signing = { scheme: 'standard-webhooks' } as const;
  const sink = await client.endpoints.create({ name: 'Sink', url, events: [eventType], signing });
  await client.endpoints.create({ name: 'Gate', url: gate.url, events: [gateEventType], signing, timeoutMs: 600_000 });
  let expected = 0;
  return {
    run: async (order) => {
      expected += order.messages + (order.isBacklog ? 1 : 0);
      return order.isBacklog ? runBacklog(client, gate, sink.id, order) : runAtOnce(client, order);
    },
    check: () => assertDelivered(client, sink.id, expected),
    stop: async () => {
      await engine.stop();
      await gate.stop();
      folder.remove();
    },
  };
}

async function runAtOnce(client: EngineClient, order: RoundOrder): Promise<DurableRound> {
  const data = dataOf(order);
  const timed = startTimer();
  await sendAll(client, data);
  const accepted = timed(order.messages);
  await untilPending(client, 0);
  return { accepted, delivered: timed(order.messages) };
}

/**
 * A disabled endpoint keeps the deliveries that it has but gets no new ones. So while these are accepted, the only slot
 * is held by a delivery to the gate; then the endpoint is disabled, the gate opened, and the endpoint enabled again.
 */
async function runBacklog(client: EngineClient, gate: Gate, endpointId: string, order: RoundOrder): Promise<DurableRound> {
  const data = dataOf(order);
  await client.system.updateSettings({ maxConcurrency: 1, maxConcurrencyPerEndpoint: 1 });
  const held = gate.nextRequest();
  await client.messages.send({ type: gateEventType, data: {} });
  const release = await held;

  const accepting = startTimer();
  await sendAll(client, data);
  const accepted = accepting(order.messages);

  await client.endpoints.update({ id: endpointId, isActive: false });
  release();
  await untilPending(client, order.messages);
  await client.system.updateSettings(allSlots);
  const { pendingDeliveries, inFlightAttempts } = await client.system.health();
  if (pendingDeliveries !== order.messages || inFlightAttempts !== 0)
    throw new Error(`${pendingDeliveries} of ${order.messages} deliveries wait and ${inFlightAttempts} are under way: this is no backlog.`);

  const delivering = startTimer();
  await client.endpoints.update({ id: endpointId, isActive: true });
  await untilPending(client, 0);
  return { accepted, delivered: delivering(order.messages) };
}

function dataOf({ first, messages }: RoundOrder): readonly ReturnType<typeof eventData>[] {
  return Array.from({ length: messages }, (_, index) => eventData(first + index, dataBytes));
}

async function sendAll(client: EngineClient, data: readonly ReturnType<typeof eventData>[]): Promise<void> {
  await keepBusy(data.length, connections, async (index) => {
    await client.messages.send({ type: eventType, data: { ...data[index] } });
  });
}

/** Polls rarely while much is left, since polling takes time from the engine, and often near the end. */
async function untilPending(client: EngineClient, wanted: number): Promise<void> {
  const fastestPerMs = 40;
  for (;;) {
    const left = (await client.system.health()).pendingDeliveries - wanted;
    if (left <= 0) return;
    await delay(Math.min(200, Math.max(2, left / fastestPerMs)));
  }
}

interface Gate {
  readonly url: string;
  /** Resolves with a function that answers the next request, once it has come. */
  readonly nextRequest: () => Promise<() => void>;
  readonly stop: () => Promise<void>;
}

/** A receiver that answers a request on demand. */
async function startGate(): Promise<Gate> {
  const server = createServer({ keepAliveTimeout: 60_000 }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/gate`,
    nextRequest: async () => {
      const [request, response] = (await once(server, 'request')) as [NodeJS.ReadableStream, ServerResponse];
      request.resume();
      return () => void response.end();
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Every message must have ended delivered, with one attempt that is recorded whole. */
async function assertDelivered(client: EngineClient, endpointId: string, expected: number): Promise<void> {
  const { byStatus, total } = await client.deliveries.stats({ buckets: 1 });
  const newest = (await client.deliveries.list({ limit: 1, endpointId })).items[0];
  const attempt = newest === undefined ? undefined : (await client.deliveries.get({ id: newest.id })).attempts[0];
  const isRecorded =
    newest?.attemptCount === 1 && attempt?.signature?.scheme === 'standard-webhooks' && attempt.request?.bodyBytes === bodyBytes;
  if (total !== expected || byStatus.delivered !== expected || !isRecorded)
    throw new Error(`Of ${expected} messages ${byStatus.delivered} were delivered and recorded; the figures would mean nothing.`);
}
