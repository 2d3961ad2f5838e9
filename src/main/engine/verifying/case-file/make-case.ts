import { customHeaders } from '#shared/custom-headers.ts';
import { headerNameTest, isSameHeader } from '#shared/text/headers.ts';
import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import type { SolverMatch, SolverResult } from '#shared/contract/solving.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { isPrivateHeader } from '#shared/text/private-names.ts';
import { schemeOf } from '../../signing/registry.ts';
import type { Scheme, VerifyInput } from '../../signing/scheme.ts';
import { fingerprintOf } from '../../signing/secret.ts';
import { version } from '../../base/version.ts';
import { verifyRequest } from '../../signing/verify.ts';
import type { CaseBytes, CaseDocument, CaseHeader, CaseSecret } from './case-document.ts';
import { proveByPublicKeys } from './public-key-proof.ts';
import { beginningOf, createRedaction, leftOut, redactDecoded, redactNamed, shortestValue, type Redaction } from './redaction.ts';
import { factsOf, repeatableChecks, sha256Hex } from './repeatable-checks.ts';

/** The input of a case file. */
export interface CaseInput {
  readonly request: VerifyInput;
  readonly includeHeaders: 'redacted' | 'all';
  /** Result of a search for the cause, or null. */
  readonly search: SolverResult | null;
  /** Epoch milliseconds at which the file is made. */
  readonly madeAtMs: number;
  /** Secrets in the URL, in every form, none of which may appear in the file. */
  readonly hiddenTexts?: readonly string[];
}

/** Verifies a request and collects everything about it except the secrets. */
export async function makeCase({ request, includeHeaders, search, madeAtMs, hiddenTexts = [] }: CaseInput): Promise<CaseDocument> {
  const scheme = schemeOf(request.options.scheme);
  const verification = verifyRequest(request);
  const secrets = request.secrets.map((text, index) => caseSecret(scheme, request, text, index));
  const hidden = hiddenValues(scheme, request, secrets, includeHeaders);
  const redaction = createRedaction(hidden, hiddenTexts);
  const url = request.url === null ? null : shownText(request.url, redaction, includeHeaders);
  const headers = caseHeaders(scheme, request, hidden, redaction, includeHeaders);
  const body = caseBytes(request.body, redaction);
  const signed = verification.signedBase64 === null ? null : caseBytes(Buffer.from(verification.signedBase64, 'base64'), redaction);
  const facts = factsOf(scheme, request, verification, await proofsOf(secrets, verification));
  const { expectedSignatures, signedBase64: _signed, parts, ...verdict } = verification;
  const isPublic = secrets.length > 0 && secrets.every(({ publicKey }) => publicKey !== null);
  return {
    format: 'hookyard-case',
    formatVersion: 1,
    tool: { name: 'Hookyard', version },
    madeAt: new Date(madeAtMs).toISOString(),
    checkedAt: new Date(request.nowMs).toISOString(),
    checkedAtMs: request.nowMs,
    scheme: { id: scheme.id, ...scheme.info },
    options: redacted(request.options, redaction),
    request: { method: request.method, url, headers, body },
    verdict: redacted(verdict, redaction),
    expectedSignatureBeginnings: expectedSignatures.map((text) => shownSignature(redaction.text(text), verification.receivedSignatures)),
    secrets,
    signed: signed === null ? null : { ...signed, parts },
    search: search === null ? null : caseSearch(search, verification, redaction),
    repeatable: redacted(repeatableChecks(request, verification, facts), redaction),
    facts,
    leftOut: leftOutSentences({
      headers,
      body,
      signed,
      isPublic,
      hasShort: hasShortSecret(request, secrets),
      url,
      originalUrl: request.url,
      verification,
    }),
  };
}

