import { hash, randomBytes } from 'node:crypto';
import type { Clock, Ids } from '../base/ports.ts';
import { invalid, notFound } from '../base/refusal.ts';
import type { Database } from '../store/database.ts';
import { allStreamKeys, deleteStreamKey, insertStreamKey, noteStreamKeyUsed } from './store.ts';

/** A key of a stream inside the engine; the key itself is not kept. */
export interface StreamKeyConfig {
  readonly id: string;
  readonly binId: string;
  readonly name: string;
  /** SHA-256 of the key in hex. */
  readonly keyHash: string;
  readonly creator: string;
  readonly createdAtMs: number;
  readonly usedAtMs: number | null;
}

/** The keys in memory, so that a guess costs neither a read nor a write. */
export interface StreamKeyBook {
  /** The key of a text that somebody gave, or undefined. */
  readonly at: (key: string) => StreamKeyConfig | undefined;
  /** Throws a Refusal NOT_FOUND. */
  readonly get: (id: string) => StreamKeyConfig;
  /** Resolves with the key once it is on disk; it cannot be had again. */
  readonly create: (input: { readonly binId: string; readonly name: string; readonly creator: string }) => Promise<{
    readonly config: StreamKeyConfig;
    readonly key: string;
  }>;
  readonly remove: (id: string) => Promise<void>;
  /** Notes that somebody begins to follow by it. */
  readonly used: (id: string) => Promise<void>;
}

/** More than anybody needs for one bin, and few enough for a list. */
const keysOfBin = 50;

/** 256 bits of chance cannot be guessed; the prefix lets people and secret scanners recognise it. */
const keyPrefix = 'hsk_';
const keyBytes = 32;

export function createStreamKeyBook({
  database,
  clock,
  ids,
}: {
  readonly database: Database;
  readonly clock: Clock;
  readonly ids: Ids;
}): StreamKeyBook {
  const byId = new Map<string, StreamKeyConfig>();
  const byHash = new Map<string, StreamKeyConfig>();
  const put = (config: StreamKeyConfig) => {
    byId.set(config.id, config);
    byHash.set(config.keyHash, config);
  };
  for (const row of allStreamKeys(database))
    put({
      id: row.id,
      binId: row.bin_id,
      name: row.name,
      keyHash: Buffer.from(row.key_hash).toString('hex'),
      creator: row.creator,
      createdAtMs: row.created_at_ms,
      usedAtMs: row.used_at_ms,
    });
  const get = (id: string) => {
    const config = byId.get(id);
    if (config === undefined) throw notFound('stream key', id);
    return config;
  };
  return {
    at: (key) => byHash.get(hash('sha256', key)),
    get,
    create: async ({ binId, name, creator }) => {
      if ([...byId.values()].filter((each) => each.binId === binId).length >= keysOfBin)
        throw invalid('binId', `This bin has ${keysOfBin} stream URLs: revoke one that nobody follows any more.`);
      const key = `${keyPrefix}${randomBytes(keyBytes).toString('base64url')}`;
      const config: StreamKeyConfig = {
        id: ids.next('stk'),
        binId,
        name,
        keyHash: hash('sha256', key),
        creator,
        createdAtMs: clock.now(),
        usedAtMs: null,
      };
      await database.write((writer) =>
        insertStreamKey(writer, {
          id: config.id,
          bin_id: binId,
          name,
          key_hash: Buffer.from(config.keyHash, 'hex'),
          creator,
          created_at_ms: config.createdAtMs,
          used_at_ms: null,
        }),
      );
      put(config);
      return { config, key };
    },
    remove: async (id) => {
      const { keyHash } = get(id);
      // Taken from memory first: from now on it opens nothing.
      byId.delete(id);
      byHash.delete(keyHash);
      await database.write((writer) => deleteStreamKey(writer, id));
    },
    used: async (id) => {
      const config = byId.get(id);
      if (config === undefined) return;
      const usedAtMs = clock.now();
      put({ ...config, usedAtMs });
      await database.write((writer) => noteStreamKeyUsed(writer, id, usedAtMs));
    },
  };
}
