import type { SourceGap, SourceKind } from '#shared/contract/sources.ts';
import type { Changes } from '../base/changes.ts';
import type { Background } from '../background/background.ts';
import type { Clock, Ids, Log, Vault } from '../base/ports.ts';
import { conflict, invalid, notFound } from '../base/refusal.ts';
import { changedAtMs } from '../base/unchanged.ts';
import type { Capture } from '../capture/capture.ts';
import { putSourcePosition } from '../capture/source-position.ts';
import type { Sender } from '../http/sender.types.ts';
import type { Database } from '../store/database.ts';
import { createInTurn } from '../store/in-turn.ts';
import { kindOf, streamKeyIn, type SourceConfig } from './config.ts';
import { makeRemoteKey } from './remote-key.ts';
import { createSourceRunner, type SourceState } from './runner.ts';
import { allSources, deleteSource, insertSource, updateGaps, updateSource } from './store.ts';

export interface SourcesDeps {
  readonly database: Database;
  readonly background: Pick<Background, 'run'>;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly random: () => number;
  readonly log: Log;
  readonly changes: Changes;
  readonly sender: Pick<Sender, 'send'>;
  readonly capture: Pick<Capture, 'bring' | 'bins'>;
  readonly bodyLimitBytes: () => number;
  /** Whether a key of a stream is one of this workspace. */
  readonly isOwnKey: (key: string) => boolean;
}

/** What a source is made of. */
export interface SourceInput {
  readonly binId: string;
  readonly url: string;
  readonly kind?: SourceKind | undefined;
  readonly token?: string | undefined;
  readonly remoteBin?: string | undefined;
  readonly name: string;
  readonly verifyTls: boolean;
  readonly from: 'now' | 'start';
  readonly isActive: boolean;
}

export type SourcePatch = { readonly [Field in 'name' | 'isActive' | 'verifyTls']?: SourceConfig[Field] | undefined };

/** Sources of bins: kept, followed, changed. */
export interface Sources {
  /** Throws a Refusal NOT_FOUND. */
  readonly get: (id: string) => SourceConfig;
  readonly find: (id: string) => SourceConfig | undefined;
  readonly stateOf: (id: string) => SourceState;
  readonly create: (input: SourceInput, creator: string) => Promise<SourceConfig>;
  /** The source that a bin has for a URL, followed from now on, or a new one. */
  readonly open: (
    input: Pick<SourceInput, 'binId' | 'url' | 'verifyTls'>,
    creator: string,
  ) => Promise<{ readonly source: SourceConfig; readonly isNew: boolean; readonly wasActive: boolean }>;
  /** `assert` is called with the source as it is when the change has its turn; what it throws rejects the change. */
  readonly update: (id: string, patch: SourcePatch, assert: (before: SourceConfig) => void) => Promise<SourceConfig>;
  readonly remove: (id: string) => Promise<void>;
  /** The bin was deleted or restored. */
  readonly followBin: (binId: string) => Promise<void>;
  readonly start: () => void;
  readonly stop: () => Promise<void>;
}

const keptGaps = 20;
/** Each holds a connection. */
const mostSources = 100;

