import type { Bin, BinResponse } from '#shared/contract/captures.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { Changes } from '../changes.ts';
import type { Clock, Ids, Log, Vault } from '../ports.ts';
import { notFound, Refusal } from '../refusal.ts';
import { schemeOf } from '../signing/registry.ts';
import { fingerprintOf } from '../signing/secret.ts';
import type { Database, Writer } from '../store/database.ts';
import type { BinRow } from '../store/schema.ts';
import { openJson, sealJson } from '../store/sealed.ts';
import { binAnswer, checkResponseHeaders, type Answer } from './answer.ts';
import { slugFrom, withSuffix } from './slug.ts';
import {
  allBins,
  binIdBySlug,
  deleteBin,
  findBin,
  clearCaptures,
  insertBin,
  listBins,
  readBin,
  updateBin,
  type CountedBin,
} from './store.ts';

type ResponsePatch = { readonly [Field in keyof BinResponse]?: BinResponse[Field] | undefined };

/** What a bin is made from; what is left out takes the contract's defaults, and the slug comes from the name. */
export interface BinInput {
  readonly name: string;
  readonly slug?: string | undefined;
  readonly response?: ResponsePatch | undefined;
  readonly signing?: Signing | null | undefined;
  readonly secrets?: readonly string[] | undefined;
}

/** What may be changed; a field left out stays as it is. */
export type BinPatch = { readonly [Field in keyof BinInput]?: BinInput[Field] | undefined };

/** A bin at hand for the requests that come in. */
export interface ReadyBin {
  readonly id: string;
  readonly answer: Answer;
  /** What its captures are verified by, or null. */
  readonly verifying: { readonly options: Signing; readonly secrets: readonly string[] } | null;
}

export interface BinBookDeps {
  readonly database: Database;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly changes: Changes;
  readonly log: Log;
  /** Base URL of the listener, or null while it does not listen. */
  readonly listenerUrl: () => string | null;
}

/** The bins: kept in the data file, and ready in memory so that a request reads neither SQL nor the vault. */
export interface BinBook {
  readonly at: (slug: string) => ReadyBin | undefined;
  readonly has: (id: string) => boolean;
  readonly slugs: () => readonly string[];
  /** Throws a Refusal NOT_FOUND. */
  readonly secretsOf: (id: string) => readonly string[];
  readonly list: (query: { readonly cursor: string | undefined; readonly limit: number }) => { items: Bin[]; next: string | null };
  readonly create: (input: BinInput) => Promise<Bin>;
  readonly update: (id: string, patch: BinPatch) => Promise<Bin>;
  /** Answers how many captures went with it. */
  readonly remove: (id: string) => Promise<number>;
}

interface Held {
  readonly slug: string;
  readonly secrets: readonly string[];
  readonly ready: ReadyBin;
}

const defaultResponse: BinResponse = { status: 200, headers: {}, body: '', delayMs: 0 };

