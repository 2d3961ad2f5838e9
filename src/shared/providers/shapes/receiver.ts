import type { ByteEncoding, HashName } from './layout.ts';

/** How the text of a secret becomes the key of a MAC. `whsec` is base64, with or without `whsec_` before it. */
export type SecretForm = 'text' | 'whsec' | 'base64' | 'hex';

/** How a receiver checks that a signature was made with the secret. */
export type SnippetProof =
  | {
      readonly kind: 'mac';
      readonly hash: HashName;
      readonly isKeyed: boolean;
      readonly secret: SecretForm;
      readonly encoding: ByteEncoding;
    }
  | { readonly kind: 'token' }
  | { readonly kind: 'ed25519'; readonly key: 'hex' | 'base64' | 'whpk' | 'pem'; readonly encoding: 'hex' | 'base64' }
  /** ECDSA over P-256 with SHA-256: in DER, or as two numbers of 32 bytes; the public key as base64 of SPKI, as PEM or as JWK. */
  | {
      readonly kind: 'ecdsa-p256';
      readonly key: 'spki' | 'pem' | 'jwk';
      readonly form: 'der' | 'pair';
      readonly encoding: 'base64' | 'base64url';
    }
  /** RSA PKCS#1 v1.5 with SHA-256, with a certificate in PEM. */
  | { readonly kind: 'rsa-certificate'; readonly encoding: 'base64' };

/** Where a request carries its signatures. */
export type SignaturePlace =
  /** One in each of these headers, of which any may be missing, with a fixed text before it. */
  | { readonly kind: 'headers'; readonly names: readonly string[]; readonly lead: string }
  /** Labelled entries in one header; `timeLabel` and `listLabel` mark those that hold the timestamp and the names of signed headers. */
  | {
      readonly kind: 'entries';
      readonly header: string;
      readonly separator: string;
      readonly lead: string;
      readonly timeLabel: string | null;
      readonly listLabel: string | null;
    }
  /** Among the fields of an object in the JSON body, beside its timestamp and a token. */
  | { readonly kind: 'json'; readonly object: string }
  /** In a JWT, of which `digestClaim` holds the hex SHA-256 of the body. */
  | { readonly kind: 'jwt'; readonly header: string; readonly algorithm: string; readonly digestClaim: string }
  /** In Signature and Signature-Input (RFC 9421) under a label; `list` holds the covered components, as they are sent. */
  | { readonly kind: 'message'; readonly label: string; readonly list: string }
  /** In each item of the JSON body, over some of its fields. */
  | ItemSignatures;

/** Signatures in the items of a JSON body, of which all must be genuine. */
export interface ItemSignatures {
  readonly kind: 'items';
  /** The field of the body that lists the items, and the field that each is wrapped in. */
  readonly list: string;
  readonly wrapper: string;
  /** Where the signature and what is signed stand in an item; a field that is missing is signed as nothing. */
  readonly signature: readonly [string, string];
  readonly fields: readonly (readonly [string] | readonly [string, string])[];
  readonly separator: string;
}

/** Where the time is that a receiver checks. */
export interface TimePlace {
  readonly place: 'header' | 'entry' | 'json' | 'jwt' | 'message';
  /** Name of the header or of the field; the label of an entry. */
  readonly name: string;
  readonly unit: 's' | 'ms' | 'rfc3339';
  /** Null where the provider sets no limit. */
  readonly toleranceSeconds: number | null;
}

/**
 * A run of what is signed. `fields` are a form's sorted names and values, `listed` the headers that the request names, `field` a
 * header of that name; `target` is path and query as they were sent, of which `path` has no query, or the request is refused.
 */
export type SnippetPiece =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'field'; readonly name: string }
  | {
      readonly kind:
        | 'body'
        | 'id'
        | 'timestamp'
        | 'token'
        | 'method'
        | 'url'
        | 'decoded-url'
        | 'path'
        | 'fields'
        | 'crc32'
        | 'webhook-id'
        | 'listed-names'
        | 'listed-values'
        | 'listed-lines'
        | 'digest'
        | 'parameters'
        | 'unsigned-token'
        | 'target'
        | 'target-path'
        | 'target-query'
        | 'origin-scheme'
        | 'authority';
    };
export type PieceKind = SnippetPiece['kind'];

/** A digest of the body in Content-Digest (RFC 9530), by the names that the header and the languages give it. */
export interface ContentDigest {
  readonly label: 'sha-256' | 'sha-512';
  readonly hash: 'sha256' | 'sha512';
}

/** What a receiver of a scheme does, as documented by its provider. */
export interface ReceiverRecipe {
  readonly proof: SnippetProof;
  readonly signature: SignaturePlace;
  readonly time: TimePlace | null;
  readonly idHeader: string | null;
  /** A header that must have a value, such as the version of the signature. */
  readonly fixedHeader: readonly [name: string, value: string] | null;
  /** The header that names the signed headers, where that is no entry of the signature's own. */
  readonly listHeader: string | null;
  /** The parameter of the URL that holds the hex SHA-256 of the body. */
  readonly digestParameter: string | null;
  /** The only digest that Content-Digest holds, where that is signed. */
  readonly contentDigest: ContentDigest | null;
  readonly signed: readonly SnippetPiece[];
  /** Sentences for whoever reads the code, beside the pitfall of the scheme. */
  readonly notes?: readonly string[];
}

/** What most receivers do not need. */
export const plain = {
  time: null,
  idHeader: null,
  fixedHeader: null,
  listHeader: null,
  digestParameter: null,
  contentDigest: null,
} as const;
/** HMAC-SHA256 in hex, with the secret as text. */
export const hmacHex = { kind: 'mac', hash: 'sha256', isKeyed: true, secret: 'text', encoding: 'hex' } as const;
/** HMAC-SHA256 in base64, with the secret as text. */
export const hmacBase64 = { ...hmacHex, encoding: 'base64' } as const;
/** SHA-256 over secret and request, in hex. */
export const hashOfBoth = { ...hmacHex, isKeyed: false } as const;
/** Literal text that is signed. */
export const literal = (text: string): SnippetPiece => ({ kind: 'literal', text });
/** Parts of the request side by side. */
export const pieces = (...kinds: readonly Exclude<SnippetPiece['kind'], 'literal' | 'field'>[]): readonly SnippetPiece[] =>
  kinds.map((kind) => ({ kind }));
/** One signature in a header of its own. */
export const inSignatureHeader = (name: string, lead = '') => ({ kind: 'headers', names: [name], lead }) as const;
/** A time in a header of its own. */
export const inHeader = (name: string, unit: 's' | 'ms' | 'rfc3339', toleranceSeconds: number | null) =>
  ({ place: 'header', name, unit, toleranceSeconds }) as const;
