import { authPartId, type Auth, type AuthPart } from '#shared/contract/auths.ts';
import type { AuthConfig, StoredPart } from '../auth/config.ts';
import type { NamedUser } from '../endpoints/store.ts';
import { publicKeyOf } from '../signing/registry.ts';
import { fingerprintOf } from '../signing/secret.ts';

/** An authentication without its secrets. */
export function toAuth({ isDeleted: _, ...auth }: AuthConfig, usedBy: readonly NamedUser[], nowMs: number): Auth {
  return { ...auth, parts: auth.parts.map((part) => toPart(part, nowMs)), usedBy: usedBy.map((user) => ({ ...user })) };
}

function toPart(part: StoredPart, nowMs: number): AuthPart {
  const id = authPartId(part);
  if (part.kind === 'mutual-tls') return { ...part, id, secrets: [] };
  if (part.kind === 'ca') return { ...part, id, authorities: [...part.authorities], secrets: [] };
  const { secrets, ...plain } = part;
  const shown = secrets
    .filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > nowMs)
    .map(({ secret, expiresAtMs }) => ({
      fingerprint: fingerprintOf(secret),
      expiresAtMs,
      publicKey: part.kind === 'signature' ? publicKeyOf(part.signing, secret) : null,
    }));
  return { ...plain, id, secrets: shown };
}
