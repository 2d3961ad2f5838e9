const json = 'application/json';
const form = 'application/x-www-form-urlencoded';
const million = 1_000_000;
const deep = 100_000;

/** Bodies made to harm whoever shows them, each with its media type. */
export const hostileBodies: Readonly<Record<string, readonly [contentType: string, body: () => string]>> = {
  'arrays 100,000 levels deep': [json, () => '['.repeat(deep) + ']'.repeat(deep)],
  'objects 100,000 levels deep': [json, () => '{"a":'.repeat(deep) + '1' + '}'.repeat(deep)],
  'arrays that are never closed': [json, () => '['.repeat(deep)],
  'one line of 10 MB': ['text/plain', () => 'x'.repeat(10_000_000)],
  'one JSON string of 10 MB': [json, () => `"${'x'.repeat(10_000_000)}"`],
  'a million keys': [json, () => `{${Array.from({ length: million }, (_, key) => `"${key}":1`).join(',')}}`],
  'a million numbers in one line': [json, () => `[${'1,'.repeat(million)}1]`],
  'a million empty objects': [json, () => `[${'{},'.repeat(million)}{}]`],
  'a number of a million digits': [json, () => '7'.repeat(million)],
  'a string of escaped quotes': [json, () => `["${'\\"'.repeat(million)}"]`],
  'JSON that breaks off at its end': [json, () => `[${'"value",'.repeat(300_000)}oops`],
  'ten million spaces': [json, () => `[${' '.repeat(10_000_000)}]`],
  'five million empty lines': ['text/plain', () => '\n'.repeat(5_000_000)],
  'a million short lines': ['text/plain', () => 'ab\r\n'.repeat(million)],
  'a form of a million fields': [form, () => 'a=1&'.repeat(million)],
  'a form with one value of 10 MB': [form, () => `a=${'%C3%A9'.repeat(1_600_000)}`],
  'nothing but ampersands': [form, () => '&'.repeat(10_000_000)],
  'a multipart body of 100,000 parts': [
    'multipart/form-data; boundary=b',
    () => `${'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'.repeat(100_000)}--b--\r\n`,
  ],
  'markup of 10 MB in one line': ['text/html', () => '<b>'.repeat(3_300_000)],
  'letters under a thousand accents': ['text/plain', () => `a${'\u0301'.repeat(1000)}`.repeat(1000)],
  'binary of 10 MB': ['application/octet-stream', () => '\u0000\u00ff'.repeat(5_000_000)],
  'markup of many lines': ['application/xml', () => '<a href="x"><b>x</b>\n'.repeat(200_000)],
  'emoji of 10 MB': ['text/plain', () => '\u{1f469}\u200d\u{1f469}\u200d\u{1f467}'.repeat(550_000)],
  'letters from right to left, with marks that turn them': ['text/plain', () => '\u202e\u05e9\u05dc\u05d5\u05dd '.repeat(900_000)],
};

/** The bytes of one of them, as they are sent. */
export function bytesOfHostile([contentType, body]: readonly [contentType: string, body: () => string]): Buffer<ArrayBuffer> {
  return Buffer.from(body(), contentType === 'application/octet-stream' ? 'latin1' : 'utf8');
}
