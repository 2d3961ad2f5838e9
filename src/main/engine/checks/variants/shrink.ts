/**
 * The smallest subset of items that still breaks, by delta debugging: none of its items can be left out alone. `breaks` says for a subset
 * whether it does; null ends the search, with what was found so far.
 */
export async function smallestSet<Item>(
  items: readonly Item[],
  breaks: (subset: readonly Item[]) => Promise<boolean | null>,
): Promise<{ readonly items: readonly Item[]; readonly isSmallest: boolean }> {
  let left = items;
  let parts = 2;
  while (left.length > 1) {
    const size = Math.ceil(left.length / parts);
    const chunks = Array.from({ length: Math.ceil(left.length / size) }, (_, index) => left.slice(index * size, (index + 1) * size));
    // With two chunks, each is what is left without the other.
    const subsets = chunks.length === 2 ? chunks : [...chunks, ...chunks.map((chunk) => left.filter((item) => !chunk.includes(item)))];
    const found = await firstBreaking(subsets, breaks);
    if (found === null) return { items: left, isSmallest: false };
    if (found !== undefined) {
      parts = chunks.includes(found) ? 2 : Math.max(parts - 1, 2);
      left = found;
    } else if (size === 1) break;
    else parts = Math.min(left.length, parts * 2);
  }
  return { items: left, isSmallest: true };
}

/** The first that breaks; undefined where none does, null where the search ended. */
async function firstBreaking<Subset>(
  subsets: readonly Subset[],
  breaks: (subset: Subset) => Promise<boolean | null>,
): Promise<Subset | undefined | null> {
  for (const subset of subsets) {
    const isBreaking = await breaks(subset);
    if (isBreaking === null) return null;
    if (isBreaking) return subset;
  }
  return undefined;
}
