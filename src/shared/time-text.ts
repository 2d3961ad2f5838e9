import { parseDurationMs } from './duration-text.ts';

/** Reads a time, in epoch milliseconds: how long before now (`2h`), or when (`2026-08-20`, `2026-08-20T14:03:00Z`); null for anything else. */
export function parseTimeAgo(text: string, nowMs: number): number | null {
  const agoMs = parseDurationMs(text);
  if (agoMs !== null) return nowMs - agoMs;
  const atMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(atMs) ? null : atMs;
}
