/** Numbers in [0, 1) that a seed decides (mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Items shuffled (Fisher and Yates), and never in their order: that would test nothing. `random` is uniform in [0, 1). */
export function disordered<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  const made = [...items];
  for (let last = made.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const [one, two] = [made[last], made[other]] as [Item, Item];
    [made[last], made[other]] = [two, one];
  }
  return made.every((item, index) => item === items[index]) ? [...made.slice(1), ...made.slice(0, 1)] : made;
}
