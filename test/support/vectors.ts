import { readFileSync } from 'node:fs';
import { parseOptions, schemeOf } from '#engine/signing/registry.ts';
import { verification, type Verification } from '#shared/contract/verifying.ts';

/** A signed request whose verdict is known, as published by its provider or made from that by one change. */
export interface Vector {
  readonly id: string;
  readonly scheme: string;
  readonly secret?: string;
  readonly publicKey?: string;
  readonly secondarySecret?: string;
  readonly webhookId?: string;
  readonly method: string | null;
  readonly url?: string;
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bodyEncoding?: 'base64';
  /** Seconds since 1970. */
  readonly now: number;
  readonly expect: 'valid' | 'invalid';
}

/** The published vectors of a scheme. */
export function vectorsOf(scheme: string): readonly Vector[] {
  const all = JSON.parse(readFileSync(new URL('../fixtures/vectors-published.json', import.meta.url), 'utf8')) as Vector[];
  return all.filter((vector) => vector.scheme === scheme);
}

/** The verdict on a vector by the engine, with the options that its fields stand for. */
export function judge(vector: Vector): Verification {
  const given = {
    ...(vector.webhookId === undefined ? {} : { webhookId: vector.webhookId }),
    ...(vector.status === undefined ? {} : { status: vector.status }),
  };
  const options = parseOptions(vector.scheme, given);
  return verification.parse(
    schemeOf(options.scheme).verify({
      options,
      secrets: [vector.secret, vector.publicKey, vector.secondarySecret].filter((secret) => secret !== undefined),
      nowMs: vector.now * 1000,
      method: vector.method,
      url: vector.url ?? null,
      headers: Object.entries(vector.headers),
      body: Buffer.from(vector.body, vector.bodyEncoding ?? 'utf8'),
    }),
  );
}
