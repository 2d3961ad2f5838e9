import { receiverVariables } from '#shared/receiver-variables.ts';
import { inWords } from '../code-text.ts';
import { needsUrl, type SnippetRecipe } from '../recipe.ts';
import type { FreshSignature } from './fresh-signature.ts';

/** What a test says of the signature; `isKnown` where the request has one of a scheme. */
export function signatureSentences(
  isKnown: boolean,
  recipe: SnippetRecipe | null,
  made: FreshSignature | { readonly why: string } | null,
  secretVariable: string,
): readonly string[] {
  if (recipe === null || made === null)
    return [
      isKnown
        ? 'It is signed in a way that no code is written for, so its headers are sent as they were captured.'
        : 'No signature of a known scheme is in it, so its headers are sent as they were captured.',
    ];
  const limit = recipe.time?.toleranceSeconds ?? null;
  if ('why' in made)
    return [
      made.why,
      limit === null
        ? 'It is valid for as long as the receiver has the key of that time.'
        : `Receivers refuse a time that is ${limit} seconds off: let this one take the time of the capture, or not check it, in the test.`,
    ];
  return [
    recipe.proof.kind === 'token'
      ? `Its token is the secret, which is read from ${secretVariable}.`
      : `It is signed at each run as ${recipe.title} does (${recipe.scheme}), with the secret in ${secretVariable}.`,
    ...(recipe.time?.place === 'json' && limit !== null
      ? [
          `${recipe.time.name} in the body is the time of the capture: receivers refuse one that is ${limit} seconds off, unless they do not check it in the test.`,
        ]
      : []),
  ];
}

/** The hash of the body that the URL carries is that of the capture. */
export function digestSentence(recipe: SnippetRecipe | null): readonly string[] {
  if (recipe === null || recipe.digestParameter === null || !needsUrl(recipe)) return [];
  return [`The URL has to end with the parameter ${recipe.digestParameter} that it was captured with, as the default does.`];
}

/** What of a request a test does not hold or send. */
interface LeftOut {
  /** Variables in which credentials are given. */
  readonly credentials: readonly string[];
  /** Parameters of the query that are not in the default URL. */
  readonly withheld: readonly string[];
  /** Headers about the connection. */
  readonly leftOut: readonly string[];
  readonly trailers: readonly string[];
}

/** What a test says of all that. */
export function leftOutSentences({ credentials, withheld, leftOut, trailers }: LeftOut): readonly string[] {
  return [
    ...(credentials.length === 0 ? [] : [`Credentials are not in this file: set ${inWords(credentials, 'and')}.`]),
    ...(withheld.length === 0
      ? []
      : [`${namesText(withheld)} in the query looks like a credential and is left out: give the whole URL in ${receiverVariables.url}.`]),
    ...(leftOut.length === 0 ? [] : [`Left out, since they are about one connection: ${inWords(leftOut, 'and')}.`]),
    ...(trailers.length === 0 ? [] : [`Its trailers are not sent: ${inWords(trailers, 'and')}.`]),
  ];
}

/** Names from a request, as far as they can stand in a comment. */
function namesText(names: readonly string[]): string {
  return inWords(
    names.map((name) => (/^[\w.-]{1,60}$/.test(name) ? name : 'a parameter')),
    'and',
  );
}
