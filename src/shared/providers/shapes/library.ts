/** How a provider's own library differs from judging the exact bytes. */
export interface LibraryTraits {
  /** Package, such as `stripe`. */
  readonly name: string;
  /** Which timestamps it refuses: too old and too far ahead, too old only, or none. */
  readonly time: 'both' | 'past' | 'none';
  /** Its limit for timestamps; null where it has none. */
  readonly toleranceSeconds: number | null;
  /** How it takes the body: as bytes, as UTF-8 text, or as UTF-8 text without its byte order mark. */
  readonly body: 'bytes' | 'text' | 'text-without-mark';
  readonly refusesEmptyBody?: true;
  /** The JSON that it demands of the body, throwing for any other: any JSON, any but `null`, or JSON with an `event` in it. */
  readonly wantsJson?: 'any' | 'not null' | 'event' | 'event text';
  /** Signs the body parsed and written again. */
  readonly rewritesJson?: true;
  /** Compares hex as text, in lower case. */
  readonly wantsLowerCase?: true;
  /** Reads base64 without padding and base64url, too. */
  readonly readsAnyBase64?: true;
  /** Looks at the last of several signatures only. */
  readonly readsLastOnly?: true;
  /** Signs the timestamp as a number, not as the text received. */
  readonly parsesTimestamp?: true;
  /** Any other difference, as a clause. */
  readonly also?: string;
}

/** Languages that receiver code is written in. */
export type CodeLanguage = 'node' | 'python' | 'go' | 'ruby' | 'php' | 'java' | 'csharp';

/** A provider's official library as receiver code uses it. */
export interface LibraryCall {
  /** Package as the package manager names it. */
  readonly dependency: string;
  /** Lines that bring it in. */
  readonly imports: readonly string[];
  /** Lines that verify with `secret`; they throw or give a truth value, as `answers` says. */
  readonly call: string;
  readonly answers: 'throws' | 'boolean';
  /** What it leaves out or does differently, in a sentence; null if nothing is known. */
  readonly remark: string | null;
  /** Functions that the call needs, as lines. */
  readonly helpers?: readonly string[];
}

/** The official library of each language that has one. */
export type LibraryCalls = Readonly<Partial<Record<CodeLanguage, LibraryCall>>>;
