import { randomBytes } from 'node:crypto';
import { authPartId, type AuthPartInput } from '#shared/contract/auths.ts';
import { taskLimitMs, TaskEnded, type Background } from '../background/background.ts';
import { invalid } from '../base/refusal.ts';
import { encodeBytes } from '../signing/encoding.ts';
import { assertSignable, freshSecret } from '../signing/usable-secret.ts';
import { certificateInfoOf, readCertificates, type CheckedIdentity } from './certificates.ts';
import type { PartSecret, StoredPart } from './config.ts';
import { checkIdentityTask, type IdentityOrder } from './identity-task.ts';

/** Earlier secrets that still sign; each makes the signature header longer, and receivers limit headers. */
const previousSecrets = 9;

/** What checking parts takes. */
export interface PartDeps {
  readonly background: Pick<Background, 'run'>;
  readonly nowMs: number;
}

/** Parts as given, over the parts that there were: one without its secret keeps it. Throws a Refusal for a secret that is missing or unusable. */
export async function mergedParts(
  given: readonly AuthPartInput[],
  before: readonly StoredPart[],
  deps: PartDeps,
): Promise<readonly StoredPart[]> {
  const known = new Map(before.map((part) => [authPartId(part), part]));
  return Promise.all(given.map((part, index) => mergedPart(part, known.get(authPartId(part)), `parts.${index}`, deps)));
}

async function mergedPart(given: AuthPartInput, before: StoredPart | undefined, path: string, deps: PartDeps): Promise<StoredPart> {
  const { nowMs } = deps;
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
    case 'oauth2': {
      const { clientSecret, ...part } = given;
      return { ...part, secrets: only(clientSecret, 'clientSecret', 'client secret') };
    }
    case 'mutual-tls':
      return mutualTls(given, before, path, deps);
    case 'ca':
      return { ...given, authorities: readCertificates(given.certificates, `${path}.certificates`).map(certificateInfoOf), secrets: [] };
  }
}

async function mutualTls(
  { kind, ...identity }: Extract<AuthPartInput, { readonly kind: 'mutual-tls' }>,
  before: StoredPart | undefined,
  path: string,
  { background, nowMs }: PartDeps,
): Promise<StoredPart> {
  const isPem = identity.certificate !== undefined || identity.privateKey !== undefined;
  const isPkcs12 = identity.pkcs12Base64 !== undefined;
  if (!isPem && !isPkcs12) {
    if (identity.passphrase === undefined && before?.kind === kind) return before;
    throw invalid(`${path}.certificate`, 'Give the certificate and its private key in PEM, or a PKCS#12 file.');
  }
  if (isPem && isPkcs12)
    throw invalid(`${path}.pkcs12Base64`, 'Give either the certificate and its private key in PEM or a PKCS#12 file, not both.');
  const { identity: opened, info } = await checkedInThread(background, { identity, path: `${path}.`, nowMs });
  const secret = JSON.stringify(opened);
  return { kind, form: isPkcs12 ? 'pkcs12' : 'pem', certificate: info, secrets: [{ secret, expiresAtMs: null }] };
}

async function checkedInThread(background: PartDeps['background'], order: IdentityOrder): Promise<CheckedIdentity> {
  try {
    return await background.run('keys', checkIdentityTask, order);
  } catch (error) {
    if (!(error instanceof TaskEnded)) throw error;
    const field = order.identity.pkcs12Base64 === undefined ? 'privateKey' : 'pkcs12Base64';
    throw invalid(
      `${order.path}${field}`,
      `Its passphrase takes more than ${taskLimitMs / 1000} seconds to open it: encrypt it again with fewer rounds (openssl pkcs8 -topk8 -iter 100000).`,
      { cause: error },
    );
  }
}

/** The part that a rotation is meant for. Throws a Refusal when it is not clear or does not exist. */
export function rotatedPart(parts: readonly StoredPart[], partId: string | undefined): StoredPart {
  const rotatable = parts.filter(({ kind }) => kind !== 'mutual-tls' && kind !== 'ca');
  const ids = rotatable.map(authPartId);
  if (partId === undefined) {
    const part = parts.find(({ kind }) => kind === 'signature') ?? (rotatable.length === 1 ? rotatable[0] : undefined);
    if (part !== undefined) return part;
    if (ids.length === 0) throw invalid('part', 'Certificates are not rotated: change the part and give the new ones.');
    throw invalid('part', `Name the part whose secret is to be replaced: ${ids.join(', ')}.`);
  }
  const part = rotatable.find((each) => authPartId(each) === partId);
  if (part === undefined)
    throw invalid('part', `There is no part ${partId} with a secret to replace; this authentication has ${ids.join(', ') || 'none'}.`);
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
    if (part.kind === 'oauth2' && given === undefined)
      throw invalid('secret', 'Give the new client secret: it comes from the owner of the token server.');
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
