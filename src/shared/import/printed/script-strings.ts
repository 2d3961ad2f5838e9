import { codeEnd } from './script-code.ts';
import { bytesOfUnit, withWholePairs } from './script-halves.ts';
import { bytesOfCode, type ReadString } from './strings.ts';

const simpleEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

const escape =
  /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|([0-3][0-7]{0,2}|[4-7][0-7]?)|(\r\n|\u00e2\u0080[\u00a8\u00a9]|[\s\S]))/y;
/** Signs that are themselves behind a backslash. */
const itself = /["'`\\/$]/;

/**
 * The text of a string or template of JavaScript that begins at `at`, with `${…}` as it is written; null where it is not closed. Octal
 * escapes are read as code that is not in strict mode has them.
 */
export function readScriptString(binary: string, at: number): ReadString | null {
  const quote = binary[at] ?? '';
  const plain = quote === "'" ? /[^'\\]+/y : quote === '"' ? /[^"\\]+/y : /[^`\\$]+/y;
  let text = '';
  let hasCode = false;
  let to = at + 1;
  while (to < binary.length && binary[to] !== quote) {
    plain.lastIndex = to;
    const run = plain.exec(binary)?.[0];
    if (run !== undefined) {
      // A template has a line feed for each line break of its code.
      text += quote === '`' ? run.replace(/\r\n?/g, '\n') : run;
      to += run.length;
    } else if (binary[to] === '\\') {
      const read = readEscape(binary, to);
      if (read === null) return null;
      text += read.binary;
      to = read.end;
    } else if (binary[to + 1] === '{') {
      const end = codeEnd(binary, to + 2, false);
      if (end === null || binary[end] !== '}') return null;
      text += binary.slice(to, end + 1);
      hasCode = true;
      to = end + 1;
    } else {
      text += '$';
      to += 1;
    }
  }
  return to < binary.length ? { binary: withWholePairs(text), end: to + 1, ...(hasCode ? { hasCode } : {}) } : null;
}

function readEscape(binary: string, at: number): ReadString | null {
  const next = binary[at + 1] ?? '';
  const simple = simpleEscapes[next] ?? (itself.test(next) ? next : undefined);
  if (simple !== undefined) return { binary: simple, end: at + 2 };
  escape.lastIndex = at;
  const found = escape.exec(binary);
  if (found === null) return null;
  const [, hex, short, braced, octal, other = ''] = found;
  const end = escape.lastIndex;
  if (octal !== undefined) return { binary: bytesOfCode(Number.parseInt(octal, 8)), end };
  const digits = hex ?? short ?? braced;
  if (digits === undefined) return { binary: /^(?:[\r\n]|\u00e2\u0080)/.test(other) ? '' : other, end };
  const code = Number.parseInt(digits, 16);
  return { binary: code < 0x10000 ? bytesOfUnit(code) : bytesOfCode(code), end };
}
