/**
 * Text without regard to case, and with accents apart from their letters, so that both ways to write `ä` are the same. Full case
 * folding: `STRASSE` folds like `straße`.
 */
export function foldText(text: string, isAscii = !/[^\0-\x7f]/.test(text)): string {
  if (isAscii) return text.toLowerCase();
  // Through upper case, since letters such as the long s have a small form of their own and a capital that they share.
  return decomposed(text).toUpperCase().toLowerCase().replaceAll('\u03c2', '\u03c3');
}

/** A run of so many marks is no writing; to bring a long one into order takes quadratic time. */
const manyMarks = /\p{M}{32}/u;
const pieceChars = 64;

/** Each letter apart from its accents. Where a text has endless runs of accents, they are ordered piece by piece. */
function decomposed(text: string): string {
  if (!manyMarks.test(text)) return text.normalize('NFD');
  const pieces: string[] = [];
  for (let at = 0; at < text.length; at += pieceChars) pieces.push(text.slice(at, at + pieceChars).normalize('NFD'));
  return pieces.join('');
}
