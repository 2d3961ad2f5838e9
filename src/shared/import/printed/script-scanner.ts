/** What stands next in code: a name or number, a text or regular expression, a bracket that closes none, or something without an end. */
export type CodeToken = 'word' | 'text' | 'sign' | 'stray' | 'broken' | 'end';

/** `whole` keeps to all brackets; in `loose` code only braces and templates count, and quotes end with their line. */
export type ScanMode = 'whole' | 'loose';

const [lineFeed, doubleQuote, dollar, quote, star, slash] = [0x0a, 0x22, 0x24, 0x27, 0x2a, 0x2f];
const [openParenthesis, closeParenthesis, openBracket, backslash, closeBracket] = [0x28, 0x29, 0x5b, 0x5c, 0x5d];
const [backtick, openBrace, closeBrace, lessThan, plus, minus] = [0x60, 0x7b, 0x7d, 0x3c, 0x2b, 0x2d];

const isWordSign = Uint8Array.from({ length: 256 }, (_, code) => (/[\w$]/.test(String.fromCharCode(code)) ? 1 : 0));
/** Behind these a slash begins a regular expression. */
const operators = new Set(['return', 'typeof', 'case', 'await', 'yield', 'throw', 'void', 'delete', 'new', 'in', 'of', 'else', 'do']);
/** Behind these a text may stand without a space, as small code is written. */
const beforeTexts = new Set(['from', 'import', 'default']);

/** The offset behind the spaces, line breaks and comments at a place; a comment without an end is not skipped. */
export function spaceEnd(binary: string, from: number): number {
  let at = from;
  for (;;) {
    const code = binary.charCodeAt(at);
    if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) at += 1;
    else if (code === 0xc2 && binary.charCodeAt(at + 1) === 0xa0) at += 2;
    else if (code === slash) {
      const end = commentEnd(binary, at);
      if (end === null || end === at) return at;
      at = end;
    } else return at;
  }
}

/** The offset behind a comment that begins at `at`, `at` itself where there is none, null where it is not closed. */
function commentEnd(binary: string, at: number): number | null {
  const next = binary.charCodeAt(at + 1);
  if (next === slash) {
    const end = binary.indexOf('\n', at);
    return end < 0 ? binary.length : end;
  }
  if (next !== star) return at;
  const end = binary.indexOf('*/', at + 2);
  return end < 0 ? null : end + 2;
}

