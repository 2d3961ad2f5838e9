import BetterSqlite3 from 'better-sqlite3';
import fc from 'fast-check';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { endpointInput } from '#shared/contract/endpoints.ts';
import { maxAttemptsOf, type RetryPolicy } from '#shared/contract/retry.ts';
import { backgroundThread } from '#engine/threads/background-url.ts';
import { createBackground } from '#engine/background/background.ts';
import { createRenderer } from '#engine/templates/renderer.ts';
import { createChanges } from '#engine/base/changes.ts';
import { createDispatcher } from '#engine/dispatch/dispatcher.ts';
import { createSender } from '#engine/http/sender.ts';
import { createEndpointBook } from '#engine/endpoints/book.ts';
import { createEnvironmentBook } from '#engine/environments/book.ts';
import { createStateBook } from '#engine/health/book.ts';
import { newConfig } from '#engine/endpoints/new-config.ts';
import { toRow } from '#engine/endpoints/row.ts';
import { insertEndpoint } from '#engine/endpoints/store.ts';
import { createIds } from '#engine/base/ids.ts';
import { createEventNames } from '#engine/events/name-book.ts';
import { createSchemaChecker } from '#engine/events/schema-checker.ts';
import { buildRequest } from '#engine/request/build-request.ts';
import { createBodies } from '#engine/messages/bodies.ts';
import { createMessages } from '#engine/messages/messages.ts';
import { createProfileBook } from '#engine/profiles/book.ts';
import { createAuthBook } from '#engine/auth/book.ts';
import { createTokens } from '#engine/auth/tokens.ts';
import { createPolicyBook } from '#engine/policies/book.ts';
import { createAuthenticator } from '#engine/request/authenticator.ts';
import { createSettingsBook } from '#engine/settings/settings.ts';
import { openStore } from '#engine/store/open.ts';
import { hasAttempts, startClockedEngine } from '../../support/clocked-engine.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { allDeliveries, whenIdle } from '../../support/idle.ts';
import { hang, reset, respond, startReceiver, type Step } from '../../support/scripted-receiver.ts';
import { retryPolicies } from '../../support/retry-policies.ts';
import { createTempFolder, createTestLog, testVault } from '../../support/temp-workspace.ts';

async function receiver(script: readonly Step[] = [], otherwise?: Step) {
  const started = await startReceiver(script, otherwise === undefined ? {} : { otherwise });
  onTestFinished(started.close);
  return started;
}

const finalStatuses: readonly string[] = ['delivered', 'exhausted', 'cancelled'];

const behaviours: fc.Arbitrary<Step> = fc.oneof(
  fc.constant(respond()),
  fc.constant(respond({ status: 500 })),
  fc.constant(respond({ status: 404 })),
  fc.constant(reset()),
  fc.integer({ min: 0, max: 200 }).map((seconds) => respond({ status: 503, headers: [['Retry-After', String(seconds)]] })),
);

/** The least wait before a retry that a policy allows, worked out here apart from the engine. */
function leastDelayMs(policy: RetryPolicy, retry: number): number {
  if (policy.kind === 'none' || policy.jitter.kind === 'full') return 0;
  return plainMs(policy, retry) * (policy.jitter.kind === 'plusMinus' ? 1 - policy.jitter.ratio : 1) - 1;
}

function plainMs(policy: Exclude<RetryPolicy, { readonly kind: 'none' }>, retry: number): number {
  switch (policy.kind) {
    case 'schedule':
      return policy.delaysMs[Math.min(retry, policy.delaysMs.length) - 1] ?? Number.NaN;
    case 'linear':
      return Math.min(policy.baseMs + policy.stepMs * (retry - 1), policy.maxDelayMs);
    case 'exponential':
      return Math.min(policy.baseMs * policy.factor ** (retry - 1), policy.maxDelayMs);
  }
}

