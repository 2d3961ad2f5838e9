/** What a here-document begins with: `<<EOF`, `<<-EOF` (tabs before lines do not count) or `<<'EOF'` (nothing is filled in). */
export interface HeredocStart {
  readonly delimiter: string;
  readonly isIndented: boolean;
  readonly isQuoted: boolean;
}

/** The lines of a here-document that begin at a place, up to its delimiter; null where that never comes. */
export function readHeredoc(
  binary: string,
  at: number,
  { delimiter, isIndented }: HeredocStart,
): { readonly text: string; readonly end: number } | null {
  const lines: string[] = [];
  const line = /([^\n]*)(\n|$)/y;
  line.lastIndex = at;
  for (let found = line.exec(binary); found !== null && found[0] !== ''; found = line.exec(binary)) {
    const text = isIndented ? (found[1] ?? '').replace(/^\t+/, '') : (found[1] ?? '');
    if (text.replace(/\r$/, '') === delimiter) return { text: lines.join(''), end: found.index + (found[1] ?? '').length };
    lines.push(`${text}\n`);
  }
  return null;
}
