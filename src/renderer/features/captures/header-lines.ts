/** Headers read from their text, or a sentence about the wrong line. */
export type HeadersReading =
  | { readonly ok: true; readonly headers: Record<string, string | string[]> }
  | { readonly ok: false; readonly message: string };

/** Reads `Name: value` lines; a repeated name is sent several times. */
export function readHeaders(text: string): HeadersReading {
  const headers = new Map<string, string | string[]>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const colon = line.indexOf(':');
    if (colon < 1) return { ok: false, message: `Line ${index + 1}: write each header as Name: value.` };
    const name = line.slice(0, colon).trim();
    const value = line.slice(colon + 1).trim();
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : [before, value].flat());
  }
  return { ok: true, headers: Object.fromEntries(headers) };
}