/** A receiver that takes its time, and counts how many requests it has at once: in all, and most on any one path. */
async function startCounting(answerMs: number) {
  const open = new Map<string, number>();
  let [mostInAll, mostToOne] = [0, 0];
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    open.set(path, (open.get(path) ?? 0) + 1);
    mostInAll = Math.max(
      mostInAll,
      [...open.values()].reduce((sum, count) => sum + count, 0),
    );
    mostToOne = Math.max(mostToOne, open.get(path) ?? 0);
    request.resume().on('end', () =>
      setTimeout(() => {
        open.set(path, (open.get(path) ?? 1) - 1);
        response.end();
      }, answerMs),
    );
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mostInAll: () => mostInAll,
    mostToOne: () => mostToOne,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

describe('over random policies and receivers', () => {
  it('no delivery gets more attempts than its policy allows or one before it is due, and each ends in one final state', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({
            policy: retryPolicies(5, 100_000),
            script: fc.array(behaviours, { maxLength: 12 }),
            otherwise: behaviours,
            messages: fc.integer({ min: 1, max: 3 }),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        async (cases) => {
          const engine = await startClockedEngine();
          const receivers = await Promise.all(cases.map(({ script, otherwise }) => startReceiver(script, { otherwise })));
          try {
            const policyOf = new Map<string, RetryPolicy>();
            const accepted: string[] = [];
            for (const [index, { policy, messages }] of cases.entries()) {
              const { id } = await engine.client.endpoints.create({
                name: `E${index}`,
                url: receivers[index]?.url ?? '',
                events: [`case.${index}`],
                retryPolicy: policy,
              });
              policyOf.set(id, policy);
              for (let count = 0; count < messages; count += 1)
                accepted.push(...(await engine.client.messages.send({ type: `case.${index}` })).deliveries.map((each) => each.id));
            }
            let log = await whenIdle(engine);
            while (log.some((each) => each.nextAttemptAtMs !== null)) {
              expect(engine.clock.nextAtMs()).toBe(Math.min(...log.flatMap((each) => each.nextAttemptAtMs ?? [])));
              engine.clock.advanceToNext();
              log = await whenIdle(engine);
            }
            expect(new Set(log.map((each) => each.id))).toEqual(new Set(accepted));
            for (const { id, endpointId } of log) {
              const delivery = await engine.client.deliveries.get({ id, bodies: false });
              const policy = policyOf.get(endpointId) ?? { kind: 'none' };
              expect(finalStatuses).toContain(delivery.status);
              expect(delivery.endReason === null || delivery.status === 'exhausted').toBe(true);
              expect(delivery.attempts.length).toBeLessThanOrEqual(maxAttemptsOf(policy));
              expect(delivery.attempts.map((each) => each.number)).toEqual(delivery.attempts.map((_, index) => index + 1));
              expect(delivery.status === 'delivered').toBe(delivery.attempts.at(-1)?.outcome?.code === 'ok');
              expect(delivery.attempts.slice(0, -1).some((each) => each.outcome?.code === 'ok')).toBe(false);
              for (const [index, attempt] of delivery.attempts.slice(1).entries()) {
                const waitedMs = attempt.startedAtMs - (delivery.attempts[index]?.endedAtMs ?? 0);
                expect(waitedMs).toBeGreaterThanOrEqual(leastDelayMs(policy, index + 1));
                if (policy.kind !== 'none' && policy.totalTimeMs !== undefined)
                  expect(attempt.startedAtMs - delivery.createdAtMs).toBeLessThanOrEqual(policy.totalTimeMs);
              }
            }
          } finally {
            await engine.stop();
            await Promise.all(receivers.map((each) => each.close()));
          }
        },
      ),
      { numRuns: 12 },
    );
  });

  it('keeps to the caps on attempts at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 4 }),
        async (maxConcurrency, maxConcurrencyPerEndpoint) => {
          const engine = await startClockedEngine();
          const slow = await startCounting(3);
          try {
            await engine.client.system.updateSettings({ maxConcurrency, maxConcurrencyPerEndpoint });
            for (const name of ['A', 'B', 'C']) await engine.client.endpoints.create({ name, url: `${slow.url}/${name}` });
            await Promise.all(Array.from({ length: 6 }, () => engine.client.messages.send({ type: 'a.b' })));
            const log = await whenIdle(engine);
            expect(log).toHaveLength(18);
            expect(log.every((each) => each.status === 'delivered')).toBe(true);
            expect(slow.mostInAll()).toBeLessThanOrEqual(maxConcurrency);
            expect(slow.mostToOne()).toBeLessThanOrEqual(maxConcurrencyPerEndpoint);
            expect(slow.mostToOne()).toBeGreaterThan(0);
          } finally {
            await engine.stop();
            await slow.close();
          }
        },
      ),
      { numRuns: 8 },
    );
  });
});

