/** All of some things as the subject of a sentence, with its verb: `The one request was`, `Both requests were`, `All 3 requests were`. */
export function allOf(count: number, one: string, many: string): string {
  if (count === 1) return `The one ${one}`;
  return `${count === 2 ? 'Both' : `All ${count.toLocaleString('en-US')}`} ${many}`;
}
