/** A number of things in words: `1 capture`, `12 captures`. */
export function countText(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
