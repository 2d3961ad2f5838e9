import type { StreamKey } from '#shared/contract/stream-keys.ts';
import { streamPath } from '#shared/stream-form.ts';
import type { Changes } from '../base/changes.ts';
import type { Procedures } from '../base/procedures.ts';
import { notFound, unknownId } from '../base/refusal.ts';
import type { BinBook } from '../capture/bin-book.ts';
import { seqPages } from '../store/page.ts';
import type { Database } from '../store/database.ts';
import type { StreamKeyBook, StreamKeyConfig } from '../streams/keys.ts';
import { listStreamKeys } from '../streams/store.ts';
import type { Streams } from '../streams/streams.ts';

const pages = seqPages('stream-keys');

/** Hex digits of the hash of a key that are shown. */
const shownDigits = 8;

export interface StreamKeyHandlerDeps {
  readonly database: Database;
  readonly changes: Pick<Changes, 'publish'>;
  readonly bins: Pick<BinBook, 'find' | 'named'>;
  readonly streamKeys: StreamKeyBook;
  readonly streams: Pick<Streams, 'followersOf' | 'lastGapOf' | 'cutKey'>;
}

/** Stream URLs of bins. */
export function createStreamKeyHandlers(os: Procedures, { database, changes, bins, streamKeys, streams }: StreamKeyHandlerDeps) {
  const view = ({ keyHash, ...config }: StreamKeyConfig): StreamKey => ({
    ...config,
    fingerprint: keyHash.slice(0, shownDigits),
    followers: streams.followersOf(config.id),
    lastGap: streams.lastGapOf(config.id),
  });
  return {
    list: os.streamKeys.list.handler(({ input: { binId, cursor, limit } }) => {
      if (binId !== undefined && bins.find(binId) === undefined) throw unknownId('bin', binId, bins.named());
      const rows = listStreamKeys(database, { binId, beforeSeq: pages.before(cursor), limit: limit + 1 });
      return pages.page(rows, limit, ({ id }) => view(streamKeys.get(id)));
    }),
    create: os.streamKeys.create.handler(async ({ input, context }) => {
      if (bins.find(input.binId) === undefined) throw notFound('bin', input.binId);
      const { config, key } = await streamKeys.create({ ...input, creator: context.actor });
      changes.publish('stream-keys', [config.id]);
      return { ...view(config), path: `${streamPath}${key}` };
    }),
    revoke: os.streamKeys.revoke.handler(async ({ input: { id } }) => {
      await streamKeys.remove(id);
      const followers = streams.cutKey(id);
      changes.publish('stream-keys', [id]);
      return { id, followers };
    }),
  };
}
