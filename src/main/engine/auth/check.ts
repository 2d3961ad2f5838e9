import { authPartId, type AuthCheckResult } from '#shared/contract/auths.ts';
import { Refusal } from '../base/refusal.ts';
import { assertSignable } from '../signing/usable-secret.ts';
import type { AuthConfig, StoredPart } from './config.ts';
import { remarksOnPart } from './weak-secrets.ts';

/** Tries each part of an authentication, without sending a webhook. */
export function checkAuth({ parts }: AuthConfig, nowMs: number): readonly AuthCheckResult[] {
  return parts.map((part) => checkPart(part, nowMs));
}

function checkPart(part: StoredPart, nowMs: number): AuthCheckResult {
  const partId = authPartId(part);
  const problem = problemOf(part);
  if (problem !== null) return { partId, status: 'failed', message: problem };
  const remarks = remarksOnPart(part, nowMs);
  return remarks.length > 0
    ? { partId, status: 'warning', message: remarks.join(' ') }
    : { partId, status: 'ok', message: okSentence(part) };
}

function problemOf(part: StoredPart): string | null {
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
  }
}
