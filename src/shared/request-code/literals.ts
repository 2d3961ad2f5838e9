import type { CodePiece } from '../masked-pieces.ts';
import { jsonEscape } from '../text/escapes.ts';
import { binaryText, utf8Bytes } from '../text/text-codec.ts';

/** Languages whose string literals are written here. */
export type LiteralLanguage = 'javascript' | 'python' | 'go' | 'ruby' | 'php' | 'java';

/** What a reader or a terminal would not see, or act on: controls, marks of direction, line separators, halves of pairs. */
const unseen = /[\p{C}\p{Zl}\p{Zp}]/gu;

const shortEscapes: Readonly<Record<string, string>> = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** What begins an expression within a string. */
const openings: Readonly<Partial<Record<LiteralLanguage, string>>> = { ruby: '#', php: '$' };

/** A text as a string literal in double quotes, which stands for just these characters. */
export function textLiteral(text: string, language: LiteralLanguage): string {
  const quoted = withoutOpenings(
    text.replace(/[\\"\n\r\t]/g, (character) => shortEscapes[character] ?? character),
    language,
  );
  // javac reads a source in the machine's own character set unless it is told another.
  const escaped = language === 'java' ? /[^\x20-\x7e]/g : unseen;
  return `"${quoted.replace(escaped, (character) => codePointEscape(character.codePointAt(0) ?? 0, language))}"`;
}

function withoutOpenings(quoted: string, language: LiteralLanguage): string {
  const opening = openings[language];
  return opening === undefined ? quoted : quoted.replaceAll(opening, `\\${opening}`);
}

function codePointEscape(codePoint: number, language: LiteralLanguage): string {
  const hex = codePoint.toString(16);
  if (language === 'ruby' || language === 'php') return `\\u{${hex}}`;
  // Java reads \u000a as a line break within the literal, before anything else.
  if (language === 'java' && codePoint < 0x20) return `\\${codePoint.toString(8).padStart(3, '0')}`;
  if (language === 'java') return jsonEscape(String.fromCharCode(codePoint));
  if (codePoint <= 0xffff) return `\\u${hex.padStart(4, '0')}`;
  return language === 'javascript' ? `\\u{${hex}}` : `\\U${hex.padStart(8, '0')}`;
}

/** The bytes of a header's value, one character each. Values are bytes so written already, unless they have other characters. */
export function headerBinary(value: string): string {
  return /[^\0-\xff]/.test(value) ? binaryText(utf8Bytes(value)) : value;
}

/** Bytes, one character each, as a string literal that is the same in JavaScript, Python and Go. */
export function binaryLiteral(binary: string): string {
  const quoted = binary.replace(/[\\"\t]/g, (character) => shortEscapes[character] ?? character);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return `"${quoted.replace(/[\0-\x1f\x7f-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`)}"`;
}

/** The value of a header as a string literal. */
export function headerLiteral(value: string, language: LiteralLanguage): string {
  const binary = headerBinary(value);
  return language === 'java' ? textLiteral(binary, language) : withoutOpenings(binaryLiteral(binary), language);
}

/** Pieces as an expression: literals, and calls of `secret` for values that are masked, joined by `+`. */
export function piecesExpression(pieces: readonly CodePiece[], quote: (text: string) => string): string {
  const terms = pieces.map((piece) => (piece.kind === 'text' ? quote(piece.text) : `secret("${piece.variable}", ${quote(piece.value)})`));
  return terms.length === 0 ? '""' : terms.join(' + ');
}
