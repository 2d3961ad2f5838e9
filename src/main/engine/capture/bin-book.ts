import type { Bin } from '#shared/contract/bins.ts';
import type { Changes } from '../base/changes.ts';
import type { Clock, Ids, Log, Vault } from '../base/ports.ts';
import { conflict, notFound, Refusal } from '../base/refusal.ts';
import { assertUnchanged, changedAtMs } from '../base/unchanged.ts';
import type { Database, Writer } from '../store/database.ts';
import { textPages } from '../store/page.ts';
import type { BinRow } from '../store/schema.ts';
import type { Renderer } from '../templates/renderer.ts';
import { checkTemplates } from './answering/change.ts';
import { readyResponse, type ReadyResponse } from './answering/config.ts';
import { deletePositions, type Positions } from './answering/positions.ts';
import { createBinCache, readyBin, type BinCache, type ReadyBin } from './bin-cache.ts';
import { answersOf, openedOf, responseOf, toBin, type ListenerUrls } from './bin-row.ts';
import {
  changedFields,
  changedResponse,
  dropOldScopes,
  newFields,
  scopesOf,
  withNextEpochs,
  type BinInput,
  type BinPatch,
} from './bin-fields.ts';
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

export interface BinBookDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly log: Log;
  readonly renderer: Pick<Renderer, 'check'>;
  readonly positions: Pick<Positions, 'forget'>;
  /** Base URLs of the listener; null while it does not listen. */
  readonly listenerUrls: () => ListenerUrls;
}

/** A bin that is not saved. */
export interface TrialBin {
  readonly bin: ReadyBin;
  /** The response of a rule by its place from 0, switched off or not, or with null that of the bin; null where there is none. */
  readonly responseOf: (rule: number | null) => ReadyResponse | null;
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
  /** Begins the counting anew: of one rule, with null of the bin's own answer, or of all; or only for one value of the key. Returns how many counters. */
  readonly resetAnswers: (
    id: string,
    choice: { readonly ruleId?: string | null | undefined; readonly value?: string | undefined },
  ) => Promise<number>;
  /** A bin that is not saved like that, as requests would find it. Rejects with the Refusal that saving it would give. */
  readonly trial: (id: string, patch: Pick<BinPatch, 'response' | 'answers'>) => Promise<TrialBin>;
  /** Deletes a bin with its captures; both can be restored for a while. */
  readonly remove: (id: string) => Promise<{ readonly removedCaptures: number; readonly removedAtMs: number }>;
  /** Restores a deleted bin, and those of its captures that are still kept. */
  readonly restore: (id: string) => Promise<Bin & { readonly missingCaptures: number }>;
}

const pages = textPages('bins', /^bin_[0-9a-z]+$/);

/** Reads every bin from the data file. Its changes reject with a Refusal NOT_FOUND, CONFLICT or INPUT_INVALID. */
export function createBinBook(deps: BinBookDeps): BinBook {
  const { database, vault } = deps;
  const cache = createBinCache();
  for (const row of allBins(database)) cache.put(row, openedOf(row, vault, deps.log));

  /** Reloads a bin from the data file, since other changes may have come in between. */
  const follow = (id: string): void => {
    const row = liveBin(database, id);
    if (row === undefined) cache.drop(id);
    else cache.put(row, openedOf(row, vault, deps.log));
  };

  const rowOf = (id: string): BinRow => {
    const row = liveBin(database, id);
    if (row === undefined) throw notFound('bin', id);
    return row;
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
      const fields = await newFields(deps, input);
      await database.write((writer) => {
        const slug =
          input.slug === undefined ? freeSlug(deps, writer, slugFrom(input.name)) : ownSlug(database, writer, input.slug, fields.id);
        insertBin(database, writer, { ...fields, slug });
      });
      return settled(fields.id);
    },
    update: async (id, patch, ifUpdatedAtMs) => {
      // Before the write, since it may take long; what it looks at comes from this change alone.
      await checkTemplates(deps.renderer, {
        response: patch.response === undefined ? null : changedResponse(responseOf(rowOf(id)), patch.response),
        rules: patch.answers?.rules ?? [],
      });
      const scopes = await database.write((writer) => {
        const before = readBin(database, writer, id);
        if (before === undefined) throw notFound('bin', id);
        if (ifUpdatedAtMs !== undefined) assertUnchanged(before.name, get(id), ifUpdatedAtMs, patch);
        const slug = patch.slug === undefined ? before.slug : ownSlug(database, writer, patch.slug, id);
        const after = {
          ...changedFields(deps, before, patch),
          slug,
          updated_at_ms: changedAtMs({ updatedAtMs: before.updated_at_ms }, deps.clock.now()),
        };
        updateBin(database, writer, after);
        return dropOldScopes(writer, before, after);
      });
      for (const scope of scopes) deps.positions.forget(id, { scope });
      return settled(id);
    },
    resetAnswers: async (id, { ruleId, value }) => {
      const scopes = await database.write((writer) => {
        const before = readBin(database, writer, id);
        if (before === undefined) throw notFound('bin', id);
        const answers = answersOf(before);
        if (typeof ruleId === 'string' && !answers.rules.some((rule) => rule.id === ruleId)) throw notFound('rule', ruleId);
        const meant = scopesOf(answers).filter((each) => ruleId === undefined || each.ruleId === ruleId);
        if (value !== undefined) {
          for (const { scope } of meant) deletePositions(writer, id, { scope, key: value });
          return meant.map(({ scope }) => scope);
        }
        const after = { ...before, answers_json: JSON.stringify(withNextEpochs(answers, ruleId)) };
        updateBin(database, writer, after);
        return dropOldScopes(writer, before, after);
      });
      const resetCounters = scopes.reduce((sum, scope) => sum + deps.positions.forget(id, { scope, key: value }), 0);
      settled(id);
      return resetCounters;
    },
    trial: async (id, patch) => {
      const after = changedFields(deps, rowOf(id), patch);
      await checkTemplates(deps.renderer, { response: responseOf(after), rules: patch.answers?.rules ?? [] });
      const { rules } = answersOf(after);
      return {
        bin: readyBin(after, openedOf(after, vault, deps.log)),
        responseOf: (rule) => {
          const response = rule === null ? responseOf(after) : rules[rule]?.response;
          return response === undefined ? null : readyResponse(response);
        },
      };
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

/** The given slug. Throws a Refusal CONFLICT when another bin has it. */
function ownSlug(database: Database, writer: Writer, slug: string, id: string, wayOut = 'choose another one, or delete that bin'): string {
  const holder = binIdBySlug(database, writer, slug);
  if (holder === undefined || holder === id) return slug;
  const message = `Another bin has the slug ${slug}: ${wayOut}.`;
  throw conflict('slug', message);
}

function freeSlug(deps: Pick<BinBookDeps, 'database' | 'ids'>, writer: Writer, wanted: string): string {
  let slug = wanted;
  while (binIdBySlug(deps.database, writer, slug) !== undefined) slug = withSuffix(wanted, deps.ids.next('bin'));
  return slug;
}
