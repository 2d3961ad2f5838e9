import type { SchemeId } from '#shared/contract/signing.ts';
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
  | { readonly kind: 'ed25519'; readonly key: 'hex' | 'whpk'; readonly encoding: 'hex' | 'base64' }
  /** ECDSA over P-256 in DER, with the public key as base64 of SPKI. */
  | { readonly kind: 'ecdsa-p256'; readonly encoding: 'base64' }
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
      readonly separator: ' ' | ',' | ';';
      readonly lead: string;
      readonly timeLabel: string | null;
      readonly listLabel: string | null;
    }
  /** Among the fields of an object in the JSON body, beside its timestamp and a token. */
  | { readonly kind: 'json'; readonly object: string };

/** Where the time stands that a receiver checks. */
export interface TimePlace {
  readonly place: 'header' | 'entry' | 'json';
  /** Name of the header or of the field; the label of an entry. */
  readonly name: string;
  readonly unit: 's' | 'ms' | 'rfc3339';
  /** Null where the provider sets no limit. */
  readonly toleranceSeconds: number | null;
}

/** A run of what is signed. `fields` are a form's sorted names and values, `listed` the headers that the request names. */
export type SnippetPiece =
  | { readonly kind: 'literal'; readonly text: string }
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
        | 'listed-lines';
    };
export type PieceKind = SnippetPiece['kind'];

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
  readonly signed: readonly SnippetPiece[];
  /** Sentences for whoever reads the code. */
  readonly notes: readonly string[];
}

/** Whether a recipe signs a piece of this kind. */
export function signs({ signed }: SnippetRecipe, ...kinds: readonly PieceKind[]): boolean {
  return signed.some((piece) => kinds.includes(piece.kind));
}

/** Whether the URL counts, and with it the origin under which the sender knows the receiver. */
export function needsUrl(recipe: SnippetRecipe): boolean {
  return recipe.digestParameter !== null || signs(recipe, 'url', 'decoded-url');
}

/** Whether the request line counts. */
export function needsTarget(recipe: SnippetRecipe): boolean {
  return needsUrl(recipe) || signs(recipe, 'path');
}

/** A part of a request that the code reads; `target` is path and query as they stand in the request line. */
export type RequestPart = 'method' | 'target' | 'headers' | 'body';

/** The parts that a recipe reads, in the order in which functions take them. */
export function partsOf(recipe: SnippetRecipe): readonly RequestPart[] {
  return [
    ...(signs(recipe, 'method') ? (['method'] as const) : []),
    ...(needsTarget(recipe) ? (['target'] as const) : []),
    ...(recipe.signature.kind === 'json' ? [] : (['headers'] as const)),
    ...(readsBody(recipe) ? (['body'] as const) : []),
  ];
}

function readsBody(recipe: SnippetRecipe): boolean {
  const isInBody = recipe.time?.place === 'json' || recipe.signature.kind === 'json';
  return isInBody || recipe.digestParameter !== null || signs(recipe, 'body', 'fields', 'crc32');
}

/** A header that must be there, and the name that the code gives to its value. */
export interface ReadHeader {
  readonly variable: 'id' | 'timestamp' | 'listed' | 'signature';
  readonly name: string;
}

/** Headers without which a request is refused before anything is computed. */
export function readHeadersOf({ idHeader, time, listHeader, signature }: SnippetRecipe): readonly ReadHeader[] {
  const found: ReadHeader[] = [];
  if (idHeader !== null) found.push({ variable: 'id', name: idHeader });
  if (time?.place === 'header') found.push({ variable: 'timestamp', name: time.name });
  if (listHeader !== null) found.push({ variable: 'listed', name: listHeader });
  const [only, ...others] = signature.kind === 'headers' ? signature.names : signature.kind === 'entries' ? [signature.header] : [];
  if (only !== undefined && others.length === 0) found.push({ variable: 'signature', name: only });
  return found;
}

/** The text that comes before the digits of a signature. */
export function leadOf({ signature }: SnippetRecipe): string {
  return signature.kind === 'json' ? '' : signature.lead;
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
    ...(needsUrl(recipe) ? [origin] : []),
    ...(signs(recipe, 'webhook-id') ? [webhookId] : []),
    { name: 'PORT', meaning: 'The port to listen on; 3000 by default', isRequired: false },
  ];
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
      return { name: 'WEBHOOK_SECRET', meaning: 'The secret' };
    case 'ed25519':
      return { name: 'WEBHOOK_PUBLIC_KEY', meaning: proof.key === 'hex' ? 'The public key in hex' : 'The public key (whpk_…)' };
    case 'ecdsa-p256':
      return { name: 'WEBHOOK_PUBLIC_KEY', meaning: 'The public key in base64' };
    case 'rsa-certificate':
      return { name: 'WEBHOOK_CERTIFICATE', meaning: 'The certificate as PEM' };
  }
}
