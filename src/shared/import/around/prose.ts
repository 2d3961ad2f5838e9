import { looksLikeFetch } from '../fetch-find.ts';
import type { PasteFormat, ReadInner } from '../format.ts';
import { printedLimitBytes } from '../limits.ts';
import { derivedSource, firstVisible, type PasteSource } from '../paste-source.ts';
import type { Pasted } from '../pasted.ts';

/** Where a request may begin behind words: a request line, a header with a hyphen in its name, a command, or an object with headers. */
const beginning =
  /^(?:[A-Z]{3,10} \S+ HTTP\/\d|[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+:(?:[ \t]|$)|(?:[^'"\r\n]{0,100}[$#%>] )?(?:curl|http|https|wget)[ \t]+\S|Invoke-(?:WebRequest|RestMethod) |(?:await )?fetch\(|[{[]|Array\b|map\[|(?:request )?headers?[ \t]*[:=])/i;

/** Most places in a text that are tried. */
const placeLimit = 6;

/** A request with words before it, as people write in tickets and chats. */
export const proseFormat: PasteFormat = {
  recognises: ({ binary }) => binary.length <= printedLimitBytes && binary.includes('\n'),
  read: readBehindProse,
};

function readBehindProse(source: PasteSource, inner: ReadInner): Pasted | null {
  const lines = source.binary.split('\n');
  let tried = 0;
  // From the first place on, all calls of fetch are looked for, so that no later one is another beginning.
  let isFetchTried = looksLikeFetch(source.binary, firstVisible(source));
  for (let at = 1; at < lines.length && tried < placeLimit; at += 1) {
    const line = lines[at] ?? '';
    if (!beginning.test(line.slice(0, 1000))) continue;
    // The first of several headers is where they begin.
    if (/^[A-Za-z0-9-]+:/.test(line) && /^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+:[ \t]/.test(lines[at - 1] ?? '')) continue;
    const isFetch = /^(?:await )?fetch\(/.test(line);
    if (isFetch && isFetchTried) continue;
    isFetchTried ||= isFetch;
    tried += 1;
    const kept = Array.from({ length: lines.length - at }, (_, index) => at + index);
    const said = lines.slice(0, at).filter((one) => one.trim() !== '').length;
    const note = `${said} ${said === 1 ? 'line' : 'lines'} of text before the request ${said === 1 ? 'was' : 'were'} left out.`;
    const read = inner(derivedSource(source, lines.slice(at).join('\n'), said === 0 ? [] : [note], kept));
    const hasHeaders =
      read !== null && (read.headers.length > 0 || (isFetch && (read.choices ?? []).some((one) => one.headers.length > 0)));
    if (hasHeaders) return read;
  }
  return null;
}
