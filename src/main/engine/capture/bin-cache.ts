import type { Signing } from '#shared/contract/signing.ts';
import type { BinRow } from '../store/schema.ts';
import { binAnswer } from './answer.ts';
import type { BinAddress } from './arrival.ts';
import type { AnsweringBin } from './answering/answerer.ts';
import { readyAnswers } from './answering/config.ts';
import { addressOf, answersOf, responseOf, signingOf, type BinSecrets } from './bin-row.ts';

/** A bin in memory, for incoming requests. */
export interface ReadyBin extends AnsweringBin, BinAddress {
  /** How its captures are verified, or null. */
  readonly signing: Signing | null;
  /** What subscribers have to give, whether a handshake asks for it or not. */
  readonly verifyToken: string | null;
}

/** A bin as its row has it, with what was sealed in it. */
export function readyBin(row: BinRow, { secrets, verifyToken }: BinSecrets): ReadyBin {
  const response = responseOf(row);
  const signing = signingOf(row);
  const answers = readyAnswers(answersOf(row), { response, scheme: signing?.scheme ?? null, verifyToken });
  return {
    id: row.id,
    name: row.name,
    slug: row.slug,
    answer: binAnswer(response),
    answers,
    secrets,
    verifyToken,
    signing,
    ...addressOf(row),
  };
}

/** The bins in memory, so that a request needs neither SQL nor the vault. */
export interface BinCache {
  readonly at: (slug: string) => ReadyBin | undefined;
  readonly find: (id: string) => ReadyBin | undefined;
  readonly slugs: () => readonly string[];
  readonly put: (row: BinRow, secrets: BinSecrets) => void;
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
      const bin = readyBin(row, secrets);
      byId.set(bin.id, bin);
      bySlug.set(bin.slug, bin);
    },
    drop,
  };
}