describe('slow endpoints', () => {
  it('do not keep another from the next free slot, however long their queues are', async () => {
    const slow = await receiver([], hang());
    const quick = await receiver();
    const engine = await startClockedEngine();
    await engine.client.system.updateSettings({ maxConcurrency: 2, maxConcurrencyPerEndpoint: 1 });
    for (const name of ['S1', 'S2'])
      await engine.client.endpoints.create({ name, url: slow.url, events: ['slow.one'], timeoutMs: 150, retryPolicy: 'none' });
    await engine.client.endpoints.create({ name: 'Quick', url: quick.url, events: ['quick.one'] });
    for (let count = 0; count < 10; count += 1) await engine.client.messages.send({ type: 'slow.one' });
    await engine.client.messages.send({ type: 'quick.one' });
    const before = slow.requests.length;
    await quick.nextRequest();
    // Each slow endpoint may have had its turn once more, but of their twenty messages most still wait.
    expect(slow.requests.length).toBeLessThanOrEqual(before + 3);
  });
});

describe('an endpoint deleted while its attempt is under way', () => {
  it('leaves the delivery cancelled, not waiting for an endpoint that is gone', async () => {
    const target = await receiver([hang()]);
    const engine = await startClockedEngine();
    const { id: endpointId } = await engine.client.endpoints.create({
      name: 'Own',
      url: target.url,
      timeoutMs: 1000,
      retryPolicy: 'quick',
    });
    const id = (await engine.client.messages.send({ type: 'a.b' })).deliveries[0]?.id ?? '';
    await target.nextRequest();
    expect(await engine.client.endpoints.remove({ id: endpointId })).toEqual({ id: endpointId, cancelledDeliveries: 0 });
    expect(await engine.deliveryWhen(id, hasAttempts(1))).toMatchObject({
      status: 'cancelled',
      nextAttemptAtMs: null,
      lastOutcome: { code: 'timeout' },
    });
    expect((await engine.client.system.health()).pendingDeliveries).toBe(0);
    await expect(engine.client.deliveries.redeliver({ id })).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining('was deleted'),
    });
  });

  it('says delivered all the same when the receiver took it', async () => {
    const target = await receiver([respond({ delayMs: 100 })]);
    const engine = await startClockedEngine();
    const { id: endpointId } = await engine.client.endpoints.create({ name: 'Own', url: target.url });
    const id = (await engine.client.messages.send({ type: 'a.b' })).deliveries[0]?.id ?? '';
    await target.nextRequest();
    await engine.client.endpoints.remove({ id: endpointId });
    expect(await engine.deliveryWhen(id, hasAttempts(1))).toMatchObject({ status: 'delivered' });
  });

  it('before a restart is not tried again after it', async () => {
    const target = await receiver([hang()]);
    const first = await startClockedEngine();
    const { id: endpointId } = await first.client.endpoints.create({ name: 'Own', url: target.url });
    const id = (await first.client.messages.send({ type: 'a.b' })).deliveries[0]?.id ?? '';
    await target.nextRequest();
    await first.client.endpoints.remove({ id: endpointId });
    await first.stop();
    const second = await startClockedEngine({ dataDir: first.dataDir, clock: first.clock });
    expect(await second.client.deliveries.get({ id })).toMatchObject({ status: 'cancelled', isInFlight: false, nextAttemptAtMs: null });
  });
});

