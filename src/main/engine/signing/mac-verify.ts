import type { HeaderField } from '#shared/contract/common.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { encodeBytes } from './encoding.ts';
import { listed, quoted, readHeader } from './header-values.ts';
import type { Findings, FindingWords, HeaderFindings, SecretFindings, SignatureFindings } from './mac-findings.ts';
import { libraryNoteOf } from './library-traits.ts';
import { headersOf, isSameMac, isTimeInForm, macOf, type MacRecipe } from './mac-recipe.ts';
import { explainFindings } from './mac-verdict.ts';
import type { SignedString, VerifyInput } from './scheme.ts';
import { doubtsAbout, remarksOnKey } from './secret-wrapper.ts';
import { readForm, writeSignature, type ReadSignature } from './signature-form.ts';
import { fillPattern, placeholdersOf } from './signed-string.ts';
import { aroundNow, judgeTime } from './time-window.ts';
import type { TimestampState } from './timestamp.ts';

/** Verifies by a recipe. Every step is taken that can be, even when one before it failed, so that the message can say all. */
export function verifyByRecipe(recipe: MacRecipe, input: VerifyInput): Verification {
  const signatureValue = valueOf(input.headers, recipe.signatureHeader);
  const { timestamp: timeInForm, signatures: received } =
    signatureValue === null ? noReading : readForm(recipe.form, recipe.hash, signatureValue);
  const values = {
    id: valueOf(input.headers, recipe.idHeader),
    timestamp: isTimeInForm(recipe) ? timeInForm : timeInHeader(recipe, input.headers),
    method: input.method,
    url: input.url,
    body: input.body,
  };
  const signed = fillPattern(recipe, values);
  const secrets = readSecrets(recipe, input.secrets);
  const expected = signed === null ? [] : secrets.usable.map(({ index, key }) => ({ index, mac: macOf(recipe, key, signed) }));
  const findings: Findings = {
    words: wordsOf(recipe),
    headers: readHeaders(recipe, input.headers),
    secrets,
    timestamp: judgeTimestamp(recipe, values.timestamp, input.nowMs),
    signature:
      refuseFixed(recipe, input.headers) ??
      matchSignatures(recipe, received, expected, {
        isSigned: signatureValue !== null,
        hasTimestamp: values.timestamp !== null,
      }),
    unknown: (['method', 'url'] as const)
      .filter((name) => values[name] === null && placeholdersOf(recipe.pattern).has(name))
      .map((name) => (name === 'url' ? 'URL' : name)),
    obstacles: [],
    next: recipe.next,
  };
  const verification: Verification = {
    ...explainFindings(findings),
    scheme: recipe.scheme,
    timestampAgeSeconds: findings.timestamp === null || findings.timestamp.kind === 'malformed' ? null : findings.timestamp.ageSeconds,
    matchedSecret: findings.signature.kind === 'matched' ? findings.signature.secret : null,
    matchedSignature: findings.signature.kind === 'matched' ? findings.signature.signature : null,
    receivedSignatures: received.map((signature) => signature.text),
    expectedSignatures: expected.map(({ mac }) => writeSignature(recipe.form, mac)),
    ...evidenceOf(signed),
    libraryNote: null,
  };
  const libraryNote = libraryNoteOf(recipe.library, {
    verdict: verification,
    body: input.body,
    timestampText: values.timestamp,
    ownSignatures: received.flatMap((signature, index) => (signature.kind === 'other' ? [] : [index])),
    expected: expected.map(({ mac }) => mac),
  });
  return { ...verification, libraryNote };
}

/** The timestamp of a header of its own, without the text that belongs before it. */
function timeInHeader({ timestamp }: MacRecipe, headers: readonly HeaderField[]): string | null {
  const text = valueOf(headers, timestamp?.header ?? null);
  const prefix = timestamp?.prefix ?? '';
  return text?.startsWith(prefix) === true ? text.slice(prefix.length) : text;
}

const noReading = { timestamp: null, signatures: [] } as const;

/** Of the layouts that a provider uses, the one that a request is in: by its signature header, and by what that holds. */
export function recipeIn(recipes: readonly [MacRecipe, ...MacRecipe[]], headers: readonly HeaderField[]): MacRecipe {
  const present = recipes.filter(({ signatureHeader }) => valueOf(headers, signatureHeader) !== null);
  const readable = present.find(({ signatureHeader, form, hash }) =>
    readForm(form, hash, valueOf(headers, signatureHeader) ?? '').signatures.some((signature) => signature.kind === 'usable'),
  );
  return readable ?? present[0] ?? recipes[0];
}

/** What messages call the timestamp, or null in a scheme without one. */
function timestampName({ form, signatureHeader, timestamp }: MacRecipe): string | null {
  if (form.kind === 'entries' && form.timestampLabel !== null) return `${form.timestampLabel} in ${signatureHeader}`;
  if (form.kind === 'list' && form.timestampPrefix !== null)
    return `${/^[\w-]+/.exec(form.timestampPrefix)?.[0] ?? 'the timestamp'} in ${signatureHeader}`;
  return timestamp?.header ?? null;
}

