/** The word that takes the fewest single-character edits to reach, or null when even that one differs by more than half. */
export function nearestWord(given: string, known: readonly string[]): string | null {
  const wanted = given.toLowerCase().slice(0, 100);
  const ranked = known.map((word) => ({ word, edits: editCount(wanted, word.toLowerCase()) })).sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= Math.max(wanted.length, best.word.length) / 2 ? best.word : null;
}

/** Levenshtein distance, row by row. */
function editCount(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let line = 1; line <= left.length; line += 1) {
    const next = [line];
    for (let column = 1; column <= right.length; column += 1) {
      const substituted = (row[column - 1] ?? 0) + (left[line - 1] === right[column - 1] ? 0 : 1);
      next.push(Math.min(substituted, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}
