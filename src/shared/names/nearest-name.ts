/** Most typing errors that count as such, whatever the length: with more it is another name. */
const mostSlips = 4;

/** Characters of a name that is compared, so that a thousand candidates take a few milliseconds. */
const longestCompared = 64;

/**
 * The candidate that was probably meant by `name`, or null where none is near: one with the same words in another order, or one
 * that is a few slips away, at most one for every four letters and less than half of any word. Two neighbours in the wrong order
 * are one slip. Nothing is near to a URL, which is no misspelt name, nor to a name of more than 64 characters.
 */
export function nearestName(name: string, candidates: readonly string[]): string | null {
  if (name === '' || name.length > longestCompared || isUrl(name)) return null;
  const wanted = name.toLowerCase();
  const words = wordsOf(name);
  let nearest: { readonly candidate: string; readonly slips: number } | null = null;
  for (const candidate of candidates) {
    const length = Math.max(wanted.length, candidate.length);
    const allowed = Math.min(mostSlips, Math.floor(length / 4), nearest === null ? mostSlips : nearest.slips - 1);
    if (allowed < 0) break;
    const found = candidate.toLowerCase();
    const slips = slipsWithin(wanted, found, allowed);
    if (slips !== null && isEachWordNear(name, candidate)) nearest = { candidate, slips };
    // Looked for first as plain text, which is quicker.
    else if (allowed >= 1 && words.every((word) => found.includes(word)) && isSameWords(words, wordsOf(candidate)))
      nearest = { candidate, slips: 1 };
  }
  return nearest?.candidate ?? null;
}

/** Whether a text is a URL, with a name in front of `://`. */
export function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text);
}

/** The words of a name, without regard to how they are joined: the same for `invoice.paid` and `InvoicePaid`. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function isSameWords(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.toSorted().join(' ') === right.toSorted().join(' ');
}

/** Whether no word was replaced by another: `user.created` is no slip of `order.created`, though few letters differ. */
function isEachWordNear(name: string, candidate: string): boolean {
  const [left, right] = [wordsOf(name), wordsOf(candidate)];
  if (left.length !== right.length) return true;
  return left.every((word, index) => {
    const other = right[index] ?? '';
    return slipsWithin(word, other, Math.floor(Math.max(word.length, other.length) / 2)) !== null;
  });
}

/**
 * Slips from one text to the other: letters put in, left out, replaced, and neighbours in the wrong order (the optimal string
 * alignment distance); null where they are more than `most`. Only the band of the table that can hold so few is filled.
 */
function slipsWithin(one: string, other: string, most: number): number | null {
  if (Math.abs(one.length - other.length) > most) return null;
  const [a, b] = withoutCommonEnds(one, other);
  const tooMany = most + 1;
  let beforeLast = Array.from({ length: b.length + 2 }, () => tooMany);
  let last = Array.from({ length: b.length + 2 }, (_, j) => Math.min(j, tooMany));
  let row = Array.from({ length: b.length + 2 }, () => tooMany);
  for (let i = 1; i <= a.length; i += 1) {
    const from = Math.max(1, i - most);
    const to = Math.min(b.length, i + most);
    // Cells beside the band are left over from an earlier row.
    row[from - 1] = from === 1 ? Math.min(i, tooMany) : tooMany;
    let fewest = row[from - 1] ?? tooMany;
    for (let j = from; j <= to; j += 1) {
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const slips = Math.min(
        (last[j - 1] ?? tooMany) + (a[i - 1] === b[j - 1] ? 0 : 1),
        (last[j] ?? tooMany) + 1,
        (row[j - 1] ?? tooMany) + 1,
        isSwapped ? (beforeLast[j - 2] ?? tooMany) + 1 : tooMany,
        tooMany,
      );
      row[j] = slips;
      fewest = Math.min(fewest, slips);
    }
    row[to + 1] = tooMany;
    if (fewest > most) return null;
    [beforeLast, last, row] = [last, row, beforeLast];
  }
  const slips = last[b.length] ?? tooMany;
  return slips > most ? null : slips;
}

function withoutCommonEnds(a: string, b: string): readonly [string, string] {
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shorter - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return [a.slice(start, a.length - end), b.slice(start, b.length - end)];
}
