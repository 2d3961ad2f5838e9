import { createHash } from 'node:crypto';
import { capitalised } from '#shared/text/capitalised.ts';

/** Texts in the formats of JSON Schema and OpenAPI; `seed` tells samples of one format apart. */
const byFormat: Readonly<Record<string, (seed: string) => string>> = {
  'date-time': () => '2026-01-15T09:30:00Z',
  date: () => '2026-01-15',
  time: () => '09:30:00Z',
  duration: () => 'P1D',
  email: () => 'zoe@example.com',
  'idn-email': () => 'zoe@example.com',
  hostname: () => 'www.example.com',
  'idn-hostname': () => 'www.example.com',
  ipv4: () => '192.0.2.10',
  ipv6: () => '2001:db8::10',
  uri: (seed) => `https://example.com/${seed.slice(0, 6)}`,
  iri: (seed) => `https://example.com/${seed.slice(0, 6)}`,
  url: (seed) => `https://example.com/${seed.slice(0, 6)}`,
  'uri-reference': () => '/orders/1042',
  'iri-reference': () => '/orders/1042',
  'uri-template': () => 'https://example.com/orders/{id}',
  uuid: (seed) => `${seed.slice(0, 8)}-${seed.slice(8, 12)}-4${seed.slice(13, 16)}-8${seed.slice(17, 20)}-${seed.slice(20, 32)}`,
  'json-pointer': () => '/orders/0',
  'relative-json-pointer': () => '0/id',
  regex: () => '^a+$',
  byte: () => 'SGVsbG8=',
  binary: () => 'SGVsbG8=',
};

/** What the last word of a property's name says about its text. */
const byWord: readonly (readonly [RegExp, (seed: string, name: string) => string])[] = [
  [/(?:url|uri|link|href)s?$/i, (seed) => `https://example.com/${seed.slice(0, 6)}`],
  [/e-?mail$/i, () => 'zoe@example.com'],
  [/(?:^|[_-])(?:at|date|time|timestamp)$|(?:At|Date|Time|Timestamp)$/, () => '2026-01-15T09:30:00Z'],
  [/(?:^|[_-])id$|(?:Id|ID)$/, (seed, name) => `${name.replace(/[_-]?id$/i, '').toLowerCase() || 'id'}_${seed.slice(0, 8)}`],
  [/currency$/i, () => 'EUR'],
  [/country(?:_?code)?$/i, () => 'DE'],
  [/(?:phone|mobile)(?:_?number)?$/i, () => '+4930123456'],
];

/** Sixteen bytes in hexadecimal that depend on the place of a value only, so that a sample is the same each time. */
export function seedOf(place: string): string {
  return createHash('sha256').update(place).digest('hex').slice(0, 32);
}

/** A text for a property, in its format or as its name suggests, within its length. */
export function sampleText(name: string, place: string, format: unknown, minLength: number, maxLength: number): string {
  const seed = seedOf(place);
  const formatted = typeof format === 'string' && Object.hasOwn(byFormat, format) ? byFormat[format]?.(seed) : undefined;
  if (formatted !== undefined) return formatted;
  const suggested = byWord.find(([word]) => word.test(name))?.[1](seed, name) ?? readable(name);
  const long = suggested.length >= minLength ? suggested : suggested.padEnd(Math.min(minLength, longest), 'x');
  return long.length <= maxLength ? long : long.slice(0, maxLength);
}

const longest = 10_000;

/** `displayName` as `Display name`. */
function readable(name: string): string {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[_\-./\s]+/g, ' ')
    .trim()
    .toLowerCase();
  return words === '' ? 'text' : capitalised(words);
}
