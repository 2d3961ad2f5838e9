/** A long text as it is shown: its beginning and its end, and how many characters between them are left out. */
export interface CutText {
  readonly start: string;
  readonly hiddenCharacters: number;
  readonly end: string;
}

/** Leaves out the middle of a text that would take long to lay out; one with at most as many characters as both ends stays whole. */
export function cutMiddle(text: string, keep: { readonly start: number; readonly end: number }): CutText {
  if (text.length <= keep.start + keep.end) return { start: text, hiddenCharacters: 0, end: '' };
  // A character of two halves stays whole or is left out whole.
  const start = isSecondHalf(text, keep.start) ? keep.start - 1 : keep.start;
  const from = text.length - keep.end;
  const endFrom = isSecondHalf(text, from) ? from + 1 : from;
  return { start: text.slice(0, start), hiddenCharacters: endFrom - start, end: text.slice(endFrom) };
}

function isSecondHalf(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff;
}
