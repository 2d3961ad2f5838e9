import type { CodePiece } from '../masked-pieces.ts';
import { binaryText, utf8Bytes } from '../text/text-codec.ts';

/** Languages whose string literals are written here. */
export type LiteralLanguage = 'javascript' | 'python' | 'go';

/** What a reader or a terminal would not see, or act on: controls, marks of direction, line separators, halves of pairs. */
const unseen = /[\p{C}\p{Zl}\p{Zp}]/gu;

const shortEscapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text as a string literal in double quotes, which stands for just these characters. */
export function textLiteral(text: string, language: LiteralLanguage): string {
  const quoted = text.replace(/[\\"\n\r\t]/g, (character) => shortEscapes[character] ?? character);
  return `"${quoted.replace(unseen, (character) => codePointEscape(character.codePointAt(0) ?? 0, language))}"`;
}

function codePointEscape(codePoint: number, language: LiteralLanguage): string {
  const hex = codePoint.toString(16);
  if (codePoint <= 0xffff) return `\\u${hex.padStart(4, '0')}`;
  return language === 'javascript' ? `\\u{${hex}}` : `\\U${hex.padStart(8, '0')}`;
}

/** The bytes of a header's value, one character each. Values are bytes so written already, unless they have other characters. */
export function headerBinary(value: string): string {
  return /[^\0-\xff]/.test(value) ? binaryText(utf8Bytes(value)) : value;
}

/** Bytes, one character each, as a string literal that is the same in all three languages. */
export function binaryLiteral(binary: string): string {
  const quoted = binary.replace(/[\\"\t]/g, (character) => shortEscapes[character] ?? character);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return `"${quoted.replace(/[\0-\x1f\x7f-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;
}

/** Pieces as an expression: literals, and calls of `secret` for values that are masked, joined by `+`. */
export function piecesExpression(pieces: readonly CodePiece[], quote: (text: string) => string): string {
  const terms = pieces.map((piece) => (piece.kind === 'text' ? quote(piece.text) : `secret("${piece.variable}", ${quote(piece.value)})`));
  return terms.length === 0 ? '""' : terms.join(' + ');
}
