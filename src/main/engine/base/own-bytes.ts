/** A copy in memory of its own when needed: transferring bytes to another thread takes their whole ArrayBuffer along. */
export function ownBytes(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : Uint8Array.from(bytes);
}
