import type { HeaderField } from '../contract/common.ts';
import type { CustomOptions } from '../contract/signing.ts';

/** Options of `custom` as far as a request shows them; what is left out keeps its default. */
export type CustomGuess = Partial<Omit<CustomOptions, 'scheme'>>;

const hexAlgorithms: Readonly<Record<number, CustomOptions['algorithm']>> = { 40: 'sha1', 64: 'sha256', 96: 'sha384', 128: 'sha512' };
const base64Algorithms: Readonly<Record<number, CustomOptions['algorithm']>> = { 27: 'sha1', 43: 'sha256', 64: 'sha384', 86: 'sha512' };

/** Longest value that may be a signature of this kind. */
const valueLimit = 300;

/** Reads prefix, encoding and hash off a signature such as `sha256=9f86d0…`; null when it does not look like a MAC. */
export function guessMac(text: string): Pick<CustomGuess, 'prefix' | 'encoding' | 'algorithm'> | null {
  const value = text.trim();
  if (value.length > valueLimit) return null;
  const hex = /^(.*?[=:,])?([0-9a-f]+)$/i.exec(value);
  const hexAlgorithm = hexAlgorithms[hex?.[2]?.length ?? 0];
  if (hex !== null && hexAlgorithm !== undefined) return { prefix: hex[1] ?? '', encoding: 'hex', algorithm: hexAlgorithm };
  const base64 = /^((?:[A-Za-z0-9]+[=:,])?)([A-Za-z0-9+/_-]+)={0,2}$/.exec(value);
  const digits = base64?.[2] ?? '';
  const algorithm = base64Algorithms[digits.length];
  if (base64 === null || algorithm === undefined) return null;
  return { prefix: base64[1] ?? '', encoding: /[-_]/.test(digits) ? 'base64url' : 'base64', algorithm };
}

/** The header that looks like an HMAC of a sender nobody knows, with the options it suggests; null without one. */
export function guessCustom(headers: readonly HeaderField[]): { readonly header: string; readonly options: CustomGuess } | null {
  // A digest proves what the body is and not who sent it.
  const candidates = headers.filter(([name]) => /signature|hmac|(?:^|-)sign?(?:-|$)/i.test(name));
  for (const [header, value] of candidates) {
    const mac = guessMac(value);
    if (mac === null) continue;
    const timestamp = headers.find(([name, text]) => /timestamp/i.test(name) && /^\d{10}(?:\d{3})?$/.test(text.trim()));
    const withTime: CustomGuess =
      timestamp === undefined
        ? {}
        : {
            timestampHeader: timestamp[0],
            timestampUnit: timestamp[1].trim().length === 13 ? 'ms' : 's',
            signedContent: '{timestamp}.{body}',
          };
    return { header, options: { header, ...mac, ...withTime } };
  }
  return null;
}
