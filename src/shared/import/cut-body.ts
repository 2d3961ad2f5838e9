import { binaryText } from '../text/text-codec.ts';

/** How much of a body's end is looked at for the mark of a cut, and how much of all for what stands in place of values. */
const endBytes = 200;
const searchedBytes = 1_048_576;

const cutWords =
  /(?:\.{3}|\u00e2\u0080\u00a6)?\s{0,3}[[(<]?\s?(?:truncated|trimmed|snip(?:ped)?|cut off|\+\d{1,9} (?:more )?(?:chars?|characters|bytes))\b[^\])>\n]{0,60}[\])>]?\s*$|(?:\.{3}|\u00e2\u0080\u00a6) ?\d{1,9} more (?:bytes?|char(?:acter)?s?|items?)[)\]>]?\s*$/i;
const dots = /(?:\.{3,}|\u00e2\u0080\u00a6)["'\]})]{0,3}\s*$/;
const placeholders =
  /\[(?:Object|Array|object Object|Circular[^\]\n]{0,20}|FILTERED|REDACTED|Filtered|Redacted)\]|<(?:redacted|REDACTED|hidden)>|"\*{3,100}"/;

/** Why a body visibly cannot be the signed one: it is cut, or something replaces its values. */
export function cutNotes(body: Uint8Array): readonly string[] {
  if (body.length === 0) return [];
  const tail = binaryText(body.subarray(Math.max(0, body.length - endBytes)));
  const from = Math.max(0, body.length - endBytes);
  const words = cutWords.exec(tail);
  const end = words ?? (dots.test(tail) && isBrokenJson(body) ? dots.exec(tail) : null);
  const notes: string[] = [];
  if (end !== null)
    notes.push(
      `The body is cut: it ends in "${shown(end[0].trim())}" at byte ${from + end.index}, so no signature over it can match. Ask for the whole body.`,
    );
  const held = placeholders.exec(binaryText(body.subarray(0, searchedBytes)));
  if (held !== null)
    notes.push(
      `The body holds ${held[0].slice(0, 20)} at byte ${held.index}, which a log or program puts there instead of what was sent, so no signature over it can match. Ask for the whole body as it was sent.`,
    );
  return notes;
}

/** The end of a body as readable text. */
function shown(binary: string): string {
  return binary.replaceAll('\u00e2\u0080\u00a6', '\u2026').slice(0, 60);
}

/** Whether a body begins like JSON and does not end like it. */
function isBrokenJson(body: Uint8Array): boolean {
  const binary = binaryText(body.subarray(0, searchedBytes));
  if (!/^\s*[{["]/.test(binary.slice(0, 1000))) return false;
  try {
    JSON.parse(body.length > searchedBytes ? '' : binary);
    return false;
  } catch {
    return true;
  }
}
