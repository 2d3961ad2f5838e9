/** Smaller arrays are copied as quickly as given away. */
const worthBytes = 65_536;

/** How far into a value bytes are looked for: those that are answered stand near its surface. */
const depthLimit = 3;
const widthLimit = 100;

/** The memory of large bytes in a value that is about to cross to another thread for good. */
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