describe('stopping under load', () => {
  it('leaves nothing in flight in the file, and the next start delivers the rest', async () => {
    const target = await receiver([], respond({ delayMs: 2 }));
    const first = await startClockedEngine();
    await first.client.endpoints.create({ name: 'Own', url: target.url });
    const sent = Array.from({ length: 150 }, () => first.client.messages.send({ type: 'a.b' }));
    await target.nextRequest();
    await first.stop();
    const answers = await Promise.allSettled(sent);
    const accepted = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value.deliveries.map((each) => each.id) : []));
    const file = new BetterSqlite3(join(first.dataDir, 'hookyard.db'), { readonly: true });
    const left = file.prepare('SELECT count(*) FROM deliveries WHERE in_flight_attempt_id IS NOT NULL').pluck().get();
    const begun = file.prepare('SELECT count(*) FROM attempts WHERE ended_at_ms IS NULL').pluck().get();
    file.close();
    expect([left, begun]).toEqual([0, 0]);
    const second = await startClockedEngine({ dataDir: first.dataDir, clock: first.clock });
    const log = await whenIdle(second);
    expect(log.filter((each) => each.status !== 'delivered')).toEqual([]);
    expect(accepted.filter((id) => !log.some((each) => each.id === id))).toEqual([]);
    expect(accepted.length).toBeGreaterThan(0);
  });

  it('that comes twice, and before anything was sent, is no trouble', async () => {
    const engine = await startClockedEngine();
    await Promise.all([engine.stop(), engine.stop()]);
    expect(engine.logLines.filter((line) => line.level === 'error')).toEqual([]);
  });
});

describe('a GET endpoint', () => {
  it('is sent no body, and the log shows none', async () => {
    const target = await receiver();
    const engine = await startClockedEngine();
    await engine.client.endpoints.create({ name: 'Own', url: target.url, method: 'GET' });
    const id = (await engine.client.messages.send({ type: 'a.b', data: { n: 1 } })).deliveries[0]?.id ?? '';
    const request = await target.nextRequest();
    const attempt = (await engine.deliveryWhen(id, hasAttempts(1))).attempts[0];
    expect([request.method, request.body.length, request.header('content-type')]).toEqual(['GET', 0, null]);
    expect(attempt?.request).toMatchObject({ method: 'GET', bodyBase64: '', bodyBytes: 0 });
    expect(Buffer.from(attempt?.signature?.signedBase64 ?? '', 'base64').toString()).toBe(
      `${request.header('webhook-id')}.${request.header('webhook-timestamp')}.`,
    );
  });
});

