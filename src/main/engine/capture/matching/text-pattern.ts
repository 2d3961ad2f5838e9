/**
 * Whether a text has the form of a pattern, in which `*` stands for any characters. The parts between the stars are looked for one after
 * the other, each once and in time that grows with the text alone, so a text of a stranger cannot make it slow.
 */
export function matchesPattern(pattern: string, text: string): boolean {
  const parts = pattern.split('*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return text === first;
  const last = parts.at(-1) ?? '';
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = indexOf(text, part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

/** Characters compared at most where the search of the language is used, which compares up to the product of both lengths. */
const quickComparisons = 65_536;

/** Where a part begins in a text, by the algorithm of Knuth, Morris and Pratt where that of the language could be slow. */
function indexOf(text: string, part: string, from: number): number {
  if ((text.length - from) * part.length <= quickComparisons) return text.indexOf(part, from);
  const borders = bordersOf(part);
  let matched = 0;
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    while (matched > 0 && part.charCodeAt(matched) !== code) matched = borders[matched - 1] ?? 0;
    if (part.charCodeAt(matched) === code) matched += 1;
    if (matched === part.length) return at + 1 - matched;
  }
  return part.length === 0 ? from : -1;
}

/** For each beginning of a text, the length of its longest own beginning that is also its end. */
function bordersOf(text: string): Uint32Array {
  const borders = new Uint32Array(text.length);
  let length = 0;
  for (let at = 1; at < text.length; at += 1) {
    while (length > 0 && text.charCodeAt(length) !== text.charCodeAt(at)) length = borders[length - 1] ?? 0;
    if (text.charCodeAt(length) === text.charCodeAt(at)) length += 1;
    borders[at] = length;
  }
  return borders;
}
