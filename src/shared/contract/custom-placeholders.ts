import { nearestName } from '../names/nearest-name.ts';

/** Digests of the body that may be signed or sent: the hash, and how it is written. */
export const bodyDigests = {
  body_sha256: { hash: 'sha256', encoding: 'hex' },
  body_sha256_base64: { hash: 'sha256', encoding: 'base64' },
  body_sha512: { hash: 'sha512', encoding: 'hex' },
  body_sha512_base64: { hash: 'sha512', encoding: 'base64' },
  body_md5: { hash: 'md5', encoding: 'hex' },
  body_md5_base64: { hash: 'md5', encoding: 'base64' },
} as const;
export type BodyDigest = keyof typeof bodyDigests;

export const bodyDigestNames = Object.keys(bodyDigests) as readonly BodyDigest[];

/** Whether a placeholder stands for a digest of the body. */
export function isBodyDigestName(name: string): name is BodyDigest {
  return bodyDigestNames.some((digest) => digest === name);
}

/** What may stand in braces in the signed content of `custom`; `bodySha256` is an older name of `body_sha256`. */
export const signedPlaceholders = [
  'body',
  'bodySha256',
  ...bodyDigestNames,
  'timestamp',
  'id',
  'key_id',
  'method',
  'url',
  'host',
  'path',
  'query',
] as const;
export type SignedPlaceholder = (typeof signedPlaceholders)[number];

/** What may stand in braces in a field that carries a part of the signature. */
export const fieldPlaceholders = ['signature', 'timestamp', 'id', 'key_id', ...bodyDigestNames] as const;
export type FieldPlaceholder = (typeof fieldPlaceholders)[number];

/** What may stand in braces in the claims of a token; a whole body is none of them. */
export const claimPlaceholders = signedPlaceholders.filter((name) => name !== 'body' && name !== 'bodySha256');

const braced = /\{([A-Za-z][A-Za-z0-9_]*)\}/;

/** A placeholder of a text, or the text between two. */
export type TextPiece = { readonly kind: 'literal'; readonly text: string } | { readonly kind: 'placeholder'; readonly name: string };

/** The pieces of a text in order, whatever the names of its placeholders. */
export function textPieces(text: string): readonly TextPiece[] {
  // Splitting by a pattern with one group puts literals at even places and names at odd ones.
  return text
    .split(braced)
    .map((piece, index): TextPiece => (index % 2 === 0 ? { kind: 'literal', text: piece } : { kind: 'placeholder', name: piece }))
    .filter((piece) => piece.kind === 'placeholder' || piece.text !== '');
}

/** The names of the placeholders of a text, in order and with those that occur again. */
export function placeholderNames(text: string): readonly string[] {
  return textPieces(text).flatMap((piece) => (piece.kind === 'placeholder' ? [piece.name] : []));
}

/** A sentence on the first placeholder of a text that is not known, with the nearest that is; null where all are. */
export function unknownPlaceholder(text: string, known: readonly string[]): string | null {
  const unknown = placeholderNames(text).find((name) => !known.includes(name));
  if (unknown === undefined) return null;
  const nearest = nearestName(unknown, known);
  const hint = nearest === null ? '' : ` Did you mean {${nearest}}?`;
  return `There is no {${unknown}}.${hint} Known are ${known.map((name) => `{${name}}`).join(', ')}.`;
}
