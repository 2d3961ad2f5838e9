import { join } from 'node:path';
import type { Router as ServerRouter } from '@orpc/server';
import type { Contract } from '#shared/contract/index.ts';
import type { Health } from '#shared/contract/system.ts';
import { createBackground } from './background/background.ts';
import { createCapture, type Capture } from './capture/capture.ts';
import { captureBytes } from './capture/store.ts';
import { createCaptureHandlers } from './procedures/capture.ts';
import { createRefusedHandlers } from './procedures/refused-requests.ts';
import { createCaseMaker } from './verifying/case-file/case-maker.ts';
import { createChanges } from './base/changes.ts';
import { systemClock } from './base/clock.ts';
import { createDeliveryHandlers } from './procedures/deliveries.ts';
import { countPending } from './log/deliveries.ts';
import { createClockWitness } from './retention/clock-witness.ts';
import { followClockJumps, moveSinceLastRun } from './dispatch/clock-jumps.ts';
import { newestSeenMs, waitingEndpoints } from './log/queue.ts';
import { createDispatcher } from './dispatch/dispatcher.ts';
import { createSender } from './http/sender.ts';
import { createEndpointBook } from './endpoints/book.ts';
import { activeSecrets } from './endpoints/config.ts';
import { createEndpointHandlers } from './procedures/endpoints.ts';
import { cancelWaiting } from './log/waiting.ts';
import { writerThread } from './log/hot-writes.ts';
import { moveCaptureUrls } from './endpoints/store.ts';
import { createStateBook } from './health/book.ts';
import { createEventHandlers } from './procedures/events.ts';
import { createEventNames } from './events/name-book.ts';
import { createSchemaChecker } from './events/schema-checker.ts';
import { createIds } from './base/ids.ts';
import { createMessageHandlers } from './procedures/messages.ts';
import { createBuilder } from './request/builder.ts';
import { createMessages } from './messages/messages.ts';
import { createPreviewHandlers } from './procedures/preview.ts';
import { createPolicyBook } from './policies/book.ts';
import { createPolicyHandlers } from './procedures/policies.ts';
import type { CallContext, EnginePorts, Vault } from './base/ports.ts';
import { createProcedures } from './base/procedures.ts';
import { createReceiverTestHandlers } from './procedures/receiver-tests.ts';
import { notFound, Refusal } from './base/refusal.ts';
import { createReplayHandlers } from './procedures/replays.ts';
import { openSource } from './replays/open-source.ts';
import { createReplayRunner } from './replays/runner.ts';
import { createRetentionHandlers } from './procedures/retention.ts';
import { createCaptureRoom } from './capture/capture-room.ts';
import { createKeeper } from './retention/keeper.ts';
import { makeSample } from './sample.ts';
import { createSystemHandlers } from './procedures/settings.ts';
import { createSettingsBook, type SettingsBook } from './settings/settings.ts';
import { followTimeScale } from './dispatch/time-scale.ts';
import { createSnippetHandlers } from './procedures/snippets.ts';
import type { ClosableDatabase } from './store/sqlite.ts';
import { asDamage } from './store/damage.ts';
import { createRecovery } from './store/recovery.ts';
import { searchTask } from './threads/searches.ts';
import { backgroundThread } from './threads/tasks.ts';
import { openStore } from './store/open.ts';
import { openJson, sealJson } from './store/sealed.ts';
import { StartError } from './store/start-error.ts';
import { createSearcher } from './store/searcher.ts';
import { createRenderer } from './templates/renderer.ts';
import { version } from './base/version.ts';
import { createVerifyingHandlers } from './procedures/verifying.ts';
import { createRequestSource } from './verifying/request-source.ts';
import { createSolver } from './verifying/solver/solver.ts';
import { createVerifier } from './signing/verifier.ts';
import { createVaultSecrets } from './verifying/vault-secrets.ts';

/** Where captures come in when nothing else was asked for; another port is taken when it is in use. */
const usualCapturePort = 4610;

/** How long attempts under way may still take when the engine stops. */
const stopGraceMs = 3000;

/** The contract, implemented. Named by the contract: written out as inferred it is longer than the compiler puts into a declaration. */
export type Router = ServerRouter<Contract, CallContext>;

/** An open workspace. */
export interface Workspace {
  readonly router: Router;
  /** Base URL of the capture listener, or null when it does not listen. */
  readonly captureUrl: string | null;
  /** Why captures are not where they were asked to be, or null. */
  readonly warning: string | null;
  readonly stop: () => Promise<void>;
}

