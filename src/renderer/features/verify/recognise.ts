import type { HeaderField } from '#shared/contract/common.ts';
import type { CustomOptions } from '#shared/contract/signing.ts';
import type { SchemeInfo } from '#shared/contract/verifying.ts';

/** Options of `custom` as far as a request shows them; what is left out keeps its default. */
export type CustomGuess = Partial<Omit<CustomOptions, 'scheme'>>;

/** What a request looks like to the eye of a person who knows the schemes. */
export interface Recognised {
  /** The scheme that fits best, or null when nothing looks like a signature. */
  readonly scheme: string | null;
  /** One sentence about why. */
  readonly because: string;
  readonly custom: CustomGuess;
}

/** A header with a value of interest, as it stands in the request. */
export interface FoundHeader {
  readonly name: string;
  readonly value: string;
}

/** First header of a name, whatever its case. */
export function findHeader(headers: readonly HeaderField[], name: string): FoundHeader | null {
  const found = headers.find(([key]) => key.toLowerCase() === name.toLowerCase());
  return found === undefined ? null : { name: found[0], value: found[1] };
}

const hexAlgorithms: Readonly<Record<number, CustomOptions['algorithm']>> = { 40: 'sha1', 64: 'sha256', 96: 'sha384', 128: 'sha512' };
const base64Algorithms: Readonly<Record<number, CustomOptions['algorithm']>> = { 27: 'sha1', 43: 'sha256', 64: 'sha384', 86: 'sha512' };

/** Reads prefix, encoding and hash off a signature such as `sha256=9f86d0…`; null when it does not look like a MAC. */
export function guessMac(value: string): Pick<CustomGuess, 'prefix' | 'encoding' | 'algorithm'> | null {
  const hex = /^(.*?[=:,])?([0-9a-f]+)$/i.exec(value.trim());
  const hexAlgorithm = hexAlgorithms[hex?.[2]?.length ?? 0];
  if (hex !== null && hexAlgorithm !== undefined) return { prefix: hex[1] ?? '', encoding: 'hex', algorithm: hexAlgorithm };
  const base64 = /^((?:[A-Za-z0-9]+[=:,])?)([A-Za-z0-9+/_-]+)={0,2}$/.exec(value.trim());
  const text = base64?.[2] ?? '';
  const algorithm = base64Algorithms[text.length];
  if (base64 === null || algorithm === undefined) return null;
  return { prefix: base64[1] ?? '', encoding: /[-_]/.test(text) ? 'base64url' : 'base64', algorithm };
}

function guessCustom(headers: readonly HeaderField[]): { readonly header: string; readonly guess: CustomGuess } | null {
  const candidates = headers.filter(([name]) => /signature|hmac|digest/i.test(name));
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
    return { header, guess: { header, ...mac, ...withTime } };
  }
  return null;
}

/** Finds the scheme of a request by the headers it carries. */
export function recognise(headers: readonly HeaderField[], schemes: readonly SchemeInfo[]): Recognised {
  const present = (scheme: SchemeInfo) => scheme.headers.filter((name) => findHeader(headers, name) !== null);
  const ranked = schemes
    .filter((scheme) => scheme.id !== 'custom' && scheme.headers.length > 0)
    .map((scheme) => ({ scheme, found: present(scheme) }))
    .filter(({ found }) => found.length > 0)
    .toSorted((one, other) => other.found.length / other.scheme.headers.length - one.found.length / one.scheme.headers.length);
  const best = ranked[0];
  if (best !== undefined) {
    const isWhole = best.found.length === best.scheme.headers.length;
    const because = isWhole
      ? `It carries ${best.found.join(', ')}.`
      : `It carries ${best.found.join(', ')}, but not every header of the scheme.`;
    return { scheme: best.scheme.id, because, custom: {} };
  }
  const custom = guessCustom(headers);
  if (custom !== null) return { scheme: 'custom', because: `${custom.header} looks like an HMAC.`, custom: custom.guess };
  return { scheme: null, because: 'No header looks like a signature.', custom: {} };
}

/** Where the value of a header stands in the text it was read from; null for JSON or folded values. */
export function headerValueRange(text: string, name: string): { readonly start: number; readonly end: number } | null {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const match = new RegExp(`^(${escaped}[ \\t]*:[ \\t]*)(.*)$`, 'im').exec(text);
  if (match === null) return null;
  const start = match.index + (match[1] ?? '').length;
  return { start, end: start + (match[2] ?? '').trimEnd().length };
}

/** A custom scheme in one line: `X-Signature: sha256=<hex of HMAC-SHA256 over {body}>`. */
export function describeCustom(options: CustomOptions): string {
  return `${options.header}: ${options.prefix}<${options.encoding} of HMAC-${options.algorithm.toUpperCase()} over ${options.signedContent}>`;
}