/** The dispatcher with the parts it works on, on a real data file whose room the test can take away. */
async function startDispatcher(
  url: string,
  { noticeSteps = () => 0, readingMs = () => 0 }: { readonly noticeSteps?: () => number; readonly readingMs?: () => number } = {},
) {
  const { database } = openStore(createTempFolder());
  const fake = createFakeClock();
  /** So much time goes by with each look at it. */
  const now = () => {
    const nowMs = fake.now();
    fake.advance(readingMs());
    return nowMs;
  };
  const clock = { ...fake, now };
  const ids = createIds(clock);
  const log = createTestLog();
  const changes = createChanges();
  const settings = createSettingsBook(database, { timeScale: undefined });
  const endpoints = createEndpointBook(database, testVault);
  const policies = createPolicyBook(database);
  const environments = createEnvironmentBook({ database, vault: testVault, clock, activeId: () => null });
  const sender = createSender({ log, now: clock.now });
  const background = createBackground({ threadCode: backgroundThread });
  onTestFinished(background.close);
  const eventNames = createEventNames(database);
  const renderer = createRenderer(background);
  const bodies = createBodies({ database, settings, renderer });
  const authenticator = createAuthenticator({ auths: createAuthBook(database, testVault), tokens: createTokens({ clock, sender }), clock });
  const dispatcher = createDispatcher({
    database,
    clock,
    ids,
    log,
    changes,
    settings,
    endpoints,
    states: createStateBook(database),
    policies,
    environments,
    authenticator,
    builder: { build: buildRequest },
    bodies,
    awaited: { wantedBytes: () => 0, ended: () => undefined },
    sender,
    random: () => 0.5,
  });
  const messages = createMessages({
    database,
    vault: testVault,
    clock,
    ids,
    changes,
    endpoints,
    eventNames,
    schemas: createSchemaChecker({ background, eventNames, clock, log }),
    policies,
    environments,
    authenticator,
    profiles: createProfileBook(database),
    renderer,
    bodies,
    onDue: (endpointIds, dueAtMs) => {
      void passSteps(noticeSteps()).then(() => dispatcher.notify(endpointIds, dueAtMs));
    },
  });
  const { config } = newConfig(endpointInput.parse({ name: 'Own', url, retryPolicy: 'quick' }), {
    id: ids.next('ep'),
    creator: 'test',
    nowMs: clock.now(),
    isOneOff: false,
  });
  await database.write((writer) => insertEndpoint(database, writer, toRow(config, testVault)));
  endpoints.load();
  await dispatcher.start();
  onTestFinished(async () => {
    await dispatcher.stop(0);
    database.close();
  });
  const roomFor = (pages: number) => {
    const used = database.raw<{ page_count: number }>('PRAGMA page_count', [])[0]?.page_count ?? 0;
    database.raw(`PRAGMA max_page_count = ${used + pages}`, []);
  };
  const statuses = () =>
    database.raw<{ status: string; attempts: number }>('SELECT status, attempt_count AS attempts FROM deliveries ORDER BY seq', []);
  /** Settles when a change on deliveries leaves the log as asked for. */
  const until = async (isReached: () => boolean) => {
    const stop = new AbortController();
    for await (const _ of changes.follow(stop.signal)) if (isReached()) break;
    stop.abort();
  };
  return { database, clock, dispatcher, messages, endpointId: config.id, roomFor, statuses, until, log };
}

/** Lets so many steps of promises pass within one turn of the event loop. */
async function passSteps(count: number): Promise<void> {
  for (let step = 0; step < count; step += 1) await Promise.resolve();
}

describe('a delivery that becomes due between two readings of the clock', () => {
  it('is woken up for', async () => {
    const target = await receiver([respond({ status: 500 })]);
    let readingMs = 0;
    const { messages, dispatcher, clock, statuses, until } = await startDispatcher(target.url, { readingMs: () => readingMs });
    await messages.accept({ type: 'a.b', data: {} }, { actor: 'test', reach: 'anywhere' });
    await until(() => dispatcher.inFlightCount() === 0 && statuses().some(({ status }) => status === 'failed'));
    const dueAtMs = clock.nextAtMs() ?? 0;
    clock.advance(dueAtMs - 1 - clock.now());
    readingMs = 1;
    dispatcher.refresh();
    readingMs = 0;
    expect(clock.nextAtMs()).toBe(dueAtMs);
    clock.advanceToNext();
    await until(() => statuses().every(({ status }) => status === 'delivered'));
  });
});

describe('a delivery that becomes due while a claim that finds nothing ends', () => {
  it('goes out, at whichever step of that end it is told of', async () => {
    const target = await receiver();
    let steps = 0;
    const { messages, dispatcher, clock, endpointId, statuses, until } = await startDispatcher(target.url, { noticeSteps: () => steps });
    for (steps = 0; steps < 20; steps += 1) {
      // Claim and message are committed together, so that both are answered in the same turn.
      dispatcher.notify([endpointId], clock.now());
      await messages.accept({ type: 'a.b', data: {} }, { actor: 'test', reach: 'anywhere' });
      await until(() => dispatcher.inFlightCount() === 0 && statuses().every(({ status }) => status === 'delivered'));
    }
    expect(target.requests).toHaveLength(20);
  });
});

