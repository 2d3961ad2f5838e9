import type { HeaderField } from '#shared/contract/common.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import { remembered } from '../../base/remembered.ts';
import { listed, quoted } from '../header-values.ts';
import { headersOf, isTimeInForm, macOf, type MacRecipe } from '../mac-recipe.ts';
import type { VerifyInput } from '../scheme.ts';
import { remarksOnKey } from '../secret-wrapper.ts';
import { readForm, writeSignature, type FormReading, type ReadSignature } from '../signature-form.ts';
import { fillPattern, partNames, placeholdersOf } from '../signed-string.ts';
import { aroundNow, judgeTime } from './time-window.ts';
import type { FindingWords, Trouble } from './findings.ts';
import type { Proof } from './proof.ts';
import { findHeaders, headerText, lacking, malformed, requestParts, type Reading } from './reading.ts';
import { verifyBy } from './verify-by.ts';

/** Verifies by a recipe. */
export function verifyByRecipe(recipe: MacRecipe, input: VerifyInput): Verification {
  return verifyBy(proofOf(recipe), input);
}

const proofOf = remembered((recipe: MacRecipe): Proof<Uint8Array> => ({
  scheme: recipe.scheme,
  words: wordsOf(recipe),
  keyOf: recipe.keyOf,
  remarksOn: (secret) => remarksOnKey(secret, recipe.keyOf(secret), recipe.secretWarning(secret)),
  read: (input) => read(recipe, input),
  expected: { of: (key, signed) => macOf(recipe, key, signed), write: (mac) => writeSignature(recipe.form, mac) },
  library: recipe.library,
}));

/** Which of a provider's layouts a request has, by its signature header and that header's value. */
export function recipeIn(recipes: readonly [MacRecipe, ...MacRecipe[]], headers: readonly HeaderField[]): MacRecipe {
  const present = recipes.filter(({ signatureHeader }) => headerText(headers, signatureHeader) !== null);
  const readable = present.find(({ signatureHeader, form, hash }) =>
    readForm(form, hash, headerText(headers, signatureHeader) ?? '').signatures.some((signature) => signature.kind === 'usable'),
  );
  return readable ?? present[0] ?? recipes[0];
}

const nothing: FormReading = { timestamp: null, signatures: [] };

/** Reads a request in the layout of a recipe. */
function read(recipe: MacRecipe, input: VerifyInput): Reading {
  const { headers, method, url, body } = input;
  const value = headerText(headers, recipe.signatureHeader);
  const form = value === null ? nothing : readForm(recipe.form, recipe.hash, value);
  const id = recipe.idHeader === null ? null : headerText(headers, recipe.idHeader);
  const timestamp = isTimeInForm(recipe) ? form.timestamp : timeInHeader(recipe, headers);
  const signed = fillPattern(recipe, { id, timestamp, method, url, body });
  const placeholders = placeholdersOf(recipe.pattern);
  return {
    headers: findHeaders(headers, headersOf(recipe)),
    unknown: lacking(input, requestParts(placeholders)),
    timestamp:
      recipe.timestamp === null || timestamp === null
        ? null
        : judgeTime(
            { name: timestampName(recipe) ?? recipe.timestamp.header, text: timestamp, unit: recipe.timestamp.unit },
            aroundNow(recipe.timestamp.toleranceSeconds),
            input.nowMs,
          ),
    timestampText: timestamp,
    candidates:
      signed === null
        ? []
        : form.signatures.flatMap((one) => (one.kind === 'usable' ? [{ text: one.text, signature: one.mac, signed }] : [])),
    received: form.signatures.map(({ text, kind }) => ({ text, isOther: kind === 'other' })),
    signed,
    trouble: otherKind(recipe, headers) ?? (value === null ? null : troubleIn(recipe, form.signatures, timestamp)),
    obstacles: [],
    next: recipe.next,
  };
}

/** The timestamp in its own header, without its prefix. */
function timeInHeader({ timestamp }: MacRecipe, headers: readonly HeaderField[]): string | null {
  if (timestamp === null) return null;
  const text = headerText(headers, timestamp.header);
  const prefix = timestamp.prefix ?? '';
  return text?.startsWith(prefix) === true ? text.slice(prefix.length) : text;
}

/** What messages call the timestamp, or null in a scheme without one. */
function timestampName({ form, signatureHeader, timestamp }: MacRecipe): string | null {
  if (form.kind === 'entries' && form.timestampLabel !== null) return `${form.timestampLabel} in ${signatureHeader}`;
  if (form.kind === 'list' && form.timestampPrefix !== null)
    return `${/^[\w-]+/.exec(form.timestampPrefix)?.[0] ?? 'the timestamp'} in ${signatureHeader}`;
  return timestamp?.header ?? null;
}

/** A header with a fixed value that differs here means another kind of request; a missing one is reported as missing. */
function otherKind(recipe: MacRecipe, headers: readonly HeaderField[]): Trouble | null {
  for (const [name, value] of recipe.fixedHeaders ?? []) {
    const given = headerText(headers, name);
    if (given !== null && given !== value) return { kind: 'malformed', problem: `${name} is ${quoted(given)}, and only ${value} is known` };
  }
  return null;
}

/** Why none of the signatures can be compared, or null: a malformed one says more than one of another version. */
function troubleIn(recipe: MacRecipe, signatures: readonly ReadSignature[], timestamp: string | null): Trouble | null {
  const { signatureHeader } = recipe;
  if (signatures.length === 0) return { kind: 'malformed', problem: `${signatureHeader} holds no signature` };
  if (isTimeInForm(recipe) && timestamp === null)
    return { kind: 'malformed', problem: `there is no ${timestampName(recipe) ?? 'timestamp'}, the time at which it was signed` };
  if (signatures.some(({ kind }) => kind === 'usable')) return null;
  const broken = signatures.find((signature) => signature.kind === 'malformed');
  if (broken !== undefined) return malformed(signatureHeader, broken.text, broken.why);
  const why = new Set(signatures.flatMap((signature) => (signature.kind === 'other' ? [signature.why] : [])));
  return { kind: 'malformed', problem: `${signatureHeader} holds no signature that can be compared: ${listed([...why])}` };
}

function wordsOf(recipe: MacRecipe): FindingWords {
  const labels = { ...partNames, id: recipe.idHeader ?? 'the id', timestamp: timestampName(recipe) ?? 'the timestamp' };
  return {
    key: 'secret',
    signed: [...placeholdersOf(recipe.pattern)].map((name) => labels[name]),
    timestamp: timestampName(recipe),
  };
}
