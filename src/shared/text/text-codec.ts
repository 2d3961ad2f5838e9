// Both runtimes have these of the Encoding standard, but the types of this room know neither the DOM nor Node.
declare const TextEncoder: new () => { encode(text: string): Uint8Array<ArrayBuffer> };
declare const TextDecoder: new (
  label: string,
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

/** The UTF-8 bytes of a text; a half surrogate becomes U+FFFD. */
export function utf8Bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

/** The text that bytes are the UTF-8 form of, with its byte order mark if it has one; null when they are not UTF-8. */
export function utf8TextOrNull(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** One character for each byte, with the byte as its code point. */
export function binaryText(bytes: Uint8Array): string {
  // The decoder called latin1 is Windows-1252 in truth. Bytes made wide are UTF-16 as they are, which is the fastest way.
  return new TextDecoder('utf-16le', { fatal: false, ignoreBOM: true }).decode(new Uint8Array(new Uint16Array(bytes).buffer));
}

/** The bytes of a text that has one character for each, as {@link binaryText} makes it. */
export function bytesOfBinary(binary: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** Bytes as text for people: UTF-8 where they are, else one character for each. */
export function readableText(binary: string): string {
  // Most texts are ASCII, which is the same in both forms.
  if (!/[^\0-\x7f]/.test(binary)) return binary;
  return utf8TextOrNull(bytesOfBinary(binary)) ?? binary;
}

/** Offset of the first byte that is not part of valid UTF-8, or null when all are. */
export function invalidUtf8At(bytes: Uint8Array): number | null {
  if (utf8TextOrNull(bytes) !== null) return null;
  let at = 0;
  for (let length = sequenceLength(bytes, at); length > 0; length = sequenceLength(bytes, at)) at += length;
  return at < bytes.length ? at : null;
}

/** How many bytes the character at a place takes; 0 where none that is valid begins. */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0xff;
  if (lead < 0x80) return 1;
  const length = lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
  for (let index = 1; index < length; index += 1) if (((bytes[at + index] ?? 0) & 0xc0) !== 0x80) return 0;
  const second = bytes[at + 1] ?? 0;
  // Forms that are longer than they need be, halves of surrogate pairs, and what lies beyond U+10FFFF.
  const isForbidden =
    (lead === 0xe0 && second < 0xa0) ||
    (lead === 0xed && second > 0x9f) ||
    (lead === 0xf0 && second < 0x90) ||
    (lead === 0xf4 && second > 0x8f);
  return isForbidden ? 0 : length;
}
