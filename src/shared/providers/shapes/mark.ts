/** A sign of a provider in a request: a header that is there (with such a value), or a pattern in its URL or body. */
export interface Tell {
  readonly header?: string;
  readonly url?: true;
  readonly value?: RegExp;
}

/** How a scheme shows in a request by a header. */
export interface HeaderMark {
  /** The header that carries the signature, in the case its provider uses. */
  readonly header: string;
  /** What its value looks like, without spaces around it. */
  readonly value: RegExp;
  /** Headers that come along. */
  readonly along?: readonly string[];
  /** What distinguishes it from other schemes with the same header, or from unknown senders if the header has a common name. */
  readonly tells?: readonly Tell[];
  /** Schemes that share a header and the form of its value. */
  readonly group?: string;
  /** `same` verifies whatever others of its group sign; `usual` is the one to expect if nothing distinguishes them. */
  readonly standing?: 'same' | 'usual';
  /** Whether unknown senders use this header too. */
  readonly isCommonName?: true;
  /** Whether the name is of a convention that senders follow in forms of their own, so that only their other headers show whose it is. */
  readonly isConvention?: true;
  /** Whether this header can also hold something else, so that only a value of the right form counts. */
  readonly isShared?: true;
}

/** How a scheme shows that carries its signature in the body. */
export interface BodyMark {
  /** A quick look, so that few bodies are parsed. */
  readonly hint: RegExp;
  /** Whether the body, as JSON or else as the fields of a form, holds the signature. */
  readonly holds: (body: Readonly<Record<string, unknown>>) => boolean;
  /** The sentence that says so. */
  readonly because: string;
}

export const hex40 = /^[0-9a-f]{40}$/i;
export const hex64 = /^[0-9a-f]{64}$/i;
export const base64Of20 = /^[A-Za-z0-9+/]{27}=$/;
export const base64Of32 = /^[A-Za-z0-9+/]{43}=$/;
export const sha1Hex = /^sha1=[0-9a-f]{40}$/i;
export const sha256Hex = /^sha256=[0-9a-f]{64}$/i;

/** A User-Agent that identifies a provider. */
export const userAgent = (value: RegExp): Tell => ({ header: 'User-Agent', value });
/** A pattern in the body that identifies a provider. */
export const inBody = (value: RegExp): Tell => ({ value });
