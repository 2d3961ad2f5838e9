/** Copying smaller arrays is as quick as transferring them. */
const worthBytes = 65_536;

/** How deep into a value bytes are looked for: those in answers are near the top. */
const depthLimit = 3;
const widthLimit = 100;

/** The memory of large byte arrays in a value that is about to be transferred to another thread. */
export function memoryIn(value: unknown, depth = 0): readonly ArrayBuffer[] {
  if (value instanceof Uint8Array) {
    const { buffer, byteLength } = value;
    return byteLength >= worthBytes && buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [];
  }
  if (typeof value !== 'object' || value === null || depth > depthLimit) return [];
  const found: ArrayBuffer[] = [];
  for (const each of Object.values(value).slice(0, widthLimit)) found.push(...memoryIn(each, depth + 1));
  return [...new Set(found)];
}
