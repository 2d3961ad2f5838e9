import { coarseText } from '#shared/duration-text.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, in one unit: `now`, `12 s ago`, `4 m ago`, `3 d ago`; `in 4 m` for what is to come. */
export function relativeText(atMs: number, nowMs: number): string {
  const distance = Math.abs(nowMs - atMs);
  if (distance < 2 * second) return 'now';
  const text = oneUnit(distance);
  return atMs > nowMs ? `in ${text}` : `${text} ago`;
}

/** How long ago for a narrow column: `12 s`, `4 m`, `3 d`; `now` below two seconds. */
export function ageText(atMs: number, nowMs: number): string {
  const distance = nowMs - atMs;
  return distance < 2 * second ? 'now' : oneUnit(distance);
}

/** What a countdown shows: `in 4 m 12 s`, and `due` once the time has come. */
export function countdownText(atMs: number, nowMs: number): string {
  return atMs <= nowMs ? 'due' : `in ${coarseText(Math.max(second, atMs - nowMs))}`;
}

/** A moment to come as part of a sentence: `in 4 m 12 s`, and `now` once it has come. */
export function untilText(atMs: number, nowMs: number): string {
  return atMs <= nowMs ? 'now' : countdownText(atMs, nowMs);
}

/** The exact time to the millisecond, with its zone: `2026-08-20 14:03:11.250 UTC` or with the local offset. */
export function exactText(atMs: number, isUtc: boolean): string {
  const offsetMs = utcOffsetMs(atMs, isUtc);
  const shifted = new Date(atMs + offsetMs).toISOString();
  return `${shifted.slice(0, 10)} ${shifted.slice(11, 23)} ${isUtc ? 'UTC' : offsetText(offsetMs / minute)}`;
}

/** How far the clock that is shown is ahead of UTC at a time, in milliseconds. */
export function utcOffsetMs(atMs: number, isUtc: boolean): number {
  return isUtc ? 0 : -new Date(atMs).getTimezoneOffset() * minute;
}

/** Time of day for an axis or a row: `14:03:11`, with the day in front when it is not today's. */
export function clockText(atMs: number, nowMs: number, isUtc: boolean): string {
  const text = exactText(atMs, isUtc);
  const isSameDay = text.slice(0, 10) === exactText(nowMs, isUtc).slice(0, 10);
  return isSameDay ? text.slice(11, 19) : `${text.slice(5, 10)} ${text.slice(11, 16)}`;
}

function oneUnit(ms: number): string {
  if (ms < minute) return `${Math.floor(ms / second)} s`;
  if (ms < hour) return `${Math.floor(ms / minute)} m`;
  if (ms < day) return `${Math.floor(ms / hour)} h`;
  return `${Math.floor(ms / day)} d`;
}

function offsetText(offsetMinutes: number): string {
  const absolute = Math.abs(offsetMinutes);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${offsetMinutes < 0 ? '-' : '+'}${pad(Math.floor(absolute / 60))}:${pad(absolute % 60)}`;
}
