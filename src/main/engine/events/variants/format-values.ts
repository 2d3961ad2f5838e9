/** Unusual texts in the formats of JSON Schema, each valid. Formats that are not here have none. */
const byFormat: Readonly<Record<string, readonly string[]>> = {
  'date-time': [
    '2026-01-15T09:30:00+05:30',
    '2026-01-15T09:30:00.123Z',
    '2026-01-15T09:30:00.123456-08:00',
    '2024-02-29T23:59:59Z',
    '1969-12-31T23:59:59Z',
  ],
  date: ['2024-02-29', '1969-12-31', '9999-12-31'],
  time: ['23:59:59.999Z', '09:30:00+05:30'],
  duration: ['P3Y6M4DT12H30M5S', 'PT0S', 'P2W'],
  email: ['zoe+orders@mail.example.co.uk', "o'brien@example.com", `${'a'.repeat(64)}@example.com`],
  hostname: ['xn--bcher-kva.example', 'a'],
  ipv4: ['255.255.255.255', '0.0.0.0'],
  ipv6: ['::1', '2001:0db8:0000:0000:0000:ff00:0042:8329', '::ffff:192.0.2.128'],
  uri: [
    'https://example.com:8443/a%20b/%E2%9C%93?q=1&r=a+b#part',
    'urn:isbn:9780141036144',
    'http://[2001:db8::1]/',
    `https://example.com/${'a'.repeat(2000)}`,
  ],
  url: ['https://example.com:8443/a%20b?q=1&r=a+b#part'],
  'uri-reference': ['../orders?page=2#top', ''],
  uuid: ['00000000-0000-0000-0000-000000000000', '01890A5D-AC96-774B-BCCE-B302099A8057'],
  byte: ['', '+/+/'],
};

/** Unusual texts in a format. */
export function formatValues(format: string): readonly string[] {
  return Object.hasOwn(byFormat, format) ? (byFormat[format] ?? []) : [];
}
