/** The offset behind a `'…'` or `"…"` that begins at `at`; null where it is not closed. */
function quoteEnd(binary: string, at: number): number | null {
  const quote = binary[at];
  const run = quote === "'" ? /[^'\\]+/y : /[^"\\]+/y;
  let to = at + 1;
  while (to < binary.length && binary[to] !== quote) {
    run.lastIndex = to;
    to = run.test(binary) ? run.lastIndex : to + 2;
  }
  return to < binary.length ? to + 1 : null;
}

/** The offset behind a comment that begins at `at`, `at` itself where there is none, null where it is not closed. */
export function commentEnd(binary: string, at: number): number | null {
  if (binary.startsWith('//', at)) {
    const end = binary.indexOf('\n', at);
    return end < 0 ? binary.length : end;
  }
  if (!binary.startsWith('/*', at)) return at;
  const end = binary.indexOf('*/', at + 2);
  return end < 0 ? null : end + 2;
}

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const regularExpression = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.){0,2000}\]){1,2000}\//y;
const word = /[\w$]+|[ \t\r\n]+/y;
const templateRun = /[^`\\$]+/y;

/**
 * Where an expression of JavaScript ends that is not read but skipped: the offset of the bracket that closes what it stands in, or of the
 * comma behind it if `endsAtComma`. Null where its brackets, quotes or comments do not close. Looks at each character once.
 */
export function codeEnd(binary: string, from: number, endsAtComma: boolean): number | null {
  const open: string[] = [];
  // Behind a value a slash divides; elsewhere it begins a regular expression.
  let isBehindValue = false;
  let at = from;
  while (at < binary.length) {
    const sign = binary[at] ?? '';
    const closer = open.at(-1);
    if (closer === '`') {
      templateRun.lastIndex = at;
      if (templateRun.test(binary)) at = templateRun.lastIndex;
      else if (sign === '`') {
        open.pop();
        isBehindValue = true;
        at += 1;
      } else if (binary.startsWith('${', at)) {
        open.push('}');
        isBehindValue = false;
        at += 2;
      } else at += sign === '\\' ? 2 : 1;
      continue;
    }
    word.lastIndex = at;
    const run = word.exec(binary)?.[0];
    if (run !== undefined) {
      if (/[\w$]/.test(run[0] ?? '')) isBehindValue = run !== 'return' && run !== 'typeof';
      at += run.length;
      continue;
    }
    if (closer === undefined && (/[)\]}]/.test(sign) || (endsAtComma && sign === ','))) return at;
    const isValue = /["'`)\]}]/.test(sign);
    let end: number | null = at + 1;
    if (sign === '"' || sign === "'") end = quoteEnd(binary, at);
    else if (sign === '`') open.push('`');
    else if (closers[sign] !== undefined) open.push(closers[sign]);
    else if (/[)\]}]/.test(sign)) {
      if (sign !== closer) return null;
      open.pop();
    } else if (sign === '/') {
      const behind = commentEnd(binary, at);
      if (behind === null || behind > at) {
        if (behind === null) return null;
        at = behind;
        continue;
      }
      if (!isBehindValue) {
        regularExpression.lastIndex = at;
        end = regularExpression.test(binary) ? regularExpression.lastIndex : null;
      }
    }
    if (end === null) return null;
    isBehindValue = isValue;
    at = end;
  }
  return null;
}
