import { isJsonText } from '#shared/json/is-json-text.ts';

/** One row of a text as it is shown: a line, or a piece of one that is too long for a row. */
export interface TextRow {
  /** Number of the line that it belongs to, from 1. */
  readonly line: number;
  readonly text: string;
  /** True where the line began in a row above. */
  readonly isContinued: boolean;
  /** How much of the source has been shown with it, in characters. */
  readonly end: number;
}

/** Rows one after another; null means that there is none yet, so that the reader can yield to other work. */
export type Rows<Row> = Generator<Row | null, void, void>;

/** A row has no more characters than this, give or take one: laying out an endless line would keep the page from everything else. */
export const rowChars = 1000;
/** Levels that are indented; what is deeper stands below them, since indentation would grow with the square of the depth. */
const indentedLevels = 40;
/** Characters read before yielding to other work. */
const pauseEvery = 32_768;
/** Up to this length a text is JSON when it parses; longer ones are judged by their beginning. */
const parsedChars = 262_144;
/** How much of a long text is looked at to say that it is JSON: so many rows, or pauses in which there was none. */
const judgedSteps = 50;
const judgedPauses = 4;

/** A text as it is, in rows. Every kind of line break ends a line. */
export function* rawRows(text: string, from = 0, firstLine = 1): Rows<TextRow> {
  let [lf, cr] = [text.indexOf('\n', from), text.indexOf('\r', from)];
  let at = from;
  for (let line = firstLine; ; line += 1) {
    if (lf !== -1 && lf < at) lf = text.indexOf('\n', at);
    if (cr !== -1 && cr < at) cr = text.indexOf('\r', at);
    const isLast = lf === -1 && cr === -1;
    const end = isLast ? text.length : lf === -1 ? cr : cr === -1 ? lf : Math.min(lf, cr);
    const next = isLast ? end : end === cr && lf === cr + 1 ? end + 2 : end + 1;
    let start = at;
    do {
      const stop = wholeUntil(text, start, end);
      yield { line, text: text.slice(start, stop), isContinued: start > at, end: stop === end ? next : stop };
      start = stop;
    } while (start < end);
    if (isLast) return;
    at = next;
  }
}

/**
 * JSON laid out with two spaces, in rows. Only whitespace between tokens changes: numbers keep every digit and strings every escape they
 * were sent with, which parsing and writing again would not. If it turns out not to be JSON, the rest is shown as it is, after a row that
 * says so.
 */
export function* jsonRows(text: string): Rows<TextRow> {
  const layout = layOut(text);
  for (let step = layout.next(); ; step = layout.next()) {
    if (step.done !== true) {
      yield step.value;
      continue;
    }
    const { brokenAt, line } = step.value;
    if (brokenAt === null) return;
    yield { line: line + 1, text: '(From here on this is not JSON. It is shown as it came.)', isContinued: false, end: brokenAt };
    return yield* rawRows(text, brokenAt, line + 2);
  }
}

