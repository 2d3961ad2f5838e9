import type { Bin, BinResponse } from '#shared/contract/captures.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock, Ids, Log, Vault } from '../base/ports.ts';
import { notFound, Refusal } from '../base/refusal.ts';
import { assertUnchanged, changedAtMs } from '../base/unchanged.ts';
import { schemeOf } from '../signing/registry.ts';
import type { Database, Writer } from '../store/database.ts';
import { textPages } from '../store/page.ts';
import type { BinRow } from '../store/schema.ts';
import { checkResponse } from './answer.ts';
import type { BinAddress } from './arrival.ts';
import { createBinCache, type BinCache } from './bin-cache.ts';
import { addressOf, responseOf, sealedSecrets, secretsOf, signingJson, signingOf, toBin, type ListenerUrls } from './bin-row.ts';
import { slugFrom, withSuffix } from './slug.ts';
import {
  allBins,
  binIdBySlug,
  countCapturesOf,
  findBin,
  insertBin,
  listBins,
  liveBin,
  readBin,
  readRemovedBin,
  updateBin,
} from './bin-store.ts';

type ResponsePatch = { readonly [Field in keyof BinResponse]?: BinResponse[Field] | undefined };

/** What a bin is made from; omitted fields take the contract's defaults, and the slug comes from the name. */
export interface BinInput {
  readonly name: string;
  readonly slug?: string | undefined;
  readonly response?: ResponsePatch | undefined;
  readonly signing?: Signing | null | undefined;
  readonly secrets?: readonly string[] | undefined;
  readonly publicUrl?: string | null | undefined;
  readonly trustsProxy?: boolean | undefined;
}

/** What may be changed; omitted fields stay as they are. */
export type BinPatch = { readonly [Field in keyof BinInput]?: BinInput[Field] | undefined };

export interface BinBookDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly log: Log;
  /** Base URLs of the listener; null while it does not listen. */
  readonly listenerUrls: () => ListenerUrls;
}

/** The bins: stored in the data file, and held in memory for incoming requests. */
export interface BinBook extends Pick<BinCache, 'at' | 'find' | 'slugs'> {
  /** Every bin with the names that may be used for it. */
  readonly named: () => readonly { readonly id: string; readonly name: string; readonly slug: string }[];
  /** Throws a Refusal NOT_FOUND. */
  readonly get: (id: string) => Bin;
  readonly list: (query: { readonly cursor: string | undefined; readonly limit: number }) => { items: Bin[]; next: string | null };
  readonly create: (input: BinInput) => Promise<Bin>;
  /** With `ifUpdatedAtMs` it rejects with a Refusal CONFLICT when the bin was changed at another time. */
  readonly update: (id: string, patch: BinPatch, ifUpdatedAtMs?: number) => Promise<Bin>;
  /** Deletes a bin with its captures; both can be restored for a while. */
  readonly remove: (id: string) => Promise<{ readonly removedCaptures: number; readonly removedAtMs: number }>;
  /** Restores a deleted bin, and those of its captures that are still kept. */
  readonly restore: (id: string) => Promise<Bin & { readonly missingCaptures: number }>;
}

const pages = textPages('bins', /^bin_[0-9a-z]+$/);

const defaultResponse: BinResponse = { status: 200, headers: {}, body: '', delayMs: 0, fault: null };

/** Reads every bin from the data file. Its changes reject with a Refusal NOT_FOUND, CONFLICT or INPUT_INVALID. */
export function createBinBook(deps: BinBookDeps): BinBook {
  const { database, vault } = deps;
  const cache = createBinCache();
  for (const row of allBins(database)) cache.put(row, secretsOf(row, vault, deps.log));

  /** Reloads a bin from the data file, since other changes may have come in between. */
  const follow = (id: string): void => {
    const row = liveBin(database, id);
    if (row === undefined) cache.drop(id);
    else cache.put(row, secretsOf(row, vault, deps.log));
  };

  const get = (id: string): Bin => {
    const counted = findBin(database, id);
    if (counted === undefined) throw notFound('bin', id);
    return toBin(counted, deps.listenerUrls());
  };
  const settled = (id: string): Bin => {
    follow(id);
    deps.changes.publish('bins', [id]);
    return get(id);
  };

  return {
    at: cache.at,
    find: cache.find,
    slugs: cache.slugs,
    named: () => allBins(database).map(({ id, name, slug }) => ({ id, name, slug })),
    get,
    list: ({ cursor, limit }) => {
      const rows = listBins(database, { beforeId: pages.at(cursor) ?? null, limit: limit + 1 });
      return pages.page(
        rows,
        limit,
        ({ id }) => id,
        (row) => toBin(row, deps.listenerUrls()),
      );
    },
    create: async (input) => {
      const fields = newFields(deps, input);
      await database.write((writer) => {
        const slug =
          input.slug === undefined ? freeSlug(deps, writer, slugFrom(input.name)) : ownSlug(database, writer, input.slug, fields.id);
        insertBin(database, writer, { ...fields, slug });
      });
      return settled(fields.id);
    },
    update: async (id, patch, ifUpdatedAtMs) => {
      await database.write((writer) => {
        const before = readBin(database, writer, id);
        if (before === undefined) throw notFound('bin', id);
        if (ifUpdatedAtMs !== undefined) assertUnchanged(before.name, get(id), ifUpdatedAtMs, patch);
        const slug = patch.slug === undefined ? before.slug : ownSlug(database, writer, patch.slug, id);
        updateBin(database, writer, {
          ...changedFields(deps, before, patch),
          slug,
          updated_at_ms: changedAtMs({ updatedAtMs: before.updated_at_ms }, deps.clock.now()),
        });
      });
      return settled(id);
    },
    remove: async (id) => {
      if (liveBin(database, id) === undefined) throw notFound('bin', id);
      const removedAtMs = deps.clock.now();
      // Removed from memory first; otherwise a request could find a bin that keeps nothing any more.
      cache.drop(id);
      try {
        const removedCaptures = await database.write((writer) => {
          const row = readBin(database, writer, id);
          if (row === undefined) throw notFound('bin', id);
          const count = countCapturesOf(writer, id);
          const slug = `${row.slug}${slugEnd}${id}`;
          updateBin(database, writer, { ...row, slug, removed_at_ms: removedAtMs, removed_captures: count });
          return count;
        });
        return { removedCaptures, removedAtMs };
      } finally {
        follow(id);
        deps.changes.publish('bins', [id]);
        deps.changes.publish('captures', []);
      }
    },
    restore: async (id) => {
      const missingCaptures = await database.write((writer) => {
        const removed = readRemovedBin(database, writer, id);
        if (removed === undefined) throw noLongerKept(id);
        const slug = ownSlug(
          database,
          writer,
          removed.slug.slice(0, removed.slug.indexOf(slugEnd)),
          id,
          'give that one another slug first',
        );
        updateBin(database, writer, { ...removed, slug, removed_at_ms: null, removed_captures: null });
        return Math.max(0, (removed.removed_captures ?? 0) - countCapturesOf(writer, id));
      });
      deps.changes.publish('captures', []);
      return { ...settled(id), missingCaptures };
    },
  };
}

