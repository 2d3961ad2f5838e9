/** The date forms of RFC 9110, section 5.6.7: IMF-fixdate, RFC 850 and asctime. All are in GMT; only the last does not say so. */
const imfFixdate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const rfc850 = /^[A-Z][a-z]+, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT$/;
const asctime = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * Wait in milliseconds that a `Retry-After` value asks for (RFC 9110, section 10.2.3: seconds or an HTTP date),
 * or null when it is neither. A date in the past asks for 0. Some senders take the number as milliseconds.
 */
export function retryAfterMs(value: string, nowMs: number, unit: 'seconds' | 'milliseconds' = 'seconds'): number | null {
  const text = value.trim();
  // Beyond 15 digits a number is no longer exact, and the wait is bounded by far less anyway.
  if (/^\d+$/.test(text)) return Math.min(Number(text), 1e12) * (unit === 'seconds' ? 1000 : 1);
  const dateMs = httpDateMs(text);
  return dateMs === null ? null : Math.max(0, dateMs - nowMs);
}

function httpDateMs(text: string): number | null {
  const withZone = asctime.test(text) ? `${text} GMT` : imfFixdate.test(text) || rfc850.test(text) ? text : null;
  const ms = withZone === null ? Number.NaN : Date.parse(withZone);
  return Number.isNaN(ms) ? null : ms;
}
