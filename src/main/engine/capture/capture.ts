import { join } from 'node:path';
import type { Bin } from '#shared/contract/bins.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock, Ids, Log, Vault } from '../base/ports.ts';
import type { SentRequests } from '../http/sent-requests.ts';
import type { CaptureRoom } from './capture-room.ts';
import type { Database } from '../store/database.ts';
import { notFound } from '../base/refusal.ts';
import type { Verifier } from '../signing/verifier.ts';
import type { Background } from '../background/background.ts';
import type { Renderer } from '../templates/renderer.ts';
import { createAnswerer, type Answerer } from './answering/answerer.ts';
import { createPositions, type Positions } from './answering/positions.ts';
import { createAnswerRoom } from './answer-by-target.ts';
import { createBodyStore, partOf, usualRoom, type BodyRoom } from './body-store.ts';
import { createBinBook, type BinBook } from './bin-book.ts';
import type { BinInput } from './bin-fields.ts';
import type { ReadyBin } from './bin-cache.ts';
import { createDiskTrouble } from './disk-trouble.ts';
import { exchange, type Exchange } from './exchange.ts';
import { startHttps, type Https } from './https.ts';
import type { HeadLimits } from './refused/diagnosis.ts';
import { createRefusedRecorder, type RefusedRecorder } from './refused/recorder.ts';
import { startListener, usualLimits, type Listener } from './listener.ts';
import { createOpenPorts, type OpenPorts, type OpenPortsDeps } from './open/open-ports.ts';
import { createBring, type BroughtRequest } from './bring.ts';
import { createRecorder, type Brought, type CaptureWatcher } from './recorder.ts';
import { createAuthorityBook, type AuthorityBook, type AuthorityStore } from './tls/authority.ts';
import type { TargetAnswers } from './target-answers.ts';
import { createFaultRoom } from './wire/fault-room.ts';

export type { BinInput } from './bin-fields.ts';
export type { BroughtRequest } from './bring.ts';
export type { Brought } from './recorder.ts';

export interface CaptureDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly log: Log;
  readonly verifier: Pick<Verifier, 'captured'>;
  readonly renderer: Pick<Renderer, 'check'>;
  readonly background: Pick<Background, 'run'>;
  /** Folder of this workspace for incoming bodies; it is emptied at the start. */
  readonly bodyFolder: string;
  /** Room for them; there is a generous default. */
  readonly bodyRoom?: BodyRoom;
  /** Room for captures on the disk. */
  readonly room: CaptureRoom;
  /** Overrides of the listener's limits. */
  readonly limits?: Partial<HeadLimits>;
  /** Where the local authority is kept. */
  readonly authorityStore: AuthorityStore;
  /** How many requests faults may hold at once; there is a default. */
  readonly heldByFaults?: number | undefined;
  /** Largest body that is kept whole, asked for each request. */
  readonly bodyLimitBytes: () => number;
  /** Answers of targets in place of those of bins; without them bins answer by themselves. */
  readonly targetAnswers?: TargetAnswers;
  /** The delivery that a request was made by, or null. */
  readonly deliveryOf: SentRequests['deliveryOf'];
  /** The addresses of this machine beyond loopback; those of the system unless a test gives others. */
  readonly addresses?: OpenPortsDeps['addresses'];
  /** The write of a request to this bin was asked for in this turn, and `written` settles with it. */
  readonly onCapturing?: CaptureWatcher;
  /** A request to this bin is on disk. */
  readonly onCaptured?: (binId: string) => void;
}

/** The receiving part: bins, their listener and what it recorded. */
export interface Capture {
  /** Listens on 127.0.0.1; 0 picks a free port. Returns the port. Rejects with Node's error (EADDRINUSE, EACCES ...). */
  readonly start: (port: number) => Promise<number>;
  /** Closes the sockets; everything received by then is on disk. */
  readonly stop: () => Promise<void>;
  /** Base URL of the listener without a slash at the end, or null while it does not listen. */
  readonly url: () => string | null;
  /** Listens for HTTPS too; 0 picks a free port. Returns the port. Rejects with Node's error. */
  readonly startHttps: (port: number) => Promise<number>;
  readonly stopHttps: () => Promise<void>;
  /** Base URL of HTTPS, or null while that is off. */
  readonly httpsUrl: () => string | null;
  /** Where it listens beyond loopback. */
  readonly openPorts: OpenPorts;
  /** The local authority that signs the certificates of HTTPS. */
  readonly authority: AuthorityBook['get'];
  /** Makes another one, and shows certificates of that from now on. */
  readonly replaceAuthority: AuthorityBook['replace'];
  /** Why bodies of captures are not kept, and what to change; null when they are. */
  readonly problem: () => string | null;
  /** The bins that requests come in for. */
  readonly bins: BinBook;
  /** How their requests are answered. */
  readonly answerer: Answerer;
  /** How far their counters are. */
  readonly positions: Pick<Positions, 'of' | 'next'>;
  /** Keeps requests that could not be accepted. */
  readonly refused: RefusedRecorder;
  /** The secrets that a bin verifies with, for a verification elsewhere that does not show them. Rejects with a Refusal NOT_FOUND. */
  readonly secretsOf: (binId: string) => Promise<readonly string[]>;
  /** Every bin with the secrets it verifies with, and what its subscribers have to give. */
  readonly binSecrets: () => readonly Pick<ReadyBin, 'id' | 'slug' | 'secrets' | 'verifyToken'>[];
  /** Makes a bin. Rejects with a Refusal: CONFLICT for a slug that is taken, INPUT_INVALID for headers or secrets it cannot use. */
  readonly createBin: (input: BinInput) => Promise<Bin>;
  /** Keeps a request that a source brings to a bin, and returns its id. Rejects with a Refusal when it cannot be kept now. */
  readonly bring: (binId: string, request: BroughtRequest, from: Brought) => Promise<string>;
  /** Opens a port of its own on 127.0.0.1 that leads to one bin and to nothing else, whatever path is asked for. */
  readonly openAlone: (binId: string) => Promise<{ readonly url: string; readonly stop: () => Promise<void> }>;
  /** Slugs of all bins. */
  readonly slugs: () => readonly string[];
}