/** Separates the slug of a deleted bin from its id; valid slugs do not contain it. */
const slugEnd = '~';

function noLongerKept(id: string): Refusal {
  return new Refusal(
    'NOT_FOUND',
    'There is no deleted bin of this id that is still kept: deleted bins go after 10 minutes, or before when a clean-up is asked to take them.',
    {
      kind: 'bin',
      id,
    },
  );
}

function newFields(deps: BinBookDeps, input: BinInput): Omit<BinRow, 'slug'> {
  const response = changedResponse(defaultResponse, input.response);
  const signing = input.signing ?? null;
  const secrets = input.secrets ?? [];
  const nowMs = deps.clock.now();
  checkResponse(response);
  checkSecrets(signing, secrets);
  return {
    id: deps.ids.next('bin'),
    name: input.name,
    response_json: JSON.stringify(response),
    signing_json: signingJson(signing),
    ...sealedSecrets(deps.vault, secrets),
    config_json: JSON.stringify({ publicUrl: input.publicUrl ?? null, trustsProxy: input.trustsProxy ?? false } satisfies BinAddress),
    created_at_ms: nowMs,
    updated_at_ms: nowMs,
    removed_at_ms: null,
    removed_captures: null,
  };
}

function changedFields(deps: BinBookDeps, before: BinRow, patch: BinPatch): BinRow {
  const signing = patch.signing === undefined ? signingOf(before) : patch.signing;
  if (patch.signing !== undefined || patch.secrets !== undefined)
    checkSecrets(signing, patch.secrets ?? secretsOf(before, deps.vault, deps.log));
  const response = changedResponse(responseOf(before), patch.response);
  if (patch.response !== undefined) checkResponse(response);
  return {
    ...before,
    name: patch.name ?? before.name,
    response_json: JSON.stringify(response),
    signing_json: signingJson(signing),
    config_json: JSON.stringify(changedAddress(before, patch)),
    // Secrets that are not replaced keep their sealed bytes, even if this key cannot open them.
    ...(patch.secrets === undefined ? {} : sealedSecrets(deps.vault, patch.secrets)),
  };
}

function changedAddress(row: BinRow, { publicUrl, trustsProxy }: BinPatch): BinAddress {
  const before = addressOf(row);
  return { publicUrl: publicUrl === undefined ? before.publicUrl : publicUrl, trustsProxy: trustsProxy ?? before.trustsProxy };
}

function changedResponse(before: BinResponse, patch: ResponsePatch = {}): BinResponse {
  return {
    status: patch.status ?? before.status,
    headers: patch.headers ?? before.headers,
    body: patch.body ?? before.body,
    delayMs: patch.delayMs ?? before.delayMs,
    fault: patch.fault === undefined ? before.fault : patch.fault,
  };
}

function checkSecrets(signing: Signing | null, secrets: readonly string[]): void {
  if (signing === null) return;
  const scheme = schemeOf(signing.scheme);
  const issues = secrets.flatMap((secret, index) => {
    const message = scheme.checkSecret(secret, signing);
    return message === null ? [] : [{ path: `secrets.${index}`, message }];
  });
  if (issues.length > 0) throw new Refusal('INPUT_INVALID', issues.map(({ message }) => message).join(' '), { issues });
}

/** The given slug. Throws a Refusal CONFLICT when another bin has it. */
function ownSlug(database: Database, writer: Writer, slug: string, id: string, wayOut = 'choose another one, or delete that bin'): string {
  const holder = binIdBySlug(database, writer, slug);
  if (holder === undefined || holder === id) return slug;
  const message = `Another bin has the slug ${slug}: ${wayOut}.`;
  throw new Refusal('CONFLICT', message, { issues: [{ path: 'slug', message }] });
}

function freeSlug(deps: Pick<BinBookDeps, 'database' | 'ids'>, writer: Writer, wanted: string): string {
  let slug = wanted;
  while (binIdBySlug(deps.database, writer, slug) !== undefined) slug = withSuffix(wanted, deps.ids.next('bin'));
  return slug;
}
