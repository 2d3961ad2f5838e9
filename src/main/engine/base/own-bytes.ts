/** Bytes in memory of their own: what crosses to another thread takes the whole memory behind it along. */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes);
}
