import { createHash } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const timeEnd = 'cap_'.length + 10;
const digestCharacters = 16;

/** The id of the message that brings a capture to a target by a relay: always the same, and sorted by the time of the capture. */
export function messageIdOf(relayId: string, targetId: string, captureId: string): string {
  const digest = createHash('sha256').update(`${relayId}\n${targetId}\n${captureId}`).digest();
  const rest = Array.from(digest.subarray(0, digestCharacters), (byte) => alphabet.charAt(byte % 32)).join('');
  return `msg_${captureId.slice('cap_'.length, timeEnd)}${rest}`;
}
