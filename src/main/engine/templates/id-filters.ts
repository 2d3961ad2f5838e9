import { createHash } from 'node:crypto';

/**
 * Filters that make an identifier out of a text, always the same for the same text: a retry and a preview show the id that
 * the first attempt had. Each reads the SHA-256 of the text, stretched by counting where it is too short.
 */
export const idFilters: Readonly<Record<string, (text: unknown, argument?: unknown) => string>> = {
  /** A UUID in the form of version 4. */
  uuid: (text) => {
    const bytes = digest(text, 16);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  },
  /** So many hexadecimal digits, 16 by default. */
  hex: (text, length) => digest(text, count(length, 16)).toString('hex').slice(0, count(length, 16)),
  /** So many letters and digits, 24 by default. */
  base62: (text, length) => spelt(text, count(length, 24), '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'),
  /** So many letters and digits as ULIDs have them, 26 by default. */
  base32: (text, length) => spelt(text, count(length, 26), '0123456789ABCDEFGHJKMNPQRSTVWXYZ'),
  /** A whole number of so many digits, 10 by default, that does not begin with 0. */
  digits: (text, length) => {
    const [first = '', ...rest] = spelt(text, count(length, 10), '0123456789');
    return [first === '0' ? '1' : first, ...rest].join('');
  },
};

const mostCharacters = 200;

function count(given: unknown, otherwise: number): number {
  const number = given === undefined ? otherwise : Number(given);
  if (!Number.isInteger(number) || number < 1 || number > mostCharacters)
    throw new Error(`the length of an id is a whole number from 1 to ${mostCharacters}`);
  return number;
}

function spelt(text: unknown, length: number, alphabet: string): string {
  return [...digest(text, length)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

function digest(text: unknown, bytes: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 32) }, (_, index) =>
    createHash('sha256')
      .update(index === 0 ? String(text) : `${index}:${String(text)}`)
      .digest(),
  );
  return Buffer.concat(blocks).subarray(0, bytes);
}
