import { problemOf } from './verification/proof.ts';
import type { MacSchemeId } from '#shared/contract/scheme-facts.ts';
import type { Signing } from '#shared/contract/signing.ts';
import type { Verification } from '#shared/contract/verifying.ts';
import type { MacFacts } from '#shared/providers/shapes/provider.ts';
import { encodeBytes } from './encoding.ts';
import { listed } from './header-values.ts';
import { describeLibrary } from './verification/library-traits.ts';
import { remembered } from '../base/remembered.ts';
import { headersOf, signByRecipe, type MacLayout, type MacRecipe } from './mac-recipe.ts';
import { recipeIn, verifyByRecipe } from './verification/mac-verify.ts';
import { toleranceOf } from './options.ts';
import { sharedInfo } from './scheme-info.ts';
import type { Scheme, VerifyInput } from './scheme.ts';
import { encodedKey, whsecKey, whsecSizeWarning, whsecText } from './secret.ts';
import { remarksOnKey } from './secret-wrapper.ts';
import { partNames, placeholdersOf } from './signed-string.ts';
import { durationInWords } from './timestamp.ts';

/** A provider that puts an HMAC over headers and body into a header, as data. */
export interface MacProvider extends MacFacts {
  readonly id: MacSchemeId;
}

/** A scheme from its data. */
export function createMacScheme(provider: MacProvider): Scheme {
  const [first] = provider.layouts;
  const keyOf = (secret: string) =>
    provider.key === 'whsec' ? whsecKey(secret) : encodedKey(secret, provider.key === 'text' ? 'utf8' : provider.key);
  // Cached: the options of an endpoint are the same object from one attempt to the next.
  const recipesOf = remembered((options: Signing): readonly [MacRecipe, ...MacRecipe[]] => {
    const [main, ...others] = provider.layouts;
    const recipeOf = (layout: MacLayout): MacRecipe => ({
      ...withTolerance(layout, options),
      scheme: provider.id,
      keyOf,
      secretWarning: (secret) => secretWarning(provider, secret),
      next: nextSteps(provider, layout),
      library: provider.library,
    });
    return [recipeOf(main), ...others.map(recipeOf)];
  });
  return {
    id: provider.id,
    info: infoOf(),
    checkSecret: (secret) => problemOf(keyOf(secret)),
    remarksOn: (secret) => remarksOnKey(secret, keyOf(secret), secretWarning(provider, secret)),
    makeSecret: (random) => freshSecret(provider, random),
    sign: (input) => signByRecipe(recipesOf(input.options)[0], input),
    verify: (input) => verifyInLayouts(recipesOf(input.options), input),
  };

  function infoOf(): Scheme['info'] {
    return {
      ...sharedInfo(provider),
      description: descriptionOf(first),
      headers: [...headersOf(first)],
      algorithm: algorithmOf(provider),
      keyKind: 'shared',
      allowsSeveralSecrets: first.form.kind === 'entries',
      toleranceSeconds: first.timestamp?.toleranceSeconds ?? null,
      libraryNote: describeLibrary(provider.library, first.timestamp !== null),
    };
  }
}

/**
 * Verifies in the layout that the request is in. A provider may send a header for each of its secrets, so where that signature does
 * not match, another one of the same hash may; one of a weaker hash beside it does not count.
 */
function verifyInLayouts(recipes: readonly [MacRecipe, ...MacRecipe[]], input: VerifyInput): Verification {
  const first = recipeIn(recipes, input.headers);
  const verdict = verifyByRecipe(first, input);
  if (recipes.length === 1 || verdict.reason !== 'signature_mismatch') return verdict;
  const others = recipes.filter((other) => other !== first && other.hash === first.hash);
  return others.map((other) => verifyByRecipe(other, input)).find(({ matchedSecret }) => matchedSecret !== null) ?? verdict;
}

/** The layout with the tolerance of the options. */
function withTolerance(layout: MacLayout, options: Signing): MacLayout {
  const { timestamp } = layout;
  if (timestamp === null) return layout;
  return { ...layout, timestamp: { ...timestamp, toleranceSeconds: toleranceOf(options, timestamp.toleranceSeconds) } };
}

function algorithmOf({ layouts }: MacProvider): string {
  const names = [...new Set(layouts.map(({ hash }) => `HMAC-${hash.toUpperCase()}`))];
  return listed(names, 'or');
}

function descriptionOf({ hash, pattern, form, signatureHeader }: MacLayout): string {
  const parts = [...placeholdersOf(pattern)].map((name) => partNames[name]);
  const several = form.kind === 'entries' ? ', with several signatures while a secret is being rotated' : '';
  return `HMAC-${hash.toUpperCase()} over ${listed(parts)}, as ${form.encoding} in ${signatureHeader}${several}.`;
}

function freshSecret({ key, keyBytes, secretPrefix = '', secretLength }: MacProvider, random: Uint8Array): string {
  if (key === 'whsec') return whsecText(random.subarray(0, keyBytes ?? random.byteLength));
  if (key === 'base64') return encodeBytes(random, 'base64');
  return `${secretPrefix}${encodeBytes(random, 'hex')}`.slice(0, secretLength?.max);
}

/** What is unusual about a usable secret. */
function secretWarning(provider: MacProvider, secret: string): string | null {
  const { key, keyBytes, secretLength, secretPrefix, title } = provider;
  if (key === 'whsec') {
    const result = whsecKey(secret);
    if (keyBytes === undefined || 'problem' in result || result.key.byteLength === keyBytes) return whsecSizeWarning(secret);
    return `The secret is ${result.key.byteLength} bytes long once decoded; ${title} takes exactly ${keyBytes}.`;
  }
  if (secret !== secret.trim()) return 'The secret begins or ends with a space or line break, which counts as part of the key.';
  if (secretPrefix !== undefined && !secret.startsWith(secretPrefix))
    return `The secret does not begin with ${secretPrefix}, which is part of the key; make sure that it was copied whole.`;
  if (secretLength !== undefined && (secret.length < secretLength.min || secret.length > secretLength.max))
    return `The secret has ${secret.length} characters; ${title} takes ${secretLength.min} to ${secretLength.max}.`;
  return null;
}

function nextSteps({ replayKey }: MacProvider, { timestamp }: MacLayout): readonly string[] {
  const tolerance = timestamp?.toleranceSeconds ?? null;
  const within = tolerance === null ? '' : ` within the ${durationInWords(tolerance)}`;
  const steps: string[] = [];
  if (replayKey !== null && replayKey.isSigned) {
    steps.push(`Refuse a request whose ${replayKey.name} was handled before: a retry carries the same, and so does a replay${within}.`);
  }
  if (replayKey !== null && !replayKey.isSigned) {
    steps.push(
      `Refuse a request whose ${replayKey.name} was handled before, but do not rely on it: it is not signed, so a replay can carry another one.`,
    );
  }
  if (replayKey === null && timestamp === null) {
    steps.push('Nothing that is signed tells a replay from the first delivery: remember a hash of each body that was handled.');
  }
  if (timestamp !== null && tolerance === null) steps.push('Decide how old a request may be: the provider sets no limit.');
  return steps;
}
