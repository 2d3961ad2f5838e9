import type { SchemeId } from '#shared/contract/signing.ts';
import { receiverVariables } from '#shared/receiver-variables.ts';
import type { ByteEncoding } from '../signing/encoding.ts';
import type { HashName } from '../signing/signature-form.ts';

/** How the text of a secret becomes the key of a MAC. `whsec` is base64, with or without `whsec_` before it. */
export type SecretForm = 'text' | 'whsec' | 'base64' | 'hex';

/** How a receiver tells that a signature was made by who has the secret. */
export type SnippetProof =
  | {
      readonly kind: 'mac';
      readonly hash: HashName;
      readonly isKeyed: boolean;
      readonly secret: SecretForm;
      readonly encoding: ByteEncoding;
    }
  | { readonly kind: 'token' }
  | { readonly kind: 'ed25519'; readonly key: 'hex' | 'whpk' | 'pem'; readonly encoding: 'hex' | 'base64' }
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

/** Where the time stands that a receiver checks. */
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

/** What a receiver of a scheme does, without a word of any language. */
export interface SnippetRecipe {
  readonly scheme: SchemeId;
  readonly title: string;
  readonly description: string;
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
  /** Sentences for whoever reads the code. */
  readonly notes: readonly string[];
}

/** What a table of recipes says of a scheme; the registry knows the rest. */
export type BareRecipe = Omit<SnippetRecipe, 'scheme' | 'title' | 'description' | 'notes'> & { readonly notes?: readonly string[] };

/** Whether a recipe signs a piece of this kind. */
export function signs({ signed }: SnippetRecipe, ...kinds: readonly PieceKind[]): boolean {
  return signed.some((piece) => kinds.includes(piece.kind));
}

/** Whether the whole URL counts. */
export function needsUrl(recipe: SnippetRecipe): boolean {
  return recipe.digestParameter !== null || signs(recipe, 'url', 'decoded-url');
}

/** Whether the origin counts under which the sender knows the receiver. */
export function needsOrigin(recipe: SnippetRecipe): boolean {
  return needsUrl(recipe) || signs(recipe, 'origin-scheme', 'authority');
}

/** Whether the request line counts. */
export function needsTarget(recipe: SnippetRecipe): boolean {
  return needsUrl(recipe) || signs(recipe, 'path', 'target', 'target-path', 'target-query');
}

/** Whether the code reads JSON. */
export function readsJson({ time, signature }: SnippetRecipe): boolean {
  return time?.place === 'json' || signature.kind === 'json' || signature.kind === 'items' || signature.kind === 'jwt';
}

/** Whether the code compares a signature or a token with text of its own. */
export function comparesText({ proof }: SnippetRecipe): boolean {
  return proof.kind === 'mac' || proof.kind === 'token';
}

/** A part of a request that the code reads; `target` is path and query as they stand in the request line. */
export type RequestPart = 'method' | 'target' | 'headers' | 'body';

/** The parts that a recipe reads, in the order in which functions take them. */
export function partsOf(recipe: SnippetRecipe): readonly RequestPart[] {
  return [
    ...(signs(recipe, 'method') ? (['method'] as const) : []),
    ...(needsTarget(recipe) ? (['target'] as const) : []),
    ...(recipe.signature.kind === 'json' || recipe.signature.kind === 'items' ? [] : (['headers'] as const)),
    ...(readsBody(recipe) ? (['body'] as const) : []),
  ];
}

function readsBody(recipe: SnippetRecipe): boolean {
  const isHashed = recipe.digestParameter !== null || recipe.contentDigest !== null;
  return readsJson(recipe) || isHashed || signs(recipe, 'body', 'fields', 'crc32');
}

/** A header that must be there, and the name that the code gives to its value. */
export interface ReadHeader {
  readonly variable: 'id' | 'timestamp' | 'listed' | 'digest' | 'input' | 'token' | 'signature';
  readonly name: string;
}

