import { authPartId, type AuthCheckResult } from '#shared/contract/auths.ts';
import { Refusal } from '../base/refusal.ts';
import { assertSignable } from '../signing/usable-secret.ts';
import { expiryProblem } from './certificates.ts';
import type { AuthConfig, StoredPart } from './config.ts';
import type { Tokens } from './tokens.ts';
import { remarksOnPart } from './weak-secrets.ts';

/** Tries each part of an authentication, without sending a webhook; a token is fetched anew. */
export function checkAuth(auth: AuthConfig, tokens: Tokens, nowMs: number): Promise<readonly AuthCheckResult[]> {
  return Promise.all(auth.parts.map((part) => (part.kind === 'oauth2' ? checkToken(auth, part, tokens, nowMs) : checkPart(part, nowMs))));
}

/** How long the token server may take. */
const tokenTimeoutMs = 15_000;

async function checkToken(auth: AuthConfig, part: StoredPart, tokens: Tokens, nowMs: number): Promise<AuthCheckResult> {
  const partId = authPartId(part);
  const held = tokens.held(auth);
  if (held !== null) tokens.drop(auth, held);
  const { problem, step } = await tokens.get(auth, tokenTimeoutMs);
  if (problem !== null) return { partId, status: 'failed', message: problem };
  const remarks = remarksOnPart(part, nowMs);
  return { partId, status: remarks.length > 0 ? 'warning' : 'ok', message: [step?.message ?? '', ...remarks].join(' ').trim() };
}

function checkPart(part: StoredPart, nowMs: number): AuthCheckResult {
  const partId = authPartId(part);
  const problem = problemOf(part, nowMs);
  if (problem !== null) return { partId, status: 'failed', message: problem };
  const remarks = remarksOnPart(part, nowMs);
  return remarks.length > 0
    ? { partId, status: 'warning', message: remarks.join(' ') }
    : { partId, status: 'ok', message: okSentence(part) };
}

function problemOf(part: StoredPart, nowMs: number): string | null {
  if (part.kind === 'mutual-tls') return expiryProblem(part.certificate, nowMs);
  if (part.kind !== 'signature') return null;
  try {
    for (const { secret } of part.secrets) assertSignable(secret, part.signing, '');
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
}

/** What can be said without asking a receiver, which alone knows whether a secret is the right one. */
function okSentence(part: StoredPart): string {
  switch (part.kind) {
    case 'signature':
      return 'A trial request can be signed with it. Only a receiver knows whether the secret is the right one.';
    case 'basic':
    case 'bearer':
      return 'It is sent as Authorization. Only a receiver knows whether it is the right one.';
    case 'header':
      return `It is sent as the header ${part.name}. Only a receiver knows whether it is the right one.`;
    case 'query':
      return `It is sent as the query parameter ${part.name}. Only a receiver knows whether it is the right one.`;
    case 'mutual-tls':
      return `The private key belongs to the certificate of ${part.certificate.subject}, which is valid.`;
    case 'ca':
      return part.authorities.length === 1
        ? 'The authority is trusted beside those of this machine.'
        : `The ${part.authorities.length} authorities are trusted beside those of this machine.`;
    case 'oauth2':
      return 'A token was fetched.';
  }
}
