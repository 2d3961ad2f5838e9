/** How many of something there are, such as `1 round` and `3 rounds`. */
export function counted(count: number | undefined, one: string): string {
  return `${count ?? 0} ${one}${count === 1 ? '' : 's'}`;
}
