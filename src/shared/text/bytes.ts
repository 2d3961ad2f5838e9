/** Index of the first item in which two runs of bytes, or two texts, differ; null when they are equal. */
export function firstDifference(one: ArrayLike<unknown>, other: ArrayLike<unknown>): number | null {
  const shared = Math.min(one.length, other.length);
  for (let index = 0; index < shared; index += 1) if (one[index] !== other[index]) return index;
  return one.length === other.length ? null : shared;
}

/** How many items at the end two runs of bytes, or two texts, have in common; at most `limit`. */
export function sharedEndLength(one: ArrayLike<unknown>, other: ArrayLike<unknown>, limit: number): number {
  let length = 0;
  while (length < limit && one[one.length - 1 - length] === other[other.length - 1 - length]) length += 1;
  return length;
}

/** Bytes in lower-case hex, two digits each. */
export function hexText(bytes: Iterable<number>, between = ''): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(between);
}
