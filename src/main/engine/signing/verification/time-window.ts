import { quoted } from '../header-values.ts';
import { durationInWords, type TimestampState } from '../timestamp.ts';

/** How far from the receiver's clock a time may be; null when the provider sets no limit. */
export interface TimeWindow {
  readonly pastSeconds: number | null;
  readonly futureSeconds: number | null;
  /** Whether a time of exactly `pastSeconds` ago is late already. */
  readonly isPastExclusive?: boolean;
}

/** The same limit on both sides, or none. */
export function aroundNow(toleranceSeconds: number | null): TimeWindow {
  return { pastSeconds: toleranceSeconds, futureSeconds: toleranceSeconds };
}

/** A time in a request; `name` says where it is. */
export interface CarriedTime {
  readonly name: string;
  readonly text: string;
  readonly unit: 's' | 'ms' | 'rfc3339';
}

const formNames = {
  s: 'a whole number of seconds since 1970, in digits only',
  ms: 'a whole number of milliseconds since 1970, in digits only',
  rfc3339: 'a date and time such as 2026-11-20T10:00:00Z',
};

/** Compares a carried time with the clock; messages are clauses without a full stop. */
export function judgeTime(time: CarriedTime, window: TimeWindow, nowMs: number): TimestampState {
  const atMs = toMs(time);
  const other = atMs !== null && isOfItsUnit(time) ? null : otherForm(time);
  const isLimited = window.pastSeconds !== null || window.futureSeconds !== null;
  if (atMs === null || (other !== null && isLimited)) {
    const seen = time.text === '' ? 'empty' : quoted(time.text);
    const like = other === null ? '' : `, which looks like ${other}`;
    return { kind: 'malformed', message: `${time.name} is ${seen}${like}, but must be ${formNames[time.unit]}` };
  }
  // For times in seconds the clock is rounded down to whole seconds, as in the official libraries: 300.9 s counts as 300.
  const ageSeconds = time.unit === 's' ? Math.floor(nowMs / 1000) - atMs / 1000 : (nowMs - atMs) / 1000;
  const clock = atMs !== null && isNear(atMs, nowMs) ? '' : `; the clock that it is checked against is at ${clockText(nowMs)}`;
  const isLate =
    window.pastSeconds !== null && (window.isPastExclusive === true ? ageSeconds >= window.pastSeconds : ageSeconds > window.pastSeconds);
  if (isLate) {
    const allowed = durationInWords(window.pastSeconds ?? 0);
    const age = durationInWords(ageSeconds);
    const limit = window.isPastExclusive === true ? `and ${allowed} is too late` : `more than the ${allowed} allowed`;
    return {
      kind: 'stale',
      ageSeconds,
      message: `the timestamp is ${age === allowed && window.isPastExclusive !== true ? 'just over ' : ''}${age} old, ${limit}${clock}`,
    };
  }
  if (window.futureSeconds !== null && -ageSeconds > window.futureSeconds) {
    const allowed = durationInWords(window.futureSeconds);
    const ahead = durationInWords(-ageSeconds);
    const limit = window.futureSeconds === 0 ? 'and none may' : `more than the ${allowed} allowed`;
    return {
      kind: 'future',
      ageSeconds,
      message: `the timestamp lies ${ahead === allowed ? 'just over ' : ''}${ahead} in the future, ${limit}${clock}`,
    };
  }
  if (other !== null)
    return {
      kind: 'fresh',
      ageSeconds,
      message: `the timestamp looks like ${other}, where this scheme has ${formNames[time.unit]}, and it sets no limit`,
    };
  const limit = window.pastSeconds === null ? 'and this scheme sets no limit' : `within the ${durationInWords(window.pastSeconds)} allowed`;
  return { kind: 'fresh', ageSeconds, message: `the timestamp is ${ageInWords(ageSeconds)}, ${limit}${clock}` };
}

// Date.parse also accepts forms that no provider writes, so the form is checked first.
const rfc3339Pattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Milliseconds since 1970, or null for a text that does not have the form of its unit. */
function toMs({ text, unit }: CarriedTime): number | null {
  if (unit === 'rfc3339') {
    const atMs = rfc3339Pattern.test(text) ? Date.parse(text) : Number.NaN;
    return Number.isNaN(atMs) ? null : atMs;
  }
  // 15 digits stay exact as a number and reach beyond any real date in either unit.
  if (!/^\d{1,15}$/.test(text)) return null;
  return unit === 's' ? Number(text) * 1000 : Number(text);
}

const decadeMs = 3650 * 86_400_000;

/** Whether a time is within ten years of now; else the clock is as likely to be wrong as the time. */
function isNear(atMs: number, nowMs: number): boolean {
  return Math.abs(atMs - nowMs) < decadeMs;
}

/** The clock as a date, or as it was given where no date is so far off. */
function clockText(nowMs: number): string {
  const date = new Date(nowMs);
  return Number.isNaN(date.getTime()) ? `${nowMs} ms since 1970` : date.toISOString();
}

/** Units of numbers, with the part of a second that each counts in; those of the times since 1973 have a size of their own. */
const numberForms = [
  ['s', 'seconds since 1970', 1],
  ['ms', 'milliseconds since 1970', 1e3],
  [null, 'microseconds since 1970', 1e6],
  [null, 'nanoseconds since 1970', 1e9],
] as const;

/** The unit whose times a number is as large as, whatever the clock says: nine to eleven digits are seconds. */
function formOf(value: number): (typeof numberForms)[number] | null {
  return numberForms.find(([, , perSecond]) => value >= 1e8 * perSecond && value < 1e11 * perSecond) ?? null;
}

/** Whether a time that can be read is as large as one of its unit, or of none. */
function isOfItsUnit({ text, unit }: CarriedTime): boolean {
  const form = unit === 'rfc3339' ? null : formOf(Number(text));
  return form === null || form[0] === unit;
}

/** What a text that is not a time in its unit looks like, such as milliseconds instead of seconds; null when it is not a time at all. */
function otherForm({ text }: CarriedTime): string | null {
  const value = text.slice(0, 100).trim();
  const inner = /^(["'])(.*)\1$/.exec(value)?.[2];
  if (inner !== undefined) return 'a time in quotes';
  if (/^-\d+$/.test(value)) return 'a negative number';
  if (/^\d{1,30}$/.test(value)) return formOf(Number(value))?.[1] ?? null;
  if (/^\d{1,30}\.\d+$/.test(value) || /^\d(?:\.\d+)?e\+?\d+$/i.test(value)) {
    const fitting = formOf(Number(value));
    return fitting === null ? null : `${fitting[1]} with a fraction`;
  }
  if (/^\d{1,3}(?:[,_ ]\d{3})+$/.test(value)) return 'a number with marks between its digits';
  return /\d{4}/.test(value) && /[-/:]/.test(value) && !Number.isNaN(Date.parse(value)) ? 'a date and time in another form' : null;
}

/** `3 seconds old`, `2 seconds in the future`, or `less than a second from now`. */
function ageInWords(ageSeconds: number): string {
  if (Math.abs(ageSeconds) < 1) return 'less than a second from now';
  return ageSeconds > 0 ? `${durationInWords(ageSeconds)} old` : `${durationInWords(-ageSeconds)} in the future`;
}
