const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: hourMs, d: dayMs };

/** Reads a length of time such as `500 ms`, `5s`, `2 min`, `1.5 h` or `2 h 30 m`; null if it is not one. A number alone is seconds. */
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

/** A list of lengths of time with commas between; the first part that is not one is returned as `wrong`. */
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

/** A measured length of time for people, two units at most: `412 ms`, `1.24 s`, `4 m 12 s`, `3 d 4 h`. */
export function durationText(durationMs: number): string {
  const ms = Math.max(0, durationMs);
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (Math.round(ms) < 1000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return coarseText(ms);
}

/** How much longer or shorter something took, with its sign; without one where it reads as zero. */
export function differenceText(ms: number, minus: string): string {
  const text = durationText(Math.abs(ms));
  return text === durationText(0) ? text : `${ms < 0 ? minus : '+'}${text}`;
}

/** A wait or an age in whole seconds and up: `12 s`, `4 m 12 s`, `2 h`, `3 d 4 h`. */
export function coarseText(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  return seconds < 60 ? `${seconds} s` : largeText(seconds * 1000, dayMs);
}

/** A span for a sentence, in hours where it is a few days at most and without parts that do not show: `75 h 35 m`, `12 d 3 h`, `1.5 s`. */
export function spanText(spanMs: number): string {
  if (spanMs < 1000) return `${Number(spanMs.toFixed(spanMs < 10 ? 1 : 0))} ms`;
  if (spanMs < 60_000) return `${Number((spanMs / 1000).toFixed(2))} s`;
  return largeText(spanMs, 100 * hourMs);
}

/** Two units, from minutes up; days begin at `daysFromMs`. */
function largeText(ms: number, daysFromMs: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds * 1000 < hourMs) return twoUnits(seconds, 60, 'm', 's');
  const minutes = Math.round(seconds / 60);
  if (minutes * 60_000 < daysFromMs) return twoUnits(minutes, 60, 'h', 'm');
  return twoUnits(Math.round(minutes / 60), 24, 'd', 'h');
}

function twoUnits(count: number, per: number, large: string, small: string): string {
  const rest = count % per;
  return `${Math.floor(count / per)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}
