/** A part of a text: an output of a template with its braces, or what stands between outputs. */
export interface TextPiece {
  readonly text: string;
  readonly isOutput: boolean;
}

/** Whether a text may have outputs of a template, such as `{{ vars.host }}`. */
export function hasOutputs(text: string): boolean {
  return text.includes('{{');
}

/** A text without tags, cut at its outputs; one that is not closed is no output. Joined, the pieces are the text. */
export function cutOutputs(text: string): readonly TextPiece[] {
  const pieces: TextPiece[] = [];
  let at = 0;
  while (at < text.length) {
    const start = text.indexOf('{{', at);
    const end = start < 0 ? -1 : text.indexOf('}}', start + 2);
    if (end < 0) break;
    if (start > at) pieces.push({ text: text.slice(at, start), isOutput: false });
    pieces.push({ text: text.slice(start, end + 2), isOutput: true });
    at = end + 2;
  }
  if (at < text.length) pieces.push({ text: text.slice(at), isOutput: false });
  return pieces;
}

/** What an output says, without its braces: `vars.host` of `{{ vars.host }}`. */
export function outputText(piece: string): string {
  return piece.replace(/^\{\{-?\s*|\s*-?\}\}$/g, '');
}
