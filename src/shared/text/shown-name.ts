/** A name that somebody else may have given, such as that of a file, on one line: what follows a line break in it would stand as a line by itself. */
export function shownName(name: string): string {
  return name.replace(/[\p{Cc}\u2028\u2029]/gu, (char) => `\\u{${char.codePointAt(0)?.toString(16) ?? ''}}`);
}
