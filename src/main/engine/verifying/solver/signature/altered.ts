import { lookAlike } from '../lookalikes.ts';
import type { Cause } from '../cause.ts';
import type { SignatureToken } from './signature-tokens.ts';

/** A received signature that differs from the computed one in a few characters. */
export interface Alteration {
  readonly token: SignatureToken;
  readonly causes: readonly Cause[];
  /** How many bytes of the MAC the matching characters represent. */
  readonly agreeingBytes: number;
}

/** At most this many consecutive characters may differ; look-alikes may be more. */
const alteredLimit = 3;
const lookalikeLimit = 12;

/** The texts are compared only if a run of this many bytes matches. */
const quickBytes = 4;

/** What remains of a shorter signature could match by chance. */
const leastTextLength = 27;

/** The first signature that was altered or mistyped in a few places; null when none is that similar. */
export function alteredMac(mac: Uint8Array, tokens: readonly SignatureToken[]): Alteration | null {
  for (const token of tokens) {
    if (!isNear(mac, token)) continue;
    const expected = token.writeDigits(mac);
    // Padding is counted if it was received, and never compared: it carries no information.
    const difference = differenceOf(token.digits, expected, token.text.endsWith('=') ? (4 - (expected.length % 4)) % 4 : 0);
    if (difference === null) continue;
    const agreeingBytes = Math.floor((mac.byteLength * difference.agreeing) / expected.length);
    return { token, agreeingBytes, causes: [...token.causes.filter(({ id }) => id !== 'signature-padding'), difference.cause] };
  }
  return null;
}

/** Whether the beginning or the end matches, or all but a few bytes. */
function isNear(mac: Uint8Array, { mac: received, digits, isCaseLost }: SignatureToken): boolean {
  if (digits.length < leastTextLength) return false;
  if (isCaseLost) return true;
  const length = Math.min(mac.byteLength, received.byteLength);
  if (agrees(mac, received, 0, 0) || agrees(mac, received, mac.byteLength - quickBytes, received.byteLength - quickBytes)) return true;
  let different = 0;
  for (let index = 0; index < length && different <= lookalikeLimit; index += 1) if (mac[index] !== received[index]) different += 1;
  return different <= Math.min(lookalikeLimit, length / 3);
}

/** Written as a loop because it runs for every computed MAC. */
function agrees(mac: Uint8Array, received: Uint8Array, macAt: number, receivedAt: number): boolean {
  for (let index = 0; index < quickBytes; index += 1) if (mac[macAt + index] !== received[receivedAt + index]) return false;
  return true;
}

interface Difference {
  readonly cause: Cause;
  readonly agreeing: number;
}

function differenceOf(received: string, expected: string, padding: number): Difference | null {
  if (received === expected) return null;
  if (received.toLowerCase() === expected.toLowerCase()) return caseChanged(received, expected);
  const start = commonLength(received, expected, (text, at) => text.charAt(at));
  const rest = Math.min(received.length, expected.length) - start;
  const end = Math.min(
    rest,
    commonLength(received, expected, (text, at) => text.charAt(text.length - 1 - at)),
  );
  const [lost, gained] = [expected.length - start - end, received.length - start - end];
  if (lost <= alteredLimit && gained <= alteredLimit) return oneRun({ start, end, lost, gained, padding });
  return received.length === expected.length ? lookalikes(received, expected, padding) : null;
}

function commonLength(one: string, other: string, signOf: (text: string, at: number) => string): number {
  const length = Math.min(one.length, other.length);
  let at = 0;
  while (at < length && signOf(one, at) === signOf(other, at)) at += 1;
  return at;
}

const onPurpose = 'it was altered or mistyped, and some providers do that on purpose to see whether a receiver refuses it';
const refuseIt = 'Body and secret are right. Refuse such a request; when it is not a test of the provider, copy the header again.';

/** What matches before and after the one place that differs, and what is there. */
interface Run {
  readonly start: number;
  readonly end: number;
  readonly lost: number;
  readonly gained: number;
  readonly padding: number;
}

function oneRun({ start, end, lost, gained, padding }: Run): Difference {
  const agreeing = start + end;
  const place = `at place ${start + 1} of the signature`;
  const agree = (of: number) => `(${agreeing + padding} of ${agreeing + of + padding} agree)`;
  const change =
    lost === gained
      ? `${countOf(lost)} ${place} ${lost === 1 ? 'is another' : 'are others'} ${agree(lost)}`
      : gained === 0
        ? `${countOf(lost)} that ${lost === 1 ? 'is' : 'are'} missing ${place} ${lost === 1 ? 'is' : 'are'} put in ${agree(lost)}`
        : lost === 0
          ? `${countOf(gained)} too many ${place} ${gained === 1 ? 'is' : 'are'} taken out ${agree(gained)}`
          : `${countOf(gained)} ${place} ${gained === 1 ? 'is' : 'are'} ${countOf(lost)} ${agree(lost)}`;
  return { cause: alteredCause('altered', change, onPurpose, refuseIt), agreeing };
}

function countOf(characters: number): string {
  return characters === 1 ? 'one character' : `${characters} characters`;
}

function lookalikes(received: string, expected: string, padding: number): Difference | null {
  const places = [...received].flatMap((sign, at) => (sign === expected.charAt(at) ? [] : [at]));
  if (places.length > lookalikeLimit || !places.every((at) => lookAlike(received.charAt(at), expected.charAt(at)))) return null;
  const shown = places.map((at) => at + 1).join(', ');
  const change = `characters at places ${shown} of the signature are those that they look like (${expected.length - places.length + padding} of ${expected.length + padding} agree)`;
  return {
    cause: alteredCause(
      'lookalikes',
      change,
      'it was typed, or read off a picture',
      'Body and secret are right. Copy the header as text, not from a picture.',
    ),
    agreeing: expected.length - places.length,
  };
}

function caseChanged(received: string, expected: string): Difference {
  const differing = [...received].filter((sign, at) => sign !== expected.charAt(at)).length;
  return {
    cause: alteredCause(
      'case-lost',
      'the signature has its capitals and small letters back',
      'something changed the case of the header, which base64 does not survive',
      'Body and secret are right. Read the header as it was sent.',
    ),
    // A letter in the wrong case still carries most of its information.
    agreeing: expected.length - Math.ceil(differing / 5),
  };
}

function alteredCause(id: string, change: string, why: string, remedy: string): Cause {
  return { kind: 'encoding', id: `signature-${id}`, family: 'signature-altered', cost: 1, change, why, remedy };
}
