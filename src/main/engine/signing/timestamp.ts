import { quoted } from './header-values.ts';

/** What a timestamp header carries and how far from now it may lie. */
export interface TimestampRule {
  readonly header: string;
  readonly unit: 's' | 'ms' | 'rfc3339';
  /** Null where the provider sets no limit. */
  readonly toleranceSeconds: number | null;
}

/** How a timestamp stands to the receiver's clock. `ageSeconds` is negative for one in the future. */
export type TimestampState =
  | { readonly kind: 'fresh'; readonly ageSeconds: number; readonly message: string }
  | { readonly kind: 'stale' | 'future'; readonly ageSeconds: number; readonly message: string }
  | { readonly kind: 'malformed'; readonly message: string };

/** 15 digits stay exact as a number and reach beyond any real date in either unit. */
const digitsPattern = /^\d{1,15}$/;

// Date.parse also reads forms that no provider writes, so the form is checked before.
const rfc3339Pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

const unitForms = {
  s: 'a whole number of seconds since 1970, in digits only',
  ms: 'a whole number of milliseconds since 1970, in digits only',
  rfc3339: 'a date and time such as 2026-11-20T10:00:00Z',
} as const;

/** The timestamp a sender writes for its clock. */
export function timestampText(nowMs: number, unit: TimestampRule['unit']): string {
  if (unit === 'rfc3339') return new Date(nowMs).toISOString();
  return String(unit === 's' ? Math.floor(nowMs / 1000) : Math.floor(nowMs));
}

/**
 * Compares a received timestamp with the clock; both ends of the tolerance count as within. Messages are clauses
 * without a full stop, so that a caller can add what the signature says.
 */
export function checkTimestamp(text: string, rule: TimestampRule, nowMs: number): TimestampState {
  const value = readTimestamp(text, rule.unit);
  if (value === null) {
    const given = text === '' ? 'empty' : quoted(text);
    return { kind: 'malformed', message: `${rule.header} is ${given}, but must be ${unitForms[rule.unit]}` };
  }
  // In seconds the clock is cut to whole ones, as the official libraries do: 300.9 s counts as 300.
  const ageSeconds = rule.unit === 's' ? Math.floor(nowMs / 1000) - value : (nowMs - value) / 1000;
  if (rule.toleranceSeconds === null)
    return { kind: 'fresh', ageSeconds, message: `the timestamp is ${ageInWords(ageSeconds)}, which this scheme does not limit` };
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

/** The text as a number in its unit, or of milliseconds for a date; null where it is not in the unit's form. */
function readTimestamp(text: string, unit: TimestampRule['unit']): number | null {
  if (unit !== 'rfc3339') return digitsPattern.test(text) ? Number(text) : null;
  const atMs = rfc3339Pattern.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? null : atMs;
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
