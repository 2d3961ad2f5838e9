import { Buffer } from 'node:buffer';

/** One element of BER: its tag, and where its content stands. */
interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
  /** Where the next element begins. */
  readonly end: number;
}

const constructed = 0x20;
const integerTag = 0x02;
const octetsTag = 0x04;
const idTag = 0x06;

/** Deeper than PKCS#12 is nested. */
const depthLimit = 30;

/** Content of the OBJECT IDENTIFIER of scrypt, 1.3.6.1.4.1.11591.4.11. */
const scryptId = Buffer.from('2b06010401da47040b', 'hex');

/**
 * How many rounds it takes to turn the passphrase of an encrypted key or of a PKCS#12 file into keys, all together. Each part of it says its own, as
 * the number after a salt (RFC 7292, RFC 8018), scrypt as three numbers (RFC 7914). A number that stands inside an encrypted part cannot be seen.
 * Content that is no BER counts as none.
 */
export function keyRounds(file: Uint8Array): number {
  return roundsIn(file, 0);
}

/** The rounds of a private key in PEM. */
export function pemKeyRounds(pem: string): number {
  const [, base64 = ''] = /-----BEGIN ENCRYPTED PRIVATE KEY-----([^-]*)-----END/.exec(pem) ?? [];
  return keyRounds(Buffer.from(base64, 'base64'));
}

function roundsIn(bytes: Uint8Array, depth: number): number {
  const elements = elementsOf(bytes);
  if (elements === null || depth > depthLimit) return 0;
  let rounds = 0;
  for (const [index, { tag, content }] of elements.entries()) {
    const before = elements[index - 1];
    if (before?.tag === idTag && scryptId.equals(before.content)) {
      rounds += scryptRounds(content);
      continue;
    }
    // PBEParameter and PBKDF2-params are salt and rounds; the end of MacData is, too.
    if (tag === integerTag && before?.tag === octetsTag) rounds += numberIn(content);
    if ((tag & constructed) !== 0 || tag === octetsTag) rounds += roundsIn(content, depth + 1);
  }
  return rounds;
}

/** Cost, block size and parallelisation multiplied. A round of this kind takes some three times as long as one of PBKDF2. */
function scryptRounds(parameters: Uint8Array): number {
  const numbers = (elementsOf(parameters) ?? []).filter(({ tag }) => tag === integerTag).map(({ content }) => numberIn(content));
  return numbers.slice(0, 3).reduce((product, number) => product * number, 1);
}

/** The elements that fill these bytes; null when they are something else. */
function elementsOf(bytes: Uint8Array): readonly Element[] | null {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.byteLength;) {
    const element = elementAt(bytes, at, 0);
    if (element === null) return null;
    elements.push(element);
    at = element.end;
  }
  return elements;
}

function elementAt(bytes: Uint8Array, at: number, depth: number): Element | null {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  if (tag === undefined || first === undefined || depth > depthLimit) return null;
  if (first === 0x80) return withoutLength(bytes, at, tag, depth + 1);
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  const from = at + 2 + lengthBytes;
  if (lengthBytes > 4 || from > bytes.byteLength) return null;
  const length = lengthBytes === 0 ? first : numberIn(bytes.subarray(at + 2, from));
  return from + length > bytes.byteLength ? null : { tag, content: bytes.subarray(from, from + length), end: from + length };
}

/** An element that ends with two zero bytes instead of having a length. */
function withoutLength(bytes: Uint8Array, at: number, tag: number, depth: number): Element | null {
  for (let next = at + 2; next + 1 < bytes.byteLength;) {
    if (bytes[next] === 0 && bytes[next + 1] === 0) return { tag, content: bytes.subarray(at + 2, next), end: next + 2 };
    const inner = elementAt(bytes, next, depth);
    if (inner === null) return null;
    next = inner.end;
  }
  return null;
}

function numberIn(bytes: Uint8Array): number {
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}
