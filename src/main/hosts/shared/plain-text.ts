/**
 * Writes out the characters that move the cursor, colour, hide or turn text around: most of what is printed comes from a
 * stranger, and a terminal obeys it.
 */
export function plainText(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(/[^\P{C}\n\t]|[\u2028\u2029]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ''}}`);
}
