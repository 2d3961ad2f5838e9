import { randomFillSync } from 'node:crypto';
import type { Clock, Ids } from './ports.ts';

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const timeCharacters = 10;
const randomCharacters = 16;

/** Ids made from one refill of the pool: asking the system for randomness costs the same for 16 bytes as for many. */
const idsPerFill = 256;

/** Ids of 10 characters of time and 16 of chance (80 bits), in Crockford's base 32, so they sort by time and hold no dot. */
export function createIds(clock: Clock): Ids {
  const pool = Buffer.alloc(randomCharacters * idsPerFill);
  let used = pool.length;
  const randomPart = () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    let text = '';
    for (const end = used + randomCharacters; used < end; used += 1) text += alphabet.charAt((pool[used] ?? 0) % 32);
    return text;
  };
  return { next: (prefix) => `${prefix}_${timePart(clock.now())}${randomPart()}` };
}

function timePart(ms: number): string {
  let rest = ms;
  let text = '';
  for (let i = 0; i < timeCharacters; i += 1) {
    text = alphabet.charAt(rest % 32) + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
