/**
 * Text without regard to case, and with accents apart from their letters, so that both ways to write `ä` are the same. Full case
 * folding: `STRASSE` folds like `straße`.
 */
export function foldText(text: string, isAscii = !/[^\0-\x7f]/.test(text)): string {
  if (isAscii) return text.toLowerCase();
  // Through upper case, since letters such as the long s have their own lower case but share a capital.
  return decomposed(text).toUpperCase().toLowerCase().replaceAll('\u03c2', '\u03c3');
}

/** Real text has no run of this many marks, and normalising a long one takes quadratic time. */
const manyMarks = /\p{M}{32}/u;
const pieceChars = 64;

/** Separates letters from their accents. Very long runs of accents are normalised piece by piece. */
function decomposed(text: string): string {
  if (!manyMarks.test(text)) return text.normalize('NFD');
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += pieceChars) pieces.push(text.slice(at, at + pieceChars).normalize('NFD'));
  return pieces.join('');
}