/** How many requests of other machines faults hold at once. */
const heldOfOthers = 64;

/** Reads the bins from the data file; listens only once started. */
export function createCapture(deps: CaptureDeps): Capture {
  let listener: Listener | null = null;
  const url = () => (listener === null ? null : `http://127.0.0.1:${listener.port}`);
  const positions = createPositions(deps.database);
  let https: Https | null = null;
  const httpsUrl = () => (https === null ? null : `https://127.0.0.1:${https.port}`);
  const bins = createBinBook({ ...deps, positions, listenerUrls: () => ({ http: url(), https: httpsUrl(), open: openPorts.list() }) });
  const authority = createAuthorityBook({ ...deps, store: deps.authorityStore });
  const answerer = createAnswerer({ ...deps, positions });
  const recorder = createRecorder(deps);
  const refused = createRefusedRecorder(deps);
  const disk = createDiskTrouble({ ...deps, folder: deps.bodyFolder });
  const bodyRoom = deps.bodyRoom ?? usualRoom;
  const exchangeDeps = {
    ...deps,
    bins,
    recorder,
    answerer,
    refused,
    bodies: createBodyStore(deps.bodyFolder, bodyRoom),
    disk,
    listenerUrl: (isSecure: boolean) => (isSecure ? httpsUrl() : url()) ?? 'http://127.0.0.1',
    faults: createFaultRoom(deps.heldByFaults),
    targetAnswers: deps.targetAnswers ?? { expect: () => null },
    answerRoom: createAnswerRoom(),
  };
  // What other machines send has room of its own, so that it cannot use up what this one needs.
  const othersDeps = {
    ...exchangeDeps,
    bodies: createBodyStore(join(deps.bodyFolder, 'others'), partOf(bodyRoom, 4)),
    faults: createFaultRoom(heldOfOthers),
    answerRoom: createAnswerRoom(),
  };
  const openPorts = createOpenPorts({
    ...deps,
    refused,
    inner: () => ({ http: listener, https }),
    connections: Math.ceil((deps.limits?.connections ?? usualLimits.connections) / 2),
  });

  const handle = (each: Exchange, at = bins.at) => {
    const room = each.isOther ? othersDeps : exchangeDeps;
    return exchange(at === bins.at ? room : { ...room, bins: { ...bins, at } }, each);
  };
  const binAt = (slug: string) => bins.at(slug)?.id ?? null;
  const openHttps = async (port: number): Promise<number> => {
    const http = listener;
    if (http === null) throw new Error('The capture listener does not listen; start it first.');
    const opened = await startHttps(
      { ...exchangeDeps, othersFaults: othersDeps.faults, authority, binAt, exchange: (each) => handle(each), acceptHttp1: http.accept },
      port,
    );
    https = opened;
    await openPorts.follow();
    return opened.port;
  };
  const stopHttps = async () => {
    const stopped = https;
    https = null;
    await openPorts.follow();
    await stopped?.stop();
  };

  const listen = (at: BinBook['at'], port: number) =>
    startListener(
      {
        clock: deps.clock,
        log: deps.log,
        refused,
        limits: deps.limits,
        binAt: (slug) => at(slug)?.id ?? null,
        exchange: (each) => handle(each, at),
      },
      port,
    );

  return {
    start: async (port) => {
      if (listener !== null) throw new Error('The capture listener is listening already; stop it first.');
      listener = await listen(bins.at, port);
      deps.changes.publish('bins', []);
      return listener.port;
    },
    stop: async () => {
      const stopped = listener;
      if (stopped === null) return;
      await openPorts.set(null);
      await stopHttps();
      await stopped.stop();
      await Promise.all([recorder.settled(), refused.settled()]);
      listener = null;
    },
    url,
    startHttps: async (port) => {
      if (https !== null) throw new Error('HTTPS is on already; stop it first.');
      const opened = await openHttps(port);
      deps.changes.publish('bins', []);
      return opened;
    },
    stopHttps: async () => {
      await stopHttps();
      deps.changes.publish('bins', []);
    },
    httpsUrl,
    openPorts,
    authority: authority.get,
    replaceAuthority: async () => {
      const replaced = await authority.replace();
      const port = https?.port ?? null;
      if (port === null) return replaced;
      // Connections that trusted the old one end with it.
      await stopHttps();
      await openHttps(port);
      return replaced;
    },
    problem: disk.problem,
    bins,
    answerer,
    positions,
    refused,
    secretsOf: async (binId) => {
      const bin = bins.find(binId);
      if (bin === undefined) throw notFound('bin', binId);
      return bin.secrets;
    },
    binSecrets: () => bins.slugs().flatMap((slug) => bins.at(slug) ?? []),
    createBin: bins.create,
    openAlone: async (binId) => {
      const alone = await listen((slug) => {
        const bin = bins.at(slug);
        return bin?.id === binId ? bin : undefined;
      }, 0);
      return { url: `http://127.0.0.1:${alone.port}`, stop: alone.stop };
    },
    bring: createBring({ ...deps, bins, recorder }),
    slugs: bins.slugs,
  };
}
