import { exactNumber, isNumber } from '#shared/json/number.ts';
import { matchesPattern } from './text-pattern.ts';

/** A value of JSON that is expected in its own type: a text with `*` for any characters, or the source of another value. */
export type TypedValue = { readonly pattern: string } | { readonly source: string };

/** The typed form of a text, a number, true, false or null. */
export function typedValue(value: string | number | boolean | null): TypedValue {
  return typeof value === 'string' ? { pattern: value } : { source: JSON.stringify(value) };
}

/** What a value is expected to be, as a report says it. */
export function typedText(value: TypedValue): string {
  return 'pattern' in value ? JSON.stringify(value.pattern) : value.source;
}

/** Whether the source of a value is what is expected: of the same type, and numbers with all their digits. `*` alone is any value. */
export function isTypedMet(value: TypedValue, source: string): boolean {
  if ('pattern' in value) {
    if (value.pattern === '*') return true;
    return source.startsWith('"') && matchesPattern(value.pattern, JSON.parse(source) as string);
  }
  if (isNumber(value.source) && isNumber(source)) return exactNumber(value.source) === exactNumber(source);
  return value.source === source;
}

/** Of a value that is told. */
const shownCharacters = 150;

/** What is there instead, such as `"4900", a text`: with its type where that is what differs. */
export function typedFound(value: TypedValue, source: string): string {
  const [type, wantedType] = [typeOf(source), 'pattern' in value ? 'a text' : typeOf(value.source)];
  const shown = source.length > shownCharacters ? `${source.slice(0, shownCharacters)}…` : source;
  return type === wantedType || type === source ? shown : `${shown}, ${type}`;
}

function typeOf(source: string): string {
  if (source.startsWith('"')) return 'a text';
  if (source.startsWith('{')) return 'an object';
  if (source.startsWith('[')) return 'a list';
  return isNumber(source) ? 'a number' : source;
}
