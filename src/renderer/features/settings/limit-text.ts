import { bytesText, numberText, parseBytes } from '../../base/size-format.ts';

const none = 'no limit';

/** Reads a limit with `read`, and the words for none as null; undefined if it is neither. */
function orNone(text: string, read: (text: string) => number | undefined): number | null | undefined {
  const word = text.trim().toLowerCase();
  return ['', none, 'none', 'off', 'unlimited'].includes(word) ? null : read(word);
}

const whole = (text: string) => (/^\d[\d,]*$/.test(text) ? Number(text.replaceAll(',', '')) : undefined);

/** A limit on age: `90 days`, or no limit. */
export function daysText(days: number | null): string {
  return days === null ? none : days === 1 ? '1 day' : `${days} days`;
}

/** Reads `90`, `90 days` or `90 d`; null for no limit, undefined for anything else. */
export function parseDays(text: string): number | null | undefined {
  return orNone(text, (word) => whole(word.replace(/\s*(d|days?)$/, '')));
}

/** A limit on a number of rows. */
export function countOrNone(count: number | null): string {
  return count === null ? none : numberText(count);
}

export function parseCount(text: string): number | null | undefined {
  return orNone(text, whole);
}

/** A limit on a size, in binary units. */
export function sizeOrNone(bytes: number | null): string {
  return bytes === null ? none : bytesText(bytes);
}

export function parseSizeLimit(text: string): number | null | undefined {
  return orNone(text, (word) => parseBytes(word) ?? undefined);
}