/** Opens the data file, starts capturing and dispatching, and answers the router over all of it. Throws a StartError. */
export async function openWorkspace(ports: EnginePorts): Promise<Workspace> {
  const clock = ports.clock ?? systemClock;
  const ids = ports.ids ?? createIds(clock);
  const { log } = ports;
  const { database, isNew } = openStore(ports.dataDir, { writerThread });
  const background = createBackground({ threadCode: backgroundThread });
  let closeCapture: () => Promise<void> = () => Promise.resolve();
  try {
    const changes = createChanges();
    const renderer = createRenderer(background);
    const verifier = createVerifier(background);
    const builder = createBuilder(background);
    const searcher = createSearcher({ database, background, searchTask });
    const settings = createSettingsBook(database, { timeScale: ports.timeScale });
    const vault = await openVault(ports.vault, settings);
    await checkVault(database, settings, vault, ports.dataDir);
    const endpoints = createEndpointBook(database, vault);
    const states = createStateBook(database);
    const policies = createPolicyBook(database);
    const eventNames = createEventNames(database);
    const schemas = createSchemaChecker({ background, names: eventNames, clock, log });
    const sender = createSender({ log, now: clock.now });
    const dispatcher = createDispatcher({
      database,
      clock,
      ids,
      log,
      changes,
      settings,
      endpoints,
      states,
      policies,
      builder,
      sender,
      random: ports.random ?? Math.random,
    });
    const witness = createClockWitness({ database, clock, settings, changes, log, newestSeenMs: () => newestSeenMs(database) });
    const keeper = createKeeper({ database, clock, settings, changes, log, witness });
    const capture = createCapture({
      database,
      vault,
      clock,
      ids,
      changes,
      log,
      verifier,
      bodyFolder: join(ports.dataDir, 'incoming'),
      room: createCaptureRoom({
        limitBytes: () => settings.get().keepCaptureBytes,
        keptBytes: () => captureBytes(database),
        cleanUp: keeper.cleanUpSoon,
        log,
      }),
      bodyLimitBytes: () => settings.get().bodyLimitBytes,
      deliveryOf: dispatcher.deliveryOf,
    });
    closeCapture = capture.stop;
    const messages = createMessages({
      database,
      vault,
      clock,
      ids,
      changes,
      settings,
      endpoints,
      eventNames,
      schemas,
      policies,
      renderer,
      onDue: dispatcher.notify,
    });
    const secretsOf = async (id: string) => {
      if (id.startsWith('bin_')) return capture.secretsOf(id);
      if (id.startsWith('ep_')) return activeSecrets(endpoints.get(id), clock.now());
      throw notFound('endpoint or bin', id);
    };

    const warning = await startCapture(capture, ports.capturePort ?? null, settings.recall<string>('internal.captureBase'));
    await followCapture(database, settings, capture);
    if (isNew && ports.withSample === true)
      await makeSample({
        database,
        vault,
        clock,
        ids,
        capture,
        captureBase: capture.url() ?? settings.recall<string>('internal.captureBase') ?? `http://127.0.0.1:${usualCapturePort}`,
      });
    await moveSinceLastRun({ database, log }, { byMs: witness.start(), nowMs: clock.now() });
    await witness.note();
    endpoints.load();
    eventNames.load();
    states.load();
    await followTimeScale(database, settings, clock.now());
    // Of an endpoint whose deletion was cut off.
    for (const { endpointId } of waitingEndpoints(database))
      if (endpoints.find(endpointId)?.isDeleted === true) await cancelWaiting(database, endpointId, clock.now());
    await dispatcher.start();
    const leaveClock = followClockJumps({ database, clock, log, changes, dispatcher });
    const replayed = { database, clock, ids, endpoints, policies, renderer, searcher };
    const runner = createReplayRunner({
      database,
      clock,
      log,
      changes,
      openSource: (source) => openSource(replayed, source),
      onDue: dispatcher.notify,
    });
    runner.start();
    keeper.start({ isScheduled: ports.withCleanUps !== false });

    const recovery = createRecovery({
      database,
      probeWrite: (writer, nowMs) => settings.remember(writer, 'internal.probe', nowMs),
      clock,
      changes,
      log,
    });
    recovery.start();

    const startedAtMs = clock.now();
    const problem = () => database.problem() ?? warning ?? witness.notice();
    const health = (): Health => ({
      status: problem() === null ? 'ok' : 'degraded',
      version,
      host: ports.host,
      dataDir: ports.dataDir,
      captureUrl: capture.url(),
      isAccepting: database.problem() === null,
      problem: problem(),
      timeScale: settings.get().timeScale,
      pendingDeliveries: pendingIn(database),
      inFlightAttempts: dispatcher.inFlightCount(),
      startedAtMs,
    });

    const os = createProcedures(log);
    const router = os.router({
      endpoints: createEndpointHandlers(os, {
        database,
        vault,
        clock,
        ids,
        changes,
        settings,
        book: endpoints,
        states,
        policies,
        dispatcher,
        messages,
        renderer,
      }),
      eventTypes: createEventHandlers(os, { database, clock, changes, names: eventNames, schemas }),
      messages: createMessageHandlers(os, { database, messages, endpoints, searcher }),
      preview: createPreviewHandlers(os, { eventNames, schemas, clock, endpoints, settings, renderer, builder }),
      policies: createPolicyHandlers(os, { database, clock, ids, changes, settings, book: policies }),
      deliveries: createDeliveryHandlers(os, { database, clock, changes, endpoints, policies, dispatcher, renderer, searcher, eventNames }),
      replays: createReplayHandlers(os, { ...replayed, changes, runner }),
      receiverTests: createReceiverTestHandlers(os, {
        database,
        vault,
        clock,
        ids,
        changes,
        settings,
        endpoints,
        policies,
        renderer,
        random: ports.random ?? Math.random,
        onDue: dispatcher.notify,
      }),
      ...createCaptureHandlers(os, { database, searcher, bins: capture.bins, changes, clock }),
      refusedRequests: createRefusedHandlers(os, { database, bins: capture.bins, changes, clock, refused: capture.refused }),
      verifying: createVerifyingHandlers(os, {
        clock,
        verifier,
        makeCase: createCaseMaker(background),
        secretsOf,
        requestOf: createRequestSource(database, endpoints),
        vaultSecrets: createVaultSecrets(endpoints, capture),
        solver: createSolver({ log }),
      }),
      snippets: createSnippetHandlers(os),
      retention: createRetentionHandlers(os, { witness, keeper, settings }),
      system: createSystemHandlers(os, { dataDir: ports.dataDir, database, clock, changes, settings, dispatcher, keeper, health }),
    });

    const stop = async () => {
      try {
        recovery.stop();
        leaveClock();
        await Promise.all([runner.stop(), keeper.stop()]);
        // Deliveries to our own bins end first, or they would fail against a listener that has gone.
        await dispatcher.stop(stopGraceMs);
        await capture.stop();
        await witness.stop();
      } finally {
        await background.close();
        await database.close();
      }
    };
    return { router, captureUrl: capture.url(), warning, stop };
  } catch (error) {
    // A listener left behind would keep the process alive and answer for a workspace that is not open.
    await closeCapture();
    await background.close();
    await database.close();
    throw asDamage(error, join(ports.dataDir, 'hookyard.db'));
  }
}