/** Whether a text is JSON; of a long one, whether it begins as JSON does. */
export function looksLikeJson(text: string): boolean {
  if (text.length <= parsedChars) return isJsonText(text);
  if (!/^\s*[[{"]/.test(text.slice(0, rowChars))) return false;
  const layout = layOut(text);
  for (let steps = 0, pauses = 0; steps < judgedSteps && pauses < judgedPauses; steps += 1) {
    const step = layout.next();
    if (step.done === true) return step.value.brokenAt === null;
    if (step.value === null) pauses += 1;
  }
  return true;
}

/** JSON laid out as {@link jsonRows} does, as one text; null when it is not JSON. For texts of a moderate size. */
export function prettyJson(text: string): string | null {
  if (!looksLikeJson(text)) return null;
  let out = '';
  for (const row of jsonRows(text)) if (row !== null) out += row.isContinued || out === '' ? row.text : `\n${row.text}`;
  return out;
}

/** Where a layout ended: null when the text was JSON to its end, else where it stopped being that. */
interface LayoutEnd {
  readonly brokenAt: number | null;
  readonly line: number;
}

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';

/** Lays JSON out token by token with a stack of its own, so that depth costs no more than length. */
function* layOut(text: string): Generator<TextRow | null, LayoutEnd, void> {
  /** Of each open bracket whether it is a brace. */
  const open: boolean[] = [];
  let expected: Expected = 'value';
  let row = '';
  let line = 1;
  let isContinued = false;
  let at = 0;

  const finish = (isLineEnded: boolean): TextRow => {
    const done = { line, text: row, isContinued, end: at };
    if (isLineEnded) line += 1;
    isContinued = !isLineEnded;
    row = isLineEnded ? '  '.repeat(Math.min(open.length, indentedLevels)) : '';
    return done;
  };
  /** Adds source text up to `to`, in as many rows as it takes. */
  function* put(to: number): Generator<TextRow, void, void> {
    while (at < to) {
      const stop = wholeUntil(text, at, to, Math.max(1, rowChars - row.length));
      row += text.slice(at, stop);
      at = stop;
      if (at < to) yield finish(false);
    }
  }
  const afterValue = (): Expected => (open.length === 0 ? 'nothing' : 'comma or end');
  const broken = (): LayoutEnd => ({ brokenAt: at, line });

  for (;;) {
    at = yield* afterSpace(text, at);
    const character = text[at];
    if (character === undefined) {
      const isWhole = expected === 'nothing';
      if (row.trim() !== '') yield finish(true);
      return isWhole ? { brokenAt: null, line } : { brokenAt: text.length, line };
    }
    if (character === '{' || character === '[') {
      if (expected !== 'value' && expected !== 'value or end') return yield* endBroken();
      const isObject = character === '{';
      at += 1;
      row += character;
      const next = yield* afterSpace(text, at);
      if (text[next] === (isObject ? '}' : ']')) {
        row += text[next];
        at = next + 1;
        expected = afterValue();
      } else {
        open.push(isObject);
        expected = isObject ? 'key or end' : 'value or end';
        yield finish(true);
      }
    } else if (character === '}' || character === ']') {
      const isAllowed = expected === 'comma or end' && open.at(-1) === (character === '}');
      if (!isAllowed) return yield* endBroken();
      open.pop();
      yield finish(true);
      row += character;
      at += 1;
      expected = afterValue();
    } else if (character === ',') {
      if (expected !== 'comma or end') return yield* endBroken();
      row += ',';
      at += 1;
      yield finish(true);
      expected = open.at(-1) === true ? 'key' : 'value';
    } else if (character === ':') {
      if (expected !== 'colon') return yield* endBroken();
      row += ': ';
      at += 1;
      expected = 'value';
    } else if (character === '"') {
      const end = yield* endOfString(text, at);
      const isKey: boolean = expected === 'key' || expected === 'key or end';
      if (end === null || (!isKey && expected !== 'value' && expected !== 'value or end')) return yield* endBroken();
      yield* put(end);
      expected = isKey ? 'colon' : afterValue();
    } else {
      const end = yield* endOfScalar(text, at);
      const isValue = expected === 'value' || expected === 'value or end';
      if (!isValue || !isScalar(text, at, end)) return yield* endBroken();
      yield* put(end);
      expected = afterValue();
    }
  }

  function* endBroken(): Generator<TextRow, LayoutEnd, void> {
    if (row.trim() !== '') yield finish(true);
    return { ...broken(), line: line - 1 };
  }
}

/** The end of a row that begins at `start`: no more than `limit` characters, no half of a surrogate pair. */
function wholeUntil(text: string, start: number, end: number, limit = rowChars): number {
  const stop = start + limit;
  if (stop >= end) return end;
  const last = text.charCodeAt(stop - 1);
  return last >= 0xd800 && last < 0xdc00 ? stop + 1 : stop;
}

/** Where the next character is that is no JSON whitespace. */
function* afterSpace(text: string, from: number): Generator<null, number, void> {
  for (let at = from; ; yield null) {
    const stop = at + pauseEvery;
    at = spaceUntil(text, at, stop);
    if (at < stop) return at;
  }
}

function spaceUntil(text: string, from: number, to: number): number {
  let at = from;
  for (; at < to; at += 1) {
    const code = text.charCodeAt(at);
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return at;
  }
  return at;
}

/** Behind the closing quote of a string; null when it is not closed. A pattern would keep each character on a stack. */
function* endOfString(text: string, from: number): Generator<null, number | null, void> {
  for (let at = from + 1; ;) {
    const stop = quoteWithin(text, at, at + pauseEvery);
    if (stop.isFound) return stop.at + 1;
    if (stop.at >= text.length) return null;
    at = stop.at;
    yield null;
  }
}

/**
 * Looks for the next quote that no backslash stands before, from a place outside an escape; a loop of its own, since a generator runs
 * slowly.
 */
function quoteWithin(text: string, from: number, to: number): { readonly isFound: boolean; readonly at: number } {
  let at = from;
  while (at < to && at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return { isFound: true, at };
    at += code === 0x5c ? 2 : 1;
  }
  return { isFound: false, at };
}

/** Behind a number, true, false or null. */
function* endOfScalar(text: string, from: number): Generator<null, number, void> {
  let at = from;
  while (at < text.length && !' \n\r\t[]{}:,"'.includes(text[at] ?? ' ')) {
    at += 1;
    if ((at - from) % pauseEvery === 0) yield null;
  }
  return at;
}

function isScalar(text: string, from: number, to: number): boolean {
  // An endless number is not gone through again.
  if (to - from > rowChars) return /^-?\d/.test(text.slice(from, from + 2));
  return /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(text.slice(from, to));
}
