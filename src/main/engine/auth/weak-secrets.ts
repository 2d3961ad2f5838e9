import { authPartId, type CertificateInfo } from '#shared/contract/auths.ts';
import type { Warning } from '#shared/contract/common.ts';
import { isInClear } from '../http/in-clear.ts';
import { remarksOn } from '../signing/usable-secret.ts';
import { expiryProblem, expiryRemark } from './certificates.ts';
import type { StoredPart } from './config.ts';

/** Shorter ones can be guessed by trying; 16 characters of base64 are 96 bits. */
const enoughCharacters = 16;

/** What makes the secrets of a part easy to guess, or is unusual about them, each in a sentence. */
export function remarksOnPart(part: StoredPart, nowMs: number): readonly string[] {
  if (part.kind === 'mutual-tls') return remarksOnCertificates([part.certificate], nowMs);
  if (part.kind === 'ca') return remarksOnCertificates(part.authorities, nowMs);
  const secrets = part.secrets.filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > nowMs).map(({ secret }) => secret);
  if (part.kind === 'signature') return remarksOn(secrets, part.signing);
  const what = { basic: 'password', bearer: 'token', header: 'value', query: 'value', oauth2: 'client secret' }[part.kind];
  const inClear = part.kind === 'oauth2' && isInClear(part.tokenUrl) ? [inClearSentence] : [];
  const guessable = secrets
    .filter((secret) => secret.length < enoughCharacters)
    .map(
      ({ length }) =>
        `The ${what} has ${length} ${length === 1 ? 'character' : 'characters'}, which can be guessed; use at least ${enoughCharacters}.`,
    );
  return [...guessable, ...inClear];
}

const inClearSentence = 'The token server is asked over plain HTTP, so that everyone between can read the client secret: use https.';

function remarksOnCertificates(certificates: readonly CertificateInfo[], nowMs: number): readonly string[] {
  return certificates.flatMap((certificate) => expiryProblem(certificate, nowMs) ?? expiryRemark(certificate, nowMs) ?? []);
}

/** Warnings about the parts of an authentication, each with the field that it is about. */
export function partWarnings(parts: readonly StoredPart[], nowMs: number): Warning[] {
  return parts.flatMap((part, index) =>
    remarksOnPart(part, nowMs).map((message) => ({
      code: part.kind === 'mutual-tls' || part.kind === 'ca' ? 'CERTIFICATE_EXPIRES' : 'SECRET_WEAK',
      message: parts.length === 1 ? message : `${authPartId(part)}: ${message}`,
      path: `parts.${index}`,
    })),
  );
}
