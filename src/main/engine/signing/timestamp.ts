import { quoted } from './header-values.ts';

/** What a timestamp header carries and how far from now it may lie. */
export interface TimestampRule {
  readonly header: string;
  readonly unit: 's' | 'ms';
  readonly toleranceSeconds: number;
}

/** How a timestamp stands to the receiver's clock. `ageSeconds` is negative for one in the future. */
export type TimestampState =
  | { readonly kind: 'fresh'; readonly ageSeconds: number; readonly message: string }
  | { readonly kind: 'stale' | 'future'; readonly ageSeconds: number; readonly message: string }
  | { readonly kind: 'malformed'; readonly message: string };

/** 15 digits stay exact as a number and reach beyond any real date in either unit. */
const timestampPattern = /^\d{1,15}$/;

/** The timestamp a sender writes for its clock. */
export function timestampText(nowMs: number, unit: TimestampRule['unit']): string {
  return String(unit === 's' ? Math.floor(nowMs / 1000) : Math.floor(nowMs));
}

/**
 * Compares a received timestamp with the clock; both ends of the tolerance count as within. Messages are clauses
 * without a full stop, so that a caller can add what the signature says.
 */
export function checkTimestamp(text: string, rule: TimestampRule, nowMs: number): TimestampState {
  const unitWord = rule.unit === 's' ? 'seconds' : 'milliseconds';
  if (!timestampPattern.test(text)) {
    const given = text === '' ? 'empty' : quoted(text);
    return {
      kind: 'malformed',
      message: `${rule.header} is ${given}, but must be a whole number of ${unitWord} since 1970, in digits only`,
    };
  }
  const value = Number(text);
  // In seconds the clock is cut to whole ones, as the official libraries do: 300.9 s counts as 300.
  const ageSeconds = rule.unit === 's' ? Math.floor(nowMs / 1000) - value : (nowMs - value) / 1000;
  const allowed = durationInWords(rule.toleranceSeconds);
  if (ageSeconds > rule.toleranceSeconds) {
    const hint = rule.unit === 'ms' && isNear(value * 1000, nowMs) ? ' (it looks like seconds; this scheme counts milliseconds)' : '';
    const age = durationInWords(ageSeconds);
    return {
      kind: 'stale',
      ageSeconds,
      message: `the timestamp is ${age === allowed ? 'just over ' : ''}${age} old, more than the ${allowed} allowed${hint}`,
    };
  }
  if (ageSeconds < -rule.toleranceSeconds) {
    const hint = rule.unit === 's' && isNear(value, nowMs) ? ' (it looks like milliseconds; this scheme counts seconds)' : '';
    const ahead = durationInWords(-ageSeconds);
    return {
      kind: 'future',
      ageSeconds,
      message: `the timestamp lies ${ahead === allowed ? 'just over ' : ''}${ahead} in the future, more than the ${allowed} allowed${hint}`,
    };
  }
  return { kind: 'fresh', ageSeconds, message: `the timestamp is ${ageInWords(ageSeconds)}, within the ${allowed} allowed` };
}

const dayMs = 86_400_000;

/** Whether a time is within ten years of now, and so was probably meant in this unit. */
function isNear(atMs: number, nowMs: number): boolean {
  return Math.abs(atMs - nowMs) < 3650 * dayMs;
}

/** `3 seconds old`, `2 seconds in the future`, or `less than a second from now`. */
function ageInWords(ageSeconds: number): string {
  if (Math.abs(ageSeconds) < 1) return 'less than a second from now';
  return ageSeconds > 0 ? `${durationInWords(ageSeconds)} old` : `${durationInWords(-ageSeconds)} in the future`;
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
