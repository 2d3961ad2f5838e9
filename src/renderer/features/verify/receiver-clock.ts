/** The receiver's clock as it was typed: empty means now. */
export type ClockReading = { readonly ok: true; readonly nowMs: number | null } | { readonly ok: false; readonly message: string };

/** Reads Unix seconds, Unix milliseconds or a date with its zone; empty text means the real time. */
export function readClock(text: string): ClockReading {
  const trimmed = text.trim();
  if (trimmed === '' || trimmed === 'now') return { ok: true, nowMs: null };
  if (/^\d{1,11}(\.\d+)?$/.test(trimmed)) return { ok: true, nowMs: Math.round(Number(trimmed) * 1000) };
  if (/^\d{12,14}$/.test(trimmed)) return { ok: true, nowMs: Number(trimmed) };
  const hasZone = /(?:Z|UTC|GMT|[+-]\d{2}:?\d{2})$/i.test(trimmed);
  const parsed = Date.parse(trimmed);
  if (Number.isNaN(parsed)) return { ok: false, message: 'Write Unix seconds such as 1761955200, or a date such as 2025-11-01T00:00:00Z.' };
  if (!hasZone) return { ok: false, message: 'Add the time zone, such as Z for UTC or +02:00.' };
  return parsed < 0 ? { ok: false, message: 'The clock cannot be before 1970.' } : { ok: true, nowMs: parsed };
}
