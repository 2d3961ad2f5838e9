/** Characters that look like others or like nothing, as text and as UTF-8 bytes with one character each. */
const asBytes =
  /(\u00c2\u00a0|\u00e2\u0080\u00af|\u00e2\u0080\u0087)|(\u00e2\u0080[\u008b-\u008d]|\u00e2\u0081\u00a0|\u00ef\u00bb\u00bf|\u00c2\u00ad)|(\u00e2\u0080[\u0090-\u0095])/g;
const asText = /([\u00a0\u202f\u2007])|([\u200b-\u200d\u2060\ufeff\u00ad])|([\u2010-\u2015])/g;

/** Text without such characters, with a note on each kind that says where the first stood and what became of it. */
export interface Cleaned {
  readonly text: string;
  readonly notes: readonly string[];
}

/**
 * Takes no-break spaces, characters without width and typographic hyphens out of the head of a request, where no sender writes
 * them; hyphens only in names. `place` says where an offset lies, such as "line 2, column 5".
 */
export function cleanHead(text: string, isBinary: boolean, place: (offset: number) => string): Cleaned {
  const found = [
    { what: 'No-break spaces', became: 'they were replaced with plain spaces', count: 0, at: '' },
    { what: 'Characters without width', became: 'they were left out', count: 0, at: '' },
    { what: 'Typographic hyphens', became: 'they were replaced with plain ones', count: 0, at: '' },
  ];
  const cleaned = text.replace(
    isBinary ? asBytes : asText,
    (whole: string, space: string | undefined, none: string | undefined, ...rest: unknown[]) => {
      const offset = Number(rest[1]);
      const kind = space !== undefined ? 0 : none !== undefined ? 1 : 2;
      if (kind === 2 && !isInName(text, offset)) return whole;
      const one = found[kind];
      if (one !== undefined) {
        if (one.count === 0) one.at = place(offset);
        one.count += 1;
      }
      return kind === 0 ? ' ' : kind === 1 ? '' : '-';
    },
  );
  return {
    text: cleaned,
    notes: found
      .filter(({ count }) => count > 0)
      .map(
        ({ what, became, count, at }) =>
          `${what} were in the headers (${count}, the first at ${at}), as after copying from a page or mail; ${became}.`,
      ),
  };
}

/** Whether only a name stands between the line's beginning and an offset. */
function isInName(text: string, offset: number): boolean {
  for (let at = offset - 1; at >= Math.max(0, offset - 200); at -= 1) {
    if (text[at] === '\n' || text[at] === '\r') return true;
    if (text[at] === ':' || text[at] === ' ') return false;
  }
  return offset <= 200;
}
