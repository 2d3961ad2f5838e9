import type { Signing } from '#shared/contract/signing.ts';
import type { BinRow } from '../store/schema.ts';
import { binAnswer, type Answer } from './answer.ts';
import type { BinAddress } from './arrival.ts';
import { addressOf, responseOf, signingOf } from './bin-row.ts';

/** A bin in memory, for incoming requests. */
export interface ReadyBin extends BinAddress {
  readonly id: string;
  readonly slug: string;
  readonly answer: Answer;
  /** Present even when nothing is verified. */
  readonly secrets: readonly string[];
  /** How its captures are verified, or null. */
  readonly signing: Signing | null;
}

/** The bins in memory, so that a request needs neither SQL nor the vault. */
export interface BinCache {
  readonly at: (slug: string) => ReadyBin | undefined;
  readonly find: (id: string) => ReadyBin | undefined;
  readonly slugs: () => readonly string[];
  readonly put: (row: BinRow, secrets: readonly string[]) => void;
  readonly drop: (id: string) => void;
}

export function createBinCache(): BinCache {
  const byId = new Map<string, ReadyBin>();
  const bySlug = new Map<string, ReadyBin>();
  const drop = (id: string) => {
    const known = byId.get(id);
    if (known !== undefined) bySlug.delete(known.slug);
    byId.delete(id);
  };
  return {
    at: (slug) => bySlug.get(slug),
    find: (id) => byId.get(id),
    slugs: () => [...bySlug.keys()],
    put: (row, secrets) => {
      drop(row.id);
      const bin: ReadyBin = {
        id: row.id,
        slug: row.slug,
        answer: binAnswer(responseOf(row)),
        secrets,
        signing: signingOf(row),
        ...addressOf(row),
      };
      byId.set(bin.id, bin);
      bySlug.set(bin.slug, bin);
    },
    drop,
  };
}