/** Headers without which a request is refused before anything is computed. */
export function readHeadersOf({ idHeader, time, listHeader, contentDigest, signature }: SnippetRecipe): readonly ReadHeader[] {
  const found: ReadHeader[] = [];
  if (idHeader !== null) found.push({ variable: 'id', name: idHeader });
  if (time?.place === 'header') found.push({ variable: 'timestamp', name: time.name });
  if (listHeader !== null) found.push({ variable: 'listed', name: listHeader });
  if (contentDigest !== null) found.push({ variable: 'digest', name: 'Content-Digest' });
  return [...found, ...signatureHeadersOf(signature)];
}

function signatureHeadersOf(signature: SignaturePlace): readonly ReadHeader[] {
  switch (signature.kind) {
    case 'headers': {
      const [only, ...others] = signature.names;
      return only !== undefined && others.length === 0 ? [{ variable: 'signature', name: only }] : [];
    }
    case 'entries':
      return [{ variable: 'signature', name: signature.header }];
    case 'jwt':
      return [{ variable: 'token', name: signature.header }];
    case 'message':
      return [
        { variable: 'input', name: 'Signature-Input' },
        { variable: 'signature', name: 'Signature' },
      ];
    case 'json':
    case 'items':
      return [];
  }
}

/** The text that comes before the digits of a signature. */
export function leadOf({ signature }: SnippetRecipe): string {
  return signature.kind === 'headers' || signature.kind === 'entries' ? signature.lead : '';
}

/** Signature headers of which each may be missing; none where there is one header for all. */
export function optionalHeadersOf({ signature }: SnippetRecipe): readonly string[] {
  return signature.kind === 'headers' && signature.names.length > 1 ? signature.names : [];
}

/** The variables that the code reads, the one with the secret first. */
export function environmentOf(
  recipe: SnippetRecipe,
): readonly { readonly name: string; readonly meaning: string; readonly isRequired: boolean }[] {
  const key = keyVariable(recipe);
  const previous = { name: `${key.name}_PREVIOUS`, meaning: `${key.meaning}, from before a rotation`, isRequired: false };
  const origin = {
    name: 'WEBHOOK_ORIGIN',
    meaning: 'Scheme and host under which the sender knows you, such as https://example.com',
    isRequired: true,
  };
  const webhookId = { name: 'WEBHOOK_ID', meaning: 'The id of the webhook at the provider', isRequired: true };
  return [
    { ...key, isRequired: true },
    previous,
    ...(needsOrigin(recipe) ? [origin] : []),
    ...(signs(recipe, 'webhook-id') ? [webhookId] : []),
    { name: 'PORT', meaning: 'The port to listen on; 3000 by default', isRequired: false },
  ];
}

/** Variables without which nothing would be genuine, beside the one with the secret. */
export function otherVariablesOf(recipe: SnippetRecipe): readonly string[] {
  const [, ...others] = environmentOf(recipe);
  return others.filter(({ isRequired }) => isRequired).map(({ name }) => name);
}

/** How a program is started: the variables that it needs, and the command. */
export function startLine(recipe: SnippetRecipe, command: string): string {
  const needed = environmentOf(recipe).filter(({ isRequired }) => isRequired);
  return `${needed.map(({ name }) => `${name}=...`).join(' ')} ${command}`;
}

/** The variable with the secret, and what it holds. */
export function keyVariable({ proof }: SnippetRecipe): { readonly name: string; readonly meaning: string } {
  switch (proof.kind) {
    case 'mac':
    case 'token':
      return { name: receiverVariables.secret, meaning: 'The secret' };
    case 'ed25519':
    case 'ecdsa-p256':
      return { name: receiverVariables.publicKey, meaning: `The public key ${keyForms[proof.key]}` };
    case 'rsa-certificate':
      return { name: receiverVariables.certificate, meaning: 'The certificate as PEM' };
  }
}

const keyForms = { hex: 'in hex', whpk: '(whpk_…)', spki: 'in base64', pem: 'as PEM', jwk: 'as JWK' } as const;
