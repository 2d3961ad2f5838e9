import { codeEnd } from './printed/script-code.ts';
import { createScanner, spaceEnd } from './printed/script-scanner.ts';

/** Whose `fetch` is that of the page; of other objects it is another function. */
const globals: ReadonlySet<string> = new Set(['window', 'globalThis', 'self', 'global']);

/** A call of `fetch`: the offset behind its parenthesis, or behind what comes before its arguments. */
export interface FoundCall {
  readonly start: number;
  /** Why its arguments cannot be read; null where they can. */
  readonly why: string | null;
}

/** How many pieces of code before a name say whose it is, as in `window?.["fetch"]`. */
const lookBack = 4;

/** Finds the calls of `fetch` in JavaScript one after the other, but none in comments, texts and regular expressions. Takes linear time. */
export function createCallFinder(binary: string) {
  const scanner = createScanner(binary, 0, 'loose');
  let isWhole = true;
  // Where the last pieces of code begin and end, the newest first.
  let before: readonly (readonly [start: number, end: number])[] = [];
  const wordAt = (index: number) => {
    const [start, end] = before[index] ?? [0, 0];
    return binary.slice(start, Math.min(end, start + 12));
  };
  const isGlobal = (index: number) => globals.has(wordAt(index)) && wordAt(index + 1) !== '.';

  /** Whether what stands before the name makes it another function than that of the page. */
  const isOther = (start: number): boolean => {
    const sign = wordAt(0);
    if (sign === '#') return before[0]?.[1] === start;
    if (sign === 'function' || (sign === '*' && wordAt(1) === 'function')) return true;
    // Behind `...` and the dot of a number such as `1.` nothing belongs to an object.
    if (sign !== '.' || wordAt(1) === '.' || /^\d/.test(wordAt(1))) return false;
    return !isGlobal(wordAt(1) === '?' ? 2 : 1);
  };
  /** The call that begins with what was found last. */
  const callHere = (token: 'word' | 'text'): FoundCall | null => {
    const [start, end] = [scanner.start(), scanner.at()];
    if (token === 'word') return binary.slice(start, end) === 'fetch' && !isOther(start) ? callBehind(binary, end) : null;
    const isName = end - start === 7 && binary.startsWith('fetch', start + 1) && wordAt(0) === '[';
    if (!isName || !isGlobal(wordAt(1) === '.' ? 3 : 1)) return null;
    const bracket = spaceEnd(binary, end);
    return binary[bracket] === ']' ? callBehind(binary, bracket + 1) : null;
  };
  return {
    /** The next call; null where there is none. */
    next: (): FoundCall | null => {
      for (let token = scanner.next(); token !== 'end'; token = scanner.next()) {
        // What has no end hides what stands behind it.
        if (token === 'broken' && scanner.at() >= binary.length) isWhole = !binary.slice(scanner.start() + 1).includes('fetch');
        const call = token === 'word' || token === 'text' ? callHere(token) : null;
        before = [[scanner.start(), scanner.at()], ...before.slice(0, lookBack - 1)];
        if (call !== null) return call;
      }
      return null;
    },
    /** Goes on behind arguments that were read. */
    moveTo: (to: number) => {
      before = [];
      scanner.moveTo(to);
    },
    /** Whether quotes and comments so far have an end. */
    isWhole: () => isWhole,
  };
}

/** The call of a function whose name ends at a place; null where it is not called there. */
function callBehind(binary: string, nameEnd: number): FoundCall | null {
  const own = parenthesisAt(binary, nameEnd);
  if (own !== null) return { start: own, why: null };
  const method = /\??\.\s*(call|apply|bind)\b/y;
  method.lastIndex = spaceEnd(binary, nameEnd);
  const name = method.exec(binary)?.[1];
  const start = name === undefined ? null : parenthesisAt(binary, method.lastIndex);
  if (start === null) return null;
  const first = name === 'call' ? codeEnd(binary, start, true) : null;
  if (first !== null && binary[first] === ',') return { start: first + 1, why: null };
  return { start, why: `it is made by ${name}` };
}

/** The offset behind the parenthesis at a place, or behind the one of `?.(`. */
function parenthesisAt(binary: string, from: number): number | null {
  const at = spaceEnd(binary, from);
  const opening = binary.startsWith('?.', at) ? spaceEnd(binary, at + 2) : at;
  return binary[opening] === '(' ? opening + 1 : null;
}

const path = String.raw`[A-Za-z_$][\w$]*(?:\s*\??\.\s*[A-Za-z_$][\w$]*)*`;

/** How code begins that has a call of fetch somewhere. */
const beginning = new RegExp(
  [
    String.raw`(?:(?:window|globalThis|self|global)\s*\??\.\s*)?fetch\s*(?:\(|\??\.|/\*)`,
    String.raw`(?:window|globalThis|self|global)\s*(?:\?\.)?\[`,
    String.raw`(?:const|let|var|return|await|export|new|throw|void|typeof|delete|yield)\s`,
    String.raw`(?:async\s*(?:function\b|\(|[\w$]+\s*=>)|function\b\s*[\w$*(])`,
    String.raw`import\s*(?:[{*"'(]|[\w$]+\s*(?:,|from\b))`,
    String.raw`(?:if|for|while|switch)\s*\(|for\s+await\b|(?:try|do)\s*\{|class\s[^{}\n]{0,200}\{`,
    String.raw`[(!;+~]|["']use [a-z]+["']|#!|@[A-Za-z]|<script\b|[[{]\s*(?:const\s|let\s|return\s|await\s|fetch\s*\()`,
    String.raw`(?:(?:abstract|declare|default)\s|(?:type|interface|enum|namespace)\s+[A-Za-z_$][\w$]*\s*[<={])`,
    String.raw`${path}\s*(?:=(?!=)|\+=|\|\|=|\?\?=)`,
    String.raw`${path}\(`,
  ].join('|'),
  'y',
);

/** Whether a text looks like JavaScript with a call of fetch in it: a quick look that may be wrong. */
export function looksLikeFetch(binary: string, from: number): boolean {
  const at = binary.indexOf('fetch', from);
  if (at < 0) return false;
  const start = spaceEnd(binary, from);
  beginning.lastIndex = 0;
  return beginning.test(binary.slice(start, start + 2000));
}