function caseSecret(scheme: Scheme, { options, secrets }: VerifyInput, text: string, index: number): CaseSecret {
  const publicKey = scheme.publicKeyOf?.(text, options) ?? null;
  const isShared = scheme.publicKeyOf === undefined || (options.scheme === 'custom' && publicKey === null);
  const kind = isShared ? 'Secret' : 'Key';
  return {
    label: secrets.length === 1 ? kind : `${kind} ${index + 1} of ${secrets.length}`,
    fingerprint: fingerprintOf(text),
    publicKey,
  };
}

/** Texts that must not appear in the file: secrets, tokens, and the credentials of headers and the URL. */
function hiddenValues(
  scheme: Scheme,
  request: VerifyInput,
  secrets: readonly CaseSecret[],
  includeHeaders: CaseInput['includeHeaders'],
): readonly string[] {
  const own = request.secrets.filter((text, index) => secrets[index]?.publicKey?.trim() !== text.trim());
  const tokens = request.headers.filter(([name]) => isTokenHeader(scheme, name)).map(([, value]) => value);
  if (includeHeaders === 'all') return [...own, ...tokens];
  const isOfScheme = schemeHeaderTest(scheme, request);
  const named = request.headers.flatMap(([name, value]) => {
    if (isOfScheme(name)) return [];
    return isPrivateHeader(name) ? [value] : redactNamed(value).values;
  });
  const ofUrl = request.url === null ? [] : redactNamed(request.url).values;
  // The signature stays, wherever else it is repeated: the case is about it.
  const evidence = request.headers.filter(([name]) => isOfScheme(name)).map(([, value]) => value);
  return [...own, ...tokens, ...[...named, ...ofUrl].filter((value) => !evidence.some((shown) => shown.includes(value)))];
}

/** A text without known values and, unless all is asked for, without those that are named in it. */
function shownText(text: string, redaction: Redaction, includeHeaders: CaseInput['includeHeaders']): string {
  const isNamedToo = includeHeaders === 'redacted';
  return redactDecoded(redaction.text(isNamedToo ? redactNamed(text).text : text), redaction, isNamedToo);
}

function isTokenHeader(scheme: Scheme, name: string): boolean {
  return scheme.info.algorithm === 'plain token' && isSchemeHeader(scheme, name);
}

function isSchemeHeader(scheme: Scheme, name: string): boolean {
  return scheme.info.headers.some((own) => isSameHeader(own, name));
}

/** Names the headers that the scheme verifies by, which have to be visible. */
function schemeHeaderTest(scheme: Scheme, { options }: VerifyInput): (name: string) => boolean {
  const isCustomHeader = headerNameTest(options.scheme === 'custom' ? customHeaders(options).all : []);
  return (name) => isSchemeHeader(scheme, name) || isCustomHeader(name);
}

function caseHeaders(
  scheme: Scheme,
  request: VerifyInput,
  hidden: readonly string[],
  redaction: Redaction,
  includeHeaders: CaseInput['includeHeaders'],
): readonly CaseHeader[] {
  const isOfScheme = schemeHeaderTest(scheme, request);
  return request.headers.map(([name, value]: HeaderField): CaseHeader => {
    if (isTokenHeader(scheme, name)) return { name, value: `[redacted: token with fingerprint ${fingerprintOf(value)}]`, isRedacted: true };
    const isSecret = request.secrets.includes(value) || hidden.includes(value.trim());
    const isPrivate = includeHeaders === 'redacted' && isPrivateHeader(name) && !isOfScheme(name);
    if (isPrivate || isSecret) return { name, value: leftOut(value), isRedacted: true };
    const shown = isOfScheme(name) ? redactDecoded(redaction.text(value), redaction, false) : shownText(value, redaction, includeHeaders);
    return { name, value: shown, isRedacted: shown !== value };
  });
}

function caseBytes(bytes: Uint8Array, redaction: Redaction): CaseBytes {
  const masked = redaction.bytes(bytes);
  return {
    base64: Buffer.from(masked.bytes).toString('base64'),
    bytes: bytes.byteLength,
    sha256Hex: sha256Hex(bytes),
    maskedBytes: masked.maskedBytes,
  };
}