/** Goes through JavaScript from a place on, one word, text or sign after the other. Looks at each character once or twice. */
export function createScanner(binary: string, from: number, mode: ScanMode) {
  const open: number[] = [];
  let [at, start] = [from, from];
  // Behind a value a slash divides; elsewhere it begins a regular expression.
  let behind: 'value' | 'word' | 'operator' = 'operator';
  /** Up to where a quote or slash is known to have no end, so that no other looks for one. */
  const endless: Record<number, number> = {};

  const broken = (code: number, end: number): CodeToken => {
    endless[code] = end;
    at = start + 1;
    behind = 'operator';
    return 'broken';
  };
  const text = (code: number): CodeToken => {
    const end = code === slash ? regularExpressionEnd(binary, start) : quoteEnd(binary, start, mode);
    if (end < 0) return broken(code, -end);
    at = end;
    behind = 'value';
    return 'text';
  };
  /** The text of a template up to its end, or to the code in it. */
  const template = (): CodeToken => {
    for (start = at; at < binary.length; at += 1) {
      const code = binary.charCodeAt(at);
      if (code === backslash) at += 1;
      else if (code === backtick) {
        open.pop();
        at += 1;
        behind = 'value';
        return 'text';
      } else if (code === dollar && binary.charCodeAt(at + 1) === openBrace) {
        open.push(dollar);
        at += 2;
        behind = 'operator';
        return 'text';
      }
    }
    at = binary.length;
    return 'broken';
  };
  const opening = (code: number): CodeToken => {
    if (mode === 'whole' || code === openBrace || code === backtick) open.push(code);
    behind = 'operator';
    return code === backtick ? template() : 'sign';
  };
  const closing = (code: number): CodeToken => {
    behind = 'value';
    const last = open.at(-1);
    const isClosed =
      code === closeBrace
        ? last === openBrace || last === dollar
        : mode === 'loose' || last === (code === closeParenthesis ? openParenthesis : openBracket);
    if (!isClosed) return 'stray';
    if (mode === 'whole' || code === closeBrace) open.pop();
    return 'sign';
  };

  /** Whether a quote stands in a word such as `don't`: in JSX, words are no code. */
  const isApostrophe = (code: number) =>
    mode === 'loose' &&
    code === quote &&
    isWordSign[binary.charCodeAt(start - 1)] === 1 &&
    !operators.has(wordBefore(binary, start)) &&
    !beforeTexts.has(wordBefore(binary, start));
  /** Whether a slash is the one of `</div>` in JSX. */
  const isTagEnd = () => mode === 'loose' && binary.charCodeAt(start - 1) === lessThan;

  const next = (): CodeToken => {
    if (at >= binary.length) return 'end';
    if (open.at(-1) === backtick) return template();
    at = spaceEnd(binary, at);
    start = at;
    if (at >= binary.length) return 'end';
    const code = binary.charCodeAt(at);
    at += 1;
    if (isWordSign[code] === 1) {
      while (isWordSign[binary.charCodeAt(at)] === 1) at += 1;
      behind = 'word';
      return 'word';
    }
    switch (code) {
      case doubleQuote:
      case quote:
        return start < (endless[code] ?? 0) || isApostrophe(code) ? 'sign' : text(code);
      case slash: {
        if (binary.charCodeAt(at) === star) {
          at = binary.length;
          return 'broken';
        }
        const divides = behind === 'value' || isTagEnd() || (behind === 'word' && !operators.has(wordBefore(binary, start)));
        if (!divides && start >= (endless[code] ?? 0)) return text(code);
        break;
      }
      case backtick:
      case openParenthesis:
      case openBracket:
      case openBrace:
        return opening(code);
      case closeParenthesis:
      case closeBracket:
      case closeBrace:
        return closing(code);
      default:
    }
    // Letters outside ASCII are part of names, and no regular expression stands behind `++` and `--`.
    const isDoubled = (code === plus || code === minus) && binary.charCodeAt(start - 1) === code;
    behind = code >= 0x80 || isDoubled ? 'value' : 'operator';
    return 'sign';
  };
  return {
    next,
    /** Where what was found begins, and the offset behind it. */
    start: () => start,
    at: () => at,
    /** How many brackets are open. */
    depth: () => open.length,
    /** Goes on behind a value that something else has read. */
    moveTo: (to: number) => {
      at = to;
      behind = 'value';
    },
  };
}

/** The last letters before a place, without the spaces between: enough to know an operator by. */
function wordBefore(binary: string, end: number): string {
  return /([\w$]{1,7})\s*$/.exec(binary.slice(Math.max(0, end - 12), end))?.[1] ?? '';
}

/** The offset behind a quoted text; where it has no end, the one at which that was known, negative. */
function quoteEnd(binary: string, start: number, mode: ScanMode): number {
  const sign = binary.charCodeAt(start);
  for (let at = start + 1; at < binary.length; at += 1) {
    const code = binary.charCodeAt(at);
    if (code === sign) return at + 1;
    if (code === backslash) at += 1;
    else if (code === lineFeed && mode === 'loose') return -at;
  }
  return -binary.length;
}

/** As {@link quoteEnd}, of a regular expression. */
function regularExpressionEnd(binary: string, start: number): number {
  let isInClass = false;
  let at = start + 1;
  for (; at < binary.length; at += 1) {
    const code = binary.charCodeAt(at);
    if (code === lineFeed) break;
    if (code === backslash) at += 1;
    else if (code === openBracket) isInClass = true;
    else if (code === closeBracket) isInClass = false;
    else if (code === slash && !isInClass) return at + 1;
  }
  return -Math.min(at, binary.length);
}
