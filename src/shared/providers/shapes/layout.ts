/** Hashes that an HMAC is made with. */
export type HashName = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** How bytes become text in headers and secrets. */
export type ByteEncoding = 'hex' | 'base64' | 'base64url';

/** How a header's value carries signatures. */
export type SignatureForm =
  /** One signature with a fixed text before it: `sha256=<hex>`. */
  | { readonly kind: 'single'; readonly prefix: string; readonly encoding: ByteEncoding }
  /** Labelled entries of which several may be signatures: `v1,<base64> v1,<base64>`, or `t=1614265330,v1=<hex>`. */
  | {
      readonly kind: 'entries';
      readonly separator: ' ' | ',' | ';';
      readonly joint: ',' | '=';
      readonly label: string;
      readonly encoding: ByteEncoding;
      /** Label of the entry that holds the timestamp, or null if it is elsewhere. */
      readonly timestampLabel: string | null;
      /** What stands between groups of entries, each a time and a signature, where the sender writes one for each secret. */
      readonly groupSeparator?: ' ';
    }
  /** Entries known by the text before them, which may be none: `t=1614265330, v1=<hex>`, or `1614265330.<hex>`. */
  | ListForm;

/** A header of entries in a form that a person described. Spaces around an entry do not count. */
export interface ListForm {
  readonly kind: 'list';
  readonly separator: string;
  /** Text before each signature. */
  readonly prefix: string;
  /** Text before the timestamp, or null if it is elsewhere. */
  readonly timestampPrefix: string | null;
  readonly encoding: ByteEncoding;
}

/** What a timestamp header carries and how far from now it may lie. */
export interface TimestampRule {
  readonly header: string;
  /** Text before the timestamp in a header of its own; none by default. */
  readonly prefix?: string;
  readonly unit: 's' | 'ms' | 'rfc3339';
  /** Null where the provider sets no limit. */
  readonly toleranceSeconds: number | null;
}

/** What the headers and the signed string of a scheme carry. */
export interface MacLayout {
  readonly hash: HashName;
  readonly signatureHeader: string;
  readonly form: SignatureForm;
  readonly idHeader: string | null;
  /** Its header is that of the signature where the form holds the timestamp. */
  readonly timestamp: TimestampRule | null;
  /** What is signed, such as `{id}.{timestamp}.{body}`. */
  readonly pattern: string;
  /** Headers that always have the same value, such as a version. */
  readonly fixedHeaders?: readonly [name: string, value: string][];
}

/** A layout that signs the body alone, with one signature in a header of its own. */
export function bodyLayout(
  signatureHeader: string,
  {
    hash = 'sha256',
    prefix = '',
    encoding = 'hex',
  }: { readonly hash?: HashName; readonly prefix?: string; readonly encoding?: ByteEncoding } = {},
): MacLayout {
  return { hash, signatureHeader, form: { kind: 'single', prefix, encoding }, idHeader: null, timestamp: null, pattern: '{body}' };
}

/** The three headers of Svix and Standard Webhooks under a prefix of one's own. */
export function svixLayout(prefix: 'svix' | 'webhook'): MacLayout {
  return {
    hash: 'sha256',
    signatureHeader: `${prefix}-signature`,
    form: { kind: 'entries', separator: ' ', joint: ',', label: 'v1', encoding: 'base64', timestampLabel: null },
    idHeader: `${prefix}-id`,
    timestamp: { header: `${prefix}-timestamp`, unit: 's', toleranceSeconds: 300 },
    pattern: '{id}.{timestamp}.{body}',
  };
}

interface Stamp {
  readonly separator: ',' | ';';
  readonly timestampLabel: string;
  readonly label: string;
  readonly pattern: string;
  /** Null where the provider sets no limit. */
  readonly toleranceSeconds: number | null;
}

/** A header of `key=value` entries with the timestamp among the signatures, in hex. */
export function stampedLayout(signatureHeader: string, { separator, timestampLabel, label, pattern, toleranceSeconds }: Stamp): MacLayout {
  return {
    hash: 'sha256',
    signatureHeader,
    form: { kind: 'entries', separator, joint: '=', label, encoding: 'hex', timestampLabel },
    idHeader: null,
    timestamp: { header: signatureHeader, unit: 's', toleranceSeconds },
    pattern,
  };
}

/** A layout with a timestamp in a header of its own and one signature in another. */
export function timedLayout(layout: Pick<MacLayout, 'signatureHeader' | 'timestamp' | 'pattern'> & Partial<MacLayout>): MacLayout {
  return { hash: 'sha256', form: { kind: 'single', prefix: '', encoding: 'hex' }, idHeader: null, ...layout };
}
