/** Levels of JSON that are read of a body; what any provider sends is far below, and reading millions of them takes seconds. */
export const bodyDepthLimit = 1000;

const [quote, backslash, openList, closeList, openObject, closeObject] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];

/** Whether JSON is nested deeper than a limit, without parsing it. */
export function isJsonDeeper(bytes: Uint8Array, limit = bodyDepthLimit): boolean {
  let depth = 0;
  let isInString = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (isInString) {
      if (byte === backslash) at += 1;
      else if (byte === quote) isInString = false;
    } else if (byte === quote) isInString = true;
    else if (byte === openList || byte === openObject) {
      depth += 1;
      if (depth > limit) return true;
    } else if (byte === closeList || byte === closeObject) depth -= 1;
  }
  return false;
}
