import { randomUUID } from 'node:crypto';
import type { BinAnswers } from '#shared/contract/bin-answers.ts';
import type { BinResponse } from '#shared/contract/bin-response.ts';
import type { Bin } from '#shared/contract/bins.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { Log, Vault } from '../base/ports.ts';
import { isTemplateText, noAnswers, type StoredAnswers } from './answering/config.ts';
import { storedSigning } from '../signing/options.ts';
import { fingerprintOf } from '../signing/secret.ts';
import { readJson } from '../store/damage.ts';
import type { BinRow } from '../store/schema.ts';
import { openJson, sealJson } from '../store/sealed.ts';
import type { BinAddress } from './arrival.ts';
import type { OpenAddress } from './open/open-ports.ts';
import type { CountedBin } from './bin-store.ts';

/** Those of bins from before there were faults and templates have none. */
type StoredResponse = Omit<BinResponse, 'fault' | 'isTemplate'> & Partial<Pick<BinResponse, 'fault' | 'isTemplate'>>;

/** The answer in a bin's row. */
export function responseOf(row: BinRow): BinResponse {
  const stored = readJson<StoredResponse>(row.response_json, { table: 'bins', column: 'response_json', row: row.id });
  // What looked like a template before there were any was sent as it was.
  const isTemplate = stored.isTemplate ?? ![stored.body, ...Object.values(stored.headers).flat()].some(isTemplateText);
  return { ...stored, fault: stored.fault ?? null, isTemplate };
}

/** How a bin answers beyond its response. */
export function answersOf(row: BinRow): StoredAnswers {
  return { ...noAnswers, ...readJson<Partial<StoredAnswers>>(row.answers_json, { table: 'bins', column: 'answers_json', row: row.id }) };
}

/** What is sealed in a bin's row. */
export interface BinSecrets {
  readonly secrets: readonly string[];
  readonly verifyToken: string | null;
}

/** What is sealed in a bin's row, as far as this key opens it. */
export function openedOf(row: BinRow, vault: Vault, log: Log): BinSecrets {
  return { secrets: secretsOf(row, vault, log), verifyToken: verifyTokenOf(row, vault, log) };
}

function verifyTokenOf(row: BinRow, vault: Vault, log: Log): string | null {
  if (row.verify_token_sealed === null) return null;
  try {
    return openJson<string>(vault, row.verify_token_sealed);
  } catch {
    log.warn({ binId: row.id }, 'The verify token of a bin was sealed with another key; enter it again to answer subscribers');
    // One that nobody knows: without any, the bin would accept all.
    return randomUUID();
  }
}

/** What a bin's row says of the way to it. */
export function addressOf(row: BinRow): BinAddress {
  const stored = readJson<Partial<BinAddress>>(row.config_json, { table: 'bins', column: 'config_json', row: row.id });
  return { publicUrl: stored.publicUrl ?? null, trustsProxy: stored.trustsProxy ?? false };
}

/** How to verify, by a bin's row, or null. */
export function signingOf(row: BinRow): Signing | null {
  if (row.signing_json === null) return null;
  return storedSigning(readJson<Signing>(row.signing_json, { table: 'bins', column: 'signing_json', row: row.id }));
}

/** The secrets of a bin's row; none, with a warning in the log, when another key sealed them. */
export function secretsOf(row: BinRow, vault: Vault, log: Log): readonly string[] {
  try {
    return openJson<string[]>(vault, row.secrets_sealed);
  } catch {
    // The bin must go on capturing; its captures then say that there is no secret to verify with.
    log.warn({ binId: row.id }, 'The secrets of a bin were sealed with another key; enter them again to verify its captures');
    return [];
  }
}

/** Signing as its column. */
export function signingJson(signing: Signing | null): string | null {
  return signing === null ? null : JSON.stringify(signing);
}

/** Secrets as their columns: sealed, and as fingerprints to show. */
export function sealedSecrets(vault: Vault, secrets: readonly string[]): Pick<BinRow, 'secrets_sealed' | 'fingerprints_json'> {
  return { secrets_sealed: sealJson(vault, secrets), fingerprints_json: JSON.stringify(secrets.map(fingerprintOf)) };
}

/** Base URLs of the listener; null where it does not listen. */
export interface ListenerUrls {
  readonly http: string | null;
  readonly https: string | null;
  /** Those beyond loopback. */
  readonly open: readonly OpenAddress[];
}

/** The URL by which the host names the bin. */
function hostUrlOf(base: string, slug: string): string {
  const { protocol, port } = new URL(base);
  return `${protocol}//${slug}.localhost${port === '' ? '' : `:${port}`}`;
}

/** A bin without its secrets. */
export function toBin(row: CountedBin, { http, https, open }: ListenerUrls): Bin {
  return {
    id: row.id,
    name: row.name,
    slug: row.slug,
    // Without a listener there is no address yet, only the path.
    url: `${http ?? ''}/${row.slug}`,
    hostUrl: http === null ? null : hostUrlOf(http, row.slug),
    httpsUrl: https === null ? null : `${https}/${row.slug}`,
    httpsHostUrl: https === null ? null : hostUrlOf(https, row.slug),
    openUrls: open.flatMap(({ url, httpsUrl }) => [url, httpsUrl].flatMap((base) => (base === null ? [] : `${base}/${row.slug}`))),
    ...addressOf(row),
    response: responseOf(row),
    answers: toldAnswers(answersOf(row)),
    signing: signingOf(row),
    secretFingerprints: readJson<string[]>(row.fingerprints_json, { table: 'bins', column: 'fingerprints_json', row: row.id }),
    captureCount: row.capture_count,
    lastCaptureAtMs: row.last_capture_at_ms,
    createdAtMs: row.created_at_ms,
    updatedAtMs: row.updated_at_ms,
  };
}

function toldAnswers({ epoch, rules, ...answers }: StoredAnswers): BinAnswers {
  return { ...answers, rules: rules.map(({ epoch: ofRule, ...rule }) => rule) };
}
