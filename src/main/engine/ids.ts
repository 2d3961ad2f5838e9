import { randomBytes } from 'node:crypto';
import type { Clock, Ids } from './ports.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';

/** Ids of 10 characters of time and 16 of chance (80 bits), in Crockford's base 32, so they sort by time and hold no dot. */
export function createIds(clock: Clock): Ids {
  return { next: (prefix) => `${prefix}_${timePart(clock.now())}${randomPart()}` };
}

function timePart(ms: number): string {
  let rest = ms;
  let text = '';
  for (let i = 0; i < 10; i += 1) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}

function randomPart(): string {
  return Array.from(randomBytes(16), (byte) => alphabet.charAt(byte % 32)).join('');
}
