/** Years that a time of an event is in; other numbers are numbers, and other dates are birthdays or the zero of a program. */
const [firstMs, lastMs] = [Date.UTC(2000, 0), Date.UTC(2100, 0)];

const isoDate = /^(\d{4})-(\d{2})-(\d{2})(?:([T ])(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const compactDate = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/;
const httpDate = /^([A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2}) (GMT|[+-]\d{4})$/;

/**
 * How a time is written, in words that are equal for the same notation; null for what is no time, and for one that does not exist, such as
 * the 45th of a month.
 */
export function dateForm(text: string): string | null {
  if (text.length > 40) return null;
  return isoForm(text) ?? httpForm(text) ?? numberForm(text);
}

function isoForm(text: string): string | null {
  const compact = compactDate.exec(text);
  if (compact !== null) return exists(compact.slice(1).map(Number)) ? 'YYYYMMDDThhmmssZ' : null;
  const [, year, month, day, mark, hour, minute, second, fraction, zone] = isoDate.exec(text) ?? [];
  const [zoneHour = 0, zoneMinute = 0] = (zone ?? '').match(/\d{2}/g)?.map(Number) ?? [];
  if (!exists([year, month, day, hour, minute, second].map((part) => Number(part ?? 0))) || zoneHour > 14 || zoneMinute > 59) return null;
  const time = mark === undefined ? '' : `${mark}hh:mm${second === undefined ? '' : ':ss'}${fractionForm(fraction)}`;
  return `YYYY-MM-DD${time}${zone === undefined || zone === 'Z' ? (zone ?? '') : zone.includes(':') ? '±hh:mm' : '±hhmm'}`;
}

function exists([year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0]: readonly number[]): boolean {
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  if (ms < firstMs || ms >= lastMs) return false;
  const date = new Date(ms);
  // A part that is too large moves the next one on.
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
}

/** Writers leave zeros at the end of a fraction out, so the digits count by threes: milliseconds, microseconds, nanoseconds. */
function fractionForm(fraction: string | undefined): string {
  return fraction === undefined ? '' : `.${'s'.repeat(Math.ceil(fraction.length / 3) * 3)}`;
}

function httpForm(text: string): string | null {
  const [, date = '', zone = ''] = httpDate.exec(text) ?? [];
  const ms = Date.parse(`${date} GMT`);
  // A day of the week that is not that of the date makes one that does not exist.
  if (!(ms >= firstMs && ms < lastMs) || new Date(ms).toUTCString() !== `${date} GMT`) return null;
  return zone === 'GMT' ? 'an HTTP date' : 'a date of mail with ±hhmm';
}

function numberForm(text: string): string | null {
  const [, whole = '', fraction] = /^(\d{10}|\d{13})(?:\.(\d{1,9}))?$/.exec(text) ?? [];
  const isSeconds = whole.length === 10;
  const ms = Number(whole) * (isSeconds ? 1000 : 1);
  if (ms < firstMs || ms >= lastMs) return null;
  return `${isSeconds ? 'seconds' : 'milliseconds'} since 1970${fraction === undefined ? '' : ` with ${fractionForm(fraction)}`}`;
}

/** The last words of names of times, and of ends of a period. */
const timeWords =
  /^(?:at|on|ts|iat|exp|nbf|created|updated|modified|deleted|expires|expiry|expiration|since|until|start|end|reset|epoch|.*(?:time|timestamp|date))$/;

/** How the value of a header or of a member of JSON is written as a time; a number alone is one only where the name says so. */
export function namedDateForm(name: string, text: string): string | null {
  return numberForm(text) !== null && !isTimeName(name) ? null : dateForm(text);
}

/** Whether a name, such as `created_at`, `eventTime` or `X-Request-Timestamp`, is that of a time. */
function isTimeName(name: string): boolean {
  const words =
    name
      .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .match(/[a-z]+/g) ?? [];
  // The unit may stand behind, as in `timestamp_ms`.
  const last = words.findLast((word, index) => index === 0 || !/^(?:ms|millis|milliseconds|s|sec|secs|seconds|utc|unix)$/.test(word));
  return last !== undefined && timeWords.test(last);
}

/** Whether two texts say how long something took, as headers such as `X-Response-Time` do: numbers with the same unit. */
export function areDurations(before: string, after: string): boolean {
  const [of, other] = [before, after].map((text) => /^\d{1,7}(?:\.\d{1,9})?( ?(?:ns|us|µs|ms|s))?$/.exec(text));
  return of !== null && of !== undefined && other !== null && other !== undefined && of[1] === other[1];
}
