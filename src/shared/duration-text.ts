const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 };

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

/** A span for a sentence, in hours where it is a few days at most and without parts that do not show: `75 h 35 m`, `12 d 3 h`, `1.5 s`. */
export function spanText(spanMs: number): string {
  if (spanMs < 1000) return `${Number(spanMs.toFixed(spanMs < 10 ? 1 : 0))} ms`;
  if (spanMs < 60_000) return `${Number((spanMs / 1000).toFixed(2))} s`;
  if (spanMs < 3_600_000) return twoUnits(Math.round(spanMs / 1000), 60, 'm', 's');
  if (spanMs < 100 * 3_600_000) return twoUnits(Math.round(spanMs / 60_000), 60, 'h', 'm');
  return twoUnits(Math.round(spanMs / 3_600_000), 24, 'd', 'h');
}

function twoUnits(count: number, per: number, large: string, small: string): string {
  const rest = count % per;
  return `${Math.floor(count / per)} ${large}${rest === 0 ? '' : ` ${rest} ${small}`}`;
}
