import type { Lines, SignedRun } from './code-text.ts';
import type {
  ContentDigest,
  ItemSignatures,
  PieceKind,
  ReadHeader,
  RequestPart,
  SignaturePlace,
  SnippetRecipe,
  TimePlace,
} from './recipe.ts';

/** One line, or several. */
export type Step = string | Lines;

/** Signatures in the entries of one header. */
export type EntrySignatures = Extract<SignaturePlace, { readonly kind: 'entries' }>;
/** A signature that is the last part of a JWT. */
export type TokenSignature = Extract<SignaturePlace, { readonly kind: 'jwt' }>;

/** Why a token is refused, each in a sentence. */
export interface TokenRefusals {
  readonly shape: string;
  readonly algorithm: string;
  readonly digest: string;
}

/**
 * How a language writes each step of verifying, as lines of the body of one function; `verifierOf` knows the steps and their order.
 * Steps leave behind variables that later ones read: `timestamp`, `signatures`, `signed` and what `ReadHeader` names, in the
 * spelling of the language. A sentence that is passed to a step is what the function returns when it refuses.
 */
export interface Dialect {
  /** Indents by one step. */
  readonly step: string;
  /** The head of the function, of these parts of a request and the secrets, and its end. */
  readonly open: (parts: readonly RequestPart[]) => Step;
  readonly close: Step;
  readonly quote: (text: string) => string;
  /** Pieces of what is signed. */
  readonly expressions: Readonly<Record<Exclude<PieceKind, 'literal' | 'field'>, string>>;
  readonly field: (name: string) => string;
  readonly refuse: (sentence: string) => string;

  readonly readHeaders: (headers: readonly ReadHeader[], sentence: string) => Step;
  readonly requireValue: (name: string, value: string, sentence: string) => Step;
  /** `signatures` from headers of which each may be missing, from one header, from entries, from a body, from a token, from a message. */
  readonly readAlternatives: (names: readonly string[]) => Step;
  readonly takeOne: Step;
  readonly readEntries: (entries: EntrySignatures) => Step;
  readonly readObject: (object: string, sentence: string) => Step;
  readonly readBodyTime: (field: string, sentence: string) => Step;
  /** `claim` is the one with the time, or null where the token carries none. */
  readonly readToken: (token: TokenSignature, claim: string | null, refusals: TokenRefusals) => Step;
  readonly readMessage: (inputPattern: string, signaturePattern: string, sentence: string) => Step;
  readonly checkItems: (
    items: ItemSignatures,
    recipe: SnippetRecipe,
    sentences: { readonly none: string; readonly mismatch: string },
  ) => Step;

  readonly checkNumber: (unit: 's' | 'ms', sentences: { readonly form: string; readonly late: string }) => Step;
  readonly checkDate: (sentences: { readonly form: string; readonly late: string }) => Step;

  /** What must be known before the signed bytes can be built. */
  readonly url: Step;
  readonly decodedUrl: Step;
  readonly checksum: Step;
  readonly checkParameter: (name: string, sentence: string) => Step;
  readonly checkDigest: (digest: ContentDigest, sentence: string) => Step;
  readonly refuseQuery: (sentence: string) => Step;
  readonly listedValues: Step;
  readonly listedNames: Step;
  readonly requireListed: (name: string, sentence: string) => Step;
  readonly listedLines: Step;

  readonly join: (runs: readonly SignedRun[]) => Step;
  readonly compareToken: (sentence: string) => Step;
  readonly compare: (recipe: SnippetRecipe, lead: string, sentence: string) => Step;
}

/** Pieces that are variables of the same name in every language without a mark before its variables. */
export const namedPieces = {
  id: 'id',
  timestamp: 'timestamp',
  token: 'token',
  method: 'method',
  path: 'target',
  target: 'target',
  'listed-names': 'listed',
  digest: 'digest',
  body: 'body',
} as const satisfies Partial<Dialect['expressions']>;

/** A time that has a limit. */
export function limitOf({ time }: SnippetRecipe): (TimePlace & { readonly toleranceSeconds: number }) | null {
  return time === null || time.toleranceSeconds === null ? null : { ...time, toleranceSeconds: time.toleranceSeconds };
}
