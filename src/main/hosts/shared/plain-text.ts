import { jsonEscape } from '#shared/text/escapes.ts';

/**
 * Characters that move the cursor, colour, hide or turn text around. Most of what is printed comes from a stranger, and a
 * terminal obeys it.
 */
const obeyed = /[^\P{C}\n\t]|[\u2028\u2029]/gu;

/** Writes out the characters that a terminal would obey. */
export function plainText(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(obeyed, (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ''}}`);
}

/** The same for JSON, without changing its meaning. */
export function plainJson(text: string): string {
  return text.replace(obeyed, (char) =>
    char
      .split('')
      .map((unit) => jsonEscape(unit))
      .join(''),
  );
}
