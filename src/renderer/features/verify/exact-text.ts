import { firstDifference, sharedEndLength } from '#shared/text/bytes.ts';

/** Line breaks of a text by kind. */
export interface LineBreaks {
  readonly lf: number;
  readonly crlf: number;
  readonly cr: number;
}

/** Which line breaks a body gets: those it was pasted with, or one kind throughout. */
export type LineEnding = 'asPasted' | 'lf' | 'crlf';

/** A paste that is about to reach a text field: what the clipboard holds and which part of the shown text it replaces. */
export interface Paste {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** How much of the text of a field a paste is: all of it, or beside what stood there. */
export type PastedPart = 'whole' | 'part';

/** What a text field shows of a text: browsers turn CRLF and CR into LF there. */
export function shownText(exact: string): string {
  return exact.replace(/\r\n?/g, '\n');
}

/** Offset in the exact text of an offset in what is shown of it. */
function exactOffset(exact: string, shownOffset: number): number {
  let at = 0;
  for (let shown = 0; shown < shownOffset && at < exact.length; shown += 1) at += exact[at] === '\r' && exact[at + 1] === '\n' ? 2 : 1;
  return at;
}

/** How many line breaks of each kind a text has. */
export function countLineBreaks(exact: string): LineBreaks {
  const breaks = exact.match(/\r\n|\r|\n/g) ?? [];
  const count = (kind: string) => breaks.filter((found) => found === kind).length;
  return { lf: count('\n'), crlf: count('\r\n'), cr: count('\r') };
}

function usualBreak(exact: string): string {
  const { lf, crlf } = countLineBreaks(exact);
  return crlf > lf ? '\r\n' : '\n';
}

/**
 * Carries an edit of the shown text over to the exact text, so that line breaks outside the edit stay as they were.
 * What was pasted keeps the line breaks of the clipboard; a typed line break becomes the kind the text mostly has.
 */
export function applyEdit(exact: string, shownAfter: string, paste: Paste | null): string {
  if (paste !== null) {
    const pasted = exact.slice(0, exactOffset(exact, paste.from)) + paste.text + exact.slice(exactOffset(exact, paste.to));
    if (shownText(pasted) === shownAfter) return pasted;
  }
  const before = shownText(exact);
  const prefix = firstDifference(before, shownAfter) ?? before.length;
  const suffix = sharedEndLength(before, shownAfter, Math.min(before.length, shownAfter.length) - prefix);
  const inserted = shownAfter.slice(prefix, shownAfter.length - suffix).replaceAll('\n', usualBreak(exact));
  const typed = exact.slice(0, exactOffset(exact, prefix)) + inserted + exact.slice(exactOffset(exact, before.length - suffix));
  // An edit that puts LF right behind a lone CR would make one break of two; then only the shown text is certain.
  return shownText(typed) === shownAfter ? typed : shownAfter;
}

/** A text with the line endings that were chosen. */
export function withLineEnding(exact: string, ending: LineEnding): string {
  switch (ending) {
    case 'asPasted':
      return exact;
    case 'lf':
      return exact.replace(/\r\n?/g, '\n');
    case 'crlf':
      return exact.replace(/\r\n?|\n/g, '\r\n');
  }
}

/** Head and body of a raw request, cut at its first empty line; null when there is no text behind one. */
export function splitRawRequest(exact: string): { readonly head: string; readonly body: string } | null {
  const match = /\S[^\r\n]*(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r)/.exec(exact);
  if (match === null) return null;
  const cut = match.index + match[0].length;
  const body = exact.slice(cut);
  return body === '' ? null : { head: exact.slice(0, cut).trimEnd(), body };
}
