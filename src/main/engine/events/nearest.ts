/** The candidate with the fewest edits from `name`, and whether it is near enough to be what was meant; null without candidates. */
export function nearestOf(name: string, candidates: readonly string[]): { readonly candidate: string; readonly isNear: boolean } | null {
  let best: { readonly candidate: string; readonly edits: number } | null = null;
  for (const candidate of candidates) {
    const edits = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (best === null || edits < best.edits) best = { candidate, edits };
  }
  if (best === null) return null;
  return { candidate: best.candidate, isNear: best.edits <= Math.max(2, Math.ceil(name.length / 2)) };
}

/** The candidate that was probably meant by `name`, or null when none is closer than about half of it. */
export function nearestName(name: string, candidates: readonly string[]): string | null {
  const nearest = nearestOf(name, candidates);
  return nearest?.isNear === true ? nearest.candidate : null;
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