export function createSources(deps: SourcesDeps): Sources {
  const { database, vault, clock, capture } = deps;
  const byId = new Map(allSources(database, vault, deps.log).map((source) => [source.id, source]));
  const inTurn = createInTurn();
  const get = (id: string) => {
    const source = byId.get(id);
    if (source === undefined) throw notFound('source', id);
    return source;
  };
  const runner = createSourceRunner({
    ...deps,
    bring: capture.bring,
    find: (id) => {
      const source = byId.get(id);
      // Its bin may be deleted, and restored later.
      return source === undefined || capture.bins.find(source.binId) !== undefined ? source : { ...source, isActive: false };
    },
    addGap: async (id: string, gap: SourceGap) => {
      const source = byId.get(id);
      if (source === undefined) return;
      const changed = { ...source, gaps: [...source.gaps, gap].slice(-keptGaps), gapCount: source.gapCount + 1 };
      byId.set(id, changed);
      deps.changes.publish('sources', [id]);
      await database.write((writer) => updateGaps(writer, changed));
    },
  });

  const create = async (input: SourceInput, creator: string): Promise<SourceConfig> => {
    if (capture.bins.find(input.binId) === undefined) throw notFound('bin', input.binId);
    assertRoom();
    // Not in turn: the other side may take its time.
    const url = await urlOf(deps.sender, input);
    return await inTurn('create', () => insert(input, url, creator));
  };
  const assertRoom = () => {
    if (byId.size >= mostSources) throw invalid('url', `There are ${mostSources} sources already: remove one that is not needed.`);
  };
  const insert = async (input: SourceInput, url: string, creator: string): Promise<SourceConfig> => {
    assertRoom();
    const kind = input.kind ?? kindOf(url);
    assertUsable(deps, [...byId.values()], { ...input, url, kind });
    const nowMs = clock.now();
    const source: SourceConfig = {
      id: deps.ids.next('src'),
      binId: input.binId,
      kind,
      name: input.name,
      url,
      verifyTls: input.verifyTls,
      isActive: input.isActive,
      gaps: [],
      gapCount: 0,
      creator,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
    };
    await database.write((writer) => {
      insertSource(writer, source, vault);
      if (kind === 'hookyard' && input.from === 'start') putSourcePosition(writer, { sourceId: source.id, eventId: '0', atMs: nowMs }, 0);
    });
    byId.set(source.id, source);
    await runner.restart(source.id);
    return source;
  };
  const change = async (before: SourceConfig, patch: SourcePatch): Promise<SourceConfig> => {
    const { id } = before;
    const source: SourceConfig = {
      ...before,
      name: patch.name ?? before.name,
      isActive: patch.isActive ?? before.isActive,
      verifyTls: patch.verifyTls ?? before.verifyTls,
      updatedAtMs: changedAtMs(before, clock.now()),
    };
    await database.write((writer) => updateSource(writer, source, vault));
    // What was missed meanwhile was noted in the old one.
    byId.set(id, { ...source, gaps: get(id).gaps, gapCount: get(id).gapCount });
    const isFollowedAnew = source.isActive !== before.isActive || source.verifyTls !== before.verifyTls;
    if (isFollowedAnew) await runner.restart(id);
    deps.changes.publish('sources', [id]);
    return source;
  };

  return {
    get,
    find: (id) => byId.get(id),
    stateOf: runner.stateOf,
    create,
    open: ({ binId, url, verifyTls }, creator) =>
      inTurn('open', async () => {
        const known = [...byId.values()].find((source) => source.binId === binId && source.url === plainUrlOf(url));
        if (known !== undefined)
          return {
            source: await inTurn(known.id, () => change(get(known.id), { isActive: true })),
            isNew: false,
            wasActive: known.isActive,
          };
        const source = await create({ binId, url, verifyTls, name: '', from: 'now', isActive: true }, creator);
        return { source, isNew: true, wasActive: false };
      }),
    update: (id, patch, assert) =>
      inTurn(id, async () => {
        const before = get(id);
        assert(before);
        return await change(before, patch);
      }),
    remove: async (id) => {
      get(id);
      byId.delete(id);
      // Ends what follows it before its row goes, so that nothing is written for a source that is gone.
      await runner.restart(id);
      await database.write((writer) => deleteSource(writer, id));
      deps.changes.publish('sources', [id]);
    },
    followBin: async (binId) => {
      await Promise.all([...byId.values()].filter((source) => source.binId === binId).map(({ id }) => runner.restart(id)));
    },
    start: () => runner.start([...byId.keys()]),
    stop: runner.stop,
  };
}

/** Spellings of one URL are one source; smee-client leaves a slash at the end out too. Throws a Refusal where it is no URL. */
function plainUrlOf(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) throw invalid('url', 'This is no URL that can be connected to: check the host name or address in it.');
  return parsed.href.replace(/\/$/, '');
}

/** The URL to follow: the one given, or one that is made at another Hookyard. */
async function urlOf(sender: Pick<Sender, 'send'>, input: SourceInput): Promise<string> {
  const { url, token, remoteBin } = input;
  if (token === undefined) {
    if (remoteBin !== undefined)
      throw invalid('token', 'Give the token of the other Hookyard along with remoteBin, or its stream URL alone.');
    return plainUrlOf(url);
  }
  if (remoteBin === undefined) throw invalid('remoteBin', 'Say which bin of the other Hookyard to follow, by its id, slug or name.');
  return makeRemoteKey(sender, { address: plainUrlOf(url), token, verifyTls: input.verifyTls }, remoteBin, input.name);
}

function assertUsable(
  { isOwnKey }: Pick<SourcesDeps, 'isOwnKey'>,
  others: readonly SourceConfig[],
  { url, kind, binId }: Pick<SourceConfig, 'url' | 'kind' | 'binId'>,
): void {
  const key = streamKeyIn(url);
  if (kind === 'hookyard' && key === null)
    throw invalid('url', 'This is no stream URL of a Hookyard: it ends in /stream/hsk_… and is made with "hookyard streams create".');
  if (key !== null && isOwnKey(key))
    throw invalid('url', 'This stream URL is of this Hookyard itself: a relay takes captures from one bin to another here.');
  if (others.some((other) => other.binId === binId && other.url === url)) {
    const message = 'This bin has a source with this URL already: resume that one, or remove it first.';
    throw conflict('url', message);
  }
}
