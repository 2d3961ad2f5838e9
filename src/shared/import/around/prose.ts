import { isJsonText } from '../../json/is-json-text.ts';
import { looksLikeFetch } from '../fetch-find.ts';
import type { PasteFormat, ReadInner } from '../format.ts';
import { printedLimitBytes } from '../limits.ts';
import { derivedSource, firstVisible, type PasteSource } from '../paste-source.ts';
import type { Pasted } from '../pasted.ts';
import { bytesOfBinary } from '../../text/text-codec.ts';

/** Where a request may begin behind words: a request line, a header with a hyphen in its name, a command, or an object with headers. */
const beginning =
  /^(?:[A-Z]{3,10} \S+ HTTP\/\d|[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+:(?:[ \t]|$)|(?:[^'"\r\n]{0,100}[$#%>] )?(?:curl|http|https|wget)[ \t]+\S|Invoke-(?:WebRequest|RestMethod) |(?:await )?fetch\(|[{[]|Array\b|map\[|(?:request )?headers?[ \t]*[:=])/i;

const hyphenated = /^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+:[ \t]/;

/** Most places in a text that are tried, and most bytes behind them all: a long text is read again from fewer places. */
const placeLimit = 12;
const triedLimitBytes = 2 * 1024 * 1024;

/** A request with words before it, as people write in tickets and chats. */
export const proseFormat: PasteFormat = {
  recognises: ({ binary }) => binary.length <= printedLimitBytes && binary.includes('\n'),
  read: readBehindProse,
};

function readBehindProse(source: PasteSource, inner: ReadInner): Pasted | null {
  const { binary } = source;
  let tried = 0;
  let triedBytes = 0;
  for (const { index, start, said, isFetch } of placesIn(source)) {
    tried += 1;
    triedBytes += binary.length - start;
    const note = `${said} ${said === 1 ? 'line' : 'lines'} of text before the request ${said === 1 ? 'was' : 'were'} left out.`;
    const read = inner(derivedSource(source, binary.slice(start), said === 0 ? [] : [note], index));
    const hasHeaders =
      read !== null && (read.headers.length > 0 || (isFetch && (read.choices ?? []).some((one) => one.headers.length > 0)));
    if (hasHeaders) return withBodyBefore(read, binary.slice(0, start));
    if (tried >= placeLimit || triedBytes >= triedLimitBytes) return null;
  }
  return null;
}

/** Headers without a body, with the JSON that stands before them in its place. */
function withBodyBefore(read: Pasted, before: string): Pasted {
  const text = before.trim();
  if (read.kind !== 'headers' || read.body !== null || !/^[{[]/.test(text) || !isJsonText(text)) return read;
  const notes = read.notes.filter((note) => !/^\d+ lines? of text before the request /.test(note));
  return {
    ...read,
    kind: 'headers_and_body',
    confidence: 'likely',
    body: bytesOfBinary(text),
    notes: [...notes, 'The JSON that stands before the headers was read as the body.'],
  };
}

/** A line on which a request may begin. */
interface Place {
  /** Of the line, from 0. */
  readonly index: number;
  /** Of its first byte in the text. */
  readonly start: number;
  /** How many lines before it have something on them. */
  readonly said: number;
  readonly isFetch: boolean;
}

/** Where a request may begin behind at least one line of something else. */
function* placesIn(source: PasteSource): Generator<Place> {
  const { binary } = source;
  // From the first place on, all calls of fetch are looked for, so that no later one is another beginning.
  let isFetchTried = looksLikeFetch(binary, firstVisible(source));
  let before = '';
  let said = 0;
  for (let index = 0, start = 0; start < binary.length; index += 1) {
    const end = binary.indexOf('\n', start);
    const line = binary.slice(start, end === -1 ? undefined : end);
    // The first of several headers is where they begin.
    if (index > 0 && beginning.test(line.slice(0, 1000)) && !(hyphenated.test(line) && hyphenated.test(before))) {
      const isFetch = /^(?:await )?fetch\(/.test(line);
      if (!isFetch || !isFetchTried) yield { index, start, said, isFetch };
      isFetchTried ||= isFetch;
    }
    if (line.trim() !== '') said += 1;
    before = line;
    start = end === -1 ? binary.length : end + 1;
  }
}