describe('a store that refuses to record an attempt', () => {
  it('is asked again until it takes it, without sending twice', async () => {
    const target = await receiver([], respond({ delayMs: 50, body: 'x'.repeat(400_000) }));
    const { messages, dispatcher, roomFor, clock, statuses, until, log } = await startDispatcher(target.url);
    await messages.accept({ type: 'a.b', data: {} }, { actor: 'test', reach: 'anywhere' });
    await target.nextRequest();
    roomFor(2);
    await log.said('An attempt could not be recorded');
    expect(dispatcher.inFlightCount()).toBe(1);
    roomFor(1000);
    clock.advance(1000);
    await until(() => statuses()[0]?.status === 'delivered' && dispatcher.inFlightCount() === 0);
    expect(statuses()).toEqual([{ status: 'delivered', attempts: 1 }]);
    expect(target.requests).toHaveLength(1);
    expect(log.lines.filter((line) => line.level === 'error')).toHaveLength(1);
  });

  it('may be left by a stop, and the next start makes the attempt again', async () => {
    const target = await receiver([respond({ delayMs: 20, body: 'x'.repeat(400_000) })]);
    const { messages, dispatcher, roomFor, log, database } = await startDispatcher(target.url);
    await messages.accept({ type: 'a.b', data: {} }, { actor: 'test', reach: 'anywhere' });
    await target.nextRequest();
    roomFor(2);
    await log.said('An attempt could not be recorded');
    // The fake clock stands still, so the stop has to wake the attempt that waits.
    await dispatcher.stop(0);
    expect(dispatcher.inFlightCount()).toBe(0);
    expect(database.raw('SELECT count(*) AS count FROM deliveries WHERE in_flight_attempt_id IS NOT NULL', [])).toEqual([{ count: 1 }]);
  });

  it('keeps that the attempt was made when what was seen of it cannot be stored', async () => {
    const target = await receiver();
    const { messages, statuses, until, database, clock, log } = await startDispatcher(target.url);
    // A failure that is not for want of room, and would come again each time.
    const trigger = `CREATE TEMP TRIGGER never BEFORE INSERT ON attempts WHEN NEW.status IS NOT NULL BEGIN SELECT RAISE(ABORT, 'cannot be stored'); END`;
    await database.write((writer) => writer.runRaw(trigger, []));
    await messages.accept({ type: 'a.b', data: {} }, { actor: 'test', reach: 'anywhere' });
    await log.said('An attempt could not be recorded');
    clock.advance(1000);
    await until(() => statuses()[0]?.status === 'delivered');
    expect(database.raw('SELECT outcome_code, status FROM attempts', [])).toEqual([{ outcome_code: 'ok', status: null }]);
  });
});

describe('a store that refuses claims', () => {
  it('is asked again after a pause, and the delivery goes out then', async () => {
    const target = await receiver();
    const { messages, database, log, clock, statuses, until } = await startDispatcher(target.url);
    const trigger = `CREATE TEMP TRIGGER never BEFORE UPDATE ON deliveries WHEN NEW.in_flight_attempt_id IS NOT NULL BEGIN SELECT RAISE(ABORT, 'not now'); END`;
    await database.write((writer) => writer.runRaw(trigger, []));
    await messages.accept({ type: 'a.b', data: {} }, { actor: 'test', reach: 'anywhere' });
    await log.said('Due deliveries could not be claimed');
    expect(statuses()).toEqual([{ status: 'pending', attempts: 0 }]);
    expect(clock.nextAtMs()).toBe(clock.now() + 1000);
    await database.write((writer) => writer.runRaw('DROP TRIGGER never', []));
    clock.advance(1000);
    await until(() => statuses()[0]?.status === 'delivered');
    expect(target.requests).toHaveLength(1);
  });
});

describe('the log of an idle engine', () => {
  it('is empty and asks for no timer', async () => {
    const engine = await startClockedEngine();
    expect(await allDeliveries(engine)).toEqual([]);
    expect(engine.clock.nextAtMs()).toBeNull();
  });
});
