import { claimPlaceholders, textPieces, unknownPlaceholder, type TextPiece } from './custom-placeholders.ts';

/**
 * Claims with values in place of their placeholders, as JSON text; null when a value is missing. A value is written as the inside of a JSON
 * string, so it cannot end the string that it stands in.
 */
export function filledClaims(claims: string, valueOf: (name: string) => string | null): string | null {
  let text = '';
  for (const piece of textPieces(claims)) {
    const value = piece.kind === 'literal' ? piece.text : valueOf(piece.name);
    if (value === null) return null;
    text += piece.kind === 'literal' ? value : JSON.stringify(value).slice(1, -1);
  }
  return text;
}

/** A sentence on why claims cannot be used, or null. */
export function claimsProblem(claims: string): string | null {
  const unknown = unknownPlaceholder(claims, claimPlaceholders);
  if (unknown !== null) return unknown;
  // A number stands for every value, so that {timestamp} may stand without quotes; JSON then says what else is wrong.
  const filled = filledClaims(claims, () => '1');
  try {
    const value: unknown = JSON.parse(filled ?? '');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return null;
  } catch {
    // What JSON.parse says is about the filled text, which nobody sees.
  }
  return 'Write the claims as a JSON object, such as {"iss": "acme", "iat": {timestamp}, "hash": "{body_sha256}"}; only {timestamp} in seconds or milliseconds may stand without quotes.';
}

/** A piece of claims, and whether it begins inside of a string. */
export interface ClaimPiece {
  readonly piece: TextPiece;
  readonly isInString: boolean;
}

/** The pieces of claims in order. */
export function claimPieces(claims: string): readonly ClaimPiece[] {
  let isInString = false;
  return textPieces(claims).map((piece) => {
    const placed = { piece, isInString };
    if (piece.kind === 'placeholder') return placed;
    for (let at = 0; at < piece.text.length; at += 1) {
      if (piece.text[at] === '\\' && isInString) at += 1;
      else if (piece.text[at] === '"') isInString = !isInString;
    }
    return placed;
  });
}

/** The placeholders of claims that stand outside of a string, where only a number is JSON. */
export function bareClaimPlaceholders(claims: string): readonly string[] {
  return claimPieces(claims).flatMap(({ piece, isInString }) => (piece.kind === 'placeholder' && !isInString ? [piece.name] : []));
}
