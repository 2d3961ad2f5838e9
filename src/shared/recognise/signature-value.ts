import type { CustomOptions } from '../contract/signing.ts';
import { entrySeparators } from '../contract/signing.ts';
import { decodeDeclaredBody } from '../text/declared-body.ts';
import { utf8TextOrNull } from '../text/text-codec.ts';

/** Options of `custom` as far as a request shows them; what is left out keeps its default. */
export type CustomGuess = Partial<Omit<CustomOptions, 'scheme'>>;

type MacEncoding = Exclude<CustomOptions['encoding'], 'jwt'>;

/** What stands before a MAC, and how it is written. */
export interface MacGuess {
  readonly prefix: string;
  readonly encoding: MacEncoding;
  readonly algorithm: CustomOptions['algorithm'];
}

/** The reading of the value of a header that is named like a signature. */
export type SignatureValue =
  | { readonly kind: 'mac'; readonly mac: MacGuess }
  /** Several entries, of which one may be the timestamp; the others may be signatures of several kinds. */
  | {
      readonly kind: 'list';
      readonly separator: NonNullable<CustomOptions['separator']>;
      readonly macs: readonly MacGuess[];
      readonly time: { readonly prefix: string; readonly unit: CustomOptions['timestampUnit'] } | null;
    }
  /** `claims` is null where the token carries none, as a detached one. */
  | { readonly kind: 'jwt'; readonly prefix: string; readonly algorithm: string; readonly claims: Readonly<Record<string, unknown>> | null }
  /** A clause that says what it looks like. */
  | { readonly kind: 'other'; readonly what: string };

const hexAlgorithms: Readonly<Record<number, CustomOptions['algorithm']>> = { 40: 'sha1', 64: 'sha256', 96: 'sha384', 128: 'sha512' };
const base64Algorithms: Readonly<Record<number, CustomOptions['algorithm']>> = { 27: 'sha1', 43: 'sha256', 64: 'sha384', 86: 'sha512' };

/** Longest value that may be a MAC, and longest that is looked at for anything else. */
const macLimit = 300;
const valueLimit = 8192;

/** Whether `custom` takes a text before a signature: its options say the same. */
function isPrefix(text: string): boolean {
  return text.length <= 100 && /^(?:[\x21-\x7e][\x20-\x7e]*)?$/.test(text);
}

/** Reads prefix, encoding and hash off a signature such as `sha256=9f86d0…`; null when it does not look like a MAC that could be described. */
export function guessMac(text: string): MacGuess | null {
  const guess = readMac(text.trim());
  return guess !== null && isPrefix(guess.prefix) ? guess : null;
}

function readMac(value: string): MacGuess | null {
  if (value.length > macLimit) return null;
  const hex = /^(.*?[=:,/ ])?([0-9a-f]+)$/i.exec(value);
  const hexAlgorithm = hexAlgorithms[hex?.[2]?.length ?? 0];
  if (hex !== null && hexAlgorithm !== undefined) return { prefix: hex[1] ?? '', encoding: 'hex', algorithm: hexAlgorithm };
  // A slash is a digit of base64, too: it ends a prefix only where the value as a whole is too long for a MAC.
  const base64 = [/^((?:[\w.-]+(?:[=:,] ?| ))?)([A-Za-z0-9+/_-]+)(={0,2})$/, /^(.*\/)([A-Za-z0-9+_-]+)(={0,2})$/]
    .map((pattern) => pattern.exec(value))
    .find((match) => base64Algorithms[match?.[2]?.length ?? 0] !== undefined);
  const [, prefix = '', digits = '', padding = ''] = base64 ?? [];
  const algorithm = base64Algorithms[digits.length];
  if (algorithm === undefined) return null;
  const isOfUrls = /[-_]/.test(digits) || (padding === '' && digits.length % 4 !== 0 && !/[+/]/.test(digits));
  return { prefix, encoding: isOfUrls ? 'base64url' : 'base64', algorithm };
}

