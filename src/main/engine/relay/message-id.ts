import { hash } from 'node:crypto';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const timeEnd = 'cap_'.length + 10;
const digestCharacters = 16;

/** The id of the message that brings a capture to a target by a relay: always the same, and sorted by the time of the capture. */
export function messageIdOf(relayId: string, targetId: string, captureId: string): string {
  const digest = hash('sha256', `${relayId}\n${targetId}\n${captureId}`, 'buffer');
  let rest = '';
  for (const byte of digest.subarray(0, digestCharacters)) rest += alphabet.charAt(byte % 32);
  return `msg_${captureId.slice('cap_'.length, timeEnd)}${rest}`;
}
