import type { TimestampRule } from '#shared/providers/shapes/layout.ts';

export type { TimestampRule };

/** A timestamp compared with the receiver's clock. `ageSeconds` is negative for one in the future. */
export type TimestampState =
  | { readonly kind: 'fresh'; readonly ageSeconds: number; readonly message: string }
  | { readonly kind: 'stale' | 'future'; readonly ageSeconds: number; readonly message: string }
  | { readonly kind: 'malformed'; readonly message: string };

/** The timestamp a sender writes for its clock. */
export function timestampText(nowMs: number, unit: TimestampRule['unit']): string {
  if (unit === 'rfc3339') return new Date(nowMs).toISOString();
  return String(unit === 's' ? Math.floor(nowMs / 1000) : Math.floor(nowMs));
}

const units = [
  ['year', 365 * 86_400],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** A length of time in its two largest units, such as `6 minutes 40 seconds`; years count 365 days. */
export function durationInWords(seconds: number): string {
  let rest = Math.floor(seconds);
  if (rest === 0) return seconds > 0 ? 'less than a second' : '0 seconds';
  const words: string[] = [];
  for (const [name, size] of units) {
    const count = Math.floor(rest / size);
    if (count === 0) {
      if (words.length > 0) break;
      continue;
    }
    words.push(`${count.toLocaleString('en-US')} ${name}${count === 1 ? '' : 's'}`);
    rest -= count * size;
    if (words.length === 2) break;
  }
  return words.join(' ');
}