export function createBinBook(deps: BinBookDeps): BinBook {
  const { database, vault } = deps;
  const byId = new Map<string, Held>();
  const bySlug = new Map<string, ReadyBin>();

  const forget = (id: string) => {
    const held = byId.get(id);
    if (held !== undefined) bySlug.delete(held.slug);
    byId.delete(id);
  };
  const hold = (row: BinRow, secrets: readonly string[]) => {
    forget(row.id);
    const ready = readyBin(row, secrets);
    byId.set(row.id, { slug: row.slug, secrets, ready });
    bySlug.set(row.slug, ready);
  };
  for (const row of allBins(database)) hold(row, secretsIn(row, vault, deps.log));

  const shown = (id: string): Bin => {
    const row = findBin(database, id);
    if (row === undefined) throw notFound('bin', id);
    return toBin(row, deps.listenerUrl());
  };
  const secretsOf = (id: string) => {
    const held = byId.get(id);
    if (held === undefined) throw notFound('bin', id);
    return held.secrets;
  };

  return {
    at: (slug) => bySlug.get(slug),
    has: (id) => byId.has(id),
    slugs: () => [...bySlug.keys()],
    secretsOf,
    list: ({ cursor, limit }) => {
      const rows = listBins(database, { beforeId: cursor ?? null, limit: limit + 1 });
      const page = rows.slice(0, limit);
      return { items: page.map((row) => toBin(row, deps.listenerUrl())), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
    },
    create: async (input) => {
      const id = deps.ids.next('bin');
      const response = changedResponse(defaultResponse, input.response);
      const signing = input.signing ?? null;
      const secrets = input.secrets ?? [];
      checkResponseHeaders(response.headers);
      checkSecrets(signing, secrets);
      const fields = {
        id,
        name: input.name,
        response_json: JSON.stringify(response),
        signing_json: signingJson(signing),
        ...sealedSecrets(vault, secrets),
        created_at_ms: deps.clock.now(),
      };
      const row = await database.write((writer) => {
        const slug = input.slug === undefined ? freeSlug(deps, writer, slugFrom(input.name)) : ownSlug(database, writer, input.slug, id);
        insertBin(database, writer, { ...fields, slug });
        return { ...fields, slug };
      });
      hold(row, secrets);
      deps.changes.publish('bins', [id]);
      return shown(id);
    },
    update: async (id, patch) => {
      checkResponseHeaders(patch.response?.headers ?? {});
      // Secrets that are not replaced keep their bytes, also where this key cannot open them.
      const sealed = patch.secrets === undefined ? {} : sealedSecrets(vault, patch.secrets);
      const changed = await database.write((writer) => {
        const before = readBin(database, writer, id);
        if (before === undefined) throw notFound('bin', id);
        const signing = patch.signing === undefined ? signingOf(before) : patch.signing;
        const secrets = patch.secrets ?? secretsOf(id);
        if (patch.signing !== undefined || patch.secrets !== undefined) checkSecrets(signing, secrets);
        const row: BinRow = {
          ...before,
          name: patch.name ?? before.name,
          slug: patch.slug === undefined ? before.slug : ownSlug(database, writer, patch.slug, id),
          response_json: JSON.stringify(changedResponse(responseOf(before), patch.response)),
          signing_json: signingJson(signing),
          ...sealed,
        };
        updateBin(database, writer, row);
        return { row, secrets };
      });
      hold(changed.row, changed.secrets);
      deps.changes.publish('bins', [id]);
      return shown(id);
    },
    remove: async (id) => {
      const removed = await database.write((writer) => {
        const captures = clearCaptures(database, writer, id);
        if (!deleteBin(database, writer, id)) throw notFound('bin', id);
        return captures;
      });
      forget(id);
      deps.changes.publish('bins', [id]);
      deps.changes.publish('captures', []);
      return removed;
    },
  };
}

function readyBin(row: BinRow, secrets: readonly string[]): ReadyBin {
  const options = signingOf(row);
  return { id: row.id, answer: binAnswer(responseOf(row)), verifying: options === null ? null : { options, secrets } };
}

function responseOf(row: BinRow): BinResponse {
  return JSON.parse(row.response_json) as BinResponse;
}

function signingOf(row: BinRow): Signing | null {
  return row.signing_json === null ? null : (JSON.parse(row.signing_json) as Signing);
}

function secretsIn(row: BinRow, vault: Vault, log: Log): readonly string[] {
  try {
    return openJson<string[]>(vault, row.secrets_sealed);
  } catch {
    // The bin must go on capturing; its captures then say that no secret is there to verify by.
    log.warn({ binId: row.id }, 'The secrets of a bin were sealed with another key; enter them again to verify its captures');
    return [];
  }
}

function signingJson(signing: Signing | null): string | null {
  return signing === null ? null : JSON.stringify(signing);
}

function sealedSecrets(vault: Vault, secrets: readonly string[]): Pick<BinRow, 'secrets_sealed' | 'fingerprints_json'> {
  return { secrets_sealed: sealJson(vault, secrets), fingerprints_json: JSON.stringify(secrets.map(fingerprintOf)) };
}

function changedResponse(before: BinResponse, patch: ResponsePatch = {}): BinResponse {
  return {
    status: patch.status ?? before.status,
    headers: patch.headers ?? before.headers,
    body: patch.body ?? before.body,
    delayMs: patch.delayMs ?? before.delayMs,
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

/** The slug that was asked for. Throws a Refusal CONFLICT when another bin has it. */
function ownSlug(database: Database, writer: Writer, slug: string, id: string): string {
  const holder = binIdBySlug(database, writer, slug);
  if (holder === undefined || holder === id) return slug;
  const message = `Another bin has the slug ${slug}: choose another one, or delete that bin.`;
  throw new Refusal('CONFLICT', message, { issues: [{ path: 'slug', message }] });
}

function freeSlug(deps: Pick<BinBookDeps, 'database' | 'ids'>, writer: Writer, wanted: string): string {
  let slug = wanted;
  while (binIdBySlug(deps.database, writer, slug) !== undefined) slug = withSuffix(wanted, deps.ids.next('bin'));
  return slug;
}

function toBin(row: CountedBin, listenerUrl: string | null): Bin {
  return {
    id: row.id,
    name: row.name,
    slug: row.slug,
    // Without a listener there is no address to give, only the path it will have.
    url: `${listenerUrl ?? ''}/${row.slug}`,
    response: responseOf(row),
    signing: signingOf(row),
    secretFingerprints: JSON.parse(row.fingerprints_json) as string[],
    captureCount: row.capture_count,
    lastCaptureAtMs: row.last_capture_at_ms,
    createdAtMs: row.created_at_ms,
  };
}
