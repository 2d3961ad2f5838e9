import { join } from 'node:path';
import type { Health } from '#shared/contract/system.ts';
import type { EnginePorts } from './base/ports.ts';
import { version } from './base/version.ts';
import { Refusal } from './base/refusal.ts';
import { captureBaseOf, followCapture, startCapture } from './capture-address.ts';
import { openCore } from './core.ts';
import { followOpening } from './procedures/opening.ts';
import { carryOutMarks } from './capture/marks.ts';
import { followClockJumps, moveSinceLastRun } from './dispatch/clock-jumps.ts';
import { followTimeScale } from './dispatch/time-scale.ts';
import { deleteCopies, deletedWithCopies } from './endpoints/delete-copies.ts';
import { countPending } from './log/deliveries.ts';
import { waitingEndpoints } from './log/queue.ts';
import { cancelWaiting } from './log/waiting.ts';
import { rememberProfiles } from './profile-bases.ts';
import { createRooms, type Rooms } from './rooms.ts';
import type { StreamDoor } from './streams/streams.ts';
import { createRouter, type Router } from './router.ts';
import { makeSample } from './sample.ts';
import { asDamage } from './store/damage.ts';
import { createRecovery } from './store/recovery.ts';
import type { ClosableDatabase } from './store/sqlite.ts';

/** How long attempts under way may take to finish when the engine stops. */
const stopGraceMs = 3000;

/** An open workspace. */
export interface Workspace {
  readonly router: Router;
  readonly streams: StreamDoor;
  /** Base URL of the capture listener, or null when it does not listen. */
  readonly captureUrl: string | null;
  /** Its base URLs for other machines; none while it is open to this one only. */
  readonly openUrls: readonly string[];
  /** Why captures are not on the port that was asked for, or null. */
  readonly warning: string | null;
  readonly endWaits: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Opens the data file, starts capturing and dispatching, and serves the router over all of it. Rejects with a StartError. */
export async function openWorkspace(ports: EnginePorts): Promise<Workspace> {
  const core = await openCore(ports);
  let stopCapture: () => Promise<void> = () => Promise.resolve();
  try {
    const rooms = createRooms(core);
    const { capture, dispatcher, runner, relayRunner, keeper, witness } = rooms;
    stopCapture = capture.stop;
    const warning = await startCapture(core, capture, ports.capturePort ?? null);
    await followCapture(core, capture);
    await openHttps(rooms);
    await followOpening(rooms);
    if (core.isNew && ports.withSample === true) await makeSample({ ...core, capture, captureBase: captureBaseOf(core, capture) });
    await load(rooms);
    await dispatcher.start();
    const leaveClock = followClockJumps(rooms);
    await rooms.checks.start();
    runner.start();
    relayRunner.start();
    rooms.sources.start();
    keeper.start({ isScheduled: ports.withCleanUps !== false });
    const recovery = createRecovery({
      ...core,
      probeWrite: (writer, nowMs) => core.settings.remember(writer, 'internal.probe', nowMs),
    });
    recovery.start();

    const stop = async () => {
      try {
        recovery.stop();
        leaveClock();
        await rooms.waits.stop();
        await rooms.runs.stop();
        await rooms.checks.stop();
        await Promise.all([rooms.sources.stop(), rooms.tunnels.stopAll()]);
        await Promise.all([runner.stop(), relayRunner.stop(), keeper.stop(), rooms.streams.stop()]);
        // Deliveries to our own bins end first; otherwise they would fail against a closed listener.
        await dispatcher.stop(stopGraceMs);
        await capture.stop();
        await witness.stop();
      } finally {
        await core.close();
      }
    };
    const router = createRouter(rooms, healthOf(rooms, { host: ports.host, warning }));
    return {
      router,
      streams: rooms.streams,
      captureUrl: capture.url(),
      openUrls: capture.openPorts.urls(),
      warning,
      endWaits: rooms.waits.stop,
      stop,
    };
  } catch (error) {
    // A listener left running would keep the process alive and answer for a workspace that is not open.
    await stopCapture();
    await core.close();
    throw asDamage(error, join(ports.dataDir, 'hookyard.db'));
  }
}

/** Without it, everything else goes on. */
async function openHttps({ httpsSwitch, log }: Rooms): Promise<void> {
  try {
    await httpsSwitch.follow();
  } catch (error) {
    log.warn({ error: String(error) }, 'HTTPS could not be turned on');
  }
}

/** Brings the data file up to date and loads what is kept in memory. */
async function load(rooms: Rooms): Promise<void> {
  const { database, settings, clock, witness, endpoints } = rooms;
  await moveSinceLastRun(rooms, { byMs: witness.start(), nowMs: clock.now() });
  await witness.note();
  endpoints.load();
  await rememberProfiles(rooms);
  rooms.eventNames.load();
  rooms.states.load();
  await followTimeScale(database, settings, clock.now());
  await carryOutMarks(database);
  // For endpoints whose deletion was interrupted.
  for (const endpointId of deletedWithCopies(database)) await deleteCopies(rooms, endpointId, clock.now());
  for (const { endpointId } of waitingEndpoints(database))
    if (endpoints.find(endpointId)?.isDeleted === true) await cancelWaiting(database, endpointId, clock.now());
}

function healthOf(rooms: Rooms, { host, warning }: { readonly host: string; readonly warning: string | null }): () => Health {
  const { database, settings, capture, dispatcher, witness, notice } = rooms;
  const startedAtMs = rooms.clock.now();
  const problemNow = () => database.problem() ?? capture.problem() ?? warning ?? capture.openPorts.problem() ?? witness.notice() ?? notice;
  return () => {
    const problem = problemNow();
    return {
      status: problem === null ? 'ok' : 'degraded',
      version,
      host,
      dataDir: rooms.dataDir,
      captureUrl: capture.url(),
      httpsUrl: capture.httpsUrl(),
      openAddresses: [...capture.openPorts.list()],
      isAccepting: database.problem() === null,
      problem,
      timeScale: settings.get().timeScale,
      pendingDeliveries: pendingIn(database),
      inFlightAttempts: dispatcher.inFlightCount(),
      startedAtMs,
    };
  };
}

/** Health is needed most when the file cannot be read, so it works then too. */
function pendingIn(database: ClosableDatabase): number {
  try {
    return countPending(database);
  } catch (error) {
    if (error instanceof Refusal) return 0;
    throw error;
  }
}
