/**
 * Text without regard to case, and with accents apart from their letters, so that both ways to write `ä` are the same. Full case
 * folding: `STRASSE` folds like `straße`.
 */
export function foldText(text: string, isAscii = !/[^\0-\x7f]/.test(text)): string {
  if (isAscii) return text.toLowerCase();
  // Through upper case, since letters such as the long s have a small form of their own and a capital that they share.
  return text.normalize('NFD').toUpperCase().toLowerCase().replaceAll('\u03c2', '\u03c3');
}