async function openVault(given: EnginePorts['vault'], settings: SettingsBook): Promise<Vault> {
  if (typeof given !== 'function') return given;
  return await given({ hasSecrets: settings.recall<string>('internal.vaultCheck') !== undefined });
}

/** A data folder moved without its key would fail at the first secret; it is told at once instead. */
async function checkVault(database: ClosableDatabase, settings: SettingsBook, vault: Vault, dataDir: string): Promise<void> {
  const sealed = settings.recall<string>('internal.vaultCheck');
  if (sealed === undefined) {
    const check = Buffer.from(sealJson(vault, 'hookyard')).toString('base64');
    await database.write((writer) => settings.remember(writer, 'internal.vaultCheck', check));
    return;
  }
  try {
    openJson(vault, Buffer.from(sealed, 'base64'));
  } catch (error) {
    throw new StartError(
      'KEY_MISMATCH',
      `The secrets in ${dataDir} were encrypted with another key. Put back the key file that belongs to it, or choose another data folder.`,
      { cause: error },
    );
  }
}

/** Health is asked for most of all when the file cannot be read, so it answers then too. */
function pendingIn(database: ClosableDatabase): number {
  try {
    return countPending(database);
  } catch (error) {
    if (error instanceof Refusal) return 0;
    throw error;
  }
}

/** Listens; answers a sentence when captures are not where they were asked to be by default. Throws a StartError for a port asked for that is taken. */
async function startCapture(capture: Capture, asked: number | null | false, lastBase: string | undefined): Promise<string | null> {
  if (asked === false) return null;
  const port = asked ?? (lastBase === undefined ? usualCapturePort : Number(new URL(lastBase).port));
  try {
    await capture.start(port);
    return null;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (asked !== null)
      throw new StartError(
        'PORT_IN_USE',
        `Captures cannot listen on port ${port} (${code}): close the program that uses it, or choose another with --capture-port (0 picks a free one).`,
        { cause: error },
      );
    await capture.start(0);
    return `Port ${port} is in use (${code}), so captures come in at ${capture.url() ?? ''} this time. Endpoints that point at a bin were moved along.`;
  }
}

/** Endpoints that send to this workspace's own bins follow the listener when its port changes. */
async function followCapture(database: ClosableDatabase, settings: SettingsBook, capture: Capture): Promise<void> {
  const toBase = capture.url();
  const fromBase = settings.recall<string>('internal.captureBase');
  if (toBase === null || toBase === fromBase) return;
  await database.write((writer) => {
    if (fromBase !== undefined) moveCaptureUrls(writer, { fromBase, toBase, slugs: capture.slugs() });
    settings.remember(writer, 'internal.captureBase', toBase);
  });
}
