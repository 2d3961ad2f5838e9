import { InvalidArgumentError } from 'commander';
import { parseDurationMs } from '#shared/duration-text.ts';
import { parseTimeAgo } from '#shared/time-text.ts';

/** Reads a length of time such as `500ms`, `90s`, `2h` or `7d`, in milliseconds. */
export function duration(text: string): number {
  const durationMs = parseDurationMs(text);
  if (durationMs === null) throw new InvalidArgumentError('Use a length of time such as 500ms, 90s, 2h or 7d.');
  return durationMs;
}

/** Reads a time for an option, in epoch milliseconds: how long ago (`2h`), or when (`2026-08-20`, `2026-08-20T14:03:00Z`). */
export function timeAgo(text: string): number {
  const atMs = parseTimeAgo(text, Date.now());
  if (atMs === null) throw new InvalidArgumentError('Use how long ago, such as 2h or 7d, or a time such as 2026-08-20T14:03:00Z.');
  return atMs;
}