/** Reads the value of a header that is named like a signature. */
export function readSignatureValue(text: string): SignatureValue {
  const value = text.slice(0, valueLimit).trim();
  const token = readToken(value);
  if (token !== null) return token;
  // Entries come first: `t=1614265330,v1=<hex>` as a whole would be a MAC with an odd prefix.
  const list = readList(value);
  if (list !== null) return list;
  const mac = guessMac(value);
  return mac === null ? { kind: 'other', what: describeUnread(value) } : { kind: 'mac', mac };
}

function readToken(value: string): Extract<SignatureValue, { kind: 'jwt' }> | null {
  const match = /^((?:[\w-]+[ =]+)?)(eyJ[\w-]+)\.([\w-]*)\.([\w-]+)$/.exec(value);
  const algorithm = match === null ? undefined : jsonOf(match[2] ?? '')?.['alg'];
  if (match === null || typeof algorithm !== 'string' || !isPrefix(match[1] ?? '')) return null;
  return { kind: 'jwt', prefix: match[1] ?? '', algorithm: algorithm.slice(0, 20), claims: jsonOf(match[3] ?? '') };
}

function jsonOf(base64url: string): Readonly<Record<string, unknown>> | null {
  const decoded = decodeDeclaredBody(base64url, 'base64');
  const text = decoded.ok ? utf8TextOrNull(decoded.bytes) : null;
  try {
    const value: unknown = text === null ? null : JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

function readList(value: string): SignatureValue | null {
  for (const separator of entrySeparators) {
    // A comma with a space behind it is another separator than a comma alone.
    if (separator === ',' && /, /.test(value)) continue;
    const entries = value.split(separator).filter((entry) => entry !== '');
    const [first] = entries;
    if (first === undefined || entries.length < 2 || entries.length > 20) continue;
    const timeAt = entries.findIndex((entry) => timeIn(entry) !== null);
    const time = timeIn(entries[timeAt] ?? '');
    const macs = entries.filter((_, index) => index !== timeAt).flatMap((entry) => guessMac(entry) ?? []);
    // Without a time, every entry must be a signature, lest a prefix with a space in it be taken for an entry.
    const isList = macs.length > 0 && (time !== null || macs.length === entries.length);
    if (isList) return { kind: 'list', separator, macs: usualFirst(macs), time };
  }
  return null;
}

/** Whether an entry holds a time: a number of today's size, with or without a name before it. */
function timeIn(entry: string): { readonly prefix: string; readonly unit: 's' | 'ms' } | null {
  const match = /^((?:[A-Za-z][\w-]{0,30}[=:])?)(1\d{9}|1\d{12})$/.exec(entry.trim());
  return match === null ? null : { prefix: match[1] ?? '', unit: (match[2] ?? '').length === 13 ? 'ms' : 's' };
}

/** `v1` before others such as `v0` or `te`, and each kind once. */
function usualFirst(macs: readonly MacGuess[]): readonly MacGuess[] {
  const unique = macs.filter(({ prefix }, index) => macs.findIndex((other) => other.prefix === prefix) === index);
  const rank = ({ prefix }: MacGuess) => (/^(?:v1|s|sig|signature|h1)[=:,]/i.test(prefix) ? 0 : 1);
  return unique.toSorted((one, other) => rank(one) - rank(other));
}

/** What a value that is not a MAC looks like, as a clause. */
function describeUnread(value: string): string {
  if (/[a-z]="/i.test(value)) return 'parameters in quotes, as drafts of HTTP signatures have';
  const base64 = /(?:^|[=:" ])([A-Za-z0-9+/_-]{80,})={0,2}"?$/.exec(value)?.[1];
  if (base64 !== undefined) {
    const bytes = Math.floor((base64.length * 3) / 4);
    if (bytes >= 68 && bytes <= 72) return `${bytes} bytes of base64, as an ECDSA signature has`;
    return `${bytes} bytes of base64${[128, 256, 384, 512].includes(bytes) ? ', as an RSA signature has' : ''}`;
  }
  if (/^(?:[\w-]+[ =]+)?eyJ[\w-]+\.[\w-]*\.$/.test(value)) return 'a JWT without a signature (alg none), which anybody can write';
  return `${value.length} characters in an unknown form`;
}
