import { randomBytes } from 'node:crypto';
import { authPartId, type AuthPartInput } from '#shared/contract/auths.ts';
import { invalid } from '../base/refusal.ts';
import { encodeBytes } from '../signing/encoding.ts';
import { assertSignable, freshSecret } from '../signing/usable-secret.ts';
import type { PartSecret, StoredPart } from './config.ts';

/** Earlier secrets that still sign; each makes the signature header longer, and receivers limit headers. */
const previousSecrets = 9;

/** Parts as given, over the parts that there were: one without its secret keeps it. Throws a Refusal for a secret that is missing or unusable. */
export function mergedParts(given: readonly AuthPartInput[], before: readonly StoredPart[], nowMs: number): readonly StoredPart[] {
  const known = new Map(before.map((part) => [authPartId(part), part]));
  return given.map((part, index) => mergedPart(part, known.get(authPartId(part)), `parts.${index}`, nowMs));
}

function mergedPart(given: AuthPartInput, before: StoredPart | undefined, path: string, nowMs: number): StoredPart {
  const kept = (before?.secrets ?? []).filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > nowMs);
  const only = (secret: string | undefined, field: string, what: string): readonly PartSecret[] => {
    if (secret !== undefined) return [{ secret, expiresAtMs: null }];
    if (kept.length > 0) return kept;
    throw invalid(`${path}.${field}`, `Give the ${what}: there is none yet that could be kept.`);
  };
  switch (given.kind) {
    case 'signature': {
      const { secret, ...part } = given;
      const isKept = secret === undefined && kept.length > 0;
      const secrets = isKept ? kept : [{ secret: secret ?? freshSecret(given.signing), expiresAtMs: null }];
      for (const each of secrets) assertSignable(each.secret, given.signing, `${path}.`);
      return { ...part, secrets };
    }
    case 'basic': {
      const { password, ...part } = given;
      return { ...part, secrets: only(password, 'password', 'password') };
    }
    case 'bearer': {
      const { token, ...part } = given;
      return { ...part, secrets: only(token, 'token', 'token') };
    }
    case 'header': {
      const { value, ...part } = given;
      return { ...part, secrets: only(value, 'value', `value of ${given.name}`) };
    }
    case 'query': {
      const { value, ...part } = given;
      return { ...part, secrets: only(value, 'value', `value of ${given.name}`) };
    }
  }
}

/** The part that a rotation is meant for. Throws a Refusal when it is not clear or does not exist. */
export function rotatedPart(parts: readonly StoredPart[], partId: string | undefined): StoredPart {
  const ids = parts.map(authPartId);
  if (partId === undefined) {
    const part = parts.find(({ kind }) => kind === 'signature') ?? (parts.length === 1 ? parts[0] : undefined);
    if (part !== undefined) return part;
    throw invalid('part', `Name the part whose secret is to be replaced: ${ids.join(', ')}.`);
  }
  const part = parts.find((each) => authPartId(each) === partId);
  if (part === undefined) throw invalid('part', `There is no part ${partId}; this authentication has ${ids.join(', ')}.`);
  return part;
}

/**
 * A part with a new secret, given or made here. A signature keeps signing with the previous secrets until `overlapEndsAtMs`; the others send one
 * secret only, so theirs is replaced at once. Throws a Refusal for a secret that cannot be used.
 */
export function withNewSecret(
  part: StoredPart,
  given: string | undefined,
  { nowMs, overlapEndsAtMs }: { readonly nowMs: number; readonly overlapEndsAtMs: number },
): { readonly part: StoredPart; readonly secret: string; readonly previousExpiresAtMs: number } {
  if (part.kind !== 'signature') {
    const secret = given ?? encodeBytes(randomBytes(32), 'base64url');
    assertSendable(part, secret);
    return { part: { ...part, secrets: [{ secret, expiresAtMs: null }] }, secret, previousExpiresAtMs: nowMs };
  }
  const secret = given ?? freshSecret(part.signing);
  assertSignable(secret, part.signing, '');
  const previous = part.secrets
    .map((old) => ({ ...old, expiresAtMs: Math.min(old.expiresAtMs ?? Number.POSITIVE_INFINITY, overlapEndsAtMs) }))
    .filter((old) => old.expiresAtMs > nowMs)
    .slice(0, previousSecrets);
  return { part: { ...part, secrets: [{ secret, expiresAtMs: null }, ...previous] }, secret, previousExpiresAtMs: overlapEndsAtMs };
}

/** Refuses a secret that could not stand where its part sends it. */
function assertSendable(part: StoredPart, secret: string): void {
  if (part.kind === 'bearer' && !/^[\x21-\x7e]+$/.test(secret))
    throw invalid('secret', 'Use printable ASCII without spaces for the token.');
  if (part.kind === 'header' && (!/^[\t\x20-\x7e\x80-\xff]*$/.test(secret) || secret.trim() !== secret))
    throw invalid('secret', 'A header value must be one line of Latin-1 text without spaces around it.');
  if (part.kind === 'basic' && /\p{Cc}/u.test(secret))
    throw invalid('secret', 'A password of Basic authentication has no control characters.');
}
