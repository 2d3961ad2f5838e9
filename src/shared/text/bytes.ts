/** Offset of the first byte in which two runs of bytes differ, or null when they are equal. */
export function firstDifference(one: Uint8Array, other: Uint8Array): number | null {
  const shared = Math.min(one.length, other.length);
  for (let offset = 0; offset < shared; offset += 1) if (one[offset] !== other[offset]) return offset;
  return one.length === other.length ? null : shared;
}

/** Bytes in lower-case hex, two digits each. */
export function hexText(bytes: Uint8Array, between = ''): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(between);
}