/** Public-key proofs if they agree with the verdict; none when the scheme does more than a page can. */
async function proofsOf(secrets: readonly CaseSecret[], verification: Verification): ReturnType<typeof proveByPublicKeys> {
  const keys = secrets.flatMap(({ publicKey }) => (publicKey === null ? [] : [publicKey]));
  if (verification.signedBase64 === null || keys.length === 0) return [];
  const proofs = await proveByPublicKeys(keys, verification.receivedSignatures, Buffer.from(verification.signedBase64, 'base64'));
  const isProved = proofs.some(({ result }) => result === 'passed');
  const isRecorded = verification.checks.some(({ name, result }) => name === 'signature' && result === 'passed');
  return isProved === isRecorded ? proofs : [];
}

/** Plain data with hidden texts removed from all strings. */
function redacted<Value>(value: Value, redaction: Redaction): Value {
  const text = JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? redaction.text(each) : each));
  return JSON.parse(text) as Value;
}

/** A received signature is in the request anyway; of any other only the beginning is shown. */
function shownSignature(text: string, received: readonly string[]): string {
  return received.includes(text) ? text : beginningOf(text);
}

function caseSearch(
  { kind: _kind, matches, ...rest }: SolverResult,
  { receivedSignatures }: Verification,
  redaction: Redaction,
): CaseDocument['search'] {
  const shown = (text: string) => shownSignature(text, receivedSignatures);
  const caseMatch = ({ signed: _signed, fix: _fix, ...match }: SolverMatch) => ({
    ...match,
    expected: shown(match.expected),
    received: shown(match.received),
    unchanged: match.unchanged === null ? null : shown(match.unchanged),
  });
  return redacted({ ...rest, matches: matches.map(caseMatch) }, redaction);
}

function hasShortSecret({ secrets }: VerifyInput, shown: readonly CaseSecret[]): boolean {
  return secrets.some((secret, index) => secret.trim().length < shortestValue && shown[index]?.publicKey === null);
}

interface LeftOut {
  readonly headers: readonly CaseHeader[];
  readonly body: CaseBytes;
  readonly signed: CaseBytes | null;
  readonly isPublic: boolean;
  /** Whether a secret is too short to be told from other text. */
  readonly hasShort: boolean;
  readonly url: string | null;
  readonly originalUrl: string | null;
  readonly verification: Verification;
}

function leftOutSentences({ headers, body, signed, isPublic, hasShort, url, originalUrl, verification }: LeftOut): readonly string[] {
  const names = [...new Set(headers.filter(({ isRedacted }) => isRedacted).map(({ name }) => name))];
  const isMasked = body.maskedBytes > 0 || (signed?.maskedBytes ?? 0) > 0;
  return [
    isPublic
      ? 'Private keys are never in a case file. The public keys are, because they let nobody sign.'
      : 'Secrets are left out. Each is named by its fingerprint, the first 8 hex digits of SHA-256 over its text.',
    ...(hasShort ? [`A secret of fewer than ${shortestValue} characters is not looked for inside other text.`] : []),
    ...(verification.expectedSignatures.length === 0
      ? []
      : [
          'Of signatures that were expected but not received, only the beginning is shown: whoever has such a signature in full can send this one message in the name of the sender.',
        ]),
    ...(names.length === 0 ? [] : [`Values of these headers are left out or shortened: ${names.join(', ')}.`]),
    ...(url === originalUrl ? [] : ['Parts of the URL that let their reader in are left out.']),
    ...(isMasked
      ? [
          'A secret stood in the body or in the signed string. Each of its bytes was overwritten with *, so digests cannot be computed again.',
        ]
      : []),
    ...(verification.verdict === 'valid'
      ? ['The request is valid, so whoever has this file can send it again until its timestamp is too old. Hand it to people you trust.']
      : []),
  ];
}
