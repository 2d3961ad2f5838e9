import { Buffer } from 'node:buffer';
import type { HeaderField } from '#shared/contract/common.ts';
import { headerValue } from '#shared/text/headers.ts';
import { formRuns } from '../../signing/form-runs.ts';
import { leadOf, type SnippetPiece, type SnippetRecipe } from '../recipe.ts';

/** A part of the value of a header that a test writes. */
export type ValuePart = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'timestamp' | 'signature' | 'secret' };

/** A header that a test writes at each run. */
export interface FreshHeader {
  readonly name: string;
  readonly value: readonly ValuePart[];
}

/** How a test signs a captured request with the time of its run. */
export interface FreshSignature {
  /** What is signed, with all that the capture decides as text. */
  readonly recipe: SnippetRecipe;
  readonly timeUnit: 's' | 'ms' | 'rfc3339' | null;
  readonly headers: readonly FreshHeader[];
}

interface Captured {
  readonly method: string;
  readonly headers: readonly HeaderField[];
  readonly body: Uint8Array;
}

/** The id of a message whose request has none. */
const stoodInId = 'msg_captured';

/** How a request is signed anew in a test, or in a sentence why it is not. */
export function freshSignatureOf(recipe: SnippetRecipe, captured: Captured): FreshSignature | { readonly why: string } {
  const { proof, signature, title } = recipe;
  if (proof.kind !== 'mac' && proof.kind !== 'token')
    return { why: `${title} signs with a private key that only it has, so the signature is sent as it was captured.` };
  switch (signature.kind) {
    case 'json':
    case 'items':
      return { why: `${title} puts its signature into the body, which is sent as it was captured, signature included.` };
    case 'jwt':
      return { why: `${title} signs a token with claims of its own, so the token is sent as it was captured.` };
    case 'message':
      return { why: 'The signature covers parameters of its own (RFC 9421), so it is sent as it was captured.' };
    case 'headers':
    case 'entries':
      break;
  }
  if (recipe.signed.some(({ kind }) => kind === 'listed-values' || kind === 'listed-lines'))
    return { why: `${title} also signs headers that each request lists, so the signature is sent as it was captured.` };
  const signed = recipe.signed.map((piece) => withCaptured(piece, recipe, captured));
  const isTimed = recipe.time !== null && recipe.time.place !== 'json';
  return {
    recipe: { ...recipe, signed: joinLiterals(signed) },
    timeUnit: isTimed ? (recipe.time?.unit ?? null) : null,
    headers: headersOf(recipe, signature, captured.headers),
  };
}

/** A piece with what the capture decides in its place. */
function withCaptured(piece: SnippetPiece, { idHeader }: SnippetRecipe, { method, headers, body }: Captured): SnippetPiece {
  switch (piece.kind) {
    case 'id':
      return { kind: 'literal', text: (idHeader === null ? null : headerValue(headers, idHeader)) ?? stoodInId };
    case 'method':
      return { kind: 'literal', text: method };
    case 'fields':
      return {
        kind: 'literal',
        text: formRuns(body)
          .map(({ bytes }) => Buffer.from(bytes).toString('utf8'))
          .join(''),
      };
    default:
      return piece;
  }
}

function joinLiterals(pieces: readonly SnippetPiece[]): readonly SnippetPiece[] {
  const joined: SnippetPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (piece.kind !== 'literal' || last?.kind !== 'literal') joined.push(piece);
    else joined[joined.length - 1] = { kind: 'literal', text: last.text + piece.text };
  }
  return joined;
}

const text = (value: string): ValuePart => ({ kind: 'text', text: value });
const timestamp: ValuePart = { kind: 'timestamp' };

function headersOf(
  recipe: SnippetRecipe,
  signature: Extract<SnippetRecipe['signature'], { readonly kind: 'headers' | 'entries' }>,
  captured: readonly HeaderField[],
): readonly FreshHeader[] {
  const { proof, time, idHeader, fixedHeader } = recipe;
  const isMissing = (name: string) => headerValue(captured, name) === null;
  const mac: ValuePart = { kind: proof.kind === 'token' ? 'secret' : 'signature' };
  const [first = ''] = signature.kind === 'headers' ? signature.names : [signature.header];
  const entrySeparator = signature.kind === 'entries' && signature.timeLabel !== null ? signature.separator : '';
  return [
    ...(idHeader !== null && isMissing(idHeader) ? [{ name: idHeader, value: [text(stoodInId)] }] : []),
    ...(fixedHeader !== null && isMissing(fixedHeader[0]) ? [{ name: fixedHeader[0], value: [text(fixedHeader[1])] }] : []),
    ...(time?.place === 'header' ? [{ name: time.name, value: [timestamp] }] : []),
    { name: first, value: [...timePartOf(signature), ...textPart(`${entrySeparator}${leadOf(recipe)}`), mac] },
  ];
}

/** The entry with the time, which comes first. */
function timePartOf(signature: SnippetRecipe['signature']): readonly ValuePart[] {
  return signature.kind === 'entries' && signature.timeLabel !== null ? [...textPart(signature.timeLabel), timestamp] : [];
}

function textPart(value: string): readonly ValuePart[] {
  return value === '' ? [] : [text(value)];
}

/** Headers that carry a signature or its time, all alternatives of them. */
export function signatureHeadersIn({ signature, time }: SnippetRecipe): readonly string[] {
  return [...(time?.place === 'header' ? [time.name] : []), ...namesOf(signature)];
}

function namesOf(signature: SnippetRecipe['signature']): readonly string[] {
  if (signature.kind === 'headers') return signature.names;
  return signature.kind === 'entries' || signature.kind === 'jwt' ? [signature.header] : [];
}
