import { createScanner, spaceEnd } from './printed/script-scanner.ts';

/** Whose `fetch` is that of the page; of other objects it is another function. */
const global = /(?:^|[^\w$.])(?:window|globalThis|self|global)\s*\??\.$/;

/** Finds the calls of `fetch` in JavaScript one after the other, but none in comments, texts and regular expressions. Takes linear time. */
export function createCallFinder(binary: string) {
  const scanner = createScanner(binary, 0, 'loose');
  let isWhole = true;
  return {
    /** The offset behind the parenthesis of the next call; null where there is none. */
    next: (): number | null => {
      for (let token = scanner.next(); token !== 'end'; token = scanner.next()) {
        // What has no end hides what stands behind it.
        if (token === 'broken' && scanner.at() >= binary.length) isWhole = !binary.slice(scanner.start() + 1).includes('fetch');
        const start = scanner.start();
        if (token !== 'word' || scanner.at() - start !== 5 || !binary.startsWith('fetch', start)) continue;
        const opening = spaceEnd(binary, scanner.at());
        if (binary[opening] === '(' && !isOther(binary.slice(Math.max(0, start - 40), start).trimEnd())) return opening + 1;
      }
      return null;
    },
    /** Goes on behind arguments that were read. */
    moveTo: scanner.moveTo,
    /** Whether quotes and comments so far have an end. */
    isWhole: () => isWhole,
  };
}

/** Whether what stands before a name makes it another function than that of the page. */
function isOther(before: string): boolean {
  if (before.endsWith('.') && !before.endsWith('...')) return !global.test(before);
  return /#$|(?:^|[^\w$])function\s*\*?$/.test(before);
}

const path = String.raw`[A-Za-z_$][\w$]*(?:\s*\??\.\s*[A-Za-z_$][\w$]*)*`;

/** How code begins that has a call of fetch somewhere. */
const beginning = new RegExp(
  [
    String.raw`(?:(?:window|globalThis|self|global)\.)?fetch\s*(?:\(|/\*)`,
    String.raw`(?:const|let|var|return|await|export|new|throw|void|typeof|delete|yield)\s`,
    String.raw`(?:async\s*(?:function\b|\(|[\w$]+\s*=>)|function\b\s*[\w$*(])`,
    String.raw`import\s*(?:[{*"'(]|[\w$]+\s*(?:,|from\b))`,
    String.raw`(?:if|for|while|switch)\s*\(|for\s+await\b|(?:try|do)\s*\{|class\s[^{}\n]{0,200}\{`,
    String.raw`[(!;+~]|["']use strict["']|[[{]\s*(?:const\s|let\s|return\s|await\s|fetch\s*\()`,
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
