import { durationText } from '../../time-format.ts';

const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads a length of time such as `500 ms`, `5s`, `1.5 h` or `2 h 30 m`; null when it is none. A bare number is seconds. */
export function parseDurationMs(text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  if (trimmed === '') return null;
  const parts = [...trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|min|m|h|d)?\s*/g)];
  if (parts.map(([whole]) => whole).join('') !== trimmed) return null;
  if (parts.length > 1 && parts.some(([, , unit]) => unit === undefined)) return null;
  return Math.round(parts.reduce((sum, [, value, unit]) => sum + Number(value) * (unitsMs[unit ?? 's'] ?? 1000), 0));
}

/** Writes a length of time so that {@link parseDurationMs} reads the same number again. */
export function formatDurationMs(durationMs: number): string {
  let rest = durationMs;
  const parts: string[] = [];
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const unitMs = unitsMs[unit] ?? 1;
    const count = Math.floor(rest / unitMs);
    if (count === 0) continue;
    parts.push(`${count} ${unit}`);
    rest -= count * unitMs;
  }
  return parts.length === 0 ? '0 s' : parts.join(' ');
}

/** A list of lengths of time with commas between; the first part that is none comes back as `wrong`. */
export function parseDelaysMs(text: string): { readonly delaysMs: readonly number[] } | { readonly wrong: string } {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const delaysMs: number[] = [];
  for (const part of parts) {
    const delayMs = parseDurationMs(part);
    if (delayMs === null) return { wrong: part };
    delaysMs.push(delayMs);
  }
  return { delaysMs };
}

/** A delay in the words of the rest of the window, for short lists: `5 s`, `1.50 s`, `2 h 30 m`. */
export function delayText(delayMs: number): string {
  return delayMs % 1000 === 0 ? formatDurationMs(delayMs) : durationText(delayMs);
}
