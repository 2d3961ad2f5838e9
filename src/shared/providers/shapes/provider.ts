import type { LibraryCalls, LibraryTraits } from './library.ts';
import type { MacLayout } from './layout.ts';
import type { BodyMark, HeaderMark } from './mark.ts';
import type { ReceiverRecipe } from './receiver.ts';

/** What a recipe was last checked against, the strongest first; `two implementations` agreed where no library exists. */
export type RecipeCheck = 'vendor library' | 'third-party library' | 'published vector' | 'two implementations' | 'not confirmed';

/** Facts that every scheme has. */
interface CommonFacts {
  readonly title: string;
  /**
   * The options that an endpoint or bin has with it: `tolerance` is how far its time may lie from the clock, `own` a shape of its own
   * in the contract.
   */
  readonly options: 'none' | 'tolerance' | 'own';
  /** What the secret is and where it is found. */
  readonly secretHint: string;
  /** Where the recipe was taken from, and the day. */
  readonly source: string;
  readonly asOf: string;
  /** The provider's documentation where it is another page than the source. */
  readonly documentation: string | null;
  readonly checked: RecipeCheck;
  readonly pitfall: string;
  /** Headers that show it, in the order in which they are looked for. */
  readonly marks: readonly HeaderMark[];
  /** What shows it in the body, where the signature stands there. */
  readonly bodyMark?: BodyMark;
  /** How receiver code calls the official libraries. */
  readonly libraryCalls?: LibraryCalls;
}

/** What distinguishes a delivery from a replay of it: an id that is signed, with the body or by itself, or one that is not. */
export interface ReplayKey {
  /** A header, or where else it is, in words. */
  readonly name: string;
  /** Where a JSON body has it, such as `event.id`; null where that is no single place, and left out for a header. */
  readonly path?: string | null;
  readonly isSigned: boolean;
  /** Others send a header of this name for other purposes. */
  readonly isCommonName?: true;
}

/** A scheme that puts an HMAC over known parts of the request into a header: nothing but data. */
export interface MacFacts extends CommonFacts {
  readonly kind: 'mac';
  /** The first is what it signs with; requests in the others verify, too. */
  readonly layouts: readonly [MacLayout, ...MacLayout[]];
  /** How the text of the secret becomes the key: as UTF-8, or decoded. `whsec` is base64, with or without `whsec_` before it. */
  readonly key: 'text' | 'whsec' | 'base64' | 'hex';
  /** What secrets begin with. */
  readonly secretPrefix?: string;
  /** Characters that a secret may have; others only get a warning, since verifying must accept what is used. */
  readonly secretLength?: { readonly min: number; readonly max: number };
  /** Bytes that a key must have by the provider's rules. */
  readonly keyBytes?: number;
  readonly replayKey: ReplayKey | null;
  /** How the provider's own library differs; null if there is none. */
  readonly library: LibraryTraits | null;
}

/** A scheme whose header carries the secret itself. */
export interface TokenFacts extends CommonFacts {
  readonly kind: 'token';
  readonly header: string;
  /** Pattern of a valid secret, and a sentence that describes it. */
  readonly allowed: { readonly pattern: RegExp; readonly problem: string };
  /** What distinguishes a delivery from a replay of it, though it is not signed. */
  readonly replayKey: ReplayKey;
}

/** A scheme whose header carries a JWT, signed with a shared secret, that holds a hash of the body. */
export interface JwtFacts extends CommonFacts {
  readonly kind: 'jwt';
  readonly header: string;
  /** Hash of the HMAC: `sha256` for HS256. */
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  /** The claim that holds the SHA-256 of the body, in hex. */
  readonly digestClaim: string;
  /** What the claim `iss` says. */
  readonly issuer: string;
}

/** A scheme with its own verification code, registered under its id in `engine/signing`. */
export interface CodeFacts extends CommonFacts {
  readonly kind: 'code';
  readonly description: string;
  /** Headers that it reads and writes with default options. */
  readonly headers: readonly string[];
  readonly algorithm: string;
  /** `pair` where the sender signs with a private key; `either` where its options choose. */
  readonly keyKind: 'shared' | 'pair' | 'either';
  readonly allowsSeveralSecrets: boolean;
  /** Null where the provider sets no limit. */
  readonly toleranceSeconds: number | null;
  readonly library?: LibraryTraits;
  /** What the library does differently beyond its traits; null if nothing is known. */
  readonly libraryNote?: string | null;
  /** What its receivers do; absent where that depends on the options. */
  readonly receiver?: ReceiverRecipe;
  /** Where receivers have the sender's public key, as a sentence that says where to put it. */
  readonly publicKeyPlace?: string;
  /** What receiver code reads that key from, where it is a certificate. */
  readonly publicKeyForm?: 'certificate';
}

export type SchemeFacts = MacFacts | TokenFacts | JwtFacts | CodeFacts;

/** How a provider retries, as a policy that endpoints can choose by its name. */
export interface RetryFacts {
  readonly title: string;
  /** The page or file that states the figures, and the day it was read. */
  readonly source: string;
  readonly asOf: string;
  /** What the source leaves open and how it was filled in, or what else to know. */
  readonly note: string | null;
  /** A policy in the form of the contract, which checks it. */
  readonly policy: { readonly kind: string };
}

/** A sentence about what a provider does, how well it is known, and where and when it was read; null where there is no page to name. */
export interface OutageFact {
  readonly text: string;
  readonly certainty: 'verified' | 'second-hand' | 'unverified';
  readonly source: string | null;
  readonly asOf: string | null;
}

/** What a provider does when a receiver is down for long, beyond what an endpoint with its profile does here. */
export interface OutageFacts {
  /** Its place among the providers that are compared unless others are chosen; left out for those that are not. */
  readonly comparedAt?: number;
  /** Whether it removes a subscription once an event has used up its attempts, where its profile does not say so. */
  readonly removesOnExhaustion?: true;
  /** Whether it is known to wait as `Retry-After` says. */
  readonly honoursRetryAfter?: true;
  readonly facts: readonly OutageFact[];
  /** What can be done about lost events, as a sentence. */
  readonly recovery: string | null;
}

/** Everything known about a provider, or about a standard that several follow. */
export interface Provider {
  readonly name: string;
  /** Its ways of signing, by the id of each. */
  readonly schemes: Readonly<Record<string, SchemeFacts>>;
  /** Its ways of retrying, by the name of each. */
  readonly retryPresets?: Readonly<Record<string, RetryFacts>>;
  readonly outage?: OutageFacts;
}

/** A provider, with its ids as literal types. */
export function provider<const P extends Provider>(facts: P): P {
  return facts;
}