function judgeTimestamp(recipe: MacRecipe, text: string | null, nowMs: number): TimestampState | null {
  if (recipe.timestamp === null || text === null) return null;
  const { header, unit, toleranceSeconds } = recipe.timestamp;
  return judgeTime({ name: timestampName(recipe) ?? header, text, unit }, aroundNow(toleranceSeconds), nowMs);
}

/** A header that always has one value and has another here makes it a request of another kind; a missing one is told as such. */
function refuseFixed(recipe: MacRecipe, headers: readonly HeaderField[]): SignatureFindings | null {
  for (const [name, value] of recipe.fixedHeaders ?? []) {
    const given = valueOf(headers, name);
    if (given !== null && given !== value) return { kind: 'malformed', problem: `${name} is ${quoted(given)}, and only ${value} is known` };
  }
  return null;
}

function wordsOf(recipe: MacRecipe): FindingWords {
  const labels = {
    id: recipe.idHeader ?? 'the id',
    timestamp: timestampName(recipe) ?? 'the timestamp',
    method: 'the method',
    url: 'the URL',
    body: 'the body',
    bodySha256: 'the SHA-256 of the body',
  };
  return {
    key: 'secret',
    signed: [...placeholdersOf(recipe.pattern)].map((name) => labels[name]),
    timestamp: timestampName(recipe),
  };
}

function evidenceOf(signed: SignedString | null): Pick<Verification, 'signedBase64' | 'parts'> {
  if (signed === null) return { signedBase64: null, parts: [] };
  return { signedBase64: encodeBytes(signed.bytes, 'base64'), parts: [...signed.parts] };
}

/** A header's value, or null where there is none or it is empty. */
function valueOf(headers: readonly HeaderField[], name: string | null): string | null {
  return (name === null ? null : readHeader(headers, name)?.text) || null;
}

function readHeaders(recipe: MacRecipe, headers: readonly HeaderField[]): HeaderFindings {
  const wanted = headersOf(recipe);
  const found = wanted.map((name) => ({ name, value: readHeader(headers, name) }));
  return {
    wanted,
    missing: found.filter(({ value }) => value === null || value.text === '').map(({ name, value }) => ({ name, isEmpty: value !== null })),
    repeated: found.filter(({ value }) => value !== null && value.count > 1).map(({ name }) => name),
  };
}

interface UsableSecrets extends SecretFindings {
  readonly usable: readonly { readonly index: number; readonly key: Uint8Array }[];
}

function readSecrets(recipe: MacRecipe, secrets: readonly string[]): UsableSecrets {
  const results = secrets.map((secret, index) => ({ index, ...recipe.keyOf(secret) }));
  return {
    count: secrets.length,
    usable: results.filter((result) => 'key' in result),
    problems: results.filter((result) => 'problem' in result),
    warnings: results.flatMap((result) => {
      const secret = secrets[result.index] ?? '';
      return remarksOnKey(secret, result, recipe.secretWarning(secret));
    }),
    doubts: doubtsAbout(secrets, results),
  };
}

function matchSignatures(
  recipe: MacRecipe,
  received: readonly ReadSignature[],
  expected: readonly { readonly index: number; readonly mac: Uint8Array }[],
  { isSigned, hasTimestamp }: { readonly isSigned: boolean; readonly hasTimestamp: boolean },
): SignatureFindings {
  if (isTimeInForm(recipe) && received.length > 0 && !hasTimestamp) {
    return { kind: 'malformed', problem: `there is no ${timestampName(recipe) ?? 'timestamp'}, the time at which it was signed` };
  }
  if (received.length === 0)
    return isSigned ? { kind: 'malformed', problem: `${recipe.signatureHeader} holds no signature` } : { kind: 'unchecked' };
  if (!received.some((signature) => signature.kind === 'usable')) return { kind: 'malformed', problem: unreadable(recipe, received) };
  if (expected.length === 0) return { kind: 'unchecked' };
  for (const { index, mac } of expected) {
    const signature = received.findIndex((candidate) => candidate.kind === 'usable' && isSameMac(candidate.mac, mac));
    if (signature !== -1) return { kind: 'matched', secret: index, signature };
  }
  return { kind: 'mismatched' };
}

/** Why none of the signatures can be compared: the first malformed one tells more than one of another version. */
function unreadable(recipe: MacRecipe, received: readonly ReadSignature[]): string {
  const malformed = received.find((signature) => signature.kind === 'malformed');
  if (malformed !== undefined) return `${recipe.signatureHeader} holds ${quoted(malformed.text)}: ${malformed.why}`;
  const why = new Set(received.flatMap((signature) => (signature.kind === 'other' ? [signature.why] : [])));
  return `${recipe.signatureHeader} holds no signature that can be compared: ${listed([...why])}`;
}
