import { join } from 'node:path';
import { backgroundThread } from '#engine/threads/background-url.ts';
import type { BodyRoom } from '#engine/capture/body-store.ts';
import { call } from '@orpc/server';
import { onTestFinished } from 'vitest';
import { admit } from '#engine/base/admission.ts';
import { createCapture, type Capture, type CaptureDeps } from '#engine/capture/capture.ts';
import { createBackground } from '#engine/background/background.ts';
import type { StoredAuthority } from '#engine/capture/tls/authority.ts';
import { createChanges, type Changes } from '#engine/base/changes.ts';
import { createIds } from '#engine/base/ids.ts';
import { createProcedures } from '#engine/base/procedures.ts';
import { openStore } from '#engine/store/open.ts';
import type { Database } from '#engine/store/database.ts';
import { createCaptureHandlers } from '#engine/procedures/capture.ts';
import { createRefusedHandlers } from '#engine/procedures/refused-requests.ts';
import { createSearcher } from '#engine/store/searcher.ts';
import { withTextsMade } from '#engine/base/deferred-text.ts';
import { createRenderer } from '#engine/templates/renderer.ts';
import { createVerifier } from '#engine/signing/verifier.ts';
import type { Bin } from '#shared/contract/bins.ts';
import type { RefusedRequest } from '#shared/contract/refused-requests.ts';
import type { Change } from '#shared/contract/system.ts';
import type { EngineClient } from './clocked-engine.ts';
import { createFakeClock, type FakeClock } from './fake-clock.ts';
import { createTempFolder, createTestLog, testVault } from './temp-workspace.ts';

const context = admit('test');

type Handlers = ReturnType<typeof createCaptureHandlers> & { readonly refusedRequests: ReturnType<typeof createRefusedHandlers> };

export interface CaptureWorkspace {
  readonly capture: Capture;
  readonly port: number;
  readonly clock: FakeClock;
  readonly log: ReturnType<typeof createTestLog>;
  readonly changes: Changes;
  readonly database: Database;
  readonly handlers: Handlers;
  /** Makes a bin as the contract reads it. */
  readonly makeBin: (input: BinInput) => Promise<Bin>;
  readonly changeBin: (id: string, change: Omit<BinChange, 'id'>) => Promise<Bin>;
  /** All captures, newest first, with their bodies. */
  readonly captures: () => Promise<Awaited<ReturnType<CaptureWorkspace['get']>>[]>;
  /** All refused requests with their first bytes, newest first, once what was refused so far is on disk. */
  readonly refused: () => Promise<RefusedRequest[]>;
  readonly get: (id: string) => Promise<Awaited<ReturnType<typeof readCapture>>>;
  /** Settles with the next change of a topic. */
  readonly nextChange: (topic: Change['topic']) => Promise<Change>;
  /** Stops the listener and closes the data file. */
  readonly close: () => Promise<void>;
}

type BinInput = Parameters<EngineClient['bins']['create']>[0];
type BinChange = Parameters<EngineClient['bins']['update']>[0];

const readCapture = async (handlers: Handlers, id: string) => withTextsMade(await call(handlers.captures.get, { id }, { context }));

export interface CaptureWorkspaceOptions {
  readonly folder?: string;
  readonly bodyLimitBytes?: number;
  readonly bodyFolder?: string;
  readonly bodyRoom?: BodyRoom;
  readonly room?: CaptureDeps['room'];
  readonly limits?: CaptureDeps['limits'];
  readonly deliveryOf?: CaptureDeps['deliveryOf'];
  readonly heldByFaults?: number;
  readonly addresses?: NonNullable<CaptureDeps['addresses']>;
  /** When the clock stands still; by default in the past, where certificates of today are not valid yet. */
  readonly nowMs?: number;
}

/** A real data file and a real listener on a free port, on a clock that stands still. They go when the test ends. */
export async function startCaptureWorkspace(options: CaptureWorkspaceOptions = {}): Promise<CaptureWorkspace> {
  const clock = createFakeClock(options.nowMs);
  let authority: StoredAuthority | undefined;
  const log = createTestLog();
  const changes = createChanges();
  const { database } = openStore(options.folder ?? createTempFolder());
  const background = createBackground({ threadCode: backgroundThread });
  const capture = createCapture({
    verifier: createVerifier(background),
    renderer: createRenderer(background),
    background,
    bodyFolder: options.bodyFolder ?? join(createTempFolder(), 'incoming'),
    ...(options.bodyRoom === undefined ? {} : { bodyRoom: options.bodyRoom }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    database,
    vault: testVault,
    clock,
    ids: createIds(clock),
    changes,
    log,
    room: options.room ?? { hasRoom: () => true, limitBytes: () => null, note: () => undefined },
    bodyLimitBytes: () => options.bodyLimitBytes ?? 1_048_576,
    deliveryOf: options.deliveryOf ?? (() => null),
    authorityStore: { read: () => authority, write: (made) => Promise.resolve(void (authority = made)) },
    ...(options.addresses === undefined ? {} : { addresses: options.addresses }),
    ...(options.heldByFaults === undefined ? {} : { heldByFaults: options.heldByFaults }),
  });
  const port = await capture.start(0);
  let closing: Promise<void> | null = null;
  const close = () => {
    closing ??= capture
      .stop()
      .then(() => background.close())
      .then(() => database.close());
    return closing;
  };
  onTestFinished(close);
  const procedures = createProcedures(log);
  const { bins } = capture;
  const searcher = createSearcher({ database, background });
  const handlers = {
    ...createCaptureHandlers(procedures, { database, searcher, bins, changes, clock }),
    refusedRequests: createRefusedHandlers(procedures, { database, bins, changes, clock, refused: capture.refused }),
  };
  const get = (id: string) => readCapture(handlers, id);
  return {
    capture,
    port,
    clock,
    log,
    changes,
    database,
    handlers,
    makeBin: (input) => call(handlers.bins.create, input, { context }),
    changeBin: (id, change) => call(handlers.bins.update, { id, ...change }, { context }),
    get,
    captures: async () => {
      const page = await call(handlers.captures.list, { limit: 200 }, { context });
      return Promise.all(page.items.map(({ id }) => get(id)));
    },
    refused: async () => {
      // Writes are made in the order in which they were asked for.
      await database.write(() => undefined);
      const page = await call(handlers.refusedRequests.list, { limit: 200 }, { context });
      return Promise.all(page.items.map(({ id }) => call(handlers.refusedRequests.get, { id }, { context })));
    },
    nextChange: async (topic) => {
      for await (const change of changes.follow(undefined)) if (change.topic === topic) return change;
      throw new Error('The changes ended.');
    },
    close,
  };
}
