/** Formats of JSON Schema that a text can be seen to have, the narrowest first. */
const forms: readonly (readonly [format: string, has: (text: string) => boolean])[] = [
  ['date-time', isDateTime],
  ['date', (text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isDay(text)],
  ['uuid', (text) => /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)],
  ['email', (text) => /^[a-z0-9_]+(?:[.+-][a-z0-9_]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}$/i.test(text)],
  [
    'uri',
    (text) =>
      /^(?:https?|wss?|ftp):\/\/[a-z0-9.-]+(?::\d{1,5})?(?:[/?#](?:[\w\-.~!$&'()*+,;=:@/?#]|%[0-9a-f]{2})*)?$/i.test(text) &&
      URL.canParse(text),
  ],
];

/** Longer texts are of none. */
const longest = 2000;

/** The format that all of these texts have; null for none, or for one that only some have. */
export function formatOf(texts: readonly string[]): string | null {
  return forms.find(([, has]) => texts.every((text) => text.length <= longest && has(text)))?.[0] ?? null;
}

/** A date and a time with its offset (RFC 3339), of a day that there is. */
function isDateTime(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/.test(text) &&
    isDay(text.slice(0, 10))
  );
}

function isDay(text: string): boolean {
  const atMs = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text);
}
