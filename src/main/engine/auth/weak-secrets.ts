import { authPartId } from '#shared/contract/auths.ts';
import type { Warning } from '#shared/contract/common.ts';
import { remarksOn } from '../signing/usable-secret.ts';
import type { StoredPart } from './config.ts';

/** Shorter ones can be guessed by trying; 16 characters of base64 are 96 bits. */
const enoughCharacters = 16;

/** What makes the secrets of a part easy to guess, or is unusual about them, each in a sentence. */
export function remarksOnPart(part: StoredPart, nowMs: number): readonly string[] {
  const secrets = part.secrets.filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > nowMs).map(({ secret }) => secret);
  if (part.kind === 'signature') return remarksOn(secrets, part.signing);
  const what = { basic: 'password', bearer: 'token', header: 'value', query: 'value' }[part.kind];
  return secrets
    .filter((secret) => secret.length < enoughCharacters)
    .map(
      ({ length }) =>
        `The ${what} has ${length} ${length === 1 ? 'character' : 'characters'}, which can be guessed; use at least ${enoughCharacters}.`,
    );
}

/** Warnings about the parts of an authentication, each with the field that it is about. */
export function partWarnings(parts: readonly StoredPart[], nowMs: number): Warning[] {
  const weak = parts.flatMap((part, index) =>
    remarksOnPart(part, nowMs).map((message) => ({
      code: 'SECRET_WEAK',
      message: parts.length === 1 ? message : `${authPartId(part)}: ${message}`,
      path: `parts.${index}`,
    })),
  );
  return weak;
}
