import { areSignaturesAlike } from './signature-layout.ts';

/** Characters of hex and of base64 in which a signature by HMAC is written, by MD5, SHA-1, SHA-256 and SHA-384. */
const [hexCharacters, base64Characters] = [new Set([32, 40, 64, 96]), new Set([22, 27, 43, 64])];

/** The same by SHA-512. Signatures by ECDSA have as many, so a name or a label has to tell. */
const [longHexCharacters, longBase64Characters] = [128, 86];

const value = /[A-Za-z0-9+/_-]{16,}={0,2}/g;

/**
 * Whether two signatures that are not the same can only be of one content by two secrets, if all that stands outside of their header is the same:
 * the header has no second value, which may be a nonce that is signed too, whatever it is called; and their kind gives the same for the same content, as HMAC does and ECDSA does not.
 */
export function areOfOneContent(name: string, before: string, after: string): boolean {
  if (/nonce|salt|input/i.test(name) || !areSignaturesAlike(before, after)) return false;
  const rest = before.replaceAll(value, '');
  if (rest !== after.replaceAll(value, '') || /nonce/i.test(rest)) return false;
  const [one, other] = [valuesIn(before), valuesIn(after)];
  // Of two lists with a signature in common, both are valid for one secret.
  return one.length === 1 && other.length === 1 && [...one, ...other].every((text) => isHmac(text, `${name}${rest}`));
}

function valuesIn(text: string): readonly string[] {
  return text.match(value) ?? [];
}

/** Whether a value has the length of an HMAC; the words around it tell of a long one. */
function isHmac(text: string, words: string): boolean {
  const isLong = /512/.test(words);
  const length = text.replace(/=+$/, '').length;
  if (/^[0-9a-f]+$/i.test(text)) return hexCharacters.has(length) || (isLong && length === longHexCharacters);
  return base64Characters.has(length) || (isLong && length === longBase64Characters);
}
