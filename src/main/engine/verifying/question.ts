import { changedRequest } from '#shared/changed-request.ts';
import type { RequestChoice } from '#shared/contract/request-choice.ts';
import { givenOptions, type Signing } from '#shared/contract/signing.ts';
import type { RequestChange } from '#shared/contract/solver-fix.ts';
import type { Verification, VerifyAnswer } from '#shared/contract/verifying.ts';
import type { Clock } from '../base/ports.ts';
import { invalid } from '../base/refusal.ts';
import { parseOptions } from '../signing/registry.ts';
import type { UrlSecret } from '../request/url-secrets.ts';
import type { RequestOwner, RequestSource } from './request-source.ts';
import { noProof, type UnnamedInput } from '../signing/verify-recognised.ts';

/** The value in place of a scheme's id that means: recognise it. */
const autoScheme = 'auto';

export interface QuestionDeps {
  readonly clock: Clock;
  /** Secrets of an endpoint or bin by its id, in clear; refuses with NOT_FOUND. */
  readonly secretsOf: (id: string) => Promise<readonly string[]>;
  readonly requestOf: RequestSource;
}

/** The input of a call for a verdict. */
export interface QuestionInput extends RequestChoice {
  readonly scheme: string;
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  readonly secrets: readonly string[];
  readonly secretsOf?: string | undefined;
  readonly nowMs?: number | undefined;
  /** A change to make first. */
  readonly change?: RequestChange | undefined;
}

/** A complete question: what the call omits (scheme, secrets, clock) comes from the request's bin or endpoint. */
export interface Question {
  readonly input: UnnamedInput;
  /** Null to recognise the scheme. */
  readonly signing: Signing | null;
  /** The owner of the scheme, when the call named none. */
  readonly owner: RequestOwner | null;
  readonly isCut: boolean;
  /** Why the exact body is not known, as a clause that follows `The body`; null where it is. */
  readonly bodyGap: string | null;
  /** Secrets in the URL of the request, which an answer must not contain. */
  readonly hidden: readonly UrlSecret[];
}

/** Completes a question, so that a request of the workspace gets the same verdict everywhere. Rejects with a Refusal. */
export async function completeQuestion(deps: QuestionDeps, asked: QuestionInput): Promise<Question> {
  const { change = {} } = asked;
  const named = namedIn(change.scheme === undefined ? asked : { scheme: change.scheme, options: change.options });
  const { atMs, isCut, bodyGap, owner: ownerOf, hidden, ...request } = deps.requestOf(asked);
  const owner = named === null && Object.keys(asked.options ?? {}).length === 0 ? ownerOf : null;
  const lender = asked.secretsOf ?? (owner !== null && asked.secrets.length === 0 ? owner.id : undefined);
  const lent = await lentBy(deps, [lender, change.secret?.kind === 'owner' ? change.secret.id : undefined]);
  const changed = changedRequest({ ...request, secrets: asked.secrets }, change);
  if (changed.kind === 'refused') throw invalid(`change.${changed.path}`, changed.message);
  const input = {
    ...request,
    ...changed.request,
    secrets: [...changed.request.secrets, ...lent],
    nowMs: asked.nowMs ?? atMs ?? deps.clock.now(),
  };
  return { input, signing: named ?? owner?.signing ?? null, owner, isCut, bodyGap, hidden };
}

function namedIn({ scheme, options }: Pick<QuestionInput, 'scheme' | 'options'>): Signing | null {
  return scheme === autoScheme ? null : parseOptions(scheme, options);
}

async function lentBy({ secretsOf }: QuestionDeps, owners: readonly (string | undefined)[]): Promise<readonly string[]> {
  const ids = [...new Set(owners.filter((id) => id !== undefined))];
  return (await Promise.all(ids.map(secretsOf))).flat();
}

/** The input of a search, completed with the scheme and secrets of the bin or endpoint in the same way as for a verdict. */
export function asOwners<T extends Pick<QuestionInput, 'scheme' | 'options' | 'secrets'> & { readonly secretsOf: readonly string[] }>(
  asked: T,
  owner: RequestOwner | null,
): T {
  if (owner === null || asked.scheme !== autoScheme || Object.keys(asked.options ?? {}).length > 0) return asked;
  const { scheme, ...options } = owner.signing;
  return { ...asked, scheme, options, secretsOf: asked.secrets.length + asked.secretsOf.length === 0 ? [owner.id] : asked.secretsOf };
}

/** What is returned with a verdict by an owner's scheme: whose scheme it is, and its options. */
export function ownersPart({ because, signing }: RequestOwner): Pick<VerifyAnswer, 'recognised' | 'options'> {
  return { recognised: [{ scheme: signing.scheme, confidence: 'certain', because }], options: givenOptions(signing) };
}

/** Whether another body could give another verdict: plain tokens, and the signature of a token's claims, are compared without it. */
function isOfBody({ reason, parts, signedBase64 }: Verification): boolean {
  if (reason === 'signature_mismatch') return signedBase64 !== null && !parts.some(({ name }) => name === 'claims');
  return reason === 'digest_mismatch' || reason === 'body_malformed';
}

/** A verdict where the exact body may not be known: a signature that does not match is then none on the secret. */
export function judgedWithout<T extends Verification>(verdict: T, bodyGap: string | null): T {
  if (bodyGap === null || verdict.verdict !== 'invalid' || !isOfBody(verdict)) return verdict;
  const message = `The body ${bodyGap}.`;
  return {
    ...verdict,
    verdict: 'unchecked',
    reason: 'request_incomplete',
    message: `${message} Nothing is said about the signature, which is over the exact bytes: give the body as it came.`,
    checks: verdict.checks.map((check) =>
      check.name === 'signature' && check.result === 'failed' ? { ...check, result: 'skipped', message } : check,
    ),
    next: [],
  };
}

/** The result for a request with an incomplete body; it is not a verdict on the signature. */
export function cutAnswer({ signing }: Pick<Question, 'signing'>): Verification {
  const message = 'The body was cut off when it was captured, because the connection ended early or the limit was reached.';
  return {
    ...noProof,
    verdict: 'unchecked',
    reason: 'request_incomplete',
    message: `${message} Nothing is said about the signature, which is over the whole: have it sent again.`,
    scheme: signing?.scheme ?? 'unknown',
    checks: [{ name: 'signature', result: 'skipped', message }],
  };
}
