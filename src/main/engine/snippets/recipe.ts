import type { SchemeId } from '#shared/contract/signing.ts';
import type { PieceKind, ReceiverRecipe, SignaturePlace } from '#shared/providers/shapes/receiver.ts';
import { receiverVariables } from '#shared/receiver-variables.ts';

export type {
  ContentDigest,
  ItemSignatures,
  PieceKind,
  ReceiverRecipe,
  SecretForm,
  SignaturePlace,
  SnippetPiece,
  SnippetProof,
  TimePlace,
} from '#shared/providers/shapes/receiver.ts';

/** What a receiver of a scheme does, independent of any language. */
export interface SnippetRecipe extends ReceiverRecipe {
  readonly scheme: SchemeId;
  readonly title: string;
  readonly description: string;
  readonly notes: readonly string[];
}

/** Whether a recipe signs a piece of this kind. */
export function signs({ signed }: SnippetRecipe, ...kinds: readonly PieceKind[]): boolean {
  return signed.some((piece) => kinds.includes(piece.kind));
}

/** Whether the whole URL is signed. */
export function needsUrl(recipe: SnippetRecipe): boolean {
  return recipe.digestParameter !== null || signs(recipe, 'url', 'decoded-url');
}

/** Whether the receiver's public origin, as the sender knows it, is signed. */
export function needsOrigin(recipe: SnippetRecipe): boolean {
  return needsUrl(recipe) || signs(recipe, 'origin-scheme', 'authority');
}

/** Whether the request line is signed. */
export function needsTarget(recipe: SnippetRecipe): boolean {
  return needsUrl(recipe) || signs(recipe, 'path', 'target', 'target-path', 'target-query');
}

/** Whether the code reads JSON. */
export function readsJson({ time, signature }: SnippetRecipe): boolean {
  return time?.place === 'json' || signature.kind === 'json' || signature.kind === 'items' || signature.kind === 'jwt';
}

/** Whether the code compares a signature or token with a text. */
export function comparesText({ proof }: SnippetRecipe): boolean {
  return proof.kind === 'mac' || proof.kind === 'token';
}

/** A part of a request that the code reads; `target` is path and query as in the request line. */
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

/** A required header, and the variable name of its value. */
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

/** The text before the digits of a signature. */
export function leadOf({ signature }: SnippetRecipe): string {
  return signature.kind === 'headers' || signature.kind === 'entries' ? signature.lead : '';
}

/** Signature headers that may each be missing; empty when one header has all signatures. */
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

/** Required environment variables besides the one with the secret. */
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

const keyForms = { hex: 'in hex', base64: 'in base64', whpk: '(whpk_…)', spki: 'in base64', pem: 'as PEM', jwk: 'as JWK' } as const;
